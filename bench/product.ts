import path from 'node:path';
import { z } from 'zod';
import { loadConfig } from '#config';
import { startEmbeddedDatabase } from '#adapters/pglite/embedded-database.ts';
import { CREDIT, grant, ledgerDifferences } from '#modules/billing/index.ts';
import { publishSample } from '#modules/catalog/index.ts';
import { flowTemplate } from '#modules/flows/index.ts';
import { apiKeyEndpoints } from '#modules/gateway/contract.ts';
import { hashOfKey } from '#modules/gateway/api-keys/key-text.ts';
import { identityEndpoints, Me } from '#modules/identity/contract.ts';
import { subscriptionEndpoints } from '#modules/subscriptions/contract.ts';
import { marketplaceEndpoints } from '#modules/catalog/contract.ts';
import type { CallInput, Output } from '#platform/contract/endpoint.ts';
import { uuidv7 } from '#platform/crypto/ids.ts';
import { connect } from '#platform/db/database.ts';
import { migrateDatabase } from '#platform/db/migrate.ts';
import { createLogger } from '#platform/log/logger.ts';
import type { AnyEndpoint } from '#platform/http/serve.ts';
import { systemProcess } from '#platform/process.ts';
import type { FileStore } from '#platform/storage/file-store.ts';
import { chooseAdapters } from '../src/choose-adapters.ts';
import { compose, type Composition } from '../src/compose.ts';
import { freePort, ROOT, start, answering, type Program } from './machine.ts';

/** Where an installation of the product keeps its data; `databaseUrl` null is the embedded database. */
export interface Installation { dataDir: string; databaseUrl: string | null }

/** A running server and how to call it. */
export interface Product { url: string; program: Program }

/** As `npm start` sets it. */
const SEMI_SPACE = '--max-semi-space-size=8';

export async function startProduct(name: string, { dataDir, databaseUrl }: Installation, options: { modelUrl: string | null; core: number | null; nodeOptions?: readonly string[] }): Promise<Product> {
  const port = await freePort();
  const program = start(name, [process.execPath, SEMI_SPACE, ...(options.nodeOptions ?? []), path.join(ROOT, 'src/main.ts')], { env: environment({ dataDir, databaseUrl }, port, options.modelUrl), core: options.core });
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

/** `keys`: how many API keys; `knowledge`: the product answers from documents of the buyer. */
export interface Offer { keys: number; knowledge: boolean }
export interface Bought { subscriptionId: string; keys: string[] }

/**
 * Sets an installation up through the product's own code and HTTP interface: a seller with a product (question,
 * instructions, model, answer), and a buyer with a subscription whose limits and credits are the highest there are.
 */
export async function prepare(installation: Installation, offer: Offer): Promise<Bought> {
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
      return await sellAndBuy(composition, adapters.files, config.BASE_URL, offer);
    } finally {
      await composition.stop();
      await adapters.code.close();
      await adapters.egress.close();
      await database.close();
    }
  });
}

/** As high as plans and products may go. */
const limits = { messages: 1_000_000_000, tokens: null, apiCalls: null, users: null, storageMB: null, documents: null, requestsPerMinute: 100_000, concurrency: 1_000 };

async function sellAndBuy({ platform, jobs }: Composition, files: FileStore, baseUrl: string, { keys, knowledge }: Offer): Promise<Bought> {
  const seller = await signUp(baseUrl, 'Sam Seller');
  await seller.call(identityEndpoints.becomeProvider, { params: { organizationId: seller.organizationId }, body: { name: 'Sam Ltd' } });
  const flow = flowTemplate(knowledge ? 'customer-support' : 'blank');
  if (!flow) throw new Error('the flow template is gone');
  const productId = await publishSample(systemProcess(platform, 'bench'), files, seller.organizationId, {
    category: 'agent', subcategory: 'single', availability: 'available', flow, capabilities: { configuration: { rag: { enabled: knowledge } }, runtime: { limits: { rateLimit: 100_000, concurrency: 1_000 } } },
    listing: { name: 'Bench agent', slug: `bench-${uuidv7()}`, summary: 'A product to measure.', description: 'It answers whatever it is asked.' },
    plans: [{ key: 'endless', name: 'Endless', tier: 'enterprise', priceMonthlyMinor: 0, limits }],
  });
  const buyer = await signUp(baseUrl, 'Berta Buyer');
  const { plans } = await buyer.call(marketplaceEndpoints.getProduct, { params: { productId } });
  const { subscription_id: subscriptionId } = await buyer.call(subscriptionEndpoints.subscribe, { body: { product_id: productId, plan_id: plans[0]?.id ?? '', project_id: buyer.projectId } });
  await jobs.idle();
  await systemProcess(platform, 'bench').asTenant(buyer.organizationId, async (ctx) =>
    grant(ctx, { id: uuidv7(), unit: CREDIT, amount: 1_000_000_000n, reason: 'top-up', reference: 'bench' }));
  const issued: string[] = [];
  for (let index = 0; index < keys; index++) {
    issued.push((await buyer.call(apiKeyEndpoints.issue, { params: { subscriptionId }, body: { name: `Bench ${index}`, scopes: ['chat', 'knowledge:read', 'knowledge:write'] } })).secret);
  }
  return { subscriptionId, keys: issued };
}

interface Person { organizationId: string; projectId: string; call<E extends AnyEndpoint>(endpoint: E, input: CallInput<E>): Promise<Output<E>> }

/** A person with an organization and a project of their own, calling over HTTP. */
async function signUp(baseUrl: string, name: string): Promise<Person> {
  const json = { 'content-type': 'application/json', origin: baseUrl };
  const answer = await fetch(`${baseUrl}/api/auth/sign-up/email`, {
    method: 'POST', headers: json, body: JSON.stringify({ name, email: `${uuidv7()}@example.com`, password: 'a long enough password' }),
  });
  if (!answer.ok) throw new Error(`sign-up failed: ${answer.status} ${await answer.text()}`);
  const cookie = answer.headers.getSetCookie().map((item) => item.split(';')[0]).join('; ');
  const home = Me.parse(await (await fetch(`${baseUrl}/api/v1/me`, { headers: { cookie } })).json()).organizations[0];
  if (!home?.projects[0]) throw new Error('sign-up made no organization');
  return {
    organizationId: home.id, projectId: home.projects[0].id,
    async call(endpoint, input) {
      const { params, body } = Parts.parse(input);
      const reply = await fetch(`${baseUrl}${endpoint.path.replace(/:(\w+)/g, (_all, part: string) => params[part] ?? '')}`, {
        method: endpoint.method, headers: { cookie, origin: baseUrl, 'x-organization-id': home.id, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (!reply.ok) throw new Error(`${endpoint.method} ${endpoint.path} answered ${reply.status}: ${await reply.text()}`);
      // Answers are what their schema says; a parse would refuse the transformed form of some.
      return await reply.json() as Output<typeof endpoint>;
    },
  };
}

const Parts = z.object({ params: z.record(z.string(), z.string()).default({}), body: z.unknown().optional() });

/** What the database kept of runs: of one key, and all in all. Called while no server runs. */
export interface Kept { runs: number; messages: number; settled: number; usage: number; ledgerDifferences: number }

export async function keptOf(installation: Installation, secret: string): Promise<Kept> {
  return withDatabase(installation, async (databaseUrl) => {
    const database = connect(databaseUrl, { connectionsMax: 2 });
    try {
      const { rows } = await database.pool.query(`
        with of_key as (select r.id from runs r join api_keys k on k.id = r.key_id where k.hash = $1 and r.state = 'succeeded')
        select (select count(*)::int from of_key) as runs,
          (select count(*)::int from messages m join of_key on of_key.id = m.run_id where m.role = 'assistant') as messages,
          (select count(*)::int from ledger_transfers t join of_key on of_key.id::text = t.reference where t.phase = 'settle') as settled,
          (select count(*)::int from usage_events u join of_key on of_key.id::text = u.reference where u.metric = 'messages') as usage`, [hashOfKey(secret)]);
      const differences = await database.asOperator('bench', async (tx) => ledgerDifferences(tx));
      return KeptRow.parse({ ...rows[0], ledgerDifferences: differences.length });
    } finally {
      await database.close();
    }
  });
}

const count = z.number().int();
const KeptRow = z.object({ runs: count, messages: count, settled: count, usage: count, ledgerDifferences: count });
