import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Logger as PinoLogger } from 'pino';
import type { Config } from '#config';
import { identityModule } from '#modules/identity/index.ts';
import type { Platform } from '#platform/context.ts';
import { createVault } from '#platform/crypto/seal.ts';
import type { Database } from '#platform/db/database.ts';
import { serveConsole } from '#platform/http/console.ts';
import { createMetrics } from '#platform/http/metrics.ts';
import { createServe, type ServedEndpoint } from '#platform/http/serve.ts';
import { createServer } from '#platform/http/server.ts';
import { createJobRunner, type JobRunner } from '#platform/jobs/queue.ts';
import type { Module } from '#platform/module.ts';
import type { FileStore } from '#platform/storage/file-store.ts';

/** The implementations of ports that `main.ts` (or a test) chose. */
export interface Adapters {
  database: Database;
  databaseUrl: string;
  /** The database is the embedded one: few connections, no notifications. */
  embedded: boolean;
  files: FileStore;
}

export interface Composition {
  app: FastifyInstance;
  platform: Platform;
  jobs: JobRunner;
  served: readonly ServedEndpoint[];
  start(): Promise<void>;
  /** Stops taking requests, lets running ones finish, then stops background work. Does not close the adapters. */
  stop(): Promise<void>;
}

const VERSION = '0.1.0';

/** Puts the product together: kernel, modules in their order, routes. Nothing runs until `start`. */
export async function compose(config: Config, adapters: Adapters, log: PinoLogger, now: () => Date = () => new Date()): Promise<Composition> {
  let jobs: JobRunner | undefined;
  const platform: Platform = { database: adapters.database, log, now, relaySoon: () => jobs?.relaySoon() };
  const vault = createVault(config.SECRET_KEY);
  const metrics = createMetrics();
  const origins = consoleOrigins(config);

  const identity = identityModule({
    platform, brand: config.BRAND_NAME, baseUrl: config.BASE_URL, origins, secret: vault.sign('sessions', 'secret'),
    rateLimited: config.NODE_ENV !== 'test', secureCookies: config.BASE_URL.startsWith('https://'),
  });
  const modules: Module[] = [identity];

  const app = await createServer({
    log, baseUrl: config.BASE_URL, brand: config.BRAND_NAME, version: VERSION, metrics,
    ready: async () => { await adapters.database.pool.query('select 1'); },
  });
  const served: ServedEndpoint[] = [];
  const serve = createServe(app, platform, {
    ...identity.authenticator,
    key: async () => { throw new Error('no key store'); },
  }, origins, served);
  identity.mount(app);
  for (const module of modules) module.routes?.(serve);
  await serveConsole(app, path.resolve(import.meta.dirname, '../dist/web'));

  jobs = createJobRunner({
    url: adapters.databaseUrl, platform, log, embedded: adapters.embedded, work: config.ROLES.includes('worker'),
    jobs: modules.flatMap((module) => module.jobs ?? []), events: modules.flatMap((module) => module.events ?? []),
  });
  const runner = jobs;
  return {
    app, platform, jobs: runner, served,
    async start() {
      await runner.start();
      for (const module of modules) await module.start?.();
      await app.ready();
    },
    async stop() {
      await app.close();
      for (const module of modules.toReversed()) await module.stop?.();
      await runner.stop();
    },
  };
}

/** Origins the console may be opened from; in development the loopback has two names. */
function consoleOrigins(config: Config): string[] {
  const { origin, port } = new URL(config.BASE_URL);
  return config.production ? [origin] : [...new Set([origin, `http://localhost:${port || config.PORT}`, `http://127.0.0.1:${port || config.PORT}`, 'http://localhost:5173'])];
}
