import { expect, test, type Page } from '@playwright/test';
import { z } from 'zod';
import { answersOf, Complaints, follow, inspect, isDrawn } from './accessibility-check.ts';
import { addressOf, screensOf, type Persona } from './accessibility-screens.ts';
import { chooseKind, goOn } from './journey-seller.ts';
import { enter } from './sample-people.ts';

/*
 * Every registered screen in light and dark, by axe, and none wider than a phone. One test for each kind of person, on
 * the sample content.
 */
const PRODUCT = 'customer-support-agent';

test.describe.configure({ mode: 'parallel', timeout: 150_000 });
// A record of every step costs as much as the looks themselves, and what is wrong is told in words.
test.use({ viewport: { width: 1280, height: 900 }, contextOptions: { reducedMotion: 'reduce' }, trace: 'off' });

/** Opens the first address, goes on to every other, and looks at each; all that is wrong with any of them fails the test at its end. */
async function inspectAll(page: Page, addresses: readonly string[], complaints = new Complaints()): Promise<void> {
  page.on('pageerror', (error) => { complaints.add(`an error in the page: ${error.message}`, page.url()); });
  const answered = answersOf(page);
  for (const [index, address] of addresses.entries()) {
    await (index === 0 ? page.goto(address) : follow(page, address));
    await isDrawn(page, answered);
    await inspect(page, address, complaints);
  }
  expect(complaints.text).toBe('');
}

const screens = async (persona: Persona, values: Readonly<Record<string, string>>): Promise<string[]> => (await screensOf(persona)).map((screen) => addressOf(screen, values));

/** What the signed-in person may read, as the screens read it. */
async function read<T extends z.ZodType>(page: Page, path: string, shape: T, organization = ''): Promise<z.output<T>> {
  const answer = await page.request.get(path, { headers: organization === '' ? {} : { 'x-organization-id': organization } });
  expect(answer.status(), path).toBe(200);
  return shape.parse(await answer.json());
}

const Me = z.looseObject({ organizations: z.array(z.looseObject({ id: z.string(), provider: z.looseObject({ id: z.string() }).nullable() })).min(1) });
const Ids = z.looseObject({ data: z.array(z.looseObject({ id: z.string() })).min(1) });
const ownOrganization = async (page: Page) => { const [own] = (await read(page, '/api/v1/me', Me)).organizations; if (own === undefined) throw new Error('no organization'); return own; };
const firstOf = async (page: Page, path: string, organization: string) => { const [first] = (await read(page, path, Ids, organization)).data; if (first === undefined) throw new Error(`nothing at ${path}`); return first.id; };

test('screens for everybody', async ({ page }) => {
  await enter(page, 'enduser@example.com');
  const own = await ownOrganization(page);
  await page.goto('/marketplace-public-offering/research-assistant/');
  await page.getByRole('button', { name: 'Choose Professional' }).click();
  await page.getByRole('button', { name: 'Continue to payment' }).click();
  await expect(page).toHaveURL(/\/checkout\/pay\//);
  const pay = new URL(page.url()).pathname;
  const complaints = new Complaints();
  await isDrawn(page);
  await inspect(page, pay, complaints);
  const order = await firstOf(page, `/api/v1/organizations/${own.id}/orders`, own.id);
  const addresses = await screens('public', { slug: 'agents', id: PRODUCT, provider: 'digital-atelier', productId: PRODUCT, order, invitation: 'no-such-invitation' });
  const signedIn = addresses.filter((address) => address.startsWith('/marketplace-order/'));
  await inspectAll(page, [...signedIn, '/marketplace/compare/?ids=customer-support-agent,research-assistant', `/marketplace-public-offering/${PRODUCT}/?try=${PRODUCT}`], complaints);
  await page.context().clearCookies();
  await inspectAll(page, addresses.filter((address) => !signedIn.includes(address) && !address.startsWith('/checkout/pay/')), complaints);
});

test('screens of a buyer', async ({ page }) => {
  await enter(page, 'buyer@example.com');
  const { id: org } = await ownOrganization(page);
  const sub = await firstOf(page, '/api/v1/subscriptions', org);
  const product = `/organizations/${org}/agents/${sub}`;
  await inspectAll(page, [...await screens('buyer', { org, sub }), `${product}/keys/?tab=code`]);
});

test('the knowledge of a product', async ({ page }) => {
  await enter(page, 'buyer@example.com');
  const { id: org } = await ownOrganization(page);
  const training = `/organizations/${org}/agents/${await firstOf(page, '/api/v1/subscriptions', org)}/training/`;
  await inspectAll(page, [...['documents', 'pairs', 'questions', 'settings', 'test'].map((part) => `${training}?part=${part}`), `${training}?add=pair`, `${training}?add=text`]);
});

test('screens of a seller', async ({ page }) => {
  await enter(page, 'seller@example.com');
  const { id: org, provider } = await ownOrganization(page);
  const product = await firstOf(page, '/api/v1/provider/products', org);
  const addresses = await screens('seller', { provider: provider?.id ?? '', product });
  await page.goto(`/providers/${provider?.id ?? ''}/offerings/`);
  await chooseKind(page);
  await page.getByRole('button', { name: /^Customer support/ }).click();
  await expect(page.getByText(/All \d+ steps run here/)).toBeVisible();
  await goOn(page);
  const draft = new URL(page.url());
  const steps = [1, 2, 3, 4, 5, 6].map((step) => { draft.searchParams.set('step', String(step)); return draft.pathname + draft.search; });
  await inspectAll(page, [...addresses, ...steps]);
});

test('screens of an operator', async ({ page }) => {
  await enter(page, 'operator@example.com');
  const Reviews = z.looseObject({ data: z.array(z.looseObject({ version_id: z.string() })).min(1) });
  const [review] = (await read(page, '/api/v1/operator/reviews?status=approved', Reviews)).data;
  const id = review?.version_id ?? '';
  await inspectAll(page, [...await screens('operator', { id }), ...['capabilities', 'plans', 'flow', 'code', 'findings'].map((tab) => `/operator/reviews/${id}/?tab=${tab}`)]);
});
