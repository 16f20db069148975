import { and, eq } from 'drizzle-orm';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { uuidv7 } from '#platform/crypto/ids.ts';
import { Problem } from '#platform/http/problem.ts';
import { systemProcess } from '#platform/process.ts';
import { defaultConfiguration, ProductCapabilities } from '#modules/capabilities/contract.ts';
import { effectiveConfiguration, entitlements } from '#modules/capabilities/index.ts';
import { OFFLINE_EMBEDDING_ID } from '#modules/models/index.ts';
import { startTestDatabase } from '../../../testing/database.ts';
import { createIngest } from '../ingest/ingest-documents.ts';
import type { KnowledgeParts } from '../parts.ts';
import { knowledgeBases, knowledgeDocuments, knowledgeSources } from '../tables.ts';
import { partsOver } from '../testing/knowledge-parts.ts';
import type { Source } from './contract.ts';
import { queueDueSources, resumeReadings } from './schedule.ts';
import { SourceError, type Found, type ReadContext, type SourceReader } from './source-reader.ts';
import { failingSources } from './source-store.ts';
import { sourceService } from './sources.ts';
import { createSync } from './sync-source.ts';

const database = await startTestDatabase();
let clock = new Date('2026-03-01T09:00:00Z');
const { parts: own, close } = partsOver(database.url, () => clock);
const { platform } = own;
afterAll(async () => {
  await close();
  await database.close();
});
const reserved: string[] = [];
let credits = Infinity;

/** A kind of source that says what it is told to. */
let script: (context: ReadContext<{ url: string }, { token?: string | undefined }>) => AsyncIterable<Found>;
const scripted: SourceReader<{ url: string }, { token?: string | undefined }> = {
  kind: 'website', title: 'Scripted', description: '', config: z.strictObject({ url: z.string() }), secrets: z.strictObject({ token: z.string().optional() }),
  nameOf: ({ url }) => url, secretsFor: ({ url }) => new URL(url).host,
  test: async ({ secrets }) => { if (secrets.token !== 'right') throw new SourceError('refused', 'The token was refused.'); return { message: 'It answers.', found: 2, sample: [] }; },
  read: (context) => script(context),
};

const capabilities = ProductCapabilities.parse({ category: 'agent', configuration: { rag: { enabled: true, sources: { documents: { enabled: true }, websites: { enabled: true, maxUrls: 6, refreshInterval: 'daily' } } } } });
const limits = entitlements(capabilities, { tier: 'pro', limits: {}, runtime: 'shared' });
const { rag } = effectiveConfiguration(capabilities, [], defaultConfiguration(capabilities));

async function knowledge() {
  const tenant = uuidv7();
  const [subscriptionId, knowledgeBaseId] = [uuidv7(), uuidv7()];
  const process = systemProcess(platform, 'test', tenant);
  await process.run(async ({ tx }) => { await tx.insert(knowledgeBases).values({ id: knowledgeBaseId, subscriptionId, name: 'x', embeddingModel: OFFLINE_EMBEDDING_ID, dimensions: 512 }); });
  const parts: KnowledgeParts = {
    ...own, readers: [scripted],
    owners: { forSubscription: async () => ({ subscriptionId, name: 'x', knowledgeBaseId, entitlements: limits, rag }) },
    charges: {
      ...own.charges,
      reserve: async (_process, { documentId }) => {
        if (credits <= 0) throw new Problem({ code: 'insufficient-credits', status: 402, title: 'No credits' }, 'There are no credits left.');
        credits -= 1;
        reserved.push(documentId);
      },
    },
  };
  const service = sourceService(parts);
  const sync = createSync(parts);
  const params = { subscriptionId };
  const rowOf = async (id: string) => (await process.run(async ({ tx }) => tx.select().from(knowledgeSources).where(eq(knowledgeSources.id, id))))[0];
  return {
    process, service, params, parts, rowOf,
    documents: async () => process.run(async ({ tx }) => tx.select().from(knowledgeDocuments).where(eq(knowledgeDocuments.knowledgeBaseId, knowledgeBaseId)).orderBy(knowledgeDocuments.externalId)),
    add: async (more: object = {}) => process.run(async (ctx) => service.add(ctx, { params, body: { kind: 'website', name: '', config: { url: 'https://site.example/a' }, secrets: {}, refresh: 'never', sync: true, ...more } })),
    /** What the job does. */
    async work(source: Source): Promise<Source> {
      await sync(process, { sourceId: source.id, sync: (await rowOf(source.id))?.sync ?? 0 });
      return process.run(async (ctx) => service.get(ctx, { params: { ...params, sourceId: source.id } }));
    },
    failing: async () => (await process.run(async (ctx) => failingSources(ctx, [knowledgeBaseId]))).get(knowledgeBaseId) ?? [],
    again: async (source: Source) => process.run(async (ctx) => service.sync(ctx, { params: { ...params, sourceId: source.id } })),
    async index() {
      const ids = (await process.run(async ({ tx }) => tx.select({ id: knowledgeDocuments.id }).from(knowledgeDocuments).where(and(eq(knowledgeDocuments.knowledgeBaseId, knowledgeBaseId), eq(knowledgeDocuments.state, 'queued'))))).map(({ id }) => id);
      await createIngest(parts)(process, ids);
    },
    search: async (query: string) => (await parts.search.search({ tenant, knowledgeBaseId, query, topK: 5, method: 'hybrid', reranking: false })).passages.map(({ title }) => title),
  };
}

const text = (externalId: string, words: string, more: { fingerprint?: string } = {}): Found =>
  ({ type: 'document', document: { externalId, title: `Page ${externalId}`, content: { text: words, contentType: 'text/plain' }, url: `https://site.example/${externalId}`, fingerprint: more.fingerprint ?? null, metadata: {} } });
const says = (...found: Found[]) => { script = async function* read() { yield* found; }; };

test('a source is read, its documents found; the next reading stores only what is new, changes what changed and removes what is gone', async () => {
  const base = await knowledge();
  says(text('a', 'Apples ripen in autumn.'), text('b', 'Bananas come by ship.'), text('c', 'Cherries are red.'));
  reserved.length = 0;
  const added = await base.add();
  expect(added).toMatchObject({ name: 'https://site.example/a', status: 'syncing', last_sync_at: null });
  const first = await base.work(added);
  expect(first).toMatchObject({ status: 'synced', last_error: null, documents: { total: 3, processing: 3 }, last_result: { added: 3, changed: 0, removed: 0, incomplete: null } });
  await base.index();
  expect(await base.search('When do apples ripen?')).toContain('Page a');
  expect(reserved).toHaveLength(3);
  const before = await base.documents();

  says(text('a', 'Apples ripen in autumn.'), text('b', 'Bananas come by plane now.'), { type: 'unchanged', externalId: 'none' }, text('d', 'Dates are sweet.'));
  const second = await base.work(await base.again(first));
  expect(second.last_result).toMatchObject({ added: 1, changed: 1, removed: 1 });
  await base.index();
  const after = await base.documents();
  expect(after.map(({ externalId }) => externalId)).toEqual(['a', 'b', 'd']);
  // What did not change was not processed again, and what changed is free.
  expect(after[0]).toMatchObject({ id: before[0]?.id, generation: 1, indexedAt: before[0]?.indexedAt });
  expect(after[1]).toMatchObject({ id: before[1]?.id, generation: 2 });
  expect(reserved).toHaveLength(4);
  expect(await base.search('How do bananas come, by plane?')).toContain('Page b');
  expect(await base.search('cherries')).not.toContain('Page c');
});

test('a reading that saw only part of a source removes nothing, and a problem with one document leaves what is known of it', async () => {
  const base = await knowledge();
  says(text('a', 'One.'), text('b', 'Two.'), text('c', 'Three.'));
  const source = await base.work(await base.add());
  says(text('a', 'One.'), { type: 'incomplete', reason: 'Only the first page was read.' });
  expect((await base.work(await base.again(source))).last_result).toMatchObject({ removed: 0, incomplete: 'Only the first page was read.' });
  says(text('a', 'One.'), { type: 'problem', externalId: 'b', name: 'https://site.example/b', message: 'The server is busy.' });
  const third = await base.work(await base.again(source));
  expect(third.last_result).toMatchObject({ removed: 1, skipped: 1, problems: [{ name: 'https://site.example/b', message: 'The server is busy.' }] });
  expect((await base.documents()).map(({ externalId }) => externalId)).toEqual(['a', 'b']);
});

test('what the source itself says is gone is removed, also by a reading that saw only part', async () => {
  const base = await knowledge();
  says(text('a', 'One.'), text('b', 'Two.'), text('c', 'Three.'));
  const source = await base.work(await base.add());
  says({ type: 'gone', externalId: 'b' }, { type: 'gone', externalId: 'never there' }, { type: 'progress', done: 1, total: null, message: '1 dead link' }, { type: 'incomplete', reason: 'The site is busy.' });
  expect((await base.work(await base.again(source))).last_result).toMatchObject({ removed: 1, message: '1 dead link', incomplete: 'The site is busy.' });
  expect((await base.documents()).map(({ externalId }) => externalId)).toEqual(['a', 'c']);
});

test('a source that cannot be read says why, keeps what is known, and is tried again later and later', async () => {
  const base = await knowledge();
  says(text('a', 'One.'));
  const source = await base.work(await base.add({ refresh: 'daily' }));
  expect(source.next_sync_at).toBe('2026-03-02T09:00:00.000Z');
  // oxlint-disable-next-line require-yield -- it fails before it finds anything
  script = async function* read() { throw new SourceError('unreachable', 'This address cannot be reached from here.'); };
  clock = new Date('2026-03-02T09:00:01Z');
  expect(await queueDueSources(platform)).toBe(1);
  expect(await queueDueSources(platform)).toBe(0);
  const failed = await base.work(source);
  expect(failed).toMatchObject({ status: 'failed', last_error: { code: 'unreachable', message: 'This address cannot be reached from here.' }, documents: { total: 1 }, next_sync_at: '2026-03-02T09:05:01.000Z' });
  clock = new Date('2026-03-02T09:05:01Z');
  const queued = await base.again(source);
  expect(queued).toMatchObject({ status: 'syncing', last_error: null });
  // A reading that is on its way does not make it well.
  expect(await base.failing()).toMatchObject([{ id: source.id, since: '2026-03-02T09:00:01.000Z' }]);
  const again = await base.work(queued);
  expect(again.next_sync_at).toBe('2026-03-02T09:15:01.000Z');
  const told = { id: source.id, kind: 'website', name: 'https://site.example/a', error: failed.last_error, last_sync_at: '2026-03-01T09:00:00.000Z' };
  expect(await base.failing()).toEqual([{ ...told, since: '2026-03-02T09:00:01.000Z' }]);
  says(text('a', 'One.'));
  expect(await base.work(await base.again(source))).toMatchObject({ status: 'synced', last_error: null, next_sync_at: '2026-03-03T09:05:01.000Z' });
  expect(await base.failing()).toEqual([]);
  // The next time begins anew.
  // oxlint-disable-next-line require-yield -- it fails before it finds anything
  script = async function* read() { throw new SourceError('refused', 'The token was refused.'); };
  clock = new Date('2026-03-09T09:00:00Z');
  await base.work(await base.again(source));
  expect(await base.failing()).toMatchObject([{ since: '2026-03-09T09:00:00.000Z', error: { code: 'refused', message: 'The token was refused.' } }]);
  await base.process.run(async (ctx) => base.service.change(ctx, { params: { ...base.params, sourceId: source.id }, body: { paused: true } }));
  expect(await base.failing()).toEqual([]);
});

test('limits end a reading with what is there, before anything is stored in vain', async () => {
  const base = await knowledge();
  says(...Array.from({ length: 9 }, (_, index) => text(String(index), `Number ${index}.`)));
  const source = await base.work(await base.add());
  expect(source.documents.total).toBe(6);
  expect(source.last_result?.incomplete).toContain('All 6 pages included are used');
  const poor = await knowledge();
  credits = 2;
  says(text('a', 'One.'), text('b', 'Two.'), text('c', 'Three.'));
  const unpaid = await poor.work(await poor.add());
  credits = Infinity;
  expect(unpaid.documents.total).toBe(2);
  expect(unpaid.last_result).toMatchObject({ added: 2, skipped: 1, incomplete: 'There are no credits left.' });
});

test('a reading is stopped between two documents, paused sources are left alone, and one whose worker died is taken up again', async () => {
  const base = await knowledge();
  let given = 0;
  const source = await base.add({ refresh: 'daily' });
  script = async function* read({ signal }) {
    for (; given < 5 && !signal.aborted; given += 1) {
      yield text(String(given), `Number ${given}.`);
      if (given === 1) {
        await base.process.run(async (ctx) => base.service.stop(ctx, { params: { ...base.params, sourceId: source.id } }));
        await new Promise((resolve) => { setTimeout(resolve, 1_100); });
      }
    }
  };
  const stopped = await base.work(source);
  expect(given).toBe(2);
  expect(stopped.last_result).toMatchObject({ added: 3, incomplete: 'Reading was stopped.' });

  says(text('0', 'Number 0.'));
  const paused = await base.process.run(async (ctx) => base.service.change(ctx, { params: { ...base.params, sourceId: source.id }, body: { paused: true } }));
  expect(paused).toMatchObject({ status: 'paused', next_sync_at: null });
  clock = new Date('2026-04-01T00:00:00Z');
  await queueDueSources(platform);
  expect((await base.rowOf(source.id))?.state).toBe('idle');
  await base.process.run(async (ctx) => base.service.change(ctx, { params: { ...base.params, sourceId: source.id }, body: { paused: false } }));
  await queueDueSources(platform);
  expect((await base.rowOf(source.id))?.state).toBe('queued');
  await base.process.run(async ({ tx }) => { await tx.update(knowledgeSources).set({ state: 'syncing', updatedAt: new Date('2026-03-31T00:00:00Z') }).where(eq(knowledgeSources.id, source.id)); });
  expect(await resumeReadings(platform)).toBe(1);
  expect(await base.work(source)).toMatchObject({ status: 'synced', documents: { total: 1 } });
});

test('a reading repeated after a crash adds nothing twice', async () => {
  const base = await knowledge();
  const source = await base.add();
  script = async function* read() {
    for (let index = 0; index < 3; index += 1) yield text(String(index), `Number ${index}.`);
    throw new Error('killed');
  };
  await expect(base.work(source)).rejects.toThrow('killed');
  says(...Array.from({ length: 5 }, (_, index) => text(String(index), `Number ${index}.`)));
  const done = await base.work(source);
  expect(done).toMatchObject({ status: 'synced', documents: { total: 5 }, last_result: { removed: 0 } });
  expect(new Set((await base.documents()).map(({ externalId }) => externalId)).size).toBe(5);
});

test('the same text under two addresses is stored once, and lives on when the first is gone', async () => {
  const base = await knowledge();
  const twin = (externalId: string): Found => {
    const found = text(externalId, 'Elderberries are black and sour.');
    return found.type === 'document' ? { ...found, document: { ...found.document, title: 'Elderberries' } } : found;
  };
  says(twin('a'), twin('b'));
  const source = await base.work(await base.add());
  await base.index();
  const [a, b] = await base.documents();
  expect([a?.chunks, b?.chunks, b?.duplicateOf, b?.state]).toEqual([1, 0, a?.id, 'indexed']);
  expect(await base.search('elderberries')).toEqual(['Elderberries']);
  says(twin('b'));
  await base.work(await base.again(source));
  await base.index();
  expect(await base.documents()).toMatchObject([{ externalId: 'b', chunks: 1, duplicateOf: null, state: 'indexed' }]);
  expect(await base.search('elderberries')).toEqual(['Elderberries']);
});

test('secrets are sealed, kept when they are left out, and never go to another host', async () => {
  const base = await knowledge();
  says();
  const source = await base.add({ secrets: { token: 'right' } });
  expect(source.secrets).toEqual(['token']);
  expect(JSON.stringify(await base.rowOf(source.id))).not.toContain('right');
  const trial = async (url: string) => base.service.test(base.process, { params: base.params, body: { kind: 'website', config: { url }, secrets: {}, source_id: source.id } });
  expect(await trial('https://site.example/other')).toMatchObject({ ok: true, message: 'It answers.', found: 2 });
  expect(await trial('https://evil.example/')).toMatchObject({ ok: false, message: 'The token was refused.' });
  const moved = await base.process.run(async (ctx) => base.service.change(ctx, { params: { ...base.params, sourceId: source.id }, body: { config: { url: 'https://evil.example/' } } }));
  expect(moved.secrets).toEqual([]);
});

test('what a plan does not include is refused in words: kinds, and reading more often', async () => {
  const base = await knowledge();
  await expect(base.add({ refresh: 'hourly' })).rejects.toMatchObject({ type: { code: 'refresh-not-included' }, message: expect.stringContaining('daily') });
  await expect(base.add({ kind: 'database' })).rejects.toMatchObject({ type: { code: 'source-not-included' } });
  await expect(base.add({ config: { url: 7 } })).rejects.toMatchObject({ type: { status: 422 }, message: expect.stringContaining('config.url') });
  const { data } = await base.process.run(async (ctx) => base.service.kinds(ctx, { params: base.params }));
  expect(data).toMatchObject([{ kind: 'website', available: true, refresh: ['never', 'monthly', 'weekly', 'daily'] }]);
});

test('removing a source removes its documents from the search', async () => {
  const base = await knowledge();
  says(text('a', 'Figs grow in the south.'));
  const source = await base.work(await base.add());
  await base.index();
  await base.service.remove(base.process, { params: { ...base.params, sourceId: source.id } });
  expect(await base.documents()).toEqual([]);
  expect(await base.search('figs')).toEqual([]);
  expect(await base.rowOf(source.id)).toBeUndefined();
});
