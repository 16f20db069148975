import { sql } from 'drizzle-orm';
import type { Platform } from '#platform/context.ts';
import { createBatcher } from '#platform/batch/batcher.ts';
import { uuidFrom, uuidv7 } from '#platform/crypto/ids.ts';
import type { Tx } from '#platform/db/database.ts';
import { storableJson } from '#platform/db/storable-json.ts';
import { recordEvents } from '#platform/events/record-events.ts';
import { endAll, holdAll, type HoldPart, type HoldRequest, type HoldResult } from '#modules/billing/index.ts';
import { addRuns } from '#modules/catalog/index.ts';
import { recordUsage, type UsageRecord } from '#modules/usage/index.ts';
import type { Citation } from '#modules/knowledge/citation-contract.ts';
import type { AnswerOutcome, KnowledgeGap } from '#modules/knowledge/grounding-contract.ts';
import { questionUnanswered } from '#modules/knowledge/index.ts';
import type { Subject } from './subject.ts';

export interface Visitor { id: string; user_id?: string | undefined; name?: string | undefined; email?: string | undefined }

/** A question the knowledge did not answer, as its owner is told. */
export interface Missed { question: string; reason: KnowledgeGap; outcome: AnswerOutcome; confidence: number | null }

/** A finished run with everything that is to be kept of it. */
export interface RunRecord {
  subject: Subject & { subscriptionId: string };
  runId: string;
  channel: string;
  keyId: string | null;
  state: 'succeeded' | 'failed' | 'cancelled';
  errorCode: string | null;
  modelId: string | null;
  startedAt: Date;
  durationMs: number;
  firstTokenMs: number | null;
  tokensIn: number;
  tokensOut: number;
  unanswered: boolean;
  missed: Missed | null;
  escalated: boolean;
  trace: readonly unknown[];
  /** What was reserved for it. */
  holds: readonly HoldPart[];
  /** The message counts: its holds are taken, usage and the answer are kept. Otherwise everything is given back. */
  charged: boolean;
  conversationId: string;
  /** What the conversation remembers from now on; null leaves it as it is. */
  conversationState: Record<string, unknown> | null;
  visitor: Visitor | null;
  question: string;
  answer: string;
  citations: readonly Citation[];
}

/** Writes what concurrent runs cost and produced, many in one transaction, before their answers end. */
export interface Recorder {
  hold(request: HoldRequest): Promise<HoldResult>;
  record(run: RunRecord): Promise<void>;
  /** Gives back what was reserved for a run that will not be recorded. Repeating it changes nothing. */
  release(held: { tenant: string; subscriptionId: string; runId: string; parts: readonly HoldPart[] }): Promise<void>;
  drain(): Promise<void>;
}

export function createRecorder(platform: Platform): Recorder {
  const holds = createBatcher<HoldRequest, HoldResult>(async (requests) =>
    platform.database.asOperator('reserve for runs', async (tx) => holdAll(tx, requests)));
  const records = createBatcher<RunRecord, null>(async (items) => {
    await platform.database.asOperator('record runs', async (tx) => writeRuns(tx, items));
    if (items.some(({ missed }) => missed !== null)) platform.relaySoon();
    return items.map(() => null);
  });
  return {
    hold: async (request) => holds.add(request),
    record: async (run) => { await records.add(run); },
    release: async ({ tenant, subscriptionId, runId, parts }) => {
      await platform.database.asOperator('release holds of a run', async (tx) => endAll(tx, parts.map((part) => endOf(part, 0n, { tenant, subscriptionId, runId }))));
    },
    drain: async () => { await holds.drain(); await records.drain(); },
  };
}

/** Nothing here waits for the answer of another statement, so all of them travel to the database together. */
async function writeRuns(tx: Tx, items: readonly RunRecord[]): Promise<void> {
  const ends = items.flatMap((item) => item.holds.filter((part) => part.amount > 0n)
    .map((part) => endOf(part, item.charged ? part.amount : 0n, { tenant: item.subject.tenant, subscriptionId: item.subject.subscriptionId, runId: item.runId })));
  const charged = items.filter((item) => item.charged);
  const counts = new Map<string, number>();
  for (const item of charged) counts.set(item.subject.productId, (counts.get(item.subject.productId) ?? 0) + 1);
  await Promise.all([
    insertRuns(tx, items),
    writeTranscripts(tx, items.filter((item) => item.charged || item.answer !== '')),
    recordUsage(tx, charged.flatMap(usageOf)),
    recordEvents(tx, questionUnanswered, items.flatMap(missedIn)),
    // Last, because others wait for the rows these change until the transaction ends.
    endAll(tx, ends),
    addRuns(tx, counts),
  ]);
}

const missedIn = ({ missed, subject: { tenant, subscriptionId }, runId, conversationId, channel, startedAt }: RunRecord) =>
  (missed === null ? [] : [{ tenant, payload: { subscriptionId, runId, conversationId, ...missed, channel, askedAt: startedAt.toISOString() } }]);

const endOf = (part: HoldPart, used: bigint, { tenant, subscriptionId, runId }: { tenant: string; subscriptionId: string; runId: string }) =>
  ({ id: uuidFrom('end', part.id), holdId: part.id, tenant, unit: part.unit, held: part.amount, used, reason: 'message', reference: runId, subscriptionId });

/** Rows go as one parameter: building a statement of every value cost more than sending it. */
async function insertRuns(tx: Tx, items: readonly RunRecord[]): Promise<void> {
  const rows = items.map((item) => ({
    id: item.runId, tenant: item.subject.tenant, at: item.startedAt.toISOString(), subscription: item.subject.subscriptionId, conversation: item.conversationId, key: item.keyId,
    channel: item.channel, state: item.state, error: item.errorCode, model: item.modelId, ms: item.durationMs, first: item.firstTokenMs,
    tin: item.tokensIn, tout: item.tokensOut, credits: item.charged ? item.subject.creditsPerMessage : 0, unanswered: item.unanswered, trace: item.trace,
  }));
  await tx.execute(sql`
    insert into runs (id, tenant_id, created_at, subscription_id, conversation_id, key_id, channel, state, error_code, model_id, duration_ms, first_token_ms,
      tokens_in, tokens_out, credits, unanswered, trace)
    select * from jsonb_to_recordset(${storableJson(rows)}::jsonb) as run(id uuid, tenant uuid, at timestamptz, subscription uuid, conversation uuid, key uuid,
      channel text, state text, error text, model text, ms int, first int, tin int, tout int, credits bigint, unanswered boolean, trace jsonb)
    on conflict do nothing`);
}

function usageOf(item: RunRecord): UsageRecord[] {
  const { subject } = item;
  const common = {
    tenant: subject.tenant, sellerId: subject.sellerId, subscriptionId: subject.subscriptionId, productId: subject.productId, keyId: item.keyId,
    reference: item.runId, channel: item.channel, occurredAt: item.startedAt,
  };
  const rows: UsageRecord[] = [{ ...common, metric: 'messages', quantity: 1, credits: subject.creditsPerMessage }];
  if (item.tokensIn > 0) rows.push({ ...common, metric: 'tokens_in', quantity: item.tokensIn, credits: 0 });
  if (item.tokensOut > 0) rows.push({ ...common, metric: 'tokens_out', quantity: item.tokensOut, credits: 0 });
  if (item.keyId) rows.push({ ...common, metric: 'api_calls', quantity: 1, credits: 0 });
  return rows;
}

async function writeTranscripts(tx: Tx, items: readonly RunRecord[]): Promise<void> {
  if (items.length === 0) return;
  // Two turns of one conversation in a batch would meet in one statement, which an upsert refuses: merge them first.
  const latest = new Map<string, { item: RunRecord; turns: number; unanswered: number; escalated: boolean; state: Record<string, unknown> }>();
  for (const item of items) {
    const known = latest.get(item.conversationId);
    latest.set(item.conversationId, {
      item, turns: (known?.turns ?? 0) + 1, unanswered: item.unanswered ? (known?.unanswered ?? 0) + 1 : 0, escalated: item.escalated || (known?.escalated ?? false), state: item.conversationState ?? known?.state ?? {},
    });
  }
  const started = [...latest.values()].map(({ item, turns, unanswered, escalated, state }) => ({
    id: item.conversationId, tenant: item.subject.tenant, at: item.startedAt.toISOString(), subscription: item.subject.subscriptionId, channel: item.channel,
    visitor: item.visitor ? { id: item.visitor.id, ...(item.visitor.user_id ? { userId: item.visitor.user_id } : {}), ...(item.visitor.name ? { name: item.visitor.name } : {}), ...(item.visitor.email ? { email: item.visitor.email } : {}) } : null,
    title: item.question.trim().slice(0, 120), messages: turns * 2, unanswered, escalated, state,
  }));
  const said = items.flatMap((item) => {
    const common = { tenant: item.subject.tenant, conversation: item.conversationId, subscription: item.subject.subscriptionId, run: item.runId };
    const answered = new Date(item.startedAt.getTime() + Math.max(1, item.durationMs));
    return [
      { ...common, id: uuidv7(item.startedAt.getTime()), at: item.startedAt.toISOString(), role: 'user', content: item.question, citations: [], state: 'complete' },
      {
        ...common, id: uuidv7(answered.getTime()), at: answered.toISOString(), role: 'assistant', content: item.answer, citations: item.citations,
        state: item.state === 'succeeded' ? 'complete' : 'incomplete',
      },
    ];
  });
  // One statement, because the messages refer to the conversations.
  await tx.execute(sql`
    with started as (
      insert into conversations (id, tenant_id, created_at, subscription_id, channel, visitor, title, message_count, unanswered, escalated, state, last_at)
      select id, tenant, at, subscription, channel, nullif(visitor, 'null'::jsonb), title, messages, unanswered, escalated, state, at
      from jsonb_to_recordset(${storableJson(started)}::jsonb) as started(id uuid, tenant uuid, at timestamptz, subscription uuid, channel text, visitor jsonb, title text,
        messages int, unanswered int, escalated boolean, state jsonb)
      on conflict (id) do update set
        message_count = conversations.message_count + excluded.message_count,
        unanswered = case when excluded.unanswered = 0 then 0 else conversations.unanswered + excluded.unanswered end,
        escalated = conversations.escalated or excluded.escalated,
        -- Empty leaves what the conversation remembers as it is.
        state = case when excluded.state = '{}' then conversations.state else excluded.state end,
        last_at = excluded.last_at)
    insert into messages (id, tenant_id, created_at, conversation_id, subscription_id, run_id, role, content, citations, state)
    select id, tenant, at, conversation, subscription, run, role, content, citations, state
    from jsonb_to_recordset(${storableJson(said)}::jsonb) as said(id uuid, tenant uuid, at timestamptz, conversation uuid, subscription uuid, run uuid, role text, content text,
      citations jsonb, state text)`);
}
