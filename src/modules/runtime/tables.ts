import { bigint, boolean, index, integer, jsonb, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { tenantTable } from '#platform/db/tenant-table.ts';
import type { Citation } from '#modules/knowledge/citation-contract.ts';

/** A sequence of turns with one person over one channel. */
export const conversations = tenantTable('conversations', {
  subscriptionId: uuid('subscription_id').notNull(),
  channel: text('channel').notNull(),
  /** Who chats, as the site or caller says; null on the run page. */
  visitor: jsonb('visitor').$type<{ id: string; userId?: string; name?: string; email?: string }>(),
  title: text('title').notNull().default(''),
  messageCount: integer('message_count').notNull().default(0),
  unanswered: integer('unanswered').notNull().default(0),
  escalated: boolean('escalated').notNull().default(false),
  /** Variables that the flow keeps from one message to the next. */
  state: jsonb('state').$type<Record<string, unknown>>().notNull().default({}),
  lastAt: timestamp('last_at', { withTimezone: true }).notNull().defaultNow(),
}, (table) => [index('conversations_subscription').on(table.subscriptionId, table.lastAt)]);

export const messages = tenantTable('messages', {
  conversationId: uuid('conversation_id').notNull().references(() => conversations.id, { onDelete: 'cascade' }),
  subscriptionId: uuid('subscription_id').notNull(),
  runId: uuid('run_id').notNull(),
  role: text('role', { enum: ['user', 'assistant'] }).notNull(),
  content: text('content').notNull(),
  citations: jsonb('citations').$type<Citation[]>().notNull().default([]),
  /** `incomplete` when the answer was cut off. */
  state: text('state', { enum: ['complete', 'incomplete'] }).notNull().default('complete'),
  rating: text('rating', { enum: ['up', 'down'] }),
  ratingComment: text('rating_comment'),
}, (table) => [index('messages_conversation').on(table.conversationId, table.createdAt), index('messages_run').on(table.runId)]);

/** One execution of a subscription's flow: what it cost, how long it took, what each node did. */
export const runs = tenantTable('runs', {
  subscriptionId: uuid('subscription_id').notNull(),
  conversationId: uuid('conversation_id'),
  keyId: uuid('key_id'),
  channel: text('channel').notNull(),
  state: text('state', { enum: ['succeeded', 'failed', 'cancelled'] }).notNull(),
  errorCode: text('error_code'),
  modelId: text('model_id'),
  durationMs: integer('duration_ms').notNull(),
  firstTokenMs: integer('first_token_ms'),
  tokensIn: integer('tokens_in').notNull().default(0),
  tokensOut: integer('tokens_out').notNull().default(0),
  credits: bigint('credits', { mode: 'number' }).notNull().default(0),
  /** The answer was not found in the knowledge. */
  unanswered: boolean('unanswered').notNull().default(false),
  trace: jsonb('trace').$type<unknown[]>().notNull().default([]),
}, (table) => [index('runs_subscription').on(table.subscriptionId, table.createdAt)]);
