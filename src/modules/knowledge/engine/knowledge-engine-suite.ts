import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { EngineError, type EngineDocument, type EngineFile, type KnowledgeEngine } from '../ports.ts';

/** What the suite needs from an implementation of {@link KnowledgeEngine}. */
export interface KnowledgeEngineHarness {
  engine: KnowledgeEngine;
  /** The same server with a credential it does not know. */
  stranger: KnowledgeEngine;
  /** Longest time a short text takes until it is found. */
  parseMsMax: number;
}

export const engineFile = (text: string, over: Partial<EngineFile> = {}): EngineFile => ({ name: `${crypto.randomUUID()}.txt`, contentType: 'text/plain', bytes: Buffer.from(text), metadata: {}, ...over });

/** The {@link EngineError} a call ends with. */
export async function engineFailure(call: Promise<unknown>): Promise<EngineError> {
  const error = await call.then(() => null, (reason: unknown) => reason);
  if (!(error instanceof EngineError)) throw new Error(`expected an EngineError, got ${String(error)}`);
  return error;
}

const never = new AbortController().signal;

/** Asks for the states of a dataset until nothing is under way. */
export async function parsed(engine: KnowledgeEngine, dataset: string, msMax: number): Promise<EngineDocument[]> {
  for (const until = Date.now() + msMax; ;) {
    const documents = await engine.documents(dataset, never);
    if (documents.every(({ state }) => state === 'done' || state === 'failed')) return documents;
    if (Date.now() > until) throw new Error(`not parsed in time: ${JSON.stringify(documents)}`);
    await wait(Math.min(2_000, msMax / 50));
  }
}

/** What every outside engine must do, whoever provides it. Call it from a test file with a way to reach one. */
export function knowledgeEngineContract(name: string, make: () => Promise<KnowledgeEngineHarness>): void {
  const nameOf = () => `tenant_${crypto.randomUUID()}_${crypto.randomUUID()}`;
  const inDataset = async (work: (harness: KnowledgeEngineHarness, dataset: string, name: string) => Promise<void>) => {
    const harness = await make();
    const title = nameOf();
    const dataset = await harness.engine.ensureDataset(title, never);
    try {
      await work(harness, dataset, title);
    } finally {
      await harness.engine.removeDataset(title, never);
    }
  };

  describe(`knowledge engine contract: ${name}`, () => {
    test('a probe finds the server, and a wrong credential is told apart', async () => {
      const { engine, stranger } = await make();
      const { datasets } = await engine.probe(never);
      expect(datasets === null || datasets >= 0).toBe(true);
      expect(await engineFailure(stranger.probe(never))).toMatchObject({ code: 'refused', retryable: false });
    });

    test('a dataset is made once, found by its exact name only, and may be removed twice', async () => inDataset(async ({ engine }, dataset, title) => {
      expect(await engine.ensureDataset(title, never)).toBe(dataset);
      expect(await engine.findDataset(title, never)).toBe(dataset);
      expect(await engine.findDataset(title.slice(0, -1), never)).toBeNull();
      await engine.removeDataset(title, never);
      await engine.removeDataset(title, never);
      expect(await engine.findDataset(title, never)).toBeNull();
      expect((await engineFailure(engine.documents(dataset, never))).code).toBe('not-found');
    }));

    test('datasets of one name that are made at the same time are one', async () => {
      const { engine } = await make();
      const title = nameOf();
      expect(new Set(await Promise.all([1, 2, 3].map(async () => engine.ensureDataset(title, never)))).size).toBe(1);
      await engine.removeDataset(title, never);
    });

    test('a file becomes pieces that are found, with the text as it was written', async () => inDataset(async ({ engine, parseMsMax }, dataset) => {
      const id = await engine.addDocument(dataset, engineFile('The parcel leaves the warehouse on Tuesday. Größe 退款政策 استرجاع.', { metadata: { topic: 'parcels', level: 2 } }), never);
      const [document] = await parsed(engine, dataset, parseMsMax);
      expect(document).toMatchObject({ id, state: 'done', percent: 100, message: null });
      expect(document?.chunks).toBeGreaterThan(0);
      const pieces = await engine.chunks(dataset, id, never);
      expect(pieces.map(({ text }) => text).join(' ')).toContain('退款政策');
      const [best] = await engine.search({ dataset, query: 'When does the parcel leave the warehouse?', topK: 3, similarityMin: 0.1 }, never);
      expect(best).toMatchObject({ document: id, id: pieces[0]?.id });
      expect(best?.text).toContain('on Tuesday');
      expect(best?.similarity).toBeGreaterThan(0.1);
      expect(best?.similarity).toBeLessThanOrEqual(1);
    }), 600_000);

    test('a file that is sent twice is there once', async () => inDataset(async ({ engine, parseMsMax }, dataset) => {
      const file = engineFile('Marmots sleep in winter.');
      const first = await engine.addDocument(dataset, file, never);
      expect(await engine.addDocument(dataset, file, never)).toBe(first);
      await parsed(engine, dataset, parseMsMax);
      expect(await engine.addDocument(dataset, file, never)).toBe(first);
      expect((await engine.documents(dataset, never)).map(({ id, name: title }) => [id, title])).toEqual([[first, file.name]]);
    }), 600_000);

    test('a search keeps to its dataset, to the documents it names and to the threshold', async () => inDataset(async (harness, dataset) => inDataset(async (_same, other) => {
      const { engine, parseMsMax } = harness;
      const heron = await engine.addDocument(dataset, engineFile('The heron nests by the river.'), never);
      await engine.addDocument(dataset, engineFile('The heron eats fish from the river.'), never);
      await engine.addDocument(other, engineFile('Another heron nests by another river.'), never);
      await parsed(engine, dataset, parseMsMax);
      await parsed(engine, other, parseMsMax);
      const ask = async (over: object) => (await engine.search({ dataset, query: 'heron river', topK: 10, similarityMin: 0.05, ...over }, never)).map(({ text }) => text);
      expect((await ask({})).toSorted()).toEqual(['The heron eats fish from the river.', 'The heron nests by the river.']);
      expect(await ask({ documents: [heron] })).toEqual(['The heron nests by the river.']);
      expect(await ask({ documents: [] })).toEqual([]);
      expect(await ask({ topK: 1 })).toHaveLength(1);
      expect(await ask({ similarityMin: 1 })).toEqual([]);
    })), 600_000);

    test('what was deleted is not found, and deleting may be repeated together with others', async () => inDataset(async ({ engine, parseMsMax }, dataset) => {
      const ids = await Promise.all(['One badger digs.', 'Two badgers dig.'].map(async (text) => engine.addDocument(dataset, engineFile(text), never)));
      await parsed(engine, dataset, parseMsMax);
      await engine.removeDocuments(dataset, ids.slice(0, 1), never);
      expect((await engine.documents(dataset, never)).map(({ id }) => id)).toEqual([ids[1]]);
      await engine.removeDocuments(dataset, ids, never);
      expect(await engine.documents(dataset, never)).toEqual([]);
      await engine.removeDocuments(dataset, [], never);
      expect(await engine.search({ dataset, query: 'badger', topK: 5, similarityMin: 0 }, never)).toEqual([]);
    }), 600_000);

    test('an aborted signal ends a call', async () => {
      const { engine } = await make();
      await expect(engine.probe(AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
    });
  });
}
