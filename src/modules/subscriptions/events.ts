import { z } from 'zod';
import { defineEvent } from '#platform/events/event.ts';

const Subject = z.object({ subscriptionId: z.string() });

/** The buyer's copy of the product is complete and can be used. */
export const subscriptionProvisioned = defineEvent('subscription.provisioned', Subject.extend({ productId: z.string() }));

/** Name, configuration or period changed: whoever remembers the subscription forgets it. */
export const subscriptionChanged = defineEvent('subscription.changed', Subject.extend({ revision: z.number().int() }));

/** It ended: its keys no longer open anything. */
export const subscriptionCancelled = defineEvent('subscription.cancelled', Subject);
