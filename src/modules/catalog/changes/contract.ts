import { z } from 'zod';
import { endpoint, Id } from '#platform/contract/endpoint.ts';
import { LeafChange } from '#platform/contract/leaf-change.ts';
import { CapabilityChange } from '#modules/capabilities/changes-contract.ts';
import { FlowDiff } from '#modules/flows/diff-contract.ts';

/** Plans are the same plan when they have the same key. */
export const PlanChanges = z.object({
  added: z.array(z.object({ key: z.string(), name: z.string() })), removed: z.array(z.object({ key: z.string(), name: z.string() })),
  changed: z.array(z.object({ key: z.string(), name: z.string(), currency: z.string(), fields: z.array(LeafChange) })),
});
export type PlanChanges = z.infer<typeof PlanChanges>;

/** What differs between two versions of a product, for its seller and the operator. */
export const ProductChanges = z.object({
  /** Numbers of the versions; null is the draft. */
  from: z.number().int(), to: z.number().int().nullable(),
  flow: FlowDiff, capabilities: z.array(CapabilityChange), plans: PlanChanges, listing: z.array(LeafChange),
  /** Values of the flow that subscribers have set and that are no longer offered. */
  lostSettings: z.array(z.object({ name: z.string(), title: z.string(), subscriptions: z.number().int() })),
});
export type ProductChanges = z.infer<typeof ProductChanges>;

export const changesEndpoints = {
  /** Without numbers: the version on sale against the draft or, without a draft, against the newest version. */
  compareVersions: endpoint({
    method: 'GET', path: '/api/v1/provider/products/:productId/changes', access: { member: 'member' }, summary: 'What differs between two versions', tags: ['Seller'],
    params: z.object({ productId: Id }),
    query: z.object({ from: z.coerce.number().int().min(1).optional(), to: z.union([z.literal('draft'), z.coerce.number().int().min(1)]).optional() }),
    /** Null where there is nothing to compare with, such as the draft of a first version. */
    response: z.object({ changes: ProductChanges.nullable() }),
  }),
  /** Against the version on sale, else the one approved before. */
  getReviewChanges: endpoint({
    method: 'GET', path: '/api/v1/operator/reviews/:versionId/changes', access: { operator: true }, summary: 'What a version changes', tags: ['Operator'],
    params: z.object({ versionId: Id }), response: z.object({ changes: ProductChanges.nullable() }),
  }),
};
