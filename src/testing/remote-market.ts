import { marketplaceEndpoints, providerEndpoints, reviewEndpoints } from '#modules/catalog/contract.ts';
import { apiKeyEndpoints } from '#modules/gateway/contract.ts';
import { subscriptionEndpoints } from '#modules/subscriptions/contract.ts';
import { type REMOTE_KINDS, runtimeServerEndpoints } from '#modules/catalog/runtime-server-contract.ts';
import type { Caller, Person, TestApp } from './app.ts';
import { remoteLangflowFile } from './remote-langflow-file.ts';
import { completeDraft, draftedProduct, sellerIn, waitingVersion, type SellerPerson } from './selling.ts';

type Kind = (typeof REMOTE_KINDS)[number];

export interface Engine { kind: Kind; server: string }
export interface Bought { buyer: Person; subscriptionId: string; secret: string; program: Caller }

/** Sellers with products on other servers, and buyers of them. */
export async function remoteMarket(app: TestApp) {
  const operator = await app.person('Olga Operator', { operator: true });
  const seller = await sellerIn(app, 'Sally Seller');
  let products = 0;
  let buyers = 0;

  /** A product that runs there, with this much of it changed and of this Langflow file; not yet submitted. */
  async function draft(engine: Engine, capabilities: Record<string, unknown> = {}, file: unknown = remoteLangflowFile): Promise<string> {
    products += 1;
    const slug = `remote-${products}`;
    const productId = await draftedProduct(seller, slug, `Remote ${products}`);
    if (engine.kind === 'langflow') await importFile(seller, productId, file);
    await seller.ok(providerEndpoints.saveDraft, { params: { productId }, body: {
      ...completeDraft(slug, `Remote ${products}`), plans: [{ name: 'Starter', tier: 'starter', priceMonthlyMinor: 0, rateCard: { message: 2 } }],
      capabilities: { configuration: { rag: { enabled: false } }, ...capabilities, runtime: { engine, limits: { timeout: 2 } } },
    } });
    return productId;
  }

  async function sell(engine: Engine, capabilities?: Record<string, unknown>, file?: unknown): Promise<string> {
    const productId = await draft(engine, capabilities, file);
    await seller.ok(providerEndpoints.submitProduct, { params: { productId } });
    await operator.ok(reviewEndpoints.approve, { params: { versionId: await waitingVersion(operator, productId) }, body: {} });
    return productId;
  }

  async function buy(productId: string): Promise<Bought> {
    buyers += 1;
    const buyer = await app.person(`Bea ${buyers}`);
    await app.settled();
    const [plan] = (await app.stranger.ok(marketplaceEndpoints.getProduct, { params: { productId } })).plans;
    const { subscription_id: subscriptionId } = await buyer.ok(subscriptionEndpoints.subscribe, { body: { product_id: productId, plan_id: plan?.id ?? '', project_id: buyer.projectId } });
    await app.settled();
    const { secret } = await buyer.ok(apiKeyEndpoints.issue, { params: { subscriptionId }, body: { name: 'Server' } });
    return { buyer, subscriptionId, secret, program: app.key(secret) };
  }

  const connect = async (kind: Kind, url: string, credential: { secret?: string; header?: string } = {}) =>
    seller.ok(runtimeServerEndpoints.connect, { body: { kind, name: `My ${kind}`, url, ...credential } });

  return { operator, seller, draft, sell, buy, connect };
}

async function importFile(seller: SellerPerson, productId: string, file: unknown): Promise<void> {
  const form = new FormData();
  form.set('file', new Blob([JSON.stringify(file)], { type: 'application/json' }), 'tone.json');
  const answer = await seller.fetch(`/api/v1/provider/products/${productId}/flow`, { method: 'POST', body: form });
  if (answer.status !== 201) throw new Error(`import: ${answer.status} ${await answer.text()}`);
}
