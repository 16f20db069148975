import { expect, test, type Page } from '@playwright/test';
import { violationsOf } from './axe.ts';

// The accessibility checks of several screens take long on a small machine.
test.describe.configure({ timeout: 90_000 });

const PRODUCT = '/marketplace-public-offering/customer-support-agent/';

/** Nothing that a screen reader, a keyboard or weak eyes would stumble over. */
const accessible = async (page: Page) => {
  const violations = await violationsOf(page, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'] });
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).slice(0, 3).join(', ')}`)).toEqual([]);
};

/** No screen scrolls sideways, however narrow. */
const fits = async (page: Page) => {
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
};

const open = async (page: Page, path: string, heading: string | RegExp) => {
  await page.goto(path);
  await expect(page.getByRole('heading', { level: 1, name: heading })).toBeVisible();
};

test('search, filters and order are kept in the address and survive a reload', async ({ page }) => {
  await open(page, '/', /work with what you know/);
  await expect(page.getByRole('article').first()).toBeVisible();
  await page.getByRole('link', { name: 'Agents', exact: true }).click();
  await expect(page).toHaveURL(/category=agents/);
  await page.getByRole('searchbox', { name: 'Search the marketplace' }).fill('support');
  await expect(page).toHaveURL(/search=support/);
  await page.getByLabel('Sort by').selectOption('name');
  await page.getByLabel('Price').selectOption('free');
  await expect(page).toHaveURL(/price=free/);
  await page.reload();
  await expect(page.getByRole('searchbox', { name: 'Search the marketplace' })).toHaveValue('support');
  await expect(page.getByLabel('Sort by')).toHaveValue('name');
  await expect(page.getByRole('article').first()).toContainText('Support');
  await page.goBack();
  await expect(page).not.toHaveURL(/price=free/);
  await page.getByRole('searchbox', { name: 'Search the marketplace' }).fill('no such thing at all');
  await expect(page.getByRole('heading', { name: /Nothing found/ })).toBeVisible();
  await page.getByRole('button', { name: 'Clear search and filters' }).click();
  await expect(page.getByRole('article').first()).toBeVisible();
});

test('a product that is coming can be read about but not tried or added', async ({ page }) => {
  await open(page, '/marketplace/?category=apps', 'Apps');
  const card = page.getByRole('article').filter({ hasText: 'Slack Integration' });
  await expect(card.getByText('Coming', { exact: true })).toBeVisible();
  await expect(card.getByRole('button', { name: /Add|Try/ })).toHaveCount(0);
});

test('the demo counts down on the server and names the price', async ({ page }) => {
  await open(page, '/', /work with what you know/);
  await page.getByRole('button', { name: 'Try Customer Support Agent' }).click();
  const drawer = page.getByRole('dialog', { name: 'Try: Customer Support Agent' });
  await expect(drawer.getByText('Demo mode: 5 messages remaining')).toBeVisible();
  await drawer.getByRole('textbox', { name: 'Message' }).fill('How long does standard shipping take?');
  await drawer.getByRole('button', { name: 'Send' }).click();
  await expect(drawer.getByText('Demo mode: 4 messages remaining')).toBeVisible();
  await expect(drawer.getByRole('button', { name: 'Subscribe: 2 credits per message' })).toBeVisible();
  await page.reload();
  await expect(drawer.getByText('Demo mode: 4 messages remaining')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(drawer).toBeHidden();
  await expect(page).not.toHaveURL(/try=/);
});

test('a visitor registers inside the purchase and lands on the configured product', async ({ page }) => {
  await open(page, PRODUCT, 'Customer Support Agent');
  await page.getByRole('button', { name: 'Subscribe', exact: true }).first().click();
  const dialog = page.getByRole('dialog', { name: 'Subscribe' });
  await dialog.getByLabel('Your name').fill('Nora New');
  await dialog.getByLabel('E-mail').fill(`nora-${Date.now()}@example.com`);
  await dialog.getByLabel('Password', { exact: true }).fill('a-long-password');
  await dialog.getByRole('button', { name: 'Create account and continue' }).click();
  await expect(dialog.getByText('After the first message')).toBeVisible();
  await expect(dialog.getByText('1,000 credits')).toBeVisible();
  await expect(dialog.getByText('998 credits')).toBeVisible();
  await dialog.getByRole('button', { name: 'New project' }).click();
  await dialog.getByLabel('New project').fill('My website');
  await dialog.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(dialog.getByRole('combobox', { name: 'Project' })).toHaveValue('My website');
  await dialog.getByRole('button', { name: 'Subscribe', exact: true }).click();
  await expect(page).toHaveURL(/\/organizations\/[^/]+\/agents\/[^/]+\/$/);
});

const signIn = async (page: Page) => {
  await page.goto('/login');
  await page.getByLabel('E-mail').fill('buyer@example.com');
  await page.getByLabel('Password', { exact: true }).fill('marketplace-demo');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('button', { name: /Account of/ }).first()).toBeVisible();
};

test('a paid plan: a declined card says so, a good one leads to the product, and the order is on record', async ({ page }) => {
  await signIn(page);
  await open(page, PRODUCT, 'Customer Support Agent');
  await page.getByRole('button', { name: 'Choose Starter' }).click();
  await page.getByRole('button', { name: 'Continue to payment' }).click();
  await expect(page.getByText('No money moves here')).toBeVisible();
  await accessible(page);
  await page.getByLabel('Card number').fill('4000000000000002');
  await page.getByRole('button', { name: /^Pay \$29/ }).click();
  await expect(page.getByRole('alert')).toContainText('The card was declined');
  await page.getByRole('button', { name: /4242 4242/ }).click();
  await page.getByRole('button', { name: /^Pay \$29/ }).click();
  await expect(page).toHaveURL(/\/organizations\/[^/]+\/agents\/[^/]+\/$/);
  const organization = /organizations\/([^/]+)/.exec(page.url())?.[1] ?? '';
  await open(page, `/organizations/${organization}/orders/`, 'Orders');
  await page.getByRole('row').filter({ hasText: 'Starter' }).first().click();
  await page.getByRole('link', { name: 'Order confirmation' }).click();
  await expect(page.getByRole('heading', { name: 'Your order is complete' })).toBeVisible();
  await accessible(page);
});

test('a top-up raises the balance once', async ({ page }) => {
  await signIn(page);
  await page.getByRole('link', { name: 'Console' }).click();
  await page.getByRole('link', { name: 'Subscriptions', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Subscriptions and billing' })).toBeVisible();
  const balance = async () => Number((await page.getByText('Available', { exact: true }).locator('..').innerText()).replaceAll(/\D/g, ''));
  await expect.poll(balance).toBeGreaterThan(0);
  const before = await balance();
  await page.getByRole('button', { name: 'Top up' }).click();
  await page.getByRole('radio', { name: /^500 credits/ }).click();
  await page.getByRole('button', { name: 'Continue to payment' }).click();
  await page.getByRole('button', { name: /4242 4242/ }).click();
  await page.getByRole('button', { name: /^Pay/ }).click();
  await expect(page.getByRole('heading', { name: 'Subscriptions and billing' })).toBeVisible();
  await expect.poll(balance).toBe(before + 500);
  await expect(page.getByRole('row').filter({ hasText: 'Top-up' }).first()).toContainText('+500');
  await accessible(page);
});

for (const scheme of ['light', 'dark'] as const) {
  test(`storefront screens are accessible in ${scheme}`, async ({ browser }) => {
    const context = await browser.newContext({ colorScheme: scheme });
    const page = await context.newPage();
    await open(page, '/', /work with what you know/);
    await expect(page.getByRole('article').first()).toBeVisible();
    await accessible(page);
    await open(page, PRODUCT, 'Customer Support Agent');
    await expect(page.getByRole('region', { name: 'Demo of Customer Support Agent' }).getByText('messages remaining')).toBeVisible();
    await accessible(page);
    await page.getByRole('button', { name: 'Subscribe', exact: true }).first().click();
    await expect(page.getByLabel('Your name')).toBeVisible();
    await accessible(page);
    await open(page, '/marketplace/compare/?ids=customer-support-agent,research-assistant', 'Compare products');
    await expect(page.getByRole('columnheader', { name: /Research Assistant/ })).toBeVisible();
    await accessible(page);
    await context.close();
  });
}

test('nothing scrolls sideways on a phone, in either direction of writing', async ({ browser }) => {
  for (const dir of ['ltr', 'rtl']) {
    const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
    await page.addInitScript((value) => { document.addEventListener('DOMContentLoaded', () => { document.documentElement.dir = value; }); }, dir);
    for (const [path, heading] of [['/', /work with what you know/], [PRODUCT, 'Customer Support Agent'], ['/marketplace/compare/?ids=customer-support-agent,research-assistant', 'Compare products']] as const) {
      await open(page, path, heading);
      await fits(page);
    }
    await page.close();
  }
});

test('a card is reached and a demo opened by keyboard, and focus comes back', async ({ page }) => {
  await open(page, '/', /work with what you know/);
  const tryIt = page.getByRole('button', { name: 'Try Customer Support Agent' });
  await tryIt.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Try: Customer Support Agent' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(tryIt).toBeFocused();
});
