import { z } from 'zod';
import { endpoint, Id } from '#platform/contract/endpoint.ts';
import { Draft } from './contract.ts';

const params = z.object({ productId: Id });

/** Designing a product's flow in the visual editor the marketplace runs beside it. */
export const designEndpoints = {
  /** Whether there is an editor at all; otherwise the two others answer 409 `no-studio`. */
  state: endpoint({ method: 'GET', path: '/api/v1/provider/studio', access: { member: 'member' }, summary: 'Whether flows can be designed in Studio', tags: ['Seller'], response: z.object({ available: z.boolean() }) }),
  /** Puts the draft's flow there, or an empty one; what the seller has there already stays unless `replace` is said. */
  open: endpoint({
    method: 'POST', path: '/api/v1/provider/products/:productId/studio', access: { member: 'member' }, summary: 'Open the draft’s flow in Studio', tags: ['Seller'], params,
    body: z.strictObject({ replace: z.boolean().default(false) }).default({ replace: false }), response: z.object({ url: z.url(), /** The flow was there already and was not touched. */ kept: z.boolean() }),
  }),
  /** Imports it like any file: a new flow of the draft, with its report. */
  importBack: endpoint({ method: 'POST', path: '/api/v1/provider/products/:productId/studio/import', access: { member: 'member' }, summary: 'Import the flow back from Studio', tags: ['Seller'], params, status: 201, response: Draft }),
};
