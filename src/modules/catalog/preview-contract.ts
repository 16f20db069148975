import { z } from 'zod';
import { endpoint, Id } from '#platform/contract/endpoint.ts';

/**
 * The seller tries the draft's flow with its capabilities before submitting; nothing kept, nothing charged. Declared here,
 * beside the draft, so that the seller's screens may call it; the gateway serves it.
 */
export const previewEndpoint = endpoint({
  method: 'POST', path: '/api/v1/provider/products/:productId/preview', access: { member: 'member' }, summary: 'Try the draft', tags: ['Seller'], params: z.object({ productId: Id }),
  body: z.strictObject({ messages: z.array(z.strictObject({ role: z.enum(['user', 'assistant']), content: z.string().max(4000) })).min(1).max(20) }), produces: 'text/event-stream', response: z.undefined(),
});
