import { z } from 'zod';
import { endpoint, Id, Timestamp } from '#platform/contract/endpoint.ts';
import { Category, Configuration, EffectiveConfiguration, Entitlements, ProductCapabilities } from '#modules/capabilities/contract.ts';
import { CategorySlug, PlanTerms } from '#modules/catalog/contract.ts';
import { FlowParameter } from '#modules/flows/contract.ts';
import { FailingSource } from '#modules/knowledge/sources/contract.ts';

export const SubscriptionState = z.enum(['pending', 'active', 'suspended', 'cancelled', 'expired']);

/** A line of "My products". */
export const SubscriptionCard = z.object({
  id: Id, name: z.string(), product_id: Id, provider_name: z.string(), category: Category, category_slug: CategorySlug, logo: z.string().nullable(),
  project: z.object({ id: Id, name: z.string() }), plan_name: z.string(), state: SubscriptionState, provisioned: z.boolean(),
  /** Messages answered and credits used in the current period. */
  usage: z.object({ messages: z.number().int(), messages_included: z.number().int().nullable(), credits: z.number().int() }),
  features: z.object({ chat: z.boolean(), widget: z.boolean(), api: z.boolean(), knowledge: z.boolean() }),
  created_at: Timestamp, period_start: Timestamp, period_end: Timestamp,
  /** A newer version of the product that is offered; `postponed_until` when it was put off. */
  update: z.object({ version: z.number().int(), postponed_until: Timestamp.nullable() }).nullable(),
  /** Sources of its knowledge that cannot be read at the moment; none where it does not run. */
  failing_sources: z.array(FailingSource),
}).meta({ id: 'SubscriptionCard' });
export type SubscriptionCard = z.infer<typeof SubscriptionCard>;

/** What remains to be done until the product is live; each item is checked by what really happened. */
export const ChecklistItem = z.object({ key: z.enum(['provisioned', 'train', 'brand', 'test', 'embed']), title: z.string(), done: z.boolean(), page: z.string() });

/** In full. How its sources stand is told by its knowledge, which has a scope of its own. */
export const Subscription = SubscriptionCard.omit({ failing_sources: true }).extend({
  capabilities: ProductCapabilities, plan: PlanTerms, entitlements: Entitlements, revision: z.number().int(), parameters: z.array(FlowParameter),
  runtime_endpoint: z.string().nullable(), knowledge_base_id: Id.nullable(), order_id: Id, version: z.number().int(), cycle: z.enum(['monthly', 'yearly', 'none']),
  checklist: z.array(ChecklistItem), configured: z.array(z.string()),
}).meta({ id: 'Subscription' });
export type Subscription = z.infer<typeof Subscription>;

/** The configuration of a subscription: what the buyer set, what holds, and what may be set. */
export const ConfigurationState = z.object({
  revision: z.number().int(),
  configuration: Configuration,
  effective: EffectiveConfiguration,
  sections: z.array(z.object({ key: z.string(), title: z.string(), description: z.string(), enabled: z.boolean() })),
  /** JSON Schema of what this product lets its buyer set, by section; forms are drawn from it. */
  schema: z.record(z.string(), z.unknown()),
});

const subscriptionParams = z.object({ subscriptionId: Id });
const tags = ['Subscriptions'];

export const subscriptionEndpoints = {
  subscribe: endpoint({
    method: 'POST', path: '/api/v1/subscriptions', access: { member: 'member' }, summary: 'Subscribe a project to a product', tags,
    body: z.strictObject({ product_id: Id, plan_id: Id, project_id: Id, cycle: z.enum(['monthly', 'yearly']).default('monthly') }), status: 201,
    /** `checkout_url` is null when nothing is to be paid: the subscription is then active at once. */
    response: z.object({ subscription_id: Id, order_id: Id, state: SubscriptionState, checkout_id: Id.nullable(), checkout_url: z.string().nullable() }),
  }),
  list: endpoint({
    method: 'GET', path: '/api/v1/subscriptions', aliases: ['/api/customer-agent-configs'], access: { member: 'member' }, summary: 'Your products', tags,
    query: z.object({ category: CategorySlug.optional(), project_id: Id.optional() }), response: z.object({ data: z.array(SubscriptionCard) }),
  }),
  get: endpoint({
    method: 'GET', path: '/api/v1/subscriptions/:subscriptionId', aliases: ['/api/customer-agent-configs/:subscriptionId', '/instances/:subscriptionId'], access: { member: 'member', scope: 'config:read' }, summary: 'One of your products', tags,
    params: subscriptionParams, response: Subscription,
  }),
  rename: endpoint({
    method: 'PATCH', path: '/api/v1/subscriptions/:subscriptionId', access: { member: 'member' }, summary: 'Rename', tags,
    params: subscriptionParams, body: z.strictObject({ name: z.string().trim().min(2).max(80).meta({ title: 'Name' }) }), response: Subscription,
  }),
  cancel: endpoint({
    method: 'POST', path: '/api/v1/subscriptions/:subscriptionId/cancel', access: { member: 'admin' }, summary: 'Cancel', tags, params: subscriptionParams, response: Subscription,
  }),
  getConfiguration: endpoint({
    method: 'GET', path: '/api/v1/subscriptions/:subscriptionId/config', access: { member: 'member', scope: 'config:read' }, summary: 'The configuration and what may be set', tags,
    params: subscriptionParams, response: ConfigurationState,
  }),
  /** Sections that are left out stay as they are; a section that is sent replaces the stored one. */
  configure: endpoint({
    method: 'PATCH', path: '/api/v1/subscriptions/:subscriptionId/config', access: { member: 'member', scope: 'config:write' }, summary: 'Change the configuration', tags,
    params: subscriptionParams,
    /** Checked against the subscription's capabilities; a path they do not allow is refused by name. */
    body: z.strictObject({ configuration: z.record(z.string(), z.unknown()), revision: z.int().optional() }), response: ConfigurationState,
  }),
  getEntitlements: endpoint({
    method: 'GET', path: '/api/v1/subscriptions/:subscriptionId/entitlements', aliases: ['/instances/:subscriptionId/entitlements'], access: { member: 'member', scope: 'config:read' }, summary: 'Limits and switches of the plan', tags,
    params: subscriptionParams, response: Entitlements,
  }),
  writeReview: endpoint({
    method: 'PUT', path: '/api/v1/subscriptions/:subscriptionId/review', access: { member: 'member' }, summary: 'Rate the product', tags,
    params: subscriptionParams, body: z.strictObject({ rating: z.int().min(1).max(5).meta({ title: 'Rating' }), text: z.string().trim().max(2000).default('').meta({ title: 'Review', ui: { widget: 'textarea' } }) }),
    status: 204, response: z.undefined(),
  }),
};
