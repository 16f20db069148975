import { createHash, verify, type KeyObject } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { z } from 'zod';
import { createEgress, type Egress } from '#platform/egress/egress.ts';
import { listenOnLoopback } from './loopback.ts';

const Statement = z.object({
  statement: z.string(), database: z.string(), schema: z.string(), warehouse: z.string().optional(), role: z.string().optional(), timeout: z.number(),
  parameters: z.record(z.string(), z.string()), bindings: z.record(z.string(), z.object({ type: z.literal('TEXT'), value: z.string() })).default({}),
});
export type Asked = z.infer<typeof Statement>;
export interface Rows { columns: { name: string; type: string; scale?: number }[]; rows: (string | null)[][]; /** Rows of the first part and of each further one. */ partRows?: number }
export type Answered = Rows | { status: number; code?: string; message?: string; sqlState?: string } | { running: number; result: Rows } | 'endless';

export interface SnowflakeDouble {
  egress: Egress;
  asked: Asked[];
  requests: { method: string; url: string; host: string }[];
  close(): Promise<void>;
}

/**
 * Snowflake's SQL API (version 2) on the loopback, as its reference describes it: signing in by token or key pair, results
 * in parts, statements that take longer. Reached through the guard, as if its host led here.
 */
export async function snowflakeDouble(answer: (asked: Asked) => Answered, signIn: { token?: string; key?: KeyObject; subject?: string }): Promise<SnowflakeDouble> {
  const asked: Asked[] = [];
  const requests: SnowflakeDouble['requests'] = [];
  const results = new Map<string, { rows: Rows; waits: number }>();
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => { response.writeHead(500).end(String(error)); });
  });
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const host = String(request.headers['x-host']);
    requests.push({ method: request.method ?? '', url: request.url ?? '', host });
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(Buffer.from(piece));
    const send = (status: number, body: object, gzip = false) => {
      const bytes = Buffer.from(JSON.stringify(body));
      response.writeHead(status, { 'content-type': 'application/json', ...(gzip ? { 'content-encoding': 'gzip' } : {}) }).end(gzip ? gzipSync(bytes) : bytes);
    };
    if (!mayEnter(request, signIn)) { send(401, { code: '390144', message: 'JWT token is invalid.' }); return; }
    const url = new URL(request.url ?? '', 'http://double');
    const [, handle] = /^\/api\/v2\/statements\/([\w-]+)(?:\/cancel)?$/.exec(url.pathname) ?? [];
    if (handle !== undefined) {
      const kept = results.get(handle);
      if (!kept) { send(404, { code: '391902', message: 'Statement not found.' }); return; }
      if (kept.waits > 0) { kept.waits -= 1; send(202, running(handle)); return; }
      const part = url.searchParams.get('partition');
      if (part === null) send(200, resultOf(handle, kept.rows));
      else send(200, { data: partOf(kept.rows, Number(part)) }, true);
      return;
    }
    const statement = Statement.parse(JSON.parse(Buffer.concat(pieces).toString()));
    asked.push(statement);
    const answered = answer(statement);
    const id = `01b2-${asked.length}`;
    if (answered === 'endless') { endless(response); return; }
    if ('status' in answered) { send(answered.status, { code: answered.code ?? '', message: answered.message ?? '', sqlState: answered.sqlState ?? '', statementHandle: id }); return; }
    if ('running' in answered) { results.set(id, { rows: answered.result, waits: answered.running - 1 }); send(202, running(id)); return; }
    results.set(id, { rows: answered, waits: 0 });
    send(200, resultOf(id, answered));
  };
  const { port, close } = await listenOnLoopback(server);
  const guard = createEgress([`127.0.0.1:${port}`]);
  // As if the name led here; the path, the headers and the body are those that were meant for it.
  const fetch: Egress['fetch'] = async (target, init) => {
    const url = new URL(target);
    return guard.fetch(`http://127.0.0.1:${port}${url.pathname}${url.search}`, { ...init, headers: { ...Object.fromEntries(new Headers(Object.entries(init?.headers ?? {}).map(([name, value]) => [name, String(value)]))), 'x-host': url.host } });
  };
  return { egress: { ...guard, fetch }, asked, requests, close };
}

/** Sends without end what looks like the beginning of a result. */
function endless(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  const piece = Buffer.alloc(1024 * 1024, 0x20);
  const more = () => { while (!response.destroyed && response.write(piece)); if (!response.destroyed) response.once('drain', more); };
  more();
}

const running = (handle: string) => ({ code: '333334', message: 'Asynchronous execution in progress.', statementHandle: handle, statementStatusUrl: `/api/v2/statements/${handle}` });

function resultOf(handle: string, { columns, rows, partRows = rows.length || 1 }: Rows): object {
  const parts = Math.max(1, Math.ceil(rows.length / partRows));
  return {
    code: '090001', sqlState: '00000', message: 'Statement executed successfully.', statementHandle: handle, createdOn: 1_597_090_533_987, statementStatusUrl: `/api/v2/statements/${handle}`,
    resultSetMetaData: {
      numRows: rows.length, format: 'jsonv2', rowType: columns.map((column) => ({ scale: null, precision: null, length: null, nullable: true, ...column })),
      partitionInfo: Array.from({ length: parts }, (_, index) => ({ rowCount: Math.min(partRows, rows.length - index * partRows), uncompressedSize: 1000 })),
    },
    data: rows.slice(0, partRows),
  };
}

const partOf = ({ rows, partRows = rows.length }: Rows, index: number) => rows.slice(index * partRows, (index + 1) * partRows);

/** A token as it was given, or one signed with the key, for the user, not over (key-pair authentication). */
function mayEnter(request: IncomingMessage, { token, key, subject = '' }: { token?: string; key?: KeyObject; subject?: string }): boolean {
  const given = String(request.headers.authorization).replace('Bearer ', '');
  const type = request.headers['x-snowflake-authorization-token-type'];
  if (token !== undefined && type === 'PROGRAMMATIC_ACCESS_TOKEN') return given === token;
  if (!key || type !== 'KEYPAIR_JWT') return false;
  const [head = '', claims = '', signature = ''] = given.split('.');
  const { iss, sub, exp, iat } = z.object({ iss: z.string(), sub: z.string(), iat: z.number(), exp: z.number() }).parse(JSON.parse(Buffer.from(claims, 'base64url').toString()));
  const spki = key.export({ type: 'spki', format: 'der' });
  return sub === subject && iss === `${subject}.SHA256:${createHash('sha256').update(spki).digest('base64')}` && exp > Date.now() / 1000 && exp - iat <= 3600
    && verify('RSA-SHA256', Buffer.from(`${head}.${claims}`), key, Buffer.from(signature, 'base64url'));
}
