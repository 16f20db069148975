import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { EngineError, type EngineDocument, type EngineFile } from '#modules/knowledge/ports.ts';
import { PAGE, PAGES_MAX, SERVER, type RagflowClient } from './ragflow-client.ts';

/** States come as words, and as their numbers in some answers. */
const RUN: Readonly<Record<string, EngineDocument['state']>> = {
  UNSTART: 'waiting', RUNNING: 'parsing', CANCEL: 'failed', DONE: 'done', FAIL: 'failed', '0': 'waiting', '1': 'parsing', '2': 'failed', '3': 'done', '4': 'failed',
};
const STOPPED = new Set(['CANCEL', '2']);

const Document = z.looseObject({
  id: z.string().min(1), name: z.string(), run: z.coerce.string().default('UNSTART'), progress: z.number().nullish(), progress_msg: z.union([z.string(), z.array(z.string())]).nullish(), chunk_count: z.number().nullish(),
});
const Documents = z.looseObject({ data: z.looseObject({ docs: z.array(Document) }) });

const at = (dataset: string): string => `/datasets/${encodeURIComponent(dataset)}`;

/**
 * Uploads a file and starts parsing it. A call that was cut off in the middle left the file there under the same name:
 * that one is taken, so that repeating never doubles a document.
 */
export async function addDocument(client: RagflowClient, dataset: string, file: EngineFile, signal: AbortSignal): Promise<string> {
  const known = await findDocument(client, dataset, file.name, signal);
  const id = known?.id ?? await upload(client, dataset, file, signal);
  if (Object.keys(file.metadata).length > 0) await describe(client, dataset, id, file.metadata, signal);
  const state = RUN[known?.run ?? 'UNSTART'];
  if (state !== 'done' && state !== 'parsing') await parseDocuments(client, dataset, [id], signal);
  return id;
}

/** Servers differ in the method they take. A document without metadata is found all the same, so what they refuse is left. */
async function describe(client: RagflowClient, dataset: string, id: string, metadata: EngineFile['metadata'], signal: AbortSignal): Promise<void> {
  for (const method of ['PUT', 'PATCH'] as const) {
    try {
      await client.call({ method, path: `${at(dataset)}/documents/${encodeURIComponent(id)}`, body: { meta_fields: metadata }, answer: z.unknown() }, signal);
      return;
    } catch (error) {
      if (!(error instanceof EngineError) || error.code === 'unreachable' || error.code === 'refused') throw error;
    }
  }
}

async function findDocument(client: RagflowClient, dataset: string, name: string, signal: AbortSignal): Promise<z.infer<typeof Document> | null> {
  try {
    const { data } = await client.call({ method: 'GET', path: `${at(dataset)}/documents?page=1&page_size=${PAGE}&name=${encodeURIComponent(name)}`, answer: Documents }, signal);
    return data.docs.find((document) => document.name === name) ?? null;
  } catch (error) {
    // A name that is not there is an error; so is a dataset that is gone, which the upload then tells.
    if (error instanceof EngineError && error.code === 'not-found') return null;
    throw error;
  }
}

async function upload(client: RagflowClient, dataset: string, { name, contentType, bytes }: EngineFile, signal: AbortSignal): Promise<string> {
  const boundary = `cmp-${randomUUID()}`;
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${name.replace(/[^\w.-]/g, '_')}"\r\ncontent-type: ${contentType.replace(/[^\w.+/;= -]/g, '')}\r\n\r\n`;
  const { data: [made] } = await client.call({
    method: 'POST', path: `${at(dataset)}/documents`, timeout: 'uploadMs', answer: z.looseObject({ data: z.array(Document).min(1) }),
    upload: { contentType: `multipart/form-data; boundary=${boundary}`, bytes: Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]) },
  }, signal);
  if (!made) throw new EngineError('bad-answer', `${SERVER} did not say under which id it keeps the file.`);
  if (made.name === name) return made.id;
  // The server renames the second of two with one name: somebody else uploaded the same meanwhile.
  await removeDocuments(client, dataset, [made.id], signal);
  const found = await findDocument(client, dataset, name, signal);
  if (!found) throw new EngineError('bad-answer', `${SERVER} gave the file another name.`);
  return found.id;
}

/** One by one: the server stops at the first it does not take. */
export async function parseDocuments(client: RagflowClient, dataset: string, documents: readonly string[], signal: AbortSignal): Promise<void> {
  for (const id of documents) {
    try {
      await client.call({ method: 'POST', path: `${at(dataset)}/chunks`, body: { document_ids: [id] }, answer: z.unknown() }, signal);
    } catch (error) {
      if (!(error instanceof EngineError) || !/being processed/i.test(error.message)) throw error;
    }
  }
}

/** Oldest first, so that what is added meanwhile moves no page. */
export async function listDocuments(client: RagflowClient, dataset: string, signal: AbortSignal): Promise<EngineDocument[]> {
  const all = new Map<string, EngineDocument>();
  for (let page = 1; page <= PAGES_MAX; page++) {
    const { data } = await client.call({ method: 'GET', path: `${at(dataset)}/documents?page=${page}&page_size=${PAGE}&orderby=create_time&desc=false`, answer: Documents }, signal);
    for (const document of data.docs) all.set(document.id, present(document, client));
    if (data.docs.length < PAGE) return [...all.values()];
  }
  throw new EngineError('bad-answer', `${SERVER} lists more documents than there can be.`);
}

export async function removeDocuments(client: RagflowClient, dataset: string, documents: readonly string[], signal: AbortSignal): Promise<void> {
  // A call without ids would mean all of them to older servers.
  if (documents.length === 0) return;
  try {
    await client.call({ method: 'DELETE', path: `${at(dataset)}/documents`, body: { ids: documents }, answer: z.unknown() }, signal);
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== 'not-found') throw error;
    // One that is gone must not keep the others.
    if (documents.length > 1) for (const id of documents) await removeDocuments(client, dataset, [id], signal);
  }
}

function present({ id, name, run, progress, progress_msg: said, chunk_count: chunks }: z.infer<typeof Document>, client: RagflowClient): EngineDocument {
  const state = RUN[run] ?? 'waiting';
  return {
    id, name, state, percent: state === 'done' ? 100 : Math.round(Math.min(1, Math.max(0, progress ?? 0)) * 100), chunks: chunks ?? 0,
    message: state === 'failed' ? client.clean(STOPPED.has(run) ? 'It was stopped there.' : lastWords(said ?? '')) : null,
  };
}

/** The last line that names an error, else the last one; lines begin with the time of day. */
function lastWords(said: string | readonly string[]): string {
  const lines = (typeof said === 'string' ? said.split('\n') : said).map((line) => line.replace(/^\s*\d{1,2}:\d{2}:\d{2}\s*/, '').trim()).filter((line) => line !== '');
  const line = lines.findLast((one) => /\[ERROR\]/i.test(one)) ?? lines.at(-1) ?? '';
  return line.replace(/^.*\[ERROR\]\s*/i, '') || 'It gave no reason.';
}
