import path from 'node:path';
import pg from 'pg';
import { loadConfig } from '#config';
import { startEmbeddedDatabase } from '#adapters/pglite/embedded-database.ts';
import { CREDIT, grant } from '#modules/billing/index.ts';
import { publishSample } from '#modules/catalog/index.ts';
import { flowTemplate } from '#modules/flows/index.ts';
import { apiKeyEndpoints, IssuedApiKey } from '#modules/gateway/contract.ts';
import { identityEndpoints, Me } from '#modules/identity/contract.ts';
import { Subscription, subscriptionEndpoints } from '#modules/subscriptions/contract.ts';
import { marketplaceEndpoints, ProductDetail } from '#modules/catalog/contract.ts';
import type { Endpoint } from '#platform/contract/endpoint.ts';
import { uuidv7 } from '#platform/crypto/ids.ts';
import { connect } from '#platform/db/database.ts';
import { migrateDatabase } from '#platform/db/migrate.ts';
import { createLogger } from '#platform/log/logger.ts';
import { systemProcess } from '#platform/process.ts';
import type { z } from 'zod';
import { chooseAdapters } from '../src/choose-adapters.ts';
import { compose, type Composition } from '../src/compose.ts';
import { freePort, ROOT, start, answering, type Program } from './machine.ts';

/** Where an installation of the product keeps its data; `databaseUrl` null is the embedded database. */
export interface Installation { dataDir: string; databaseUrl: string | null }

/** A running server and how to call it. */
export interface Product { url: string; program: Program }

export async function startProduct(name: string, { dataDir, databaseUrl }: Installation, options: { modelUrl: string | null; core: number | null; nodeOptions?: readonly string[] }): Promise<Product> {
  const port = await freePort();
  const program = start(name, [process.execPath, ...(options.nodeOptions ?? []), path.join(ROOT, 'src/main.ts')], { env: environment({ dataDir, databaseUrl }, port, options.modelUrl), core: options.core });
  const url = `http://127.0.0.1:${port}`;
  await answering(`${url}/readyz`, program);
  return { url, program };
}

const environment = ({ dataDir, databaseUrl }: Installation, port: number, modelUrl: string | null): Record<string, string> => ({
  PORT: String(port), BASE_URL: `http://127.0.0.1:${port}`, DATA_DIR: dataDir, SAMPLE_CONTENT: 'false', LOG_LEVEL: 'warn',
  ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}), ...(modelUrl ? { OPENAI_BASE_URL: modelUrl, OPENAI_API_KEY: 'bench' } : {}),
});

/** Runs work against the database while no server uses it. */
async function withDatabase<T>({ dataDir, databaseUrl }: Installation, work: (url: string) => Promise<T>): Promise<T> {
  const embedded = databaseUrl ? null : await startEmbeddedDatabase({ dataDir: path.join(dataDir, 'postgres') });
  try {
    return await work(databaseUrl ?? embedded?.url ?? '');
  } finally {
    await embedded?.close();
  }
}

export interface Bought { subscriptionId: string; keys: string[] }

/**
 * Sets an installation up through the product's own code and HTTP interface: a seller with a product (question,
 * instructions, model, answer; no knowledge), and a buyer with a subscription whose limits and credits do not end, and
 * `keys` API keys.
 */
export async function prepare(installation: Installation, keys: number): Promise<Bought> {
  return withDatabase(installation, async (databaseUrl) => {
    const port = await freePort();
    const config = loadConfig({ NODE_ENV: 'test', ...environment(installation, port, null) });
    const log = createLogger('error');
    const database = connect(databaseUrl, { connectionsMax: 8 });
    await migrateDatabase(database);
    const adapters = chooseAdapters(config, { database, databaseUrl, embedded: installation.databaseUrl === null }, log);
    const composition = await compose(config, adapters, log);
    await composition.start();
    await composition.app.listen({ port, host: '127.0.0.1' });
    try {
      return await sellAndBuy(composition, adapters.files, config.BASE_URL, keys);
    } finally {
      await composition.stop();
      await adapters.egress.close();
      await database.close();
    }
  });
}

const limits = { messages: 1_000_000_000, tokens: null, apiCalls: null, users: null, storageMB: null, documents: null, requestsPerMinute: 100_000_000, concurrency: 10_000 };

async function sellAndBuy({ platform, jobs }: Composition, files: Parameters<typeof publishSample>[1], baseUrl: string, keys: number): Promise<Bought> {
  const seller = await signUp(baseUrl, 'Sam Seller');
  await seller.call(identityEndpoints.becomeProvider, { organizationId: seller.organizationId }, { name: 'Sam Ltd' });
  const flow = flowTemplate('blank');
  if (!flow) throw new Error('the flow template is gone');
  const productId = await publishSample(systemProcess(platform, 'bench'), files, seller.organizationId, {
    category: 'agent', subcategory: 'single', availability: 'available', flow, capabilities: { configuration: { rag: { enabled: false } } },
    listing: { name: 'Bench agent', slug: `bench-${uuidv7()}`, summary: 'A product to measure.', description: 'It answers whatever it is asked.' },
    plans: [{ key: 'endless', name: 'Endless', tier: 'enterprise', priceMonthlyMinor: 0, limits }],
  });
  const buyer = await signUp(baseUrl, 'Berta Buyer');
  const detail = ProductDetail.parse(await buyer.call(marketplaceEndpoints.getProduct, { productId }));
  const bought = Subscription.parse(await buyer.call(subscriptionEndpoints.subscribe, {}, { product_id: productId, plan_id: detail.plans[0]?.id, project_id: buyer.projectId, cycle: 'monthly' }, (answer) => answer));
  await jobs.idle();
  await systemProcess(platform, 'bench').asTenant(buyer.organizationId, async (ctx) =>
    grant(ctx, { id: uuidv7(), unit: CREDIT, amount: 1_000_000_000n, reason: 'top-up', reference: 'bench' }));
  const issued: string[] = [];
  for (let index = 0; index < keys; index++) {
    issued.push(IssuedApiKey.parse(await buyer.call(apiKeyEndpoints.issue, { subscriptionId: bought.id }, { name: `Bench ${index}`, scopes: ['chat:write'] })).secret);
  }
  return { subscriptionId: bought.id, keys: issued };
}
