import { z } from 'zod';
import { endpoint, Id, page, Timestamp } from '#platform/contract/endpoint.ts';
import { KeptCitation } from '#modules/knowledge/citation-contract.ts';

/** A figure for a period, beside the period before it. */
export const Figure = z.object({ value: z.number(), previous: z.number(), series: z.array(z.object({ day: z.string(), value: z.number() })) });

export const UsageReport = z.object({
  from: Timestamp, to: Timestamp,
  messages: Figure, credits: Figure, sessions: Figure, tokens_in: Figure, tokens_out: Figure, api_calls: Figure, documents: Figure,
  error_rate: Figure, response_ms: Figure,
  by_channel: z.array(z.object({ channel: z.string(), messages: z.number().int() })),
  by_key: z.array(z.object({ key_id: Id.nullable(), name: z.string(), messages: z.number().int(), credits: z.number().int() })),
}).meta({ id: 'UsageReport' });
export type UsageReport = z.infer<typeof UsageReport>;

export const Conversation = z.object({
  id: Id, channel: z.string(), title: z.string(), messages: z.number().int(), visitor: z.object({ id: z.string(), name: z.string().nullable(), email: z.string().nullable() }).nullable(),
  started_at: Timestamp, last_at: Timestamp, unanswered: z.number().int(), escalated: z.boolean(),
}).meta({ id: 'Conversation' });

export const Message = z.object({
  id: Id, role: z.enum(['user', 'assistant']), content: z.string(), citations: z.array(KeptCitation), state: z.enum(['complete', 'incomplete']), rating: z.enum(['up', 'down']).nullable(),
  run_id: Id, credits: z.number().int().nullable(), duration_ms: z.number().int().nullable(), created_at: Timestamp,
}).meta({ id: 'Message' });

const subscriptionParams = z.object({ subscriptionId: Id });
const conversationParams = subscriptionParams.extend({ conversationId: Id });
const period = z.object({ days: z.coerce.number().int().min(1).max(366).default(30) });
const read = { member: 'member', scope: 'usage:read' } as const;
const tags = ['Analytics'];

export const analyticsEndpoints = {
  subscriptionUsage: endpoint({
    method: 'GET', path: '/api/v1/subscriptions/:subscriptionId/analytics', aliases: ['/api/customer-agent-configs/:subscriptionId/usage'], access: read, summary: 'Usage of a product', tags, params: subscriptionParams, query: period, response: UsageReport,
  }),
  organizationUsage: endpoint({
    method: 'GET', path: '/api/v1/organizations/:organizationId/analytics', access: { member: 'member' }, summary: 'Usage of all products', tags, params: z.object({ organizationId: Id }), query: period,
    response: UsageReport.extend({ by_product: z.array(z.object({ subscription_id: Id, name: z.string(), messages: z.number().int(), credits: z.number().int() })), active_subscriptions: z.number().int() }),
  }),
  providerUsage: endpoint({
    method: 'GET', path: '/api/v1/provider/analytics', access: { member: 'member' }, summary: 'Use of what you sell, without content', tags, query: period,
    response: UsageReport.omit({ by_key: true }).extend({ by_product: z.array(z.object({ product_id: Id, name: z.string(), messages: z.number().int(), credits: z.number().int(), subscribers: z.number().int() })), subscribers: z.number().int(), orders: z.number().int(), revenue_minor: z.number().int(), currency: z.string() }),
  }),
  productUsage: endpoint({
    method: 'GET', path: '/api/v1/provider/products/:productId/analytics', aliases: ['/api/provider-agents/:productId/analytics'], access: { member: 'member' }, summary: 'Use of one of your products', tags, params: z.object({ productId: Id }), query: period,
    response: UsageReport.omit({ by_key: true }).extend({ subscribers: z.number().int() }),
  }),
  listCustomers: endpoint({
    method: 'GET', path: '/api/v1/provider/customers', access: { member: 'member' }, summary: 'Who subscribed', tags: ['Seller'],
    response: z.object({ data: z.array(z.object({ organization_id: Id, name: z.string(), products: z.array(z.object({ id: Id, name: z.string(), plan: z.string(), state: z.string() })), messages: z.number().int(), credits: z.number().int(), since: Timestamp })) }),
  }),
  operatorUsage: endpoint({
    method: 'GET', path: '/api/v1/operator/analytics', access: { operator: true }, summary: 'Use of the whole installation', tags: ['Operator'], query: period,
    response: UsageReport.omit({ by_key: true }).extend({
      organizations: z.number().int(), people: z.number().int(), products_listed: z.number().int(), reviews_waiting: z.number().int(), subscriptions_active: z.number().int(), credits_outstanding: z.number().int(),
      by_product: z.array(z.object({ product_id: Id, name: z.string(), messages: z.number().int(), credits: z.number().int() })),
    }),
  }),
  listOrganizations: endpoint({
    method: 'GET', path: '/api/v1/operator/organizations', access: { operator: true }, summary: 'Organizations', tags: ['Operator'], query: z.object({ search: z.string().trim().max(200).optional() }),
    response: z.object({ data: z.array(z.object({ id: Id, name: z.string(), provider: z.string().nullable(), members: z.number().int(), subscriptions: z.number().int(), credits: z.number().int(), created_at: Timestamp })) }),
  }),
  auditTrail: endpoint({
    method: 'GET', path: '/api/v1/operator/audit', access: { operator: true }, summary: 'What operators did', tags: ['Operator'], query: z.object({ cursor: z.string().max(200).optional(), limit: z.coerce.number().int().min(1).max(200).default(50) }),
    response: page(z.object({ id: Id, at: Timestamp, actor: z.string(), action: z.string(), subject: z.record(z.string(), z.string()), details: z.record(z.string(), z.unknown()), request_id: z.string() })),
  }),
};

export const transcriptEndpoints = {
  list: endpoint({
    method: 'GET', path: '/api/v1/subscriptions/:subscriptionId/conversations', access: read, summary: 'Conversations', tags, params: subscriptionParams,
    query: z.object({ search: z.string().trim().max(200).optional(), channel: z.string().max(40).optional(), cursor: z.string().max(200).optional(), limit: z.coerce.number().int().min(1).max(100).default(30) }), response: page(Conversation),
  }),
  get: endpoint({
    method: 'GET', path: '/api/v1/subscriptions/:subscriptionId/conversations/:conversationId', access: read, summary: 'A transcript', tags, params: conversationParams, response: Conversation.extend({ transcript: z.array(Message) }),
  }),
  remove: endpoint({
    method: 'DELETE', path: '/api/v1/subscriptions/:subscriptionId/conversations/:conversationId', access: { member: 'admin' }, summary: 'Delete a transcript', tags, params: conversationParams, status: 204, response: z.undefined(),
  }),
  exportAll: endpoint({
    method: 'GET', path: '/api/v1/subscriptions/:subscriptionId/conversations.csv', access: read, summary: 'Export transcripts as CSV', tags, params: subscriptionParams, query: period, produces: 'text/csv', response: z.undefined(),
  }),
  exportJson: endpoint({
    method: 'GET', path: '/api/v1/subscriptions/:subscriptionId/conversations.json', access: read, summary: 'Export transcripts as JSON', tags, params: subscriptionParams, query: period, produces: 'application/json', response: z.undefined(),
  }),
};
