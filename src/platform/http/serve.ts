import { Readable } from 'node:stream';
import type { WebSocket } from '@fastify/websocket';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Endpoint, Input, Output } from '../contract/endpoint.ts';
import { ProblemAnswer } from '../contract/problem.ts';
import type { Ctx, Platform, Process } from '../context.ts';
import { auditLog } from '../audit/tables.ts';
import { createProcess } from '../process.ts';
import { authorize } from './authorize.ts';
import type { Authenticator } from './authenticator.ts';
import { Problem, problems } from './problem.ts';

/** Any endpoint; handlers are typed from the concrete one. */
export type AnyEndpoint = Endpoint<z.ZodType, z.ZodType, z.ZodType, z.ZodType>;

export interface HttpExchange { request: FastifyRequest; reply: FastifyReply }

/** Binds endpoints to use cases. A pairing whose types differ does not compile. */
export interface Serve {
  /** One use case, one transaction: opened here as the caller's tenant, committed when the use case returns. */
  <E extends AnyEndpoint>(endpoint: E, useCase: (ctx: Ctx, input: Input<E>) => Promise<Output<E>>): void;
  /** A use case that calls out between transactions. */
  process<E extends AnyEndpoint>(endpoint: E, useCase: (process: Process, input: Input<E>) => Promise<Output<E>>): void;
  /** A use case that writes the answer itself: streams and files. Input is checked all the same. */
  raw<E extends AnyEndpoint>(endpoint: E, useCase: (process: Process, input: Input<E>, exchange: HttpExchange) => Promise<void>): void;
  /**
   * A WebSocket. Access is decided before the upgrade; `start` makes a process for one exchange on it. `accept` gives what
   * closes the socket once nothing is under way on it, which is called when the server stops.
   */
  socket(endpoint: AnyEndpoint, accept: (socket: WebSocket, request: FastifyRequest, start: (signal: AbortSignal) => Process) => () => void): void;
}

/** Everything that was served; the standing suites and the OpenAPI document are made from it. */
export interface ServedEndpoint { endpoint: AnyEndpoint; paths: readonly string[] }

const JSON_BYTES_MAX = 1024 * 1024;

/** Creates the binder. Throws at start for an endpoint without access, or for a body that admits unknown fields. */
export function createServe(app: FastifyInstance, platform: Platform, authenticator: Authenticator, origins: readonly string[], served: ServedEndpoint[]): Serve {
  const register = (endpoint: AnyEndpoint, run: (process: Process, input: never, exchange: HttpExchange) => Promise<unknown>, raw: boolean) => {
    checkDeclaration(endpoint, raw);
    const paths = [endpoint.path, ...(endpoint.aliases ?? [])];
    served.push({ endpoint, paths });
    for (const [index, url] of paths.entries()) {
      app.route({
        method: endpoint.method,
        url,
        bodyLimit: endpoint.bodyBytesMax ?? JSON_BYTES_MAX,
        schema: describe(endpoint, index > 0),
        // Access comes before the body is read, so that strangers cannot make the server work.
        onRequest: async (request) => {
          request.authorized = await authorize(endpoint.access, request, authenticator, origins);
        },
        ...(endpoint.signed ? { preParsing: keepRawBody } : {}),
        handler: async (request, reply) => {
          const { actor, tenant } = request.authorized;
          const process = createProcess(platform, { actor, tenant, requestId: request.id, log: request.log, signal: abortOf(reply) });
          const input = parseInput(endpoint, request);
          const result = await run(process, input as never, { request, reply });
          // What an operator changed is on record before the answer is.
          if ('operator' in endpoint.access && endpoint.method !== 'GET') await process.asOperator('audit', async (ctx) => recordAudit(ctx, endpoint, input));
          if (raw) return reply;
          const status = endpoint.status ?? 200;
          if (status === 204) return reply.code(204).send();
          return reply.code(status).send(endpoint.response.parse(result));
        },
      });
    }
  };

  const leaving = new Set<() => void>();
  app.addHook('preClose', async () => { for (const leave of leaving) leave(); });

  const serve = ((endpoint, useCase) => {
    register(endpoint, async (process, input) => inTransaction(endpoint, process, async (ctx) => useCase(ctx, input)), false);
  }) as Serve;
  serve.socket = (endpoint, accept) => {
    checkDeclaration(endpoint, true);
    served.push({ endpoint, paths: [endpoint.path] });
    app.route({
      method: 'GET', url: endpoint.path, schema: describe(endpoint, false),
      onRequest: async (request) => { request.authorized = await authorize(endpoint.access, request, authenticator, origins); },
      handler: async () => { throw new Problem(problems['bad-request'], 'Open this address as a WebSocket.'); },
      wsHandler: (socket, request) => {
        const { actor, tenant } = request.authorized;
        const leave = accept(socket, request, (signal) => createProcess(platform, { actor, tenant, requestId: request.id, log: request.log, signal }));
        leaving.add(leave);
        socket.once('close', () => { leaving.delete(leave); });
      },
    });
  };
  serve.process = (endpoint, useCase) => register(endpoint, async (process, input) => useCase(process, input), false);
  serve.raw = (endpoint, useCase) => register(endpoint, async (process, input, exchange) => useCase(process, input, exchange), true);
  return serve;
}

/** Keeps the text of a body for checking its signature; the limit of the route holds while it is read. */
async function keepRawBody(request: FastifyRequest, _reply: FastifyReply, payload: AsyncIterable<Buffer>): Promise<Readable> {
  const limit = request.routeOptions.bodyLimit;
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of payload) {
    bytes += piece.byteLength;
    if (bytes > limit) throw new Problem(problems['too-large']);
    pieces.push(piece);
  }
  const whole = Buffer.concat(pieces);
  request.rawBody = whole.toString('utf8');
  return Readable.from([whole]);
}

function inTransaction<T>(endpoint: AnyEndpoint, process: Process, work: (ctx: Ctx) => Promise<T>): Promise<T> {
  return 'operator' in endpoint.access ? process.asOperator(`operator: ${endpoint.method} ${endpoint.path}`, work) : process.run(work);
}

const DETAIL_CHARS_MAX = 2_000;

/** Writes who did what to which rows. Texts are cut: the log says what happened, it is no second store of content. */
async function recordAudit({ tx, actor, requestId }: Ctx, endpoint: AnyEndpoint, input: Record<string, unknown>): Promise<void> {
  if (actor.kind !== 'user') return;
  const subject = z.record(z.string(), z.coerce.string()).catch({}).parse(input.params ?? {});
  const details = Object.fromEntries(Object.entries(z.record(z.string(), z.unknown()).catch({}).parse(input.body ?? {}))
    .map(([name, value]) => [name, typeof value === 'string' ? value.slice(0, DETAIL_CHARS_MAX) : value]));
  await tx.insert(auditLog).values({ actorId: actor.userId, actorEmail: actor.email, action: `${endpoint.method} ${endpoint.path}`, subject, details, requestId });
}

function checkDeclaration(endpoint: AnyEndpoint, raw: boolean): void {
  const name = `${endpoint.method} ${endpoint.path}`;
  if (!endpoint.access || Object.keys(endpoint.access).length === 0) throw new Error(`${name} declares no access`);
  const { body } = endpoint;
  if (raw || !body || endpoint.bodyKind === 'multipart') return;
  if (body instanceof z.ZodObject && body.def.catchall?._zod.def.type !== 'never') throw new Error(`the body of ${name} must refuse unknown fields`);
}

function parseInput(endpoint: AnyEndpoint, request: FastifyRequest): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  const issues: { path: string; message: string }[] = [];
  const read = (part: 'params' | 'query' | 'body', schema: z.ZodType | undefined, value: unknown) => {
    if (!schema || (part === 'body' && endpoint.bodyKind === 'multipart')) return;
    const parsed = schema.safeParse(value);
    if (parsed.success) input[part] = parsed.data;
    // An id that is not one names nothing, so it answers like any other unknown id.
    else if (part === 'params') throw new Problem(problems['not-found']);
    else issues.push(...parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: describeIssue(issue) })));
  };
  read('params', endpoint.params, request.params);
  read('query', endpoint.query, request.query);
  read('body', endpoint.body, storable(request.body));
  if (issues.length > 0) throw new Problem(problems.invalid, issues.map((issue) => (issue.path ? `${issue.path}: ${issue.message}` : issue.message)).slice(0, 5).join('; '), { issues });
  return input;
}

const NUL = String.fromCharCode(0);

const DEPTH_MAX = 200;

/**
 * JSON text may hold NUL and halves of characters, which the database refuses: they are dropped here, once for everybody.
 * Throws 422 for a body nested deeper than anybody means.
 */
function storable(value: unknown, depth = 0): unknown {
  if (depth > DEPTH_MAX) throw new Problem(problems.invalid, `The body is nested deeper than ${DEPTH_MAX} levels.`);
  if (typeof value === 'string') return value.includes(NUL) || !value.isWellFormed() ? value.replaceAll(NUL, '').toWellFormed() : value;
  if (Array.isArray(value)) return value.map((item: unknown) => storable(item, depth + 1));
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, storable(item, depth + 1)]));
}

function describeIssue(issue: z.core.$ZodIssue): string {
  return issue.code === 'unrecognized_keys' ? `unknown field ${issue.keys.map((key) => `"${key}"`).join(', ')}` : issue.message;
}

function abortOf(reply: FastifyReply): AbortSignal {
  const controller = new AbortController();
  reply.raw.once('close', () => { if (!reply.raw.writableFinished) controller.abort(); });
  return controller.signal;
}

function describe(endpoint: AnyEndpoint, alias: boolean): object {
  const statuses = { 401: ProblemAnswer, 403: ProblemAnswer, 404: ProblemAnswer, 422: ProblemAnswer };
  const success = endpoint.produces || endpoint.status === 204 ? z.unknown().describe(endpoint.produces ?? 'No content') : endpoint.response;
  return {
    summary: endpoint.summary,
    tags: [...(endpoint.tags ?? [])],
    hide: alias,
    ...(endpoint.params ? { params: endpoint.params } : {}),
    ...(endpoint.query ? { querystring: endpoint.query } : {}),
    ...(endpoint.body ? { body: endpoint.body } : {}),
    ...(endpoint.bodyKind === 'multipart' ? { consumes: ['multipart/form-data'] } : {}),
    response: { [endpoint.status ?? 200]: success, ...('public' in endpoint.access ? {} : statuses) },
    security: security(endpoint),
    'x-access': endpoint.access,
  };
}

function security(endpoint: AnyEndpoint): object[] {
  const { access } = endpoint;
  if ('public' in access) return [];
  if ('key' in access) return [{ apiKey: [] }];
  return 'member' in access && access.scope ? [{ session: [] }, { apiKey: [] }] : [{ session: [] }];
}

declare module 'fastify' {
  interface FastifyRequest {
    authorized: { actor: Process['actor']; tenant: string };
    /** The text of a body that is signed; only where the endpoint says so. */
    rawBody?: string;
  }
}
