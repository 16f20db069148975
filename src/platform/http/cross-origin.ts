import type { FastifyInstance } from 'fastify';

/** Paths that pages of other sites may call: with a key in a header, never with cookies. */
const OPEN = /^\/v1\//;

/**
 * Lets browsers of other origins call `/v1`. No credentials are ever allowed, and which origin a key serves is checked
 * on the call itself: a preflight carries no key, so it can only be answered for everybody.
 */
export function allowCrossOrigin(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    const { origin } = request.headers;
    if (!origin || !OPEN.test(request.url)) return;
    reply.header('access-control-allow-origin', origin);
    reply.header('vary', 'origin');
    reply.header('access-control-expose-headers', 'x-request-id, retry-after, x-should-retry, x-ratelimit-limit-requests, x-ratelimit-remaining-requests');
    if (request.method !== 'OPTIONS') return;
    reply.header('access-control-allow-methods', 'GET, POST, PATCH, DELETE');
    reply.header('access-control-allow-headers', 'authorization, content-type, x-api-key, x-request-id, idempotency-key');
    reply.header('access-control-max-age', '600');
    await reply.code(204).send();
  });
  app.options('/v1/*', { schema: { hide: true } }, async (_request, reply) => reply.code(204).send());
}
