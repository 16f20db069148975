import { z } from 'zod';
import { endpoint, Id, page, Timestamp } from '#platform/contract/endpoint.ts';

/** Credits of an organization. `available` is what a new action may use; `held` is reserved by running ones. */
export const Wallet = z.object({ unit: z.literal('credit'), balance: z.number().int(), held: z.number().int(), available: z.number().int() }).meta({ id: 'Wallet' });
export type Wallet = z.infer<typeof Wallet>;

export const Transfer = z.object({
  id: Id, created_at: Timestamp, reason: z.string(), reference: z.string(), subscription_id: Id.nullable(),
  /** Positive when credits came in, negative when they went out. */
  amount: z.number().int(),
}).meta({ id: 'Transfer' });

export const OrderState = z.enum(['pending', 'active', 'cancelled', 'expired']);
export const Order = z.object({
  id: Id, product_id: Id, plan_id: Id, project_id: Id, subscription_id: Id, product_name: z.string(), plan_name: z.string(), buyer_name: z.string(),
  state: OrderState, cycle: z.enum(['monthly', 'yearly', 'none']), amount_minor: z.number().int(), currency: z.string(),
  created_at: Timestamp, activated_at: Timestamp.nullable(), cancelled_at: Timestamp.nullable(),
}).meta({ id: 'Order' });
export type Order = z.infer<typeof Order>;

export const CREDIT_PACKS = [
  { credits: 500, amountMinor: 500, currency: 'USD' },
  { credits: 2_500, amountMinor: 2_250, currency: 'USD' },
  { credits: 10_000, amountMinor: 8_000, currency: 'USD' },
] as const;

export const Checkout = z.object({
  id: Id, purpose: z.enum(['order', 'top-up']), provider: z.string(),
  /** `failed`: the last attempt failed, see `failure`; another card may be tried. */
  state: z.enum(['open', 'paid', 'failed', 'expired']),
  amount_minor: z.number().int(), currency: z.string(), description: z.string(), credits: z.number().int().nullable(), order_id: Id.nullable(),
  failure: z.string().nullable(), return_path: z.string(),
  /** Where the buyer pays: a page of this installation, or of the payment provider. */
  url: z.string(),
}).meta({ id: 'Checkout' });
export type Checkout = z.infer<typeof Checkout>;

const organizationParams = z.object({ organizationId: Id });
const tags = ['Billing'];

export const billingEndpoints = {
  getWallet: endpoint({
    method: 'GET', path: '/api/v1/organizations/:organizationId/wallet', access: { member: 'member' }, summary: 'Credit balance', tags, params: organizationParams, response: Wallet,
  }),
  listTransfers: endpoint({
    method: 'GET', path: '/api/v1/organizations/:organizationId/transfers', access: { member: 'member' }, summary: 'What moved the balance', tags, params: organizationParams,
    query: z.object({ cursor: z.string().max(200).optional(), limit: z.coerce.number().int().min(1).max(200).default(50) }), response: page(Transfer),
  }),
  topUp: endpoint({
    method: 'POST', path: '/api/v1/organizations/:organizationId/top-ups', access: { member: 'billing' }, summary: 'Buy credits', tags, params: organizationParams,
    body: z.strictObject({ credits: z.union([z.literal(500), z.literal(2_500), z.literal(10_000)]), return_path: z.string().max(300).optional() }), status: 201, response: Checkout,
  }),
  listOrders: endpoint({
    method: 'GET', path: '/api/v1/organizations/:organizationId/orders', access: { member: 'member' }, summary: 'Orders you placed', tags, params: organizationParams,
    query: z.object({ state: OrderState.optional() }), response: z.object({ data: z.array(Order) }),
  }),
  listSales: endpoint({
    method: 'GET', path: '/api/v1/provider/orders', access: { member: 'member' }, summary: 'Orders of your products', tags: ['Seller'],
    query: z.object({ state: OrderState.optional() }), response: z.object({ data: z.array(Order) }),
  }),
  getOrder: endpoint({
    method: 'GET', path: '/api/v1/orders/:orderId', access: { member: 'member' }, summary: 'An order', tags, params: z.object({ orderId: Id }), response: Order,
  }),
  /** For a buyer who left the payment page: the payment that is open, else a new one. */
  payOrder: endpoint({
    method: 'POST', path: '/api/v1/orders/:orderId/checkout', access: { member: 'member' }, summary: 'Pay a pending order', tags, params: z.object({ orderId: Id }), response: Checkout,
  }),
  getCheckout: endpoint({
    method: 'GET', path: '/api/v1/checkouts/:checkoutId', access: { member: 'member' }, summary: 'A payment in progress', tags, params: z.object({ checkoutId: Id }), response: Checkout,
  }),
  /** Only where the sandbox is the payment provider: stands for the provider's own page. Test cards decide the outcome. */
  paySandbox: endpoint({
    method: 'POST', path: '/api/v1/checkouts/:checkoutId/sandbox-payment', access: { member: 'member' }, summary: 'Pay with a test card', tags, params: z.object({ checkoutId: Id }),
    body: z.strictObject({ card: z.string().trim().transform((text) => text.replace(/\s+/g, '')).pipe(z.string().regex(/^\d{16}$/, '16 digits')).meta({ title: 'Card number', ui: { placeholder: '4242 4242 4242 4242' } }) }), response: Checkout,
  }),
};
