import { and, asc, desc, eq, getTableColumns, gte, ilike, inArray, or } from 'drizzle-orm';
import type { Input, Output } from '#platform/contract/endpoint.ts';
import type { Ctx, Process } from '#platform/context.ts';
import { exactTime, olderThan } from '#platform/db/time-order.ts';
import { writeCursor } from '#platform/http/cursor.ts';
import { csvLine } from '#platform/http/csv.ts';
import { Problem, problems as kernel } from '#platform/http/problem.ts';
import type { HttpExchange } from '#platform/http/serve.ts';
import { citationStates, forgetQuestions } from '#modules/knowledge/index.ts';
import { conversations, messages, problems as runtime, runs } from '#modules/runtime/index.ts';
import { loadSubscription } from '#modules/subscriptions/index.ts';
import type { transcriptEndpoints } from './contract.ts';

type Endpoints = typeof transcriptEndpoints;
type ConversationRow = typeof conversations.$inferSelect;

/** Conversations one export holds at most; newest first. */
const EXPORT_MAX = 5_000;
const EXPORT_BATCH = 200;

/** The subscription, if its capabilities keep transcripts for its owner. */
async function requireTranscripts(ctx: Ctx, subscriptionId: string) {
  const { entitlements } = await loadSubscription(ctx, subscriptionId);
  if (!entitlements.features.transcripts) throw new Problem(runtime['not-allowed-by-plan'], 'This product does not offer transcripts.');
  return entitlements;
}

export async function listConversations(ctx: Ctx, { params, query }: Input<Endpoints['list']>): Promise<Output<Endpoints['list']>> {
  const { features } = await requireTranscripts(ctx, params.subscriptionId);
  if (query.search && !features.transcriptSearch) throw new Problem(runtime['not-allowed-by-plan'], 'This product does not offer searching transcripts.');
  const pattern = query.search ? `%${query.search.replace(/[\\%_]/g, '\\$&')}%` : null;
  const rows = await ctx.tx.select({ ...getTableColumns(conversations), at: exactTime(conversations.lastAt) }).from(conversations).where(and(
    eq(conversations.subscriptionId, params.subscriptionId),
    query.channel ? eq(conversations.channel, query.channel) : undefined,
    pattern ? or(ilike(conversations.title, pattern), inArray(conversations.id, ctx.tx.select({ id: messages.conversationId }).from(messages)
      .where(and(eq(messages.subscriptionId, params.subscriptionId), ilike(messages.content, pattern))))) : undefined,
    olderThan(query.cursor, conversations.lastAt, conversations.id),
  )).orderBy(desc(conversations.lastAt), desc(conversations.id)).limit(query.limit + 1);
  const shown = rows.slice(0, query.limit);
  const last = shown.at(-1);
  return { data: shown.map(presentConversation), next_cursor: rows.length > query.limit && last ? writeCursor(last.at, last.id) : null };
}

export async function getConversation(ctx: Ctx, { params }: Input<Endpoints['get']>): Promise<Output<Endpoints['get']>> {
  await requireTranscripts(ctx, params.subscriptionId);
  const [row] = await ctx.tx.select().from(conversations).where(and(eq(conversations.id, params.conversationId), eq(conversations.subscriptionId, params.subscriptionId)));
  if (!row) throw new Problem(kernel['not-found']);
  return { ...presentConversation(row), transcript: await transcriptOf(ctx, [row.id]).then((all) => all.get(row.id) ?? []) };
}

export async function removeConversation(ctx: Ctx, { params }: Input<Endpoints['remove']>): Promise<void> {
  const rows = await ctx.tx.delete(conversations).where(and(eq(conversations.id, params.conversationId), eq(conversations.subscriptionId, params.subscriptionId))).returning({ id: conversations.id });
  if (rows.length === 0) throw new Problem(kernel['not-found']);
  await forgetQuestions(ctx, [params.conversationId]);
}

type Transcript = Output<Endpoints['get']>['transcript'];

async function transcriptOf(ctx: Ctx, conversationIds: readonly string[]): Promise<Map<string, Transcript>> {
  const rows = await ctx.tx.select({ message: messages, credits: runs.credits, durationMs: runs.durationMs, ranAt: runs.createdAt }).from(messages).leftJoin(runs, eq(runs.id, messages.runId))
    .where(inArray(messages.conversationId, [...conversationIds])).orderBy(asc(messages.createdAt), asc(messages.id));
  const states = await citationStates(ctx, rows.flatMap(({ message, ranAt }) => message.citations.map((citation) => ({ citation, at: ranAt ?? message.createdAt }))));
  let seen = 0;
  const byConversation = new Map<string, Transcript>();
  for (const { message, credits, durationMs } of rows) {
    const citations = message.citations.map((citation) => ({ ...citation, state: states[seen++] ?? 'deleted' }));
    const answer = message.role === 'assistant';
    const entry = {
      id: message.id, role: message.role, content: message.content, citations, state: message.state, rating: message.rating, run_id: message.runId,
      credits: answer ? credits : null, duration_ms: answer ? durationMs : null, created_at: message.createdAt.toISOString(),
    };
    byConversation.set(message.conversationId, [...(byConversation.get(message.conversationId) ?? []), entry]);
  }
  return byConversation;
}

const presentConversation = (row: ConversationRow) => ({
  id: row.id, channel: row.channel, title: row.title, messages: row.messageCount,
  visitor: row.visitor ? { id: row.visitor.id, name: row.visitor.name ?? null, email: row.visitor.email ?? null } : null,
  started_at: row.createdAt.toISOString(), last_at: row.lastAt.toISOString(), unanswered: row.unanswered, escalated: row.escalated,
});

/** Conversations with their transcripts, in batches, so that a large export neither fills memory nor holds a transaction. */
async function* exported(process: Process, subscriptionId: string, days: number) {
  await process.run(async (ctx) => {
    const { features } = await requireTranscripts(ctx, subscriptionId);
    if (!features.export) throw new Problem(runtime['not-allowed-by-plan'], 'This product does not offer exporting transcripts.');
  });
  const since = new Date(process.now().getTime() - days * 86_400_000);
  let after: string | undefined;
  for (let seen = 0; seen < EXPORT_MAX; seen += EXPORT_BATCH) {
    const batch = await process.run(async (ctx) => {
      const rows = await ctx.tx.select({ ...getTableColumns(conversations), at: exactTime(conversations.lastAt) }).from(conversations).where(and(
        eq(conversations.subscriptionId, subscriptionId), gte(conversations.lastAt, since), olderThan(after, conversations.lastAt, conversations.id),
      )).orderBy(desc(conversations.lastAt), desc(conversations.id)).limit(EXPORT_BATCH);
      const transcripts = rows.length > 0 ? await transcriptOf(ctx, rows.map((row) => row.id)) : new Map<string, Transcript>();
      return rows.map((row) => ({ row, transcript: transcripts.get(row.id) ?? [] }));
    });
    yield* batch;
    const last = batch.at(-1)?.row;
    after = last ? writeCursor(last.at, last.id) : undefined;
    if (batch.length < EXPORT_BATCH) return;
  }
}

/** One line for each message, safe to open in a spreadsheet. `sources` holds the citations whole, as JSON. */
export async function exportCsv(process: Process, { params, query }: Input<Endpoints['exportAll']>, { reply }: HttpExchange): Promise<void> {
  const lines = [csvLine(['conversation', 'channel', 'visitor', 'time', 'role', 'message', 'citations', 'rating', 'credits', 'sources'])];
  for await (const { row, transcript } of exported(process, params.subscriptionId, query.days)) {
    for (const message of transcript) {
      const named = message.citations.map(({ id, title, page, url }) => `[${id}] ${title}${page === null ? '' : `, page ${page}`}${url === null ? '' : `, ${url}`}`).join('; ');
      lines.push(csvLine([row.id, row.channel, row.visitor?.email ?? row.visitor?.id ?? '', message.created_at, message.role, message.content, named, message.rating ?? '', message.credits === null ? '' : String(message.credits), message.citations.length === 0 ? '' : JSON.stringify(message.citations)]));
    }
  }
  await reply.type('text/csv; charset=utf-8').header('content-disposition', 'attachment; filename="conversations.csv"').send(`\uFEFF${lines.join('')}`);
}

export async function exportJson(process: Process, { params, query }: Input<Endpoints['exportJson']>, { reply }: HttpExchange): Promise<void> {
  const all = [];
  for await (const { row, transcript } of exported(process, params.subscriptionId, query.days)) all.push({ ...presentConversation(row), transcript });
  await reply.type('application/json; charset=utf-8').header('content-disposition', 'attachment; filename="conversations.json"').send(JSON.stringify({ conversations: all }));
}
