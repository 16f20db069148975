import { z } from 'zod';
import { endpoint, Id, page, Timestamp } from '#platform/contract/endpoint.ts';
import { Citation } from '#modules/knowledge/citation-contract.ts';

export const RunState = z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled']);

/** A run that goes on whether or not anybody waits for it. */
export const DurableRun = z.object({
  object: z.literal('run'), id: Id, subscription_id: Id, status: RunState, created_at: Timestamp, ended_at: Timestamp.nullable(),
  output: z.string().nullable(), data: z.unknown(), citations: z.array(Citation), conversation_id: Id.nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  usage: z.object({ prompt_tokens: z.number().int(), completion_tokens: z.number().int(), total_tokens: z.number().int() }).nullable(),
  credits: z.object({ used: z.number().int(), balance: z.number().int() }).nullable(),
  /** How often work on it began: more than once after a crash. */
  lives: z.number().int(),
}).meta({ id: 'DurableRun' });
export type DurableRun = z.infer<typeof DurableRun>;

export const DurableStep = z.object({
  path: z.string(), node_id: z.string(), type: z.string(), status: z.enum(['succeeded', 'failed', 'skipped', 'cancelled']), started_at: Timestamp, duration_ms: z.number(),
  output_preview: z.string(), notes: z.array(z.string()),
}).meta({ id: 'DurableStep' });
export type DurableStep = z.infer<typeof DurableStep>;

const runParams = z.object({ runId: Id });
const subscriptionParams = z.object({ subscriptionId: Id });
const ownRun = subscriptionParams.extend({ runId: Id });
const key = { key: 'chat' } as const;
const listQuery = z.strictObject({ cursor: z.string().max(200).optional(), limit: z.coerce.number().int().min(1).max(100).default(20), status: RunState.optional() });

/** Runs as callers with a key see them. */
export const runEndpoints = {
  get: endpoint({ method: 'GET', path: '/v1/runs/:runId', access: key, summary: 'A run and what came of it', tags: ['Runs'], params: runParams, response: DurableRun }),
  steps: endpoint({ method: 'GET', path: '/v1/runs/:runId/steps', access: key, summary: 'What each step of a run did', tags: ['Runs'], params: runParams, response: z.object({ data: z.array(DurableStep) }) }),
  cancel: endpoint({ method: 'POST', path: '/v1/runs/:runId/cancel', access: key, summary: 'Cancel a run', tags: ['Runs'], params: runParams, response: DurableRun }),
};

/** Runs of a subscription as its members see them. */
export const consoleRunEndpoints = {
  list: endpoint({ method: 'GET', path: '/api/v1/subscriptions/:subscriptionId/runs', access: { member: 'member' }, summary: 'Runs in the background', tags: ['Runs'], params: subscriptionParams, query: listQuery, response: page(DurableRun) }),
  get: endpoint({ method: 'GET', path: '/api/v1/subscriptions/:subscriptionId/runs/:runId', access: { member: 'member' }, summary: 'A run with its steps', tags: ['Runs'], params: ownRun, response: DurableRun.extend({ steps: z.array(DurableStep) }) }),
  cancel: endpoint({ method: 'POST', path: '/api/v1/subscriptions/:subscriptionId/runs/:runId/cancel', access: { member: 'member' }, summary: 'Cancel a run', tags: ['Runs'], params: ownRun, response: DurableRun }),
};
