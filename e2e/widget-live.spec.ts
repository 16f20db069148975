import { expect, test, type Page } from '@playwright/test';
import { violationsOf } from './axe.ts';
import { enter } from './sample-people.ts';

/** Signs the sample buyer in and names their sample product. */
const signIn = async (page: Page): Promise<{ organization: string; subscription: string }> => {
  await enter(page, 'buyer@example.com');
  const { organizations } = await (await page.request.get('/api/v1/me')).json() as { organizations: { id: string }[] };
  const organization = organizations[0]?.id ?? '';
  const { data } = await (await page.request.get('/api/v1/subscriptions', { headers: { 'x-organization-id': organization } })).json() as { data: { id: string; features: { widget: boolean } }[] };
  // The oldest: what other tests bought for them since is not trained yet.
  return { organization, subscription: data.findLast(({ features }) => features.widget)?.id ?? '' };
};

const openBuilder = async (page: Page): Promise<string> => {
  const { organization, subscription } = await signIn(page);
  const builder = `/organizations/${organization}/agents/${subscription}/widget/`;
  await page.goto(builder);
  return builder;
};

const preview = (page: Page) => page.frameLocator('iframe[title="Preview of the widget"]:not([data-hidden])');

test('the preview follows the form before anything is saved, and typing stays in the form', async ({ page }) => {
  await openBuilder(page);
  await expect(preview(page).getByRole('dialog')).toBeVisible();
  await page.getByText('Closed', { exact: true }).click();
  const label = page.getByRole('textbox', { name: 'Label' });
  await label.fill('Ask us');
  await expect(preview(page).getByRole('button', { name: 'Ask us' })).toBeVisible();
  await expect(label).toBeFocused();
  await page.getByRole('button', { name: 'Discard' }).click();
  await expect(preview(page).getByRole('button', { name: 'Ask us' })).toHaveCount(0);
  expect((await violationsOf(page, {}, { exclude: ['iframe'] })).map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
});

test('the saved widget answers on the page for trying it, although no allowed domain names it', async ({ page }) => {
  const builder = await openBuilder(page);
  await page.goto(`${builder}live/`);
  const site = page.frameLocator('iframe[title="Sample page with your widget"]');
  await site.locator('button.launcher').click();
  await site.getByRole('textbox').fill('How long does shipping take?');
  await site.getByRole('textbox').press('Enter');
  await expect(site.getByText('business days').first()).toBeVisible({ timeout: 15_000 });
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('over a WebSocket where the page asks for it, and by itself over HTTP where none gets through', async ({ page }) => {
  const { organization, subscription } = await signIn(page);
  const { data: keys } = await (await page.request.get(`/api/v1/subscriptions/${subscription}/keys`, { headers: { 'x-organization-id': organization } })).json() as { data: { publishable_key: string | null }[] };
  const key = keys.find(({ publishable_key }) => publishable_key)?.publishable_key ?? '';
  /** A bare page of the product's own origin; one that a test makes up has no address the browser would let a socket leave from. */
  const embed = async (): Promise<void> => {
    await page.goto('/healthz');
    await page.evaluate((data) => {
      const script = document.createElement('script');
      script.src = '/widget.js';
      Object.assign(script.dataset, data);
      document.body.append(script);
    }, { key, transport: 'websocket', autoOpen: 'true' });
  };
  const ask = async (question: string): Promise<void> => {
    const box = page.locator('cmp-widget').getByRole('textbox');
    await box.fill(question);
    await box.press('Enter');
    await expect(page.locator('cmp-widget').getByText('business days').first()).toBeVisible({ timeout: 15_000 });
  };
  const posts: string[] = [];
  page.on('request', (request) => { if (request.method() === 'POST') posts.push(new URL(request.url()).pathname); });
  const opened = page.waitForEvent('websocket');
  await embed();
  await ask('How long does shipping take?');
  expect((await opened).url()).toMatch(/\/v1\/ws$/);
  expect(posts).toEqual([]);

  await page.evaluate(() => { localStorage.clear(); sessionStorage.clear(); });
  await page.addInitScript(() => { window.WebSocket = class { constructor() { throw new Error('no way through'); } } as never; });
  await embed();
  await ask('How long does shipping take?');
  expect(posts).toEqual(['/v1/chat/completions']);
});
