import { z } from 'zod';
import { defineEvent } from '#platform/events/event.ts';

/** A payment arrived, from whichever provider. What it pays for follows. */
export const checkoutPaid = defineEvent('checkout.paid', z.object({ checkoutId: z.string() }));

/** An order is paid or free: what was bought can be delivered. */
export const orderActivated = defineEvent('order.activated', z.object({ orderId: z.string(), subscriptionId: z.string() }));

/** An order was cancelled, or was never paid in time. */
export const orderClosed = defineEvent('order.closed', z.object({ orderId: z.string(), subscriptionId: z.string(), state: z.enum(['cancelled', 'expired']) }));
