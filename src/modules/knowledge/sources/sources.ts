import { and, eq, inArray, notInArray } from 'drizzle-orm';
import type { Ctx, Process } from '#platform/context.ts';
import type { Input, Output } from '#platform/contract/endpoint.ts';
import { uuidv7 } from '#platform/crypto/ids.ts';
import { one } from '#platform/db/database.ts';
import { EgressRefused } from '#platform/egress/egress.ts';
import { Problem, problems as kernel } from '#platform/http/problem.ts';
import type { Entitlements } from '#modules/capabilities/contract.ts';
import { removeDocuments } from '../documents/remove-documents.ts';
import { requireBase, type OwnedBase } from '../knowledge-bases.ts';
import type { KnowledgeParts } from '../parts.ts';
import { problems } from '../problems.ts';
import { knowledgeDocuments, knowledgeSources } from '../tables.ts';
import type { ReadSourceKind, RefreshInterval, Source, SourceTest, sourceEndpoints } from './contract.ts';
import { syncSource } from './jobs.ts';
import { isIncluded, nextSync } from './refresh.ts';
import { checkSettings, fastestRefresh, isReadKind, kindInfo } from './source-kinds.ts';
import { SourceError, type ReadContext, type SourceReader } from './source-reader.ts';
import { figuresBySource, openSecrets, presentSource, requireSource, sealSecrets, type SourceRow } from './source-store.ts';
import { sourceBytesMax } from './store-found.ts';

type E = typeof sourceEndpoints;

const SOURCES_MAX = 100;
const TEST_MS_MAX = 25_000;
const TEST_DOCUMENTS_MAX = 3;
const REMOVED_AT_ONCE = 200;

/** Sources of a subscription's knowledge: kept, tried, read. */
export function sourceService(parts: KnowledgeParts) {
  const { owners, vault, readers } = parts;
  const readerOf = (kind: ReadSourceKind): SourceReader => {
    const reader = readers.find((candidate) => candidate.kind === kind);
    if (!reader) throw new Problem(problems['source-not-included'], 'Sources of this kind cannot be read on this installation.');
    return reader;
  };
  const present = async (ctx: Ctx, row: SourceRow): Promise<Source> => presentSource(row, (await figuresBySource(ctx, row.knowledgeBaseId)).get(row.id));
  const find = async (ctx: Ctx, { subscriptionId, sourceId }: { subscriptionId: string; sourceId: string }): Promise<OwnedBase & { row: SourceRow }> => {
    const owned = await requireBase(ctx, owners, subscriptionId, 'update');
    return { ...owned, row: await requireSource(ctx, owned.base.id, sourceId, 'update') };
  };
  const findRead = async (ctx: Ctx, params: { subscriptionId: string; sourceId: string }) => {
    const found = await find(ctx, params);
    const { kind } = found.row;
    if (!isReadKind(kind)) throw new Problem(problems['source-not-read']);
    return { ...found, reader: readerOf(kind) };
  };

  return {
    async list(ctx: Ctx, { params }: Input<E['listSources']>): Promise<Output<E['listSources']>> {
      const { base } = await requireBase(ctx, owners, params.subscriptionId);
      const rows = await ctx.tx.select().from(knowledgeSources).where(eq(knowledgeSources.knowledgeBaseId, base.id)).orderBy(knowledgeSources.id);
      const figures = await figuresBySource(ctx, base.id);
      return { data: rows.map((row) => presentSource(row, figures.get(row.id))) };
    },

    async kinds(ctx: Ctx, { params }: Input<E['listSourceKinds']>): Promise<Output<E['listSourceKinds']>> {
      const { owner } = await requireBase(ctx, owners, params.subscriptionId);
      return { data: readers.map((reader) => kindInfo(owner.entitlements, reader)) };
    },

    async get(ctx: Ctx, { params }: Input<E['getSource']>): Promise<Output<E['getSource']>> {
      const { base } = await requireBase(ctx, owners, params.subscriptionId);
      return present(ctx, await requireSource(ctx, base.id, params.sourceId));
    },

    async add(ctx: Ctx, { params, body }: Input<E['addSource']>): Promise<Output<E['addSource']>> {
      const { owner, base } = await requireBase(ctx, owners, params.subscriptionId, 'update');
      const reader = readerOf(body.kind);
      const { config, secrets } = checkSettings(owner.entitlements, reader, body);
      requireRefresh(owner.entitlements, body.kind, body.refresh);
      if (await ctx.tx.$count(knowledgeSources, eq(knowledgeSources.knowledgeBaseId, base.id)) >= SOURCES_MAX) throw new Problem(problems['sources-full'], `A knowledge base takes at most ${SOURCES_MAX} sources.`);
      const id = uuidv7();
      const row = one(await ctx.tx.insert(knowledgeSources).values({
        id, knowledgeBaseId: base.id, kind: body.kind, name: body.name || reader.nameOf(config), config, secrets: sealSecrets(vault, ctx.tenant, id, secrets), secretNames: Object.keys(secrets),
        refresh: body.refresh, nextSyncAt: nextSync(ctx.now(), body.refresh, 0, reader.changed !== undefined),
      }).returning());
      return present(ctx, body.sync ? await queueSync(ctx, row) : row);
    },

    async change(ctx: Ctx, { params, body }: Input<E['changeSource']>): Promise<Output<E['changeSource']>> {
      const { row, owner, reader } = await findRead(ctx, params);
      const change: Partial<typeof knowledgeSources.$inferInsert> = { updatedAt: ctx.now() };
      if (body.name !== undefined) change.name = body.name || reader.nameOf(row.config);
      if (body.config !== undefined || body.secrets !== undefined) {
        const { config, secrets } = checkSettings(owner.entitlements, reader, { config: body.config ?? row.config, secrets: keptSecrets(reader, row, openSecrets(vault, row), body) });
        Object.assign(change, { config, secrets: sealSecrets(vault, row.tenantId, row.id, secrets), secretNames: Object.keys(secrets), checkpoint: null });
      }
      if (body.refresh !== undefined) {
        requireRefresh(owner.entitlements, reader.kind, body.refresh);
        Object.assign(change, { refresh: body.refresh, nextSyncAt: nextSync(ctx.now(), body.refresh, row.failures, reader.changed !== undefined) });
      }
      if (body.paused !== undefined) {
        change.paused = body.paused;
        if (body.paused && (row.state === 'queued' || row.state === 'syncing')) change.stopping = true;
      }
      const changed = one(await ctx.tx.update(knowledgeSources).set(change).where(eq(knowledgeSources.id, row.id)).returning());
      // Other settings may mean other documents: it is read with them at once.
      return present(ctx, body.config !== undefined && !changed.paused ? await queueSync(ctx, changed) : changed);
    },

    async sync(ctx: Ctx, { params }: Input<E['syncSource']>): Promise<Output<E['syncSource']>> {
      const { row, owner, reader } = await findRead(ctx, params);
      checkSettings(owner.entitlements, reader, { config: row.config, secrets: openSecrets(vault, row) });
      return present(ctx, await queueSync(ctx, row));
    },

    async stop(ctx: Ctx, { params }: Input<E['stopSource']>): Promise<Output<E['stopSource']>> {
      const { row } = await findRead(ctx, params);
      if (row.state !== 'queued' && row.state !== 'syncing') return present(ctx, row);
      return present(ctx, one(await ctx.tx.update(knowledgeSources).set({ stopping: true, updatedAt: ctx.now() }).where(eq(knowledgeSources.id, row.id)).returning()));
    },

    async syncAll(ctx: Ctx, { params }: Input<E['syncAll']>): Promise<Output<E['syncAll']>> {
      const { base } = await requireBase(ctx, owners, params.subscriptionId, 'update');
      const rows = await ctx.tx.select().from(knowledgeSources).where(and(eq(knowledgeSources.knowledgeBaseId, base.id), notInArray(knowledgeSources.kind, ['upload', 'qa', 'api']), eq(knowledgeSources.paused, false))).orderBy(knowledgeSources.id).for('update');
      const figures = await figuresBySource(ctx, base.id);
      const queued: Source[] = [];
      for (const row of rows) queued.push(presentSource(await queueSync(ctx, row), figures.get(row.id)));
      return { data: queued };
    },

    /** The source first, so that nothing is added to it any more; its documents follow in transactions of bounded size. */
    async remove(process: Process, { params }: Input<E['removeSource']>): Promise<void> {
      const sourceId = await process.run(async (ctx) => {
        const { row } = await find(ctx, params);
        if (isReadKind(row.kind)) await ctx.tx.update(knowledgeSources).set({ sync: row.sync + 1, paused: true, stopping: true, state: 'idle', nextSyncAt: null }).where(eq(knowledgeSources.id, row.id));
        return row.id;
      });
      for (;;) {
        const removed = await process.run(async (ctx) => {
          const { base } = await requireBase(ctx, owners, params.subscriptionId, 'update');
          const rows = await ctx.tx.select({ id: knowledgeDocuments.id }).from(knowledgeDocuments).where(eq(knowledgeDocuments.sourceId, sourceId)).limit(REMOVED_AT_ONCE);
          return removeDocuments(ctx, base, rows.map(({ id }) => id));
        });
        if (removed === 0) break;
      }
      await process.run(async ({ tx }) => { await tx.delete(knowledgeSources).where(eq(knowledgeSources.id, sourceId)); });
    },

    async test(process: Process, { params, body }: Input<E['testSource']>): Promise<Output<E['testSource']>> {
      const { owner, reader, checked } = await process.run(async (ctx) => {
        const owned = await requireBase(ctx, owners, params.subscriptionId);
        const tried = readerOf(body.kind);
        const row = body.source_id === null ? null : await requireSource(ctx, owned.base.id, body.source_id);
        if (row && row.kind !== body.kind) throw new Problem(kernel['not-found']);
        const secrets = row ? keptSecrets(tried, row, openSecrets(vault, row), body) : body.secrets;
        return { owner: owned.owner, reader: tried, checked: checkSettings(owned.owner.entitlements, tried, { config: body.config, secrets }) };
      });
      const signal = AbortSignal.any([process.signal, AbortSignal.timeout(TEST_MS_MAX)]);
      const context: ReadContext<unknown, unknown> = {
        config: reader.config.parse(checked.config), secrets: reader.secrets.parse(checked.secrets), egress: parts.egress, signal, documentsMax: TEST_DOCUMENTS_MAX,
        depthMax: 1, bytesMax: sourceBytesMax(owner), now: () => process.now(), checkpoint: null, remember: () => undefined, known: async () => new Map(),
      };
      try {
        return { ok: true, ...await reader.test(context) };
      } catch (error) {
        return failedTest(process, signal, error);
      }
    },
  };
}

/** Queues a reading, unless one is on its way. Under the lock of the source. */
export async function queueSync(ctx: Ctx, row: SourceRow): Promise<SourceRow> {
  if (row.state === 'queued' || row.state === 'syncing') return row;
  const queued = one(await ctx.tx.update(knowledgeSources).set({ state: 'queued', sync: row.sync + 1, stopping: false, progress: { done: 0, total: null, message: 'Waiting' }, updatedAt: ctx.now() })
    .where(and(eq(knowledgeSources.id, row.id), inArray(knowledgeSources.state, ['idle', 'failed']))).returning());
  await ctx.enqueue(syncSource, { sourceId: row.id, sync: queued.sync });
  return queued;
}

function requireRefresh(entitlements: Entitlements, kind: ReadSourceKind, refresh: RefreshInterval): void {
  const fastest = fastestRefresh(entitlements, kind);
  if (!isIncluded(refresh, fastest)) throw new Problem(problems['refresh-not-included'], `Sources of this kind are read at most ${fastest} with your plan of this product.`);
}

/**
 * The secrets a source goes on with: those given now, and of the stored ones those that are left out, unless it is another
 * host that would receive them.
 */
function keptSecrets(reader: SourceReader, row: SourceRow, stored: Record<string, string>, given: { config?: Record<string, unknown> | undefined; secrets?: Record<string, string> | undefined }): Record<string, string> {
  const config = reader.config.safeParse(given.config ?? row.config);
  const before = reader.config.safeParse(row.config);
  const sameHost = config.success && before.success && reader.secretsFor(config.data) === reader.secretsFor(before.data);
  return { ...(sameHost ? stored : {}), ...given.secrets };
}

function failedTest(process: Process, signal: AbortSignal, error: unknown): SourceTest {
  const failed = (message: string): SourceTest => ({ ok: false, message, found: null, sample: [] });
  if (error instanceof SourceError) {
    if (error.cause !== undefined) process.log.info({ err: error }, 'a source could not be tried');
    return failed(error.message);
  }
  if (error instanceof EgressRefused) return failed('This address cannot be reached from here. Check it, and that it is open to the internet.');
  if (signal.aborted && !process.signal.aborted) return failed('There was no answer within 25 seconds.');
  throw error;
}
