import { z } from 'zod';
import { defineEvent } from '#platform/events/event.ts';

/** `organizationId` is the seller's; reviews are operators' work, so their events carry no tenant of their own. */
const Subject = z.object({ productId: z.uuid(), versionId: z.uuid(), organizationId: z.uuid(), name: z.string() });

/** A version waits for review. */
export const productSubmitted = defineEvent('product.submitted', Subject);
/** A version was approved and is now the one buyers get; `first` when the product was never on sale before. */
export const productApproved = defineEvent('product.approved', Subject.extend({ first: z.boolean() }));
export const productRejected = defineEvent('product.rejected', Subject.extend({ reason: z.string() }));
