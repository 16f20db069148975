import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';

/** Signs the sample buyer in and opens the widget of their sample product. */
const openBuilder = async (page: Page): Promise<string> => {
  const signedIn = await page.request.post('/api/auth/sign-in/email', { data: { email: 'buyer@example.com', password: 'marketplace-demo' }, headers: { origin: new URL(test.info().project.use.baseURL ?? '').origin } });
  expect(signedIn.ok()).toBe(true);
  const { organizations } = await (await page.request.get('/api/v1/me')).json() as { organizations: { id: string }[] };
  const organization = organizations[0]?.id ?? '';
  const { data } = await (await page.request.get('/api/v1/subscriptions', { headers: { 'x-organization-id': organization } })).json() as { data: { id: string; features: { widget: boolean } }[] };
  const builder = `/organizations/${organization}/agents/${data.find(({ features }) => features.widget)?.id ?? ''}/widget/`;
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
  expect((await new AxeBuilder({ page }).exclude('iframe').analyze()).violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
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
