import { z } from 'zod';
import { endpoint, Id, Timestamp } from '#platform/contract/endpoint.ts';
import { LeafChange } from '#platform/contract/leaf-change.ts';
import { CapabilityChange, LostSetting } from '#modules/capabilities/changes-contract.ts';
import { PlanTerms } from '#modules/catalog/contract.ts';
import { FlowOutline } from '#modules/flows/diff-contract.ts';
import { Citation } from '#modules/knowledge/citation-contract.ts';

/** A price that differs, in minor units or credits. `effective_at` null: from the moment of acceptance. */
export const PriceChange = z.object({
  what: z.enum(['monthly', 'yearly', 'message', 'document', 'image', 'voice']),
  before: z.number().int(), after: z.number().int(), currency: z.string().nullable(), higher: z.boolean(), effective_at: Timestamp.nullable(),
});
export type PriceChange = z.infer<typeof PriceChange>;

/** What the plan becomes. */
export const PlanUpdate = z.object({
  before: PlanTerms, after: PlanTerms, fields: z.array(LeafChange), prices: z.array(PriceChange),
  /** Why the plan stays as it is, in words; null when the new version's terms apply. */
  kept_because: z.string().nullable(),
  /** Some price is higher: it needs to be accepted by name. */
  higher: z.boolean(),
});
export type PlanUpdate = z.infer<typeof PlanUpdate>;

/** A newer version of a product somebody subscribes to, and everything it would change for them. */
export const UpdateOffer = z.object({
  version_id: Id, number: z.number().int(), published_at: Timestamp,
  /** What the seller says about each version since the one in use, newest first. */
  changelogs: z.array(z.object({ number: z.number().int(), changelog: z.string(), published_at: Timestamp })),
  flow: FlowOutline, capabilities: z.array(CapabilityChange), plan: PlanUpdate,
  /** Own settings that go along, by path, and those that do not fit. */
  kept: z.array(z.string()), lost: z.array(LostSetting),
  checks: z.object({ passed: z.number().int(), total: z.number().int(), checked_at: Timestamp }).nullable(),
  /** Put off until then; it may be accepted all the same. */
  postponed_until: Timestamp.nullable(),
});
export type UpdateOffer = z.infer<typeof UpdateOffer>;

export const UpdateState = z.object({
  version: z.number().int(), revision: z.number().int(),
  offer: UpdateOffer.nullable(),
  /** The version before, while there is a way back to it. */
  way_back: z.object({ version: z.number().int(), until: Timestamp, lost: z.array(LostSetting) }).nullable(),
  history: z.array(z.object({
    decision: z.enum(['accepted', 'postponed', 'rolled-back']), from_version: z.number().int(), to_version: z.number().int(), by: z.string(), at: Timestamp, until: Timestamp.nullable(), lost: z.array(LostSetting),
  })),
});
export type UpdateState = z.infer<typeof UpdateState>;

/** What one version says to a question of the buyer. */
export const TrialAnswer = z.object({
  answer: z.string(), citations: z.array(Citation), refused: z.boolean(), latency_ms: z.number().int(),
  /** Why there is no answer, or not the whole; null when there is. */
  error: z.string().nullable(),
});
export type TrialAnswer = z.infer<typeof TrialAnswer>;

const params = z.object({ subscriptionId: Id });
const tags = ['Subscriptions'];
const base = '/api/v1/subscriptions/:subscriptionId/update';

/** Most questions a try-out is filled with. */
export const TRIAL_QUESTIONS_MAX = 10;

export const updateEndpoints = {
  get: endpoint({ method: 'GET', path: base, access: { member: 'member' }, summary: 'The update that is offered, and the way back', tags, params, response: UpdateState }),
  /** Repeating changes nothing. 409 when another version is offered by now, or the configuration is not the one of `revision`. */
  accept: endpoint({
    method: 'POST', path: `${base}/accept`, access: { member: 'admin' }, summary: 'Take on the offered version', tags, params,
    body: z.strictObject({ version_id: Id, accept_price: z.boolean().default(false), revision: z.int().optional() }), response: UpdateState,
  }),
  postpone: endpoint({
    method: 'POST', path: `${base}/postpone`, access: { member: 'admin' }, summary: 'Be asked again later', tags, params,
    body: z.strictObject({ version_id: Id, until: z.iso.datetime().meta({ title: 'Ask again on' }) }), response: UpdateState,
  }),
  /** Everything is as it was before the last update, its configuration included. Within 30 days; repeating changes nothing. */
  rollBack: endpoint({ method: 'POST', path: `${base}/rollback`, access: { member: 'admin' }, summary: 'Go back to the version before', tags, params, response: UpdateState }),
  /** The gateway serves these two. */
  listTrialQuestions: endpoint({
    method: 'GET', path: `${base}/trial`, access: { member: 'member' }, summary: 'Questions lately asked, for a try-out', tags, params, response: z.object({ data: z.array(z.string()).max(TRIAL_QUESTIONS_MAX), remaining: z.number().int() }),
  }),
  /** Nothing is kept, nothing charged, and nothing outside is changed. Bounded by the day. */
  tryOffer: endpoint({
    method: 'POST', path: `${base}/trial`, access: { member: 'member' }, summary: 'Ask both versions the same', tags, params,
    body: z.strictObject({ version_id: Id, question: z.string().trim().min(1).max(4000) }), response: z.object({ current: TrialAnswer, offered: TrialAnswer, remaining: z.number().int() }),
  }),
};
