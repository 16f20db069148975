import { billingEndpoints } from '#modules/billing/contract.ts';
import { marketplaceEndpoints, type PlanTerms } from '#modules/catalog/contract.ts';
import { publishSample, type SampleProduct } from '#modules/catalog/index.ts';
import { flowTemplate } from '#modules/flows/index.ts';
import { apiKeyEndpoints } from '#modules/gateway/contract.ts';
import { identityEndpoints } from '#modules/identity/contract.ts';
import { subscriptionEndpoints } from '#modules/subscriptions/contract.ts';
import type { Output, Scope } from '#platform/contract/endpoint.ts';
import { uuidv7 } from '#platform/crypto/ids.ts';
import { systemProcess } from '#platform/process.ts';
import type { Caller, Person, TestApp } from './app.ts';

export interface SampleOptions extends Partial<Pick<SampleProduct, 'category' | 'subcategory' | 'availability' | 'capabilities' | 'plans' | 'flow' | 'exposedParameters' | 'knowledgeBaseId'>> {
  name?: string;
  /** Answers from the buyer's knowledge (the default), or from the model alone. */
  knowledge?: boolean;
  /** Who sells it; somebody new unless told. */
  seller?: Person;
}

export interface SampleForSale {
  productId: string;
  seller: Person;
  /** Ids of the plans by key; of the plans that are made unless told: `free`, `pro`, `enterprise`. */
  planIds: Readonly<Record<string, string>>;
}

/** Credits only; 29.00 or 290.00 with 1,000 messages a month; and one without a price. */
const PLANS: readonly Partial<PlanTerms>[] = [
  { key: 'free', name: 'Free', tier: 'starter', priceMonthlyMinor: 0, rateCard: { message: 2, document: 5, image: 10, voice: 2 } },
  { key: 'pro', name: 'Pro', tier: 'pro', priceMonthlyMinor: 2_900, priceYearlyMinor: 29_000, limits: { messages: 1_000, tokens: null, apiCalls: null, users: null, storageMB: null, documents: null, requestsPerMinute: null, concurrency: null } },
  { key: 'enterprise', name: 'Enterprise', tier: 'enterprise', priceMonthlyMinor: null },
];

/** Puts a product that really runs into the marketplace: question, prompt (with passages), model, answer. */
export async function sampleProduct(app: TestApp, options: SampleOptions = {}): Promise<SampleForSale> {
  const { name = 'Sample agent', knowledge = true, seller = await app.person('Sally Seller'), plans = PLANS } = options;
  const own = (await seller.me()).organizations.find((organization) => organization.id === seller.organizationId);
  if (!own?.provider) await seller.ok(identityEndpoints.becomeProvider, { params: { organizationId: seller.organizationId }, body: { name: `${seller.name} Ltd` } });
  const flow = options.flow ?? flowTemplate(knowledge ? 'customer-support' : 'blank');
  if (!flow) throw new Error('the flow template is gone');
  const productId = await publishSample(systemProcess(app.composition.platform, 'test'), app.files, seller.organizationId, {
    category: options.category ?? 'agent', subcategory: options.subcategory ?? 'single', availability: options.availability ?? 'available', flow,
    capabilities: options.capabilities ?? { configuration: { rag: { enabled: knowledge } } },
    listing: { name, slug: `sample-${uuidv7()}`, summary: 'A product that tests buy and run.', description: 'It answers questions and is made for tests only.' },
    plans, ...(options.exposedParameters === undefined ? {} : { exposedParameters: options.exposedParameters }), ...(options.knowledgeBaseId === undefined ? {} : { knowledgeBaseId: options.knowledgeBaseId }),
  });
  const detail = await app.stranger.ok(marketplaceEndpoints.getProduct, { params: { productId } });
  return { productId, seller, planIds: Object.fromEntries(detail.plans.map((plan) => [plan.terms.key, plan.id])) };
}

/** Subscribes the person's first project to a plan of a sample. */
export async function buy(person: Person, { productId, planIds }: SampleForSale, plan = 'free', cycle: 'monthly' | 'yearly' = 'monthly'): Promise<Output<typeof subscriptionEndpoints.subscribe>> {
  return person.ok(subscriptionEndpoints.subscribe, { body: { product_id: productId, plan_id: planIds[plan] ?? '', project_id: person.projectId, cycle } });
}

/** Pays with the test card that succeeds. */
export async function pay(person: Person, checkoutId: string | null): Promise<void> {
  await person.ok(billingEndpoints.paySandbox, { params: { checkoutId: checkoutId ?? '' }, body: { card: '4242424242424242' } });
}

export const subscriptionOf = async (person: Person, subscriptionId: string) => person.ok(subscriptionEndpoints.get, { params: { subscriptionId } });
export const cancel = async (person: Person, subscriptionId: string) => person.ok(subscriptionEndpoints.cancel, { params: { subscriptionId } });
export const keysOf = async (person: Person, subscriptionId: string) => (await person.ok(apiKeyEndpoints.list, { params: { subscriptionId } })).data;

/** Somebody who calls with a new secret key of the subscription. */
export async function withKey(app: TestApp, person: Person, subscriptionId: string, scopes: Scope[]): Promise<Caller> {
  const issued = await person.ok(apiKeyEndpoints.issue, { params: { subscriptionId }, body: { name: 'Test server', scopes } });
  return app.key(issued.secret);
}
