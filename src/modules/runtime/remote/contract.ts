import { z } from 'zod';
import { endpoint, Id, Timestamp } from '#platform/contract/endpoint.ts';

const amount = z.int().min(0).max(1_000_000_000);

/** What a server outside reports (003, GAP-4). Named by `webhook-id` or `event_id`; a repetition counts once. */
export const RuntimeUsage = z.strictObject({
  config_uuid: Id,
  /** Messages answered without us: each costs what the plan says. */
  api_calls: amount.max(10_000).default(0), tokens_input: amount.default(0), tokens_output: amount.default(0),
  event_id: z.string().min(1).max(200).optional(),
  occurred_at: Timestamp.optional(),
});

export const runtimeUsageEndpoint = endpoint({
  method: 'POST', path: '/api/runtime/usage', signed: true,
  access: { public: 'admits only what the subscription’s own server signed, or carries the token of one of its runs' }, summary: 'Report usage (for runtimes outside)', tags: ['Runtime'],
  body: RuntimeUsage, response: z.object({ status: z.literal('recorded') }),
});
