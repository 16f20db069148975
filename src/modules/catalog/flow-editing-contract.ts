import { z } from 'zod';
import { endpoint, Id } from '#platform/contract/endpoint.ts';
import { EDITED_FLOW_BYTES_MAX } from '#modules/flows/authoring/contract.ts';
import { Flow, ImportReport } from '#modules/flows/contract.ts';
import { DraftFinding } from './contract.ts';

const params = z.object({ productId: Id });

/** The flow of a draft, as an editor opens it: parameters say whether the draft hands them to buyers. */
export const FlowOfDraft = z.object({
  product_id: Id,
  name: z.string(),
  /** Changes with every save, because stored flows never change; null while the draft has none. */
  flow_id: Id.nullable(),
  flow: Flow.nullable(),
  report: ImportReport.nullable(),
  /** Edited here since it came in. */
  edited: z.boolean(),
});
export type FlowOfDraft = z.infer<typeof FlowOfDraft>;

export const SavedFlow = z.object({
  flow_id: Id,
  /** What keeps the flow from being submitted, as the wizard shows it. */
  findings: z.array(DraftFinding),
});

export const flowEditingEndpoints = {
  get: endpoint({
    method: 'GET', path: '/api/v1/provider/products/:productId/flow', access: { member: 'member' }, summary: 'The flow of the draft', tags: ['Seller'],
    params, response: FlowOfDraft,
  }),
  /** Keeps a flow although it cannot run yet; submitting is refused until its findings are solved. 409 `flow-changed` when `based_on` is not the stored flow any more. */
  save: endpoint({
    method: 'PUT', path: '/api/v1/provider/products/:productId/flow', access: { member: 'member' }, summary: 'Replace the flow of the draft by an edited one', tags: ['Seller'],
    params, body: z.strictObject({ based_on: Id.nullable(), flow: Flow }), bodyBytesMax: EDITED_FLOW_BYTES_MAX + 4096, response: SavedFlow,
  }),
};
