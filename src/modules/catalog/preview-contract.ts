import { z } from 'zod';
import { endpoint, Id } from '#platform/contract/endpoint.ts';

/** What one step did in a test run, as the seller of the flow may see it. */
export const StepTrace = z.object({
  nodeId: z.string(),
  startedAt: z.string(),
  durationMs: z.number(),
  tokens: z.object({ inputTokens: z.number(), outputTokens: z.number() }),
  /** `skipped`: its branch was not taken. `cancelled`: the run ended before it. */
  status: z.string(),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
  notes: z.array(z.string()).optional(),
  outputPreview: z.string(),
});
export type StepTrace = z.infer<typeof StepTrace>;

/**
 * The seller tries the draft's flow with its capabilities before submitting; nothing kept, nothing charged. Declared here,
 * beside the draft, so that the seller's screens may call it; the gateway serves it.
 */
export const previewEndpoint = endpoint({
  method: 'POST', path: '/api/v1/provider/products/:productId/preview', access: { member: 'member' }, summary: 'Try the draft', tags: ['Seller'], params: z.object({ productId: Id }),
  body: z.strictObject({
    messages: z.array(z.strictObject({ role: z.enum(['user', 'assistant']), content: z.string().max(4000) })).min(1).max(20),
    /** The last event then says in `trace` what each step of the flow did, also when the run failed. */
    trace: z.boolean().default(false),
  }), produces: 'text/event-stream', response: z.undefined(),
});
