/** The sample accounts at work: signed in, each with a page of its own, and able to ask the API as that page does. */
import { expect, test, type Browser, type Page } from '@playwright/test';
import { z } from 'zod';

const Me = z.looseObject({ organizations: z.array(z.looseObject({ id: z.string(), provider: z.looseObject({ id: z.string() }).nullable(), projects: z.array(z.looseObject({ id: z.string() })) })).min(1) });

export interface SamplePerson {
  page: Page;
  organization: string;
  /** Empty for who sells nothing. */
  provider: string;
  project: string;
  /** Sends one request within the person's session and organization; anything but success fails the test. */
  call<T extends z.ZodType>(method: 'GET' | 'POST' | 'PATCH' | 'PUT', path: string, shape: T, data?: unknown): Promise<z.output<T>>;
}

/** Signs a sample account in without its form, on the server of the run: only the session is wanted. */
export async function enter(page: Page, email: string, baseUrl = test.info().project.use.baseURL ?? ''): Promise<void> {
  const answer = await page.request.post(`${baseUrl}/api/auth/sign-in/email`, { headers: { origin: baseUrl }, data: { email, password: 'marketplace-demo' } });
  expect(answer.ok(), await answer.text()).toBe(true);
}

export async function samplePerson(browser: Browser, baseUrl: string, email: string): Promise<SamplePerson> {
  const context = await browser.newContext({ baseURL: baseUrl, viewport: { width: 1280, height: 900 }, locale: 'en-GB' });
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  let organization = '';
  const call: SamplePerson['call'] = async (method, path, shape, data) => {
    const answer = await page.request.fetch(path, { method, headers: { origin: baseUrl, ...(organization === '' ? {} : { 'x-organization-id': organization }) }, ...(data === undefined ? {} : { data }) });
    expect(answer.ok(), `${method} ${path}: ${answer.status()} ${answer.ok() ? '' : await answer.text()}`).toBe(true);
    return shape.parse(await answer.json());
  };
  await enter(page, email, baseUrl);
  const [own] = (await call('GET', '/api/v1/me', Me)).organizations;
  if (own === undefined) throw new Error(`${email} belongs to no organization`);
  organization = own.id;
  return { page, organization, provider: own.provider?.id ?? '', project: own.projects[0]?.id ?? '', call };
}

const Draft = z.looseObject({ findings: z.array(z.looseObject({ severity: z.string(), message: z.string() })) });
const Reviews = z.looseObject({ data: z.array(z.looseObject({ version_id: z.string(), product_id: z.string() })) });
const Product = z.looseObject({ plans: z.array(z.looseObject({ id: z.string() })).min(1) });

/** Opens the wizard for a new product, at the step that takes a flow. */
export async function openImport(seller: SamplePerson, name: string): Promise<string> {
  const { id } = await seller.call('POST', '/api/v1/provider/products', z.looseObject({ id: z.string() }), { category: 'agent', name });
  await seller.page.goto(`/providers/${seller.provider}/agents/create/?draft=${id}&step=2`);
  // The first screen of a person brings all of the console along.
  await expect(seller.page.getByText(/Drop the exported file/)).toBeVisible({ timeout: 20_000 });
  return id;
}

/** Completes a draft that has its flow with one free plan and the least a listing needs, submits it, and has it approved. `more` are further parts of the draft. */
export async function sell(seller: SamplePerson, operator: SamplePerson, product: string, name: string, more: Readonly<Record<string, unknown>> = {}): Promise<void> {
  const at = `/api/v1/provider/products/${product}`;
  const slug = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  const { findings } = await seller.call('PATCH', `${at}/draft`, Draft, {
    plans: [{ name: 'Free', tier: 'starter', priceMonthlyMinor: 0, rateCard: { message: 1 } }],
    listing: { name, slug, summary: `${name}, brought in from a file.`, description: 'It was exported by another tool and runs here.' }, ...more,
  });
  expect(findings.filter(({ severity }) => severity === 'error').map(({ message }) => message)).toEqual([]);
  await seller.call('POST', `${at}/publish`, z.unknown());
  const { data } = await operator.call('GET', '/api/v1/operator/reviews?status=pending_review', Reviews);
  const waiting = data.find(({ product_id }) => product_id === product)?.version_id ?? '';
  await operator.call('POST', `/api/v1/operator/reviews/${waiting}/approve`, z.unknown(), {});
}

/** Subscribes to the free plan; returns the subscription. */
export async function purchase(buyer: SamplePerson, product: string): Promise<string> {
  const { plans: [plan] } = await buyer.call('GET', `/api/v1/marketplace/products/${product}`, Product);
  const bought = await buyer.call('POST', '/api/v1/subscriptions', z.looseObject({ subscription_id: z.string(), checkout_url: z.null() }), { product_id: product, plan_id: plan?.id ?? '', project_id: buyer.project });
  return bought.subscription_id;
}

/** Subscribes to the free plan and opens the page where the product is asked. */
export async function openPurchase(buyer: SamplePerson, product: string): Promise<void> {
  await buyer.page.goto(`/organizations/${buyer.organization}/agents/${await purchase(buyer, product)}/run/`);
}

/** What every kind of knowledge needs: sources of all kinds, and a plan of the tier that may have them. */
const EVERY_SOURCE = {
  documents: { enabled: true, formats: ['pdf', 'docx', 'txt', 'md', 'html', 'csv', 'xlsx'] }, websites: { enabled: true, maxDepth: 5, refreshInterval: 'daily' }, qaPairs: { enabled: true },
  databases: { enabled: true, connectors: ['postgres', 'mysql', 'mongodb', 'snowflake'] }, apis: { enabled: true, authMethods: ['api_key', 'oauth2', 'basic'] },
};

/** Puts a product into the marketplace that answers from knowledge and takes every kind of source, free of charge. Returns its id. */
export async function sellKnowledge(seller: SamplePerson, operator: SamplePerson, name: string): Promise<string> {
  const { id } = await seller.call('POST', '/api/v1/provider/products', z.looseObject({ id: z.string() }), { category: 'agent', name });
  await seller.call('POST', `/api/v1/provider/products/${id}/flow`, z.unknown(), { template: 'customer-support' });
  await sell(seller, operator, id, name, {
    capabilities: { configuration: { rag: { enabled: true, sources: EVERY_SOURCE, processing: { chunking: { customizable: true } }, retrieval: { search: { customizable: true }, reranking: { enabled: true }, citations: { enabled: true }, filtering: { byMetadata: true, byDate: true, bySource: true } } } } },
    plans: [{ name: 'Free', tier: 'enterprise', priceMonthlyMinor: 0, rateCard: { message: 1, document: 1 } }],
  });
  return id;
}
