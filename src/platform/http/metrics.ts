import type { FastifyInstance } from 'fastify';
import { sameSecret } from '../crypto/seal.ts';
import { Problem, problems } from './problem.ts';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** The figures this process exposes. Labels are bounded: routes and statuses, never tenants or people. */
export interface Metrics {
  registry: Registry;
  counter(name: string, help: string, labels?: readonly string[]): Counter;
  gauge(name: string, help: string): Gauge;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    counter: (name, help, labels = []) => new Counter({ name, help, labelNames: [...labels], registers: [registry] }),
    gauge: (name, help) => new Gauge({ name, help, registers: [registry] }),
  };
}

/** Times every request by route and status, and serves `/metrics` in the Prometheus text format, for those who have the token where one is set. */
export function measureRequests(app: FastifyInstance, metrics: Metrics, token: string | undefined): void {
  const duration = new Histogram({
    name: 'cmp_http_request_duration_seconds', help: 'Time from the request to the end of its answer.',
    labelNames: ['method', 'route', 'status'], buckets: [0.005, 0.02, 0.05, 0.1, 0.3, 1, 3, 10, 30], registers: [metrics.registry],
  });
  app.addHook('onResponse', async (request, reply) => {
    duration.labels(request.method, request.routeOptions.url ?? 'unknown', String(reply.statusCode)).observe(reply.elapsedTime / 1000);
  });
  app.get('/metrics', { schema: { hide: true } }, async (request, reply) => {
    const [scheme, presented] = (request.headers.authorization ?? '').split(' ');
    if (token && (scheme !== 'Bearer' || !sameSecret(presented ?? '', token))) throw new Problem(problems.unauthenticated, 'Send METRICS_TOKEN as a bearer token.');
    return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
}
