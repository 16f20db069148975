import { index, integer, jsonb, text, timestamp, unique, uuid } from 'drizzle-orm/pg-core';
import { tenantTable } from '#platform/db/tenant-table.ts';
import type { DurableAnswer, DurableQuestion } from './durable-run.ts';

export const RUN_STATES = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;

/** Runs that survive a crash: what was asked, who works on it until when, and what came of it. */
export const durableRuns = tenantTable('durable_runs', {
  subscriptionId: uuid('subscription_id').notNull(),
  /** The flow it began with; an update of the subscription does not change a run. */
  flowId: uuid('flow_id').notNull(),
  state: text('state', { enum: RUN_STATES }).notNull(),
  question: jsonb('question').$type<DurableQuestion>().notNull(),
  answer: jsonb('answer').$type<DurableAnswer>(),
  errorCode: text('error_code'),
  errorMessage: text('error_message'),
  /** Repeating a request with this key finds the run instead of starting another. */
  requestKey: text('request_key'),
  /** Who works on it proves that with the token; whoever comes after the lease ran out takes another. */
  leaseToken: uuid('lease_token'),
  leaseUntil: timestamp('lease_until', { withTimezone: true }),
  /** How often work on it began. */
  lives: integer('lives').notNull().default(0),
  endedAt: timestamp('ended_at', { withTimezone: true }),
}, (table) => [
  unique('durable_runs_request').on(table.subscriptionId, table.requestKey),
  index('durable_runs_subscription').on(table.subscriptionId, table.createdAt),
  index('durable_runs_lease').on(table.state, table.leaseUntil),
]);

/** A step of a durable run as it is kept. */
export interface KeptStep {
  /** The step and the passes of the loops around it, e.g. `loop#2/send`. */
  path: string;
  /** Values by output port; null for a step that was skipped. */
  result: unknown;
  /** Variables of the run after it; null where it has none. */
  state: Readonly<Record<string, unknown>> | null;
  trace: unknown;
}

/** Results of a durable run's steps, as many to a row as were written at one moment. Rows are in order by id. */
export const durableSteps = tenantTable('durable_steps', {
  runId: uuid('run_id').notNull().references(() => durableRuns.id, { onDelete: 'cascade' }),
  steps: jsonb('steps').$type<readonly KeptStep[]>().notNull(),
}, (table) => [index('durable_steps_run').on(table.runId)]);
