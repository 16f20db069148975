import { setTimeout as wait } from 'node:timers/promises';
import { and, eq, inArray } from 'drizzle-orm';
import { systemProcess } from '#platform/process.ts';
import type { KnowledgeParts } from '../parts.ts';
import { requireBase } from '../knowledge-bases.ts';
import { knowledgeBases, knowledgeSources } from '../tables.ts';
import { isReadKind } from './source-kinds.ts';
import { openSecrets, type SourceRow } from './source-store.ts';
import { sourceBytesMax } from './store-found.ts';
import { queueSync } from './sources.ts';

/** Sources one process listens to; more are read by the clock alone. */
const WATCHED_MAX = 50;
/** At least so long between two readings of one source, however often it tells of changes. */
const PAUSE_MS = 30_000;
/** After a connection broke. */
const AGAIN_AFTER_MS = 30_000;

interface Watch { version: string; controller: AbortController }

/** Listens to sources that tell of changes as they happen, and queues a reading for each. */
export class SourceWatches {
  readonly #parts: KnowledgeParts;
  readonly #watches = new Map<string, Watch>();
  readonly #running = new Set<Promise<void>>();

  constructor(parts: KnowledgeParts) {
    this.#parts = parts;
  }

  /** Begins and ends listening so that it is what the sources are set to. */
  async adjust(): Promise<void> {
    const telling = this.#parts.readers.filter((reader) => reader.changed).map(({ kind }) => kind);
    if (telling.length === 0) return;
    const rows = await systemProcess(this.#parts.platform, 'listen to sources').asOperator('find sources that tell of changes', async ({ tx }) => tx.select().from(knowledgeSources)
      .where(and(eq(knowledgeSources.refresh, 'realtime'), eq(knowledgeSources.paused, false), inArray(knowledgeSources.kind, telling))).limit(WATCHED_MAX));
    const wanted = new Map(rows.map((row) => [row.id, row]));
    for (const [id, { version, controller }] of this.#watches) {
      const row = wanted.get(id);
      if (row && versionOf(row) === version) continue;
      controller.abort();
      this.#watches.delete(id);
    }
    for (const row of rows) if (!this.#watches.has(row.id)) this.#begin(row);
  }

  async stop(): Promise<void> {
    for (const { controller } of this.#watches.values()) controller.abort();
    this.#watches.clear();
    await Promise.all(this.#running);
  }

  #begin(row: SourceRow): void {
    const controller = new AbortController();
    this.#watches.set(row.id, { version: versionOf(row), controller });
    const running = this.#listen(row, controller.signal).catch((error: unknown) => {
      if (!controller.signal.aborted) this.#parts.platform.log.info({ err: error, source: row.id }, 'listening to a source ended; trying again');
    }).finally(() => {
      this.#running.delete(running);
      if (!controller.signal.aborted) setTimeout(() => { this.#watches.delete(row.id); }, AGAIN_AFTER_MS).unref();
    });
    this.#running.add(running);
  }

  async #listen(row: SourceRow, signal: AbortSignal): Promise<void> {
    const { readers, platform, owners, vault, egress } = this.#parts;
    const reader = readers.find(({ kind }) => kind === row.kind);
    if (!reader?.changed || !isReadKind(row.kind)) return;
    const process = systemProcess(platform, 'listen to a source', row.tenantId);
    const bytesMax = await process.run(async (ctx) => {
      const [base] = await ctx.tx.select({ subscriptionId: knowledgeBases.subscriptionId }).from(knowledgeBases).where(eq(knowledgeBases.id, row.knowledgeBaseId));
      return base?.subscriptionId ? sourceBytesMax((await requireBase(ctx, owners, base.subscriptionId)).owner) : null;
    });
    if (bytesMax === null) return;
    const context = {
      config: reader.config.parse(row.config), secrets: reader.secrets.parse(openSecrets(vault, row)), egress, signal, documentsMax: 0, depthMax: 1, bytesMax, now: () => process.now(),
      checkpoint: null, remember: () => undefined, known: async () => new Map<string, string | null>(),
    };
    while (!signal.aborted) {
      await reader.changed(context);
      if (signal.aborted) return;
      await process.run(async (ctx) => {
        const [current] = await ctx.tx.select().from(knowledgeSources).where(eq(knowledgeSources.id, row.id)).for('update');
        if (current && !current.paused) await queueSync(ctx, current);
      });
      await wait(PAUSE_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}

/** Changes with everything that listening depends on. */
const versionOf = ({ config, secrets }: SourceRow): string => JSON.stringify([config, secrets]);
