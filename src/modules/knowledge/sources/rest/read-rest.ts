import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { SourceTest } from '../contract.ts';
import type { RestConfig, RestSecrets } from '../contract/rest.ts';
import { shapeOf } from '../http/json-answer.ts';
import { createSourceHttp, QUICK, type SourceHttp } from '../http/source-http.ts';
import { readingLimit } from '../reading-limit.ts';
import { SourceError, type Found, type ReadContext } from '../source-reader.ts';
import { restAuth } from './rest-auth.ts';
import { restPages, type RestPagesParts } from './rest-pages.ts';
import { restRecords } from './rest-records.ts';

type Context = ReadContext<RestConfig, RestSecrets>;
type Tested = Omit<SourceTest, 'ok'>;

/** Pages as they were the last time, to ask only for what changed. */
const Checkpoint = z.object({
  settings: z.string(),
  pages: z.array(z.object({ address: z.string(), etag: z.string(), next: z.string().nullable(), ids: z.array(z.string()) })),
});
type Checkpoint = z.infer<typeof Checkpoint>;

/** Of all pages together; those that do not fit are simply read again. */
const CHECKPOINT_CHARACTERS_MAX = 64_000;
const ETAG_CHARACTERS_MAX = 500;
const SAMPLES = 3;
const SAMPLE_CHARACTERS = 400;
const TEST_MS_MAX = 20_000;

/** Looks at the first page within seconds. Throws {@link SourceError}. */
export async function testRest(context: Context): Promise<Tested> {
  const parts = open(context, { ...QUICK, signal: AbortSignal.any([context.signal, AbortSignal.timeout(TEST_MS_MAX)]) });
  const { value: page } = await restPages({ ...parts, known: async () => null }).next();
  if (page?.type !== 'records' || page.records.length === 0) return { message: 'The API answered, but there are no records at this place now.', found: 0, sample: [] };
  const named = identified(page.records, parts, context.config);
  const documents = named.flatMap(({ id, record }) => (id === null ? [] : [parts.records.document(record, id, page.url, parts.http.redact)]));
  const read = documents.flatMap((one) => (one.ok ? [one.document] : []));
  const failed = documents.find((one) => !one.ok);
  if (read.length === 0 && failed && !failed.ok) throw new SourceError('settings', `No record can be read. ${failed.message}`);
  const odd = page.records.length - read.length;
  return {
    message: `The API answered with ${page.records.length} ${page.records.length === 1 ? 'record' : 'records'}${page.next === null ? '' : ' on its first page; there are more pages'}.${odd === 0 ? '' : ` ${odd} of them cannot be taken: without id, with the same id, or without text.`}`,
    found: page.next === null ? read.length : null,
    sample: read.slice(0, SAMPLES).map(({ title, content, url }) => ({ title, url, text: 'text' in content ? content.text.slice(0, SAMPLE_CHARACTERS) : '' })),
  };
}

/** Every record. Throws {@link SourceError} when none can be read. */
export async function* readRest(context: Context): AsyncGenerator<Found> {
  const parts = open(context);
  const memory = new PageMemory(context);
  const limit = readingLimit(context.config.recordsMax, context.documentsMax, 'records');
  const seen = new Set<string>();
  let position = 0;
  for await (const page of restPages({ ...parts, known: async (address) => memory.find(address) })) {
    if (page.type === 'broken-off') { yield { type: 'incomplete', reason: page.reason }; continue; }
    if (page.type === 'unchanged') {
      for (const id of memory.repeat(page.address)) {
        if (seen.has(id)) continue;
        if (seen.size >= limit.max) return yield { type: 'incomplete', reason: limit.reason };
        seen.add(id);
        position += 1;
        yield { type: 'unchanged', externalId: id };
      }
      continue;
    }
    const named = position === 0 ? identified(page.records, parts, context.config) : page.records.map((record) => ({ record, id: parts.records.idOf(record) }));
    const known = await context.known([...new Set(named.flatMap(({ id }) => (id === null || seen.has(id) ? [] : [id])))]);
    if (position > 0 && named.length > 0 && named.every(({ id }) => id !== null && seen.has(id))) {
      return yield { type: 'incomplete', reason: 'A page held only records that were read before. Check how further pages are found.' };
    }
    const taken: string[] = [];
    for (const { record, id } of named) {
      position += 1;
      const name = `Record ${position}`;
      if (id === null) { yield { type: 'problem', externalId: name, name, message: `It has no id at ${context.config.idField}; it is ${shapeOf(record)}.` }; continue; }
      if (seen.has(id)) { yield { type: 'problem', externalId: name, name, message: `Its id “${id.slice(0, 100)}” is that of a record before it.` }; continue; }
      if (seen.size >= limit.max) return yield { type: 'incomplete', reason: limit.reason };
      seen.add(id);
      const one = parts.records.document(record, id, page.url, parts.http.redact);
      if (!one.ok) { yield { type: 'problem', externalId: id.slice(0, 2_000), name, message: one.message }; continue; }
      taken.push(id);
      yield one.document.fingerprint !== null && known.get(id) === one.document.fingerprint ? { type: 'unchanged', externalId: id } : { type: 'document', document: one.document };
    }
    // A page with problems is read again, so that they are told again.
    if (taken.length === named.length) memory.keep({ address: page.address, etag: page.etag, next: page.next?.href ?? null, ids: taken }, parts.http);
    yield { type: 'progress', done: seen.size, total: null, message: 'Reading records' } satisfies Found;
  }
  memory.store();
}

type Parts = Omit<RestPagesParts, 'known'>;

function open({ config, secrets, egress, signal, now, bytesMax }: Context, quick: { signal?: AbortSignal; triesMax?: number; answerMs?: number } = {}): Parts {
  const bounds = { egress, signal, now, ...quick };
  const auth = restAuth(config, secrets, bounds);
  const hints = config.auth === 'none' ? { 401: 'It wants to know who asks: choose how to sign in.', 403: 'It may want to know who asks: choose how to sign in.' } : {};
  return { config, auth, records: restRecords(config, bytesMax), http: createSourceHttp({ ...bounds, secrets: auth.secrets, hints }) };
}

/** The records of a first page with their ids. Throws {@link SourceError} where not one has an id: then the path is wrong. */
function identified(list: readonly unknown[], { records }: Parts, { idField }: RestConfig): { record: unknown; id: string | null }[] {
  const named = list.map((record) => ({ record, id: records.idOf(record) }));
  if (named.length > 0 && named.every(({ id }) => id === null)) {
    throw new SourceError('settings', `No record has an id at ${idField}. The first is ${shapeOf(list[0])}. Write where the id stands, or where the list of records is.`);
  }
  return named;
}

/** What the pages looked like last time, and what they look like now. */
class PageMemory {
  readonly #context: Context;
  readonly #settings: string;
  readonly #before: ReadonlyMap<string, Checkpoint['pages'][number]>;
  readonly #now: Checkpoint['pages'] = [];
  #characters = 0;

  constructor(context: Context) {
    this.#context = context;
    // With other settings the same answer becomes other documents.
    this.#settings = createHash('sha256').update(JSON.stringify(context.config)).digest('base64url');
    const checkpoint = Checkpoint.safeParse(context.checkpoint).data;
    this.#before = new Map(checkpoint?.settings === this.#settings ? checkpoint.pages.map((page) => [page.address, page]) : []);
  }

  /** The page, if every record it held is still here: what was lost since has to be read. */
  async find(address: string): Promise<{ etag: string; next: string | null } | null> {
    const page = this.#before.get(address);
    if (!page) return null;
    const known = await this.#context.known(page.ids);
    return page.ids.every((id) => (known.get(id) ?? null) !== null) ? page : null;
  }

  /** The ids of a page that is as it was. */
  repeat(address: string): readonly string[] {
    const page = this.#before.get(address);
    if (page) this.#add(page);
    return page?.ids ?? [];
  }

  keep({ address, etag, next, ids }: { address: string; etag: string | null; next: string | null; ids: string[] }, { redact }: SourceHttp): void {
    if (etag === null || etag.length > ETAG_CHARACTERS_MAX) return;
    const page = { address, etag, next, ids };
    const written = JSON.stringify(page);
    if (redact(written) === written) this.#add(page);
  }

  store(): void {
    this.#context.remember({ settings: this.#settings, pages: this.#now } satisfies Checkpoint);
  }

  #add(page: Checkpoint['pages'][number]): void {
    this.#characters += JSON.stringify(page).length;
    if (this.#characters <= CHECKPOINT_CHARACTERS_MAX) this.#now.push(page);
  }
}
