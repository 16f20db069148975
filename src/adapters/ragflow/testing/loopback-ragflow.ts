import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { loopbackChats, type LoopbackChat } from './loopback-chats.ts';
import { chunksOf, ranked, type LoopbackChunk } from './loopback-retrieval.ts';

interface LoopbackDocument { id: string; name: string; bytes: Buffer; metadata: unknown; run: 'UNSTART' | 'RUNNING' | 'DONE' | 'FAIL'; doneAt: number; words: string; chunks: LoopbackChunk[] }
interface LoopbackDataset { id: string; name: string; documents: Map<string, LoopbackDocument> }

/** What calls do instead of being answered; `on` is matched against method and path. */
export type RagflowFault = { on: RegExp } & (
  | { kind: 'code'; code: number; message: string }
  | { kind: 'status'; status: number; body?: string }
  | { kind: 'hang' | 'drop' }
  | { kind: 'redirect'; to: string });

export interface LoopbackRagflow {
  url: string;
  apiKey: string;
  datasets: Map<string, LoopbackDataset>;
  chats: Map<string, LoopbackChat>;
  /** Calls as they came. */
  calls: { method: string; path: string; body: unknown }[];
  /** Makes calls fail until null is given. */
  fault(fault: RagflowFault | null): void;
  /** How long parsing takes from now on. */
  parseMs(ms: number): void;
  /** Files whose text holds this cannot be parsed; the server says `words`. */
  unreadable(text: string | null, words?: string): void;
  /** Added in front of everything that is found, whatever is asked: a server that mixes up its tenants. */
  leak(chunks: readonly Record<string, unknown>[]): void;
  /** Serves as newer versions: documents are changed with PATCH, a dataset whose name is taken gets another name, and completions have an address of their own. */
  newer(isNewer: boolean): void;
  close(): Promise<void>;
}

const Body = z.record(z.string(), z.unknown());
const Ids = z.looseObject({ ids: z.array(z.string()).nullish() });
const Question = z.looseObject({
  question: z.string(), dataset_ids: z.array(z.string()).min(1), document_ids: z.array(z.string()).nullish(), page: z.number().default(1), page_size: z.number().default(30),
  similarity_threshold: z.number().default(0.2), vector_similarity_weight: z.number().default(0.3),
});

const newId = (): string => randomBytes(16).toString('hex');
/** Everything but a fault has status 200, errors too. */
const send = (response: ServerResponse, body: unknown): void => { response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body)); };
const done = (response: ServerResponse, data?: unknown, more: object = {}): void => { send(response, { code: 0, ...(data === undefined ? {} : { data }), ...more }); };
const refuse = (response: ServerResponse, message: string, code = 102): void => { send(response, { code, message }); };

/** A RAGFlow server on 127.0.0.1 for tests: the wire of its HTTP API, with texts cut at blank lines and pages at form feeds. */
export async function startLoopbackRagflow(apiKey = 'ragflow-QxYjE2YzQ4NGUzODExZWY4'): Promise<LoopbackRagflow> {
  const state: { fault: RagflowFault | null; parseMs: number; unreadable: string | null; words: string; leak: readonly Record<string, unknown>[]; newer: boolean } = { fault: null, parseMs: 5, unreadable: null, words: '', leak: [], newer: false };
  const datasets: LoopbackRagflow['datasets'] = new Map();
  const calls: LoopbackRagflow['calls'] = [];
  const chats: LoopbackRagflow['chats'] = new Map();
  const chatCall = loopbackChats(chats, findIn, () => state.newer);

  const server = createServer((request, response) => {
    void route(request, response).catch((error: unknown) => { response.destroy(error instanceof Error ? error : undefined); });
  });

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET' } = request;
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://loopback');
    const bytes = await bytesOf(request);
    const json = (request.headers['content-type'] ?? '').includes('json') && bytes.length > 0 ? Body.parse(JSON.parse(bytes.toString('utf8'))) : {};
    const path = pathname.replace(/^\/api\/v1/, '');
    calls.push({ method, path, body: json });
    if (state.fault?.on.test(`${method} ${path}`)) return misbehave(state.fault, response);
    if (request.headers.authorization !== `Bearer ${apiKey}`) return refuse(response, 'Authentication error: API key is invalid!', 109);
    if (path === '/datasets') return datasetCall(method, searchParams, json, response);
    if (path === '/retrieval' && method === 'POST') return retrieve(json, response);
    const chat = chatCall({ method, path, query: searchParams, json });
    if (chat) return send(response, chat);
    const [, datasetId, rest = ''] = /^\/datasets\/([^/]+)(\/.*)$/.exec(path) ?? [];
    const dataset = datasets.get(datasetId ?? '');
    if (datasetId === undefined) return refuse(response, `Not Found: ${pathname}`, 404);
    if (!dataset) return refuse(response, `You don't own the dataset ${datasetId}.`);
    if (rest === '/documents') return documentsCall(method, searchParams, { json, bytes, type: request.headers['content-type'] ?? '' }, dataset, response);
    if (rest === '/chunks' && method === 'POST') return parse(json, dataset, response);
    const [, documentId = '', chunks] = /^\/documents\/([^/]+)(\/chunks)?$/.exec(rest) ?? [];
    const document = dataset.documents.get(documentId);
    if (!document) return refuse(response, 'The dataset does not have the document.');
    if (chunks) return listChunks(document, searchParams, response);
    if (method !== (state.newer ? 'PATCH' : 'PUT')) return refuse(response, '<MethodNotAllowed \'405: Method Not Allowed\'>', 100);
    document.metadata = json['meta_fields'];
    return done(response, shown(document, dataset));
  }

  function datasetCall(method: string, query: URLSearchParams, json: Record<string, unknown>, response: ServerResponse): void {
    if (method === 'GET') {
      const name = query.get('name');
      const found = [...datasets.values()].filter((dataset) => name === null || dataset.name.toLowerCase() === name.toLowerCase());
      if (name !== null && found.length === 0) return refuse(response, `User '69736c5e723611ef' lacks permission for dataset '${name}'`, 108);
      return done(response, pageOf(found, query).map(described), { total_datasets: found.length });
    }
    if (method === 'DELETE') {
      const ids = Ids.parse(json).ids ?? (state.newer ? [] : [...datasets.keys()]);
      const foreign = ids.filter((id) => !datasets.has(id));
      if (foreign.length > 0) return refuse(response, `User '69736c5e723611ef' lacks permission for datasets: '${foreign.join(', ')}'`, 108);
      for (const id of ids) datasets.delete(id);
      return done(response);
    }
    const name = z.string().parse(json['name']);
    if (name === '') return refuse(response, 'Field: <name> - Message: <String should have at least 1 character> - Value: <>', 101);
    const taken = [...datasets.values()].some((dataset) => dataset.name === name);
    if (taken && !state.newer) return refuse(response, `Dataset name '${name}' already exists`, 103);
    const made: LoopbackDataset = { id: newId(), name: taken ? `${name}(1)` : name, documents: new Map() };
    datasets.set(made.id, made);
    return done(response, described(made));
  }

  function documentsCall(method: string, query: URLSearchParams, { json, bytes, type }: { json: Record<string, unknown>; bytes: Buffer; type: string }, dataset: LoopbackDataset, response: ServerResponse): void {
    if (method === 'GET') {
      const name = query.get('name');
      const found = [...dataset.documents.values()].filter((document) => name === null || document.name === name);
      if (name !== null && found.length === 0) return refuse(response, `You don't own the document ${name}.`);
      return done(response, { docs: pageOf(found, query).map((document) => shown(document, dataset)), total: found.length });
    }
    if (method === 'DELETE') {
      const ids = Ids.parse(json).ids ?? [];
      const missing = ids.filter((id) => !dataset.documents.delete(id));
      return missing.length > 0 ? refuse(response, `Documents not found: ['${missing.join('\', \'')}']`) : done(response);
    }
    const part = partOf(bytes, type);
    if (!part) return refuse(response, 'No file part!', 101);
    const taken = [...dataset.documents.values()].some((document) => document.name === part.name);
    const document: LoopbackDocument = { id: newId(), name: taken ? part.name.replace(/(\.\w+)?$/, '(1)$1') : part.name, bytes: part.bytes, metadata: {}, run: 'UNSTART', doneAt: 0, words: '', chunks: [] };
    dataset.documents.set(document.id, document);
    return done(response, [shown(document, dataset)]);
  }

  function parse(json: Record<string, unknown>, dataset: LoopbackDataset, response: ServerResponse): void {
    const ids = z.array(z.string()).catch([]).parse(json['document_ids']);
    if (ids.length === 0) return refuse(response, '`document_ids` is required');
    for (const id of ids) {
      const document = dataset.documents.get(id);
      if (!document) return refuse(response, `Documents not found: ['${id}']`);
      if (current(document) === 'RUNNING') return refuse(response, 'Can\'t parse document that is currently being processed');
      Object.assign(document, { run: 'RUNNING', doneAt: performance.now() + state.parseMs, chunks: [] });
    }
    return done(response);
  }

  /** Parsing is over when its time is. */
  function current(document: LoopbackDocument): LoopbackDocument['run'] {
    if (document.run !== 'RUNNING' || performance.now() < document.doneAt) return document.run;
    const text = document.bytes.toString('utf8');
    if (state.unreadable !== null && text.includes(state.unreadable)) {
      document.words = state.words;
      return (document.run = 'FAIL');
    }
    document.chunks = chunksOf(document.id, text);
    return (document.run = 'DONE');
  }

  function shown(document: LoopbackDocument, dataset: LoopbackDataset): object {
    const run = current(document);
    const progress = { UNSTART: 0, RUNNING: 0.4, DONE: 1, FAIL: -1 }[run];
    const message = { UNSTART: '', RUNNING: '10:33:58 Task has been received.\n10:33:59 Page(1~100000001): Start to parse.', DONE: '10:34:09 Task done (11.68s)', FAIL: `10:33:58 Task has been received.\n10:33:59 [ERROR] ${document.words}` }[run];
    return {
      id: document.id, name: document.name, location: document.name, dataset_id: dataset.id, run, progress, progress_msg: message, chunk_count: document.chunks.length, token_count: 0, size: document.bytes.length,
      chunk_method: 'naive', type: 'doc', source_type: 'local', status: '1', thumbnail: '', meta_fields: document.metadata,
    };
  }

  function listChunks(document: LoopbackDocument, query: URLSearchParams, response: ServerResponse): void {
    current(document);
    done(response, { total: document.chunks.length, doc: { id: document.id, run: '3' }, chunks: pageOf(document.chunks, query).map((chunk) => ({
      id: chunk.id, content: chunk.content, document_id: document.id, docnm_kwd: document.name, available: true, image_id: '', important_keywords: [], positions: chunk.positions,
    })) });
  }

  function retrieve(json: Record<string, unknown>, response: ServerResponse): void {
    const asked = Question.safeParse(json);
    if (!asked.success) return refuse(response, '`dataset_ids` is required.');
    const { question, dataset_ids: ids, document_ids: only, page, page_size: size } = asked.data;
    const foreign = ids.find((id) => !datasets.has(id));
    if (foreign !== undefined) return refuse(response, `You don't own the dataset ${foreign}.`);
    const found = ranked(question, candidatesOf(ids, only ?? []), asked.data.vector_similarity_weight).filter(({ similarity }) => similarity >= asked.data.similarity_threshold);
    const chunks = found.slice((page - 1) * size, page * size).map(({ chunk, document, dataset, ...similarities }) => ({
      id: chunk.id, content: chunk.content, content_ltks: chunk.content.toLowerCase(), document_id: document.id, document_keyword: document.name, dataset_id: dataset, image_id: '', important_keywords: [''],
      positions: chunk.positions.length > 0 ? chunk.positions : [''], ...similarities,
    }));
    return done(response, { chunks: [...state.leak, ...chunks], doc_aggs: [], total: found.length });
  }

  /** Pieces of the parsed documents of datasets; of some documents only, if any are named. */
  function candidatesOf(ids: readonly string[], only: readonly string[] = []) {
    return ids.flatMap((id) => [...datasets.get(id)?.documents.values() ?? []].flatMap((document) => {
      current(document);
      return only.length > 0 && !only.includes(document.id) ? [] : document.chunks.map((chunk) => ({ chunk, document, dataset: id }));
    }));
  }

  /** What an assistant of these datasets answers from; null where one is not there. */
  function findIn(ids: readonly string[], question: string) {
    if (ids.some((id) => !datasets.has(id))) return null;
    return ranked(question, candidatesOf(ids), 0.3).filter(({ similarity }) => similarity >= 0.2).map(({ chunk, document, dataset, similarity }) => ({
      id: chunk.id, content: chunk.content, document_id: document.id, document_name: document.name, dataset_id: dataset, similarity,
    }));
  }

  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const { port } = server.address() as AddressInfo; // a listening TCP server always has one
  return {
    url: `http://127.0.0.1:${port}`, apiKey, datasets, chats, calls,
    fault: (fault) => { state.fault = fault; },
    parseMs: (ms) => { state.parseMs = ms; },
    unreadable: (text, words = 'Fail to read the file') => { Object.assign(state, { unreadable: text, words }); },
    leak: (chunks) => { state.leak = chunks; },
    newer: (isNewer) => { state.newer = isNewer; },
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => { server.close(() => { resolve(); }); });
    },
  };
}

function misbehave(fault: RagflowFault, response: ServerResponse): void {
  switch (fault.kind) {
    case 'code': return refuse(response, fault.message, fault.code);
    case 'status': response.writeHead(fault.status, { 'content-type': 'text/html' }).end(fault.body ?? '<html>Bad Gateway</html>'); return;
    case 'redirect': response.writeHead(302, { location: fault.to }).end(); return;
    case 'drop': response.destroy(); return;
    case 'hang': return;
  }
}

const described = ({ id, name, documents }: LoopbackDataset): object => ({ id, name, document_count: documents.size, chunk_count: 0, chunk_method: 'naive', embedding_model: 'BAAI/bge-m3@BAAI', permission: 'me', similarity_threshold: 0.2, vector_similarity_weight: 0.3, status: '1' });

function pageOf<T>(all: readonly T[], query: URLSearchParams): T[] {
  const [page, size] = [Number(query.get('page') ?? 1), Math.min(100, Number(query.get('page_size') ?? 30))];
  return all.slice((page - 1) * size, page * size);
}

/** The first file of a multipart body. */
function partOf(body: Buffer, type: string): { name: string; bytes: Buffer } | null {
  const boundary = /boundary=(.+)$/.exec(type)?.[1];
  const head = body.indexOf('\r\n\r\n');
  const name = /name="file"; filename="([^"]+)"/.exec(body.subarray(0, head).toString('utf8'))?.[1];
  return boundary === undefined || name === undefined ? null : { name, bytes: body.subarray(head + 4, body.lastIndexOf(`\r\n--${boundary}--`)) };
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(z.instanceof(Uint8Array).parse(part)));
  return Buffer.concat(parts);
}
