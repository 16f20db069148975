import { sql } from 'drizzle-orm';
import type { Platform } from '#platform/context.ts';
import { createBatcher } from '#platform/batch/batcher.ts';
import { uuidFrom, uuidv7 } from '#platform/crypto/ids.ts';
import type { Tx } from '#platform/db/database.ts';
import { endAll, holdAll, type HoldPart, type HoldRequest, type HoldResult } from '#modules/billing/index.ts';
import { addRuns } from '#modules/catalog/index.ts';
import { recordUsage, type UsageRecord } from '#modules/usage/index.ts';
import type { Citation } from '#modules/knowledge/citation-contract.ts';
import type { Subject } from './subject.ts';
import { conversations, messages, runs } from './tables.ts';

export interface Visitor { id: string; user_id?: string | undefined; name?: string | undefined; email?: string | undefined }

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
  escalated: boolean;
  trace: readonly unknown[];
  /** What was reserved for it. */
  holds: readonly HoldPart[];
  /** The message counts: its holds are taken, usage and the answer are kept. Otherwise everything is given back. */
  charged: boolean;
  conversationId: string;
  visitor: Visitor | null;
  question: string;
  answer: string;
  citations: readonly Citation[];
}

/** Writes what concurrent runs cost and produced, many in one transaction, before their answers end. */
export interface Recorder {
  hold(request: HoldRequest): Promise<HoldResult>;
  record(run: RunRecord): Promise<void>;
  drain(): Promise<void>;
}

export function createRecorder(platform: Platform): Recorder {
  const holds = createBatcher<HoldRequest, HoldResult>(async (requests) =>
    platform.database.asOperator('reserve for runs', async (tx) => holdAll(tx, requests)));
  const records = createBatcher<RunRecord, null>(async (items) => {
    await platform.database.asOperator('record runs', async (tx) => writeRuns(tx, items));
    return items.map(() => null);
  });
  return {
    hold: async (request) => holds.add(request),
    record: async (run) => { await records.add(run); },
    drain: async () => { await holds.drain(); await records.drain(); },
  };
}

async function writeRuns(tx: Tx, items: readonly RunRecord[]): Promise<void> {
  await endAll(tx, items.flatMap((item) => item.holds.filter((part) => part.amount > 0n).map((part) => ({
    id: uuidFrom('end', part.id), holdId: part.id, tenant: item.subject.tenant, unit: part.unit, held: part.amount, used: item.charged ? part.amount : 0n,
    reason: 'message', reference: item.runId, subscriptionId: item.subject.subscriptionId,
  }))));
  await tx.insert(runs).values(items.map((item) => ({
    id: item.runId, tenantId: item.subject.tenant, createdAt: item.startedAt, subscriptionId: item.subject.subscriptionId, conversationId: item.conversationId, keyId: item.keyId,
    channel: item.channel, state: item.state, errorCode: item.errorCode, modelId: item.modelId, durationMs: item.durationMs, firstTokenMs: item.firstTokenMs,
    tokensIn: item.tokensIn, tokensOut: item.tokensOut, credits: item.charged ? item.subject.creditsPerMessage : 0, unanswered: item.unanswered, trace: [...item.trace],
  }))).onConflictDoNothing();
  const kept = items.filter((item) => item.charged || item.answer !== '');
  await writeTranscripts(tx, kept);
  const charged = items.filter((item) => item.charged);
  await recordUsage(tx, charged.flatMap(usageOf));
  const counts = new Map<string, number>();
  for (const item of charged) counts.set(item.subject.productId, (counts.get(item.subject.productId) ?? 0) + 1);
  await addRuns(tx, counts);
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
  const latest = new Map<string, { item: RunRecord; turns: number; unanswered: number; escalated: boolean }>();
  for (const item of items) {
    const known = latest.get(item.conversationId);
    latest.set(item.conversationId, {
      item, turns: (known?.turns ?? 0) + 1, unanswered: item.unanswered ? (known?.unanswered ?? 0) + 1 : 0, escalated: item.escalated || (known?.escalated ?? false),
    });
  }
  await tx.insert(conversations).values([...latest.values()].map(({ item, turns, unanswered, escalated }) => ({
    id: item.conversationId, tenantId: item.subject.tenant, createdAt: item.startedAt, subscriptionId: item.subject.subscriptionId, channel: item.channel,
    visitor: item.visitor ? { id: item.visitor.id, ...(item.visitor.user_id ? { userId: item.visitor.user_id } : {}), ...(item.visitor.name ? { name: item.visitor.name } : {}), ...(item.visitor.email ? { email: item.visitor.email } : {}) } : null,
    title: item.question.trim().slice(0, 120), messageCount: turns * 2, unanswered, escalated, lastAt: item.startedAt,
  }))).onConflictDoUpdate({
    target: conversations.id,
    set: {
      messageCount: sql`${conversations.messageCount} + excluded.message_count`,
      unanswered: sql`case when excluded.unanswered = 0 then 0 else ${conversations.unanswered} + excluded.unanswered end`,
      escalated: sql`${conversations.escalated} or excluded.escalated`,
      lastAt: sql`excluded.last_at`,
    },
  });
  await tx.insert(messages).values(items.flatMap((item) => {
    const common = { tenantId: item.subject.tenant, conversationId: item.conversationId, subscriptionId: item.subject.subscriptionId, runId: item.runId };
    const answered = new Date(item.startedAt.getTime() + Math.max(1, item.durationMs));
    return [
      { ...common, id: uuidv7(item.startedAt.getTime()), createdAt: item.startedAt, role: 'user' as const, content: item.question },
      {
        ...common, id: uuidv7(answered.getTime()), createdAt: answered, role: 'assistant' as const, content: item.answer, citations: [...item.citations],
        state: item.state === 'succeeded' ? 'complete' as const : 'incomplete' as const,
      },
    ];
  }));
}
