import path from 'node:path';
import { eq, isNotNull, and } from 'drizzle-orm';
import type { FastifyInstance } from 'fastify';
import type { Logger as PinoLogger } from 'pino';
import type { Config } from '#config';
import { connectors } from '#connectors/registry.ts';
import { analyticsModule } from '#modules/analytics/index.ts';
import { billingModule } from '#modules/billing/index.ts';
import type { PaymentProvider } from '#modules/billing/ports.ts';
import { catalogModule } from '#modules/catalog/index.ts';
import { connectionsModule } from '#modules/connections/index.ts';
import { flowsModule } from '#modules/flows/index.ts';
import { automationModule } from '#modules/automation/index.ts';
import type { CodeRunner } from '#modules/flows/ports.ts';
import { apiKeys, ensurePublishableKey, gatewayModule } from '#modules/gateway/index.ts';
import { identityModule, type Identity } from '#modules/identity/index.ts';
import { createEngineSearch, createKnowledgeSearch, failingSources, knowledgeFacts, knowledgeModule, type Knowledge } from '#modules/knowledge/index.ts';
import type { KnowledgeEngine } from '#modules/knowledge/ports.ts';
import { modelsModule, type InstalledModels } from '#modules/models/index.ts';
import { createRecorder, createRemoteProducts, createRuntime, createSubjects, fetchForSeller, remoteModule, runs, versionAnswers } from '#modules/runtime/index.ts';
import { documentCharges, knowledgeOwners, parametersSet, salesOf, subscriptionsModule, type Subscriptions } from '#modules/subscriptions/index.ts';
import type { RemoteRuntimes } from '#modules/runtime/ports.ts';
import { usageSince } from '#modules/usage/index.ts';
import { serveWidgetBundle, widgetModule } from '#modules/widget/index.ts';
import type { Platform } from '#platform/context.ts';
import { createVault } from '#platform/crypto/seal.ts';
import type { Database } from '#platform/db/database.ts';
import type { Egress } from '#platform/egress/egress.ts';
import { serveConsole } from '#platform/http/console.ts';
import { createMetrics } from '#platform/http/metrics.ts';
import { createServe, type ServedEndpoint } from '#platform/http/serve.ts';
import { createServer } from '#platform/http/server.ts';
import { createJobRunner, type JobRunner } from '#platform/jobs/queue.ts';
import type { Mailer } from '#platform/mail/mailer.ts';
import type { Module } from '#platform/module.ts';
import type { FileStore } from '#platform/storage/file-store.ts';
import { connectionRequirements } from './connection-requirements.ts';
import { documentMetering } from './document-metering.ts';
import { samplesModule } from './seed/index.ts';

/** The implementations of ports that `choose-adapters.ts` (or a test) chose. */
export interface Adapters {
  database: Database;
  databaseUrl: string;
  /** The database is the embedded one: few connections, no notifications. */
  embedded: boolean;
  files: FileStore;
  egress: Egress;
  models: InstalledModels;
  /** The server that searches knowledge bases which choose it; null where none is connected. */
  knowledgeEngine: KnowledgeEngine | null;
  /** Where code of sellers runs. */
  code: CodeRunner;
  /** Servers that run products besides our engine. */
  runtimes: RemoteRuntimes;
  /** Delivers messages to people; null where none are sent. */
  mailer: Mailer | null;
  /** Who collects money; null where nobody does. */
  payments: PaymentProvider | null;
}

export interface Composition {
  app: FastifyInstance;
  platform: Platform;
  identity: Identity;
  subscriptions: Subscriptions;
  knowledge: Knowledge;
  jobs: JobRunner;
  served: readonly ServedEndpoint[];
  start(): Promise<void>;
  /** Stops taking requests, lets running ones finish, then stops background work. Does not close the adapters. */
  stop(): Promise<void>;
}

const VERSION = '0.1.0';
const DIST = path.resolve(import.meta.dirname, '../dist');

/** Puts the product together: kernel, modules in their order, routes. Nothing runs until `start`. */
export async function compose(config: Config, adapters: Adapters, log: PinoLogger, now: () => Date = () => new Date()): Promise<Composition> {
  const { database, files, egress, models } = adapters;
  // The platform comes before the runner that is made from it.
  const relay = { soon: (): void => undefined };
  const platform: Platform = { database, log, now, relaySoon: () => relay.soon() };
  const vault = createVault(config.SECRET_KEY);
  const metrics = createMetrics();
  const origins = consoleOrigins(config);
  const secureCookies = config.BASE_URL.startsWith('https://');

  const identity = identityModule({
    platform, brand: config.BRAND_NAME, baseUrl: config.BASE_URL, origins, secret: vault.sign('sessions', 'secret'), rateLimited: config.NODE_ENV !== 'test', secureCookies,
  });
  const catalog = catalogModule({ platform, files, authenticator: identity.authenticator, models, studio: adapters.runtimes.studio, sales: { of: salesOf, parametersSet }, answers: { ask: async (process, versionId, question) => answers.ask(process, versionId, question) } });
  const billing = billingModule({ platform, payments: adapters.payments });
  const search = createEngineSearch({ platform, engine: adapters.knowledgeEngine, own: createKnowledgeSearch({ platform, models }) });
  const knowledge = knowledgeModule({ platform, models, files, search, engine: adapters.knowledgeEngine, owners: knowledgeOwners, charges: documentCharges, answers: { answer: async (process, question) => gateway.knowledgeAnswers.answer(process, question) }, alerts: adapters.mailer && { mailer: adapters.mailer, people: identity.administrators, baseUrl: config.BASE_URL, brand: config.BRAND_NAME }, alone: adapters.embedded, vault, egress, work: config.ROLES.includes('worker') });
  const subscriptions = subscriptionsModule({
    platform, billing, organizationName: identity.organizationName,
    knowledge: { create: async (process, { settings, ...base }) => knowledge.createKnowledgeBase(process, { ...base, embeddingModel: settings.embeddingModel }) },
    keys: { ensurePublishable: ensurePublishableKey },
    usage: { forSubscriptions: async ({ tx }, ids, since) => usageSince(tx, ids, since) },
    sources: { failingSources },
    facts: {
      indexedDocuments: async (ctx, id) => (await knowledgeFacts(ctx, [id])).get(id)?.documents ?? 0,
      ranOnRunPage: async ({ tx }, id) => (await tx.$count(runs, and(eq(runs.subscriptionId, id), eq(runs.channel, 'console'), eq(runs.state, 'succeeded')))) > 0,
      keyUsed: async ({ tx }, id) => (await tx.$count(apiKeys, and(eq(apiKeys.subscriptionId, id), isNotNull(apiKeys.lastUsedAt)))) > 0,
    },
  });
  const connections = connectionsModule({ platform, vault, egress, connectors, requirements: connectionRequirements });
  const recorder = createRecorder(platform);
  const subjects = createSubjects(platform);
  const remote = createRemoteProducts({ platform, vault, runtimes: adapters.runtimes, files });
  const runtime = createRuntime({ platform, models, egress, code: adapters.code, recorder, knowledge: search, remote, outside: connections });
  // Catalog comes before what runs its versions, so it is handed this when it asks.
  const answers = versionAnswers(runtime, subjects);
  const automation = automationModule({ platform, runtime, subjects, work: config.ROLES.includes('worker') });
  const remoteRuntimes = remoteModule({ platform, vault, runtimes: adapters.runtimes, files, products: remote, subjects });
  const gateway = gatewayModule({ platform, runtime, recorder, subjects, vault, secureCookies, readFile: async (bytes, claim) => knowledge.readFile(bytes, claim) });
  const widget = widgetModule({ baseUrl: config.BASE_URL, brand: config.BRAND_NAME });
  const analytics = analyticsModule(identity.organizationFacts);
  const samples = samplesModule({ platform, files, identity, knowledge: { create: async (process, { id, name }) => knowledge.createKnowledgeBase(process, { id, name, subscriptionId: null }), fill: knowledge.fillKnowledgeBase }, subscribe: subscriptions.subscribe, enabled: config.sampleContent });
  const modules: Module[] = [identity, modelsModule(models), connections, knowledge, documentMetering, flowsModule(fetchForSeller(egress, connections)), catalog, billing, subscriptions, remoteRuntimes, automation, gateway, widget, analytics, samples];

  const app = await createServer({
    log, baseUrl: config.BASE_URL, brand: config.BRAND_NAME, version: VERSION, metrics, metricsToken: config.METRICS_TOKEN,
    ready: async () => { await database.pool.query('select 1'); },
  });
  const served: ServedEndpoint[] = [];
  const serve = createServe(app, platform, { ...identity.authenticator, ...gateway.authenticator }, origins, served);
  identity.mount(app);
  for (const module of modules) module.routes?.(serve);
  serveWidgetBundle(app, path.join(DIST, 'widget'));
  await serveConsole(app, path.join(DIST, 'web'));

  const runner = createJobRunner({
    url: adapters.databaseUrl, platform, log, embedded: adapters.embedded, work: config.ROLES.includes('worker'),
    jobs: modules.flatMap((module) => module.jobs ?? []), events: modules.flatMap((module) => module.events ?? []),
  });
  relay.soon = () => runner.relaySoon();
  return {
    app, platform, identity, subscriptions, knowledge, jobs: runner, served,
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
