import { and, eq, inArray, lt } from 'drizzle-orm';
import type { Ctx, Process } from '#platform/context.ts';
import { EgressRefused } from '#platform/egress/egress.ts';
import { Problem } from '#platform/http/problem.ts';
import { removeDocuments } from '../documents/remove-documents.ts';
import { heldBy } from '../documents/admission.ts';
import { requireBase, requireBaseRow, type OwnedBase } from '../knowledge-bases.ts';
import type { KnowledgeParts } from '../parts.ts';
import { knowledgeBases, knowledgeDocuments, knowledgeSources } from '../tables.ts';
import type { SyncResult } from './contract.ts';
import { sourceFailed, sourceSynced } from './events.ts';
import { READING_MINUTES_MAX } from './jobs.ts';
import { nextSync } from './refresh.ts';
import { closedBecause, isReadKind } from './source-kinds.ts';
import { SourceError, type Found, type FoundDocument, type ReadContext, type SourceReader } from './source-reader.ts';
import { openSecrets, type SourceRow } from './source-store.ts';
import { sourceBytesMax, storeFound, type StoredFound } from './store-found.ts';

/** Documents kept together in one go: few enough that progress shows and little is repeated after a crash. */
const BATCH_DOCUMENTS = 20;
const BATCH_BYTES = 4 * 1024 * 1024;
/** How often progress is written, which is also how soon a stop is noticed. */
const PULSE_MS = 1_000;
const PROBLEMS_MAX = 50;
const GONE_AT_ONCE = 100;
/** Documents of kinds that have no number of their own. */
const DOCUMENTS_MAX = 100_000;

interface Reading { source: SourceRow; owned: OwnedBase; subscriptionId: string; reader: SourceReader }

/** Reads one source from its beginning to its end. May be repeated at any point. */
export function createSync(parts: KnowledgeParts): (process: Process, job: { sourceId: string; sync: number }) => Promise<void> {
  return async (process, { sourceId, sync }) => {
    const reading = await process.run(async (ctx) => takeUp(ctx, parts, sourceId, sync)).catch(async (error: unknown) => {
      // The subscription lost what the source needs: told like any other failure.
      if (!(error instanceof Problem)) throw error;
      await fail(process, sourceId, sync, null, { code: error.type.code, message: error.message });
      return null;
    });
    if (!reading) return;
    const ending = new Ending(process.signal);
    try {
      const result = await new Run(parts, process, reading, ending).run();
      await finish(process, reading, result);
    } catch (error) {
      const failure = failureOf(error);
      if (!failure) throw error;
      if (failure.operator) process.log.warn({ source: sourceId, err: error }, 'a source could not be read');
      await fail(process, sourceId, sync, reading, failure);
    } finally {
      ending.close();
    }
  };
}

/** The source with everything its reading needs, marked as being read; null for a job that came too late. */
async function takeUp(ctx: Ctx, parts: KnowledgeParts, sourceId: string, sync: number): Promise<Reading | null> {
  const [found] = await ctx.tx.select({ base: knowledgeSources.knowledgeBaseId, subscriptionId: knowledgeBases.subscriptionId }).from(knowledgeSources)
    .innerJoin(knowledgeBases, eq(knowledgeBases.id, knowledgeSources.knowledgeBaseId)).where(eq(knowledgeSources.id, sourceId));
  if (!found?.subscriptionId) return null;
  const owned = await requireBase(ctx, parts.owners, found.subscriptionId);
  const [source] = await ctx.tx.update(knowledgeSources).set({ state: 'syncing', startedAt: ctx.now(), updatedAt: ctx.now(), progress: { done: 0, total: null, message: 'Connecting' } })
    .where(and(eq(knowledgeSources.id, sourceId), eq(knowledgeSources.sync, sync), inArray(knowledgeSources.state, ['queued', 'syncing']))).returning();
  if (!source || !isReadKind(source.kind)) return null;
  const { kind } = source;
  const reader = parts.readers.find((candidate) => candidate.kind === kind);
  if (!reader) throw new SourceError('settings', 'Sources of this kind cannot be read on this installation.');
  const because = closedBecause(owned.owner.entitlements, kind);
  if (because !== null) throw new SourceError('settings', because);
  return { source, owned, subscriptionId: found.subscriptionId, reader };
}

/** Ends a reading: when the buyer stops it, when its time is over, or with the server. */
class Ending {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #parent: AbortSignal;
  readonly #abort = (): void => { this.#controller.abort(this.#parent.reason); };
  reason: string | null = null;

  constructor(parent: AbortSignal) {
    this.#parent = parent;
    parent.addEventListener('abort', this.#abort, { once: true });
    this.#timer = setTimeout(() => { this.end(`Reading took longer than ${READING_MINUTES_MAX} minutes; the rest comes next time.`); }, READING_MINUTES_MAX * 60_000);
  }

  get signal(): AbortSignal { return this.#controller.signal; }

  end(reason: string): void {
    this.reason ??= reason;
    this.#controller.abort(new Error(reason));
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#parent.removeEventListener('abort', this.#abort);
  }
}

/** One reading on its way. */
class Run {
  readonly #parts: KnowledgeParts;
  readonly #process: Process;
  readonly #reading: Reading;
  readonly #ending: Ending;
  readonly result: SyncResult = { added: 0, changed: 0, unchanged: 0, removed: 0, skipped: 0, incomplete: null, message: '', problems: [] };
  #batch: FoundDocument[] = [];
  #batchBytes = 0;
  #untouched: string[] = [];
  #gone: string[] = [];
  #progress = { done: 0, total: null as number | null, message: 'Reading' };
  #written = 0;
  checkpoint: Record<string, unknown> | null;

  constructor(parts: KnowledgeParts, process: Process, reading: Reading, ending: Ending) {
    this.#parts = parts;
    this.#process = process;
    this.#reading = reading;
    this.#ending = ending;
    this.checkpoint = reading.source.checkpoint;
  }

  async run(): Promise<{ result: SyncResult; checkpoint: Record<string, unknown> | null }> {
    const { reader } = this.#reading;
    const context = await this.#context();
    try {
      for await (const found of reader.read(context)) {
        await this.#take(found);
        await this.#pulse();
        if (this.#ending.reason !== null) break;
      }
    } catch (error) {
      if (this.#ending.reason === null) throw error;
    }
    await this.#flush();
    if (this.#ending.reason !== null) this.result.incomplete ??= this.#ending.reason;
    if (this.result.incomplete === null) this.result.removed += await this.#removeUnseen();
    this.result.message = this.#progress.message;
    return { result: this.result, checkpoint: this.result.incomplete === null ? this.checkpoint : this.#reading.source.checkpoint };
  }

  async #take(found: Found): Promise<void> {
    switch (found.type) {
      case 'document':
        this.#batch.push(found.document);
        this.#batchBytes += 'text' in found.document.content ? found.document.content.text.length : found.document.content.bytes.length;
        if (this.#batch.length >= BATCH_DOCUMENTS || this.#batchBytes >= BATCH_BYTES) await this.#flush();
        break;
      case 'unchanged':
        this.#untouched.push(found.externalId);
        this.result.unchanged += 1;
        if (this.#untouched.length >= GONE_AT_ONCE) await this.#flush();
        break;
      case 'problem':
        // It may still be there, so that what is known of it stays.
        this.#untouched.push(found.externalId);
        this.result.skipped += 1;
        this.#note({ name: found.name, message: found.message });
        break;
      case 'gone':
        this.#gone.push(found.externalId);
        if (this.#gone.length >= GONE_AT_ONCE) await this.#flush();
        break;
      case 'progress':
        this.#progress = { done: found.done, total: found.total, message: found.message };
        break;
      case 'incomplete':
        this.result.incomplete ??= found.reason;
        break;
    }
  }

  #note(problem: SyncResult['problems'][number]): void {
    if (this.result.problems.length < PROBLEMS_MAX) this.result.problems.push({ name: problem.name.slice(0, 500), message: problem.message.slice(0, 500) });
  }

  async #flush(): Promise<void> {
    const { source, subscriptionId } = this.#reading;
    const untouched = this.#untouched;
    this.#untouched = [];
    if (untouched.length > 0) {
      await this.#process.run(async ({ tx }) => {
        await tx.update(knowledgeDocuments).set({ seen: source.sync }).where(and(eq(knowledgeDocuments.sourceId, source.id), inArray(knowledgeDocuments.externalId, untouched)));
      });
    }
    await this.#removeNamed();
    const batch = this.#batch;
    this.#batch = [];
    this.#batchBytes = 0;
    if (batch.length === 0) return;
    this.#count(await storeFound(this.#parts, this.#process, subscriptionId, source, batch));
  }

  #count({ added, changed, unchanged, skipped, problems, full }: StoredFound): void {
    this.result.added += added;
    this.result.changed += changed;
    this.result.unchanged += unchanged;
    this.result.skipped += skipped;
    for (const problem of problems) this.#note(problem);
    if (full) this.#ending.end(full.message);
  }

  /** Shows how far it is, and looks whether somebody wants it to end. */
  async #pulse(): Promise<void> {
    const now = Date.now();
    if (now - this.#written < PULSE_MS) return;
    this.#written = now;
    const { source } = this.#reading;
    const [row] = await this.#process.run(async (ctx) => ctx.tx.update(knowledgeSources).set({ progress: this.#progress, updatedAt: ctx.now() })
      .where(and(eq(knowledgeSources.id, source.id), eq(knowledgeSources.sync, source.sync))).returning({ stopping: knowledgeSources.stopping }));
    // Removed, or read anew by somebody else.
    if (!row) this.#ending.end('The source was removed.');
    else if (row.stopping) this.#ending.end('Reading was stopped.');
  }

  async #context(): Promise<ReadContext<unknown, unknown>> {
    const { source, owned, reader } = this.#reading;
    const { entitlements } = owned.owner;
    const { held, own } = await this.#process.run(async (ctx) => ({
      held: await heldBy(ctx, owned.base.id), own: await ctx.tx.$count(knowledgeDocuments, eq(knowledgeDocuments.sourceId, source.id)),
    }));
    return {
      config: reader.config.parse(source.config), secrets: reader.secrets.parse(openSecrets(this.#parts.vault, source)), egress: this.#parts.egress, signal: this.#ending.signal,
      documentsMax: source.kind === 'website' ? Math.max(0, entitlements.urlsMax - held.pages + own) : DOCUMENTS_MAX,
      depthMax: Math.max(1, entitlements.crawlDepthMax), bytesMax: sourceBytesMax(owned.owner), now: () => this.#process.now(), checkpoint: source.checkpoint,
      remember: (checkpoint) => { this.checkpoint = checkpoint; },
      known: async (externalIds) => this.#process.run(async ({ tx }) => new Map((await tx.select({ id: knowledgeDocuments.externalId, fingerprint: knowledgeDocuments.fingerprint, state: knowledgeDocuments.state })
        .from(knowledgeDocuments).where(and(eq(knowledgeDocuments.sourceId, source.id), inArray(knowledgeDocuments.externalId, [...externalIds]))))
        // What could not be processed is asked for again.
        .map((row) => [row.id ?? '', row.state === 'failed' ? null : row.fingerprint]))),
    };
  }

  /** What the source itself said is gone. */
  async #removeNamed(): Promise<void> {
    const gone = this.#gone;
    this.#gone = [];
    if (gone.length === 0) return;
    const { source, owned } = this.#reading;
    this.result.removed += await this.#process.run(async (ctx) => {
      const base = await requireBaseRow(ctx, owned.base.id, 'update');
      const rows = await ctx.tx.select({ id: knowledgeDocuments.id }).from(knowledgeDocuments).where(and(eq(knowledgeDocuments.sourceId, source.id), inArray(knowledgeDocuments.externalId, gone)));
      return removeDocuments(ctx, base, rows.map(({ id }) => id));
    });
  }

  /** What a whole reading did not see is gone from the source. */
  async #removeUnseen(): Promise<number> {
    const { source, owned } = this.#reading;
    let removed = 0;
    for (;;) {
      const gone = await this.#process.run(async (ctx) => {
        const base = await requireBaseRow(ctx, owned.base.id, 'update');
        const rows = await ctx.tx.select({ id: knowledgeDocuments.id }).from(knowledgeDocuments).where(and(eq(knowledgeDocuments.sourceId, source.id), lt(knowledgeDocuments.seen, source.sync))).limit(GONE_AT_ONCE);
        return removeDocuments(ctx, base, rows.map(({ id }) => id));
      });
      removed += gone;
      if (gone === 0) return removed;
    }
  }
}

async function finish(process: Process, { source, subscriptionId, reader }: Reading, { result, checkpoint }: { result: SyncResult; checkpoint: Record<string, unknown> | null }): Promise<void> {
  await process.run(async (ctx) => {
    const now = ctx.now();
    const [row] = await ctx.tx.update(knowledgeSources).set({
      state: 'idle', stopping: false, progress: null, result, error: null, failures: 0, checkpoint, syncedAt: now, nextSyncAt: nextSync(now, source.refresh, 0, reader.changed !== undefined), updatedAt: now,
    }).where(and(eq(knowledgeSources.id, source.id), eq(knowledgeSources.sync, source.sync))).returning();
    if (!row) return;
    const { added, changed, removed } = result;
    await ctx.emit(sourceSynced, { subscriptionId, sourceId: source.id, kind: source.kind, name: row.name, added, changed, removed });
  });
}

interface Failure { code: string; message: string; operator?: boolean }

/** What the buyer is told; null for a fault of ours, which is logged and tried again. */
function failureOf(error: unknown): Failure | null {
  if (error instanceof SourceError) return { code: error.code, message: error.message, operator: error.cause !== undefined };
  if (error instanceof EgressRefused) return { code: 'unreachable', message: 'This address cannot be reached from here. Check it, and that it is open to the internet.', operator: true };
  return null;
}

async function fail(process: Process, sourceId: string, sync: number, reading: Reading | null, { code, message }: Failure): Promise<void> {
  await process.run(async (ctx) => {
    const [before] = await ctx.tx.select().from(knowledgeSources).where(and(eq(knowledgeSources.id, sourceId), eq(knowledgeSources.sync, sync))).for('update');
    if (!before) return;
    const failures = before.failures + 1;
    const now = ctx.now();
    const since = (before.failures > 0 ? before.error?.since : undefined) ?? now.toISOString();
    await ctx.tx.update(knowledgeSources).set({ state: 'failed', stopping: false, progress: null, error: { code, message, since }, failures, nextSyncAt: nextSync(now, before.refresh, failures), updatedAt: now }).where(eq(knowledgeSources.id, sourceId));
    await ctx.emit(sourceFailed, { subscriptionId: reading?.subscriptionId ?? null, sourceId, kind: before.kind, name: before.name, code, message, failures });
  });
}
