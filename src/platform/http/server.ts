import { randomUUID } from 'node:crypto';
import multipart from '@fastify/multipart';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import websocket from '@fastify/websocket';
import fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { answerProblem } from './answer-problem.ts';
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
}

/** Largest message on a WebSocket; compression is off, so that a small one cannot unfold into a large one. */
const SOCKET_BYTES_MAX = 1024 * 1024;

/** A request id the caller may choose, if it is short and plain; it ends up in logs and answers. */
const CALLER_ID = /^[\w.-]{1,80}$/;

/** Builds the HTTP server without routes: errors, ids, limits, headers, documents, health. */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const app = fastify({
    loggerInstance: options.log,
    logController: new LogController({ disableRequestLogging: true }),
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 300 },
    requestIdHeader: false,
    genReqId: (request) => {
      const given = request.headers['x-request-id'];
      return typeof given === 'string' && CALLER_ID.test(given) ? given : randomUUID();
    },
    forceCloseConnections: 'idle',
    requestTimeout: 120_000,
    bodyLimit: 1024 * 1024,
  });
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
  await app.register(websocket, { options: { maxPayload: SOCKET_BYTES_MAX, perMessageDeflate: false, handleProtocols: (protocols: ReadonlySet<string>) => (protocols.has('cmp') ? 'cmp' : false) } });
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
