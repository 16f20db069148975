import { randomUUID } from 'node:crypto';
import multipart from '@fastify/multipart';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import websocket from '@fastify/websocket';
import fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { answerProblem } from './answer-problem.ts';
import { trackConnections } from './connections.ts';
import { allowCrossOrigin } from './cross-origin.ts';
import { measureRequests, type Metrics } from './metrics.ts';
import { Problem, problems } from './problem.ts';

export interface ServerOptions {
  log: FastifyBaseLogger;
  baseUrl: string;
  brand: string;
  version: string;
  metrics: Metrics;
  /** Who may read `/metrics`; everybody when there is none. */
  metricsToken: string | undefined;
  /** Resolves when the server can do its work; rejects or throws otherwise. */
  ready(): Promise<void>;
  /** How long a request in progress may take once the server is told to close; well below a minute unless given. */
  drainMs?: number;
}

/** Longest time a request may take to arrive. */
const REQUEST_MS_MAX = 120_000;
/** How long a WebSocket's other end may take to agree to its close. */
const SOCKET_CLOSE_MS_MAX = 2_000;

/** Largest message on a WebSocket; compression is off, so that a small one cannot unfold into a large one. */
const SOCKET_BYTES_MAX = 1024 * 1024;

/** A request id the caller may choose, if it is short and plain; it ends up in logs and answers. */
const CALLER_ID = /^[\w.-]{1,80}$/;

/** Builds the HTTP server without routes: errors, ids, limits, headers, documents, health, an end that waits for nobody idle. */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const connections = trackConnections({ requestTimeoutMs: REQUEST_MS_MAX, ...(options.drainMs === undefined ? {} : { drainMs: options.drainMs }) });
  const app = fastify({
    loggerInstance: options.log,
    logController: new LogController({ disableRequestLogging: true }),
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 300 },
    requestIdHeader: false,
    genReqId: (request) => {
      const given = request.headers['x-request-id'];
      return typeof given === 'string' && CALLER_ID.test(given) ? given : randomUUID();
    },
    serverFactory: (handler) => connections.serve(handler),
    bodyLimit: 1024 * 1024,
  });
  app.addHook('preClose', async () => connections.drain());
  app.addHook('onClose', async () => connections.end());
  // Contracts check input and answers themselves (serve.ts); the schemas here only feed the OpenAPI document.
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  app.setErrorHandler(answerProblem);
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    reply.header('x-content-type-options', 'nosniff');
    reply.header('referrer-policy', 'strict-origin-when-cross-origin');
  });
  measureRequests(app, options.metrics, options.metricsToken);
  allowCrossOrigin(app);
  await app.register(multipart, { limits: { files: 20, fields: 50, fieldSize: 64 * 1024, headerPairs: 50 } });
  await app.register(websocket, {
    options: { maxPayload: SOCKET_BYTES_MAX, perMessageDeflate: false, closeTimeout: SOCKET_CLOSE_MS_MAX, handleProtocols: (protocols: ReadonlySet<string>) => (protocols.has('cmp') ? 'cmp' : false) },
    // No more are accepted; those that are open close by themselves once they have no answer under way (serve.ts).
    preClose(done) {
      this.websocketServer.close();
      done();
    },
  });
  await describeApi(app, options);
  addHealth(app, options);
  return app;
}

async function describeApi(app: FastifyInstance, options: ServerOptions): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: `${options.brand} API`, version: options.version, description: 'Products, subscriptions, knowledge and answers. Errors follow RFC 9457.' },
      servers: [{ url: options.baseUrl }],
      components: {
        securitySchemes: {
          session: { type: 'apiKey', in: 'cookie', name: 'better-auth.session_token', description: 'A signed-in person.' },
          apiKey: { type: 'http', scheme: 'bearer', description: 'An API key of one subscription.' },
        },
      },
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
  await app.register(swaggerUi, { routePrefix: '/docs', uiConfig: { docExpansion: 'list', deepLinking: true }, theme: { title: `${options.brand} API` }, staticCSP: true });
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());
}

function addHealth(app: FastifyInstance, options: ServerOptions): void {
  app.get('/healthz', { schema: { hide: true } }, async () => ({ status: 'ok', version: options.version }));
  app.get('/readyz', { schema: { hide: true } }, async (request, reply) => {
    try {
      await options.ready();
      return { status: 'ready', version: options.version };
    } catch (error) {
      request.log.warn({ err: error }, 'not ready');
      return answerProblem(new Problem(problems.unavailable, undefined, { headers: { 'retry-after': '5' } }), request, reply);
    }
  });
}
