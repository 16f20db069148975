import { sql } from 'drizzle-orm';
import { bigint, check, index, integer, jsonb, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { tenantTable, twoPartyTable } from '#platform/db/tenant-table.ts';

const amount = (name: string) => bigint(name, { mode: 'bigint' });

/**
 * Accounts of the double-entry ledger. `balance` and `held` repeat what the transfers add up to, so that a hold can be
 * decided by one row; the constraint makes an overdraft impossible whatever the code does.
 */
export const ledgerAccounts = tenantTable('ledger_accounts', {
  /** `wallet` (what the organization can spend), `grants` (where credits come from), `spent` (where they go). */
  kind: text('kind', { enum: ['wallet', 'grants', 'spent'] }).notNull(),
  /** `credit`, or a currency code in minor units. */
  unit: text('unit').notNull(),
  balance: amount('balance').notNull().default(sql`0`),
  held: amount('held').notNull().default(sql`0`),
}, (table) => [
    uniqueIndex('ledger_accounts_kind').on(table.tenantId, table.kind, table.unit),
    check('ledger_accounts_covered', sql`kind <> 'wallet' or (held >= 0 and balance >= held)`),
  ]);

/** Movements between accounts. Rows are only ever added: a hold is settled or released by a further row. */
export const ledgerTransfers = tenantTable('ledger_transfers', {
  /** `hold` reserves, `settle` moves (part of) a hold, `release` gives it back, `post` moves at once. */
  phase: text('phase', { enum: ['hold', 'settle', 'release', 'post'] }).notNull(),
  fromAccount: uuid('from_account').notNull().references(() => ledgerAccounts.id),
  toAccount: uuid('to_account').notNull().references(() => ledgerAccounts.id),
  amount: amount('amount').notNull(),
  /** The hold a `settle` or `release` ends. At most one row ends a hold. */
  holdId: uuid('hold_id'),
  /** What it was for: `grant`, `top-up`, `message`, `document`, … */
  reason: text('reason').notNull(),
  /** The run, document, order or checkout that caused it. */
  reference: text('reference').notNull().default(''),
  subscriptionId: uuid('subscription_id'),
}, (table) => [
    uniqueIndex('ledger_transfers_ended').on(table.holdId).where(sql`hold_id is not null`),
    index('ledger_transfers_tenant').on(table.tenantId, table.createdAt),
    index('ledger_transfers_holds').on(table.createdAt).where(sql`phase = 'hold'`),
    check('ledger_transfers_amount', sql`amount >= 0`),
  ]);

/** A purchase. The seller sees it too; it holds nothing of the buyer's content. */
export const orders = twoPartyTable('orders', {
  productId: uuid('product_id').notNull(),
  versionId: uuid('version_id').notNull(),
  planId: uuid('plan_id').notNull(),
  projectId: uuid('project_id').notNull(),
  subscriptionId: uuid('subscription_id').notNull(),
  productName: text('product_name').notNull(),
  planName: text('plan_name').notNull(),
  buyerName: text('buyer_name').notNull(),
  /** `pending` waits for payment; `active` is paid or free. */
  state: text('state', { enum: ['pending', 'active', 'cancelled', 'expired'] }).notNull().default('pending'),
  cycle: text('cycle', { enum: ['monthly', 'yearly', 'none'] }).notNull().default('none'),
  amountMinor: amount('amount_minor').notNull().default(sql`0`),
  currency: text('currency').notNull().default('USD'),
  placedBy: uuid('placed_by').notNull(),
  activatedAt: timestamp('activated_at', { withTimezone: true }),
  cancelledAt: timestamp('cancelled_at', { withTimezone: true }),
}, (table) => [index('orders_tenant').on(table.tenantId), index('orders_seller').on(table.counterpartId)]);

/** One attempt to pay: for an order, or for credits. */
export const checkouts = tenantTable('checkouts', {
  provider: text('provider').notNull(),
  purpose: text('purpose', { enum: ['order', 'top-up'] }).notNull(),
  orderId: uuid('order_id'),
  credits: integer('credits'),
  amountMinor: amount('amount_minor').notNull(),
  currency: text('currency').notNull(),
  state: text('state', { enum: ['open', 'paid', 'failed', 'expired'] }).notNull().default('open'),
  /** Where the buyer returns to; a path of this installation. */
  returnPath: text('return_path').notNull(),
  failure: text('failure'),
  paidAt: timestamp('paid_at', { withTimezone: true }),
  details: jsonb('details').$type<Record<string, string>>().notNull().default({}),
});
