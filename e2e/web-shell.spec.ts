import { expect, test as base, type Page } from '@playwright/test';
import { violationsOf } from './axe.ts';

/*
 * The frame around every screen: sign-in, addresses, keys, looks. The answers of the API are given here, so that these
 * tests say something about the browser's side alone; the journeys through the whole product have files of their own.
 */
const ORGANIZATION = '11111111-1111-4111-8111-111111111111';
const OTHER = '55555555-5555-4555-8555-555555555555';
const SELL = `/organizations/${OTHER}/sell/`;

const me = (signedIn: boolean) => ({
  user: signedIn ? { id: ORGANIZATION, name: 'Dana Buyer', email: 'dana@example.com', operator: false } : null,
  organizations: signedIn
    ? [{ id: ORGANIZATION, name: 'Acme Robotics', slug: 'acme', role: 'owner', provider: null, projects: [] }, { id: OTHER, name: 'Northwind', slug: 'northwind', role: 'owner', provider: null, projects: [] }]
    : [],
  active_organization_id: signedIn ? ORGANIZATION : null,
  brand: { name: 'Tradewind' },
});

interface Api { signedIn: boolean; organizations: (string | undefined)[]; profile: { status: number; body: unknown } }

const test = base.extend<{ api: Api }>({
  api: async ({ page }, provide) => {
    const api: Api = { signedIn: true, organizations: [], profile: { status: 500, body: {} } };
    await page.route('**/api/**', async (route) => {
      const { pathname } = new URL(route.request().url());
      if (pathname === '/api/v1/me') return route.fulfill({ json: me(api.signedIn) });
      if (pathname === '/api/auth/sign-in/email') {
        const { password } = route.request().postDataJSON() as { password: string };
        api.signedIn = password === 'right-password';
        return route.fulfill(api.signedIn ? { json: {} } : { status: 401, json: { code: 'INVALID_EMAIL_OR_PASSWORD', message: 'no' } });
      }
      if (pathname === `/api/v1/organizations/${OTHER}/provider`) {
        api.organizations.push(route.request().headers()['x-organization-id']);
        return route.fulfill({ status: api.profile.status, json: api.profile.body, headers: { 'content-type': 'application/problem+json' } });
      }
      return route.fulfill({ status: 404, json: { type: 'about:blank', title: 'Not found', status: 404, detail: '', code: 'not-found', request_id: 'req_none', errors: [] } });
    });
    await provide(api);
  },
});

const field = (page: Page, name: string) => page.getByRole('textbox', { name });

test('a console address asks to sign in and then shows what was asked for', async ({ page, api }) => {
  api.signedIn = false;
  await page.goto(`${SELL}?x=1`);
  await expect(page).toHaveURL(/\/login\?next=/);
  await field(page, 'E-mail').fill('dana@example.com');
  await field(page, 'Password').fill('wrong');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByText('E-mail or password is not right')).toBeVisible();
  await field(page, 'Password').fill('right-password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(/\/sell\/\?x=1$/);
  await expect(page.getByRole('heading', { name: 'Start selling' })).toBeVisible();
});

test('signing in never leads to another site', async ({ page, baseURL, api }) => {
  expect(api.signedIn).toBe(true);
  for (const next of ['//evil.example', '/%5C/evil.example', 'https:evil.example', '/%09/evil.example']) {
    await page.goto(`/login?next=${next}`);
    await expect(page).not.toHaveURL(/login/);
    expect(new URL(page.url()).origin).toBe(new URL(baseURL ?? '').origin);
  }
});

test('an address of a foreign organization says what is missing', async ({ page, api }) => {
  expect(api.signedIn).toBe(true);
  await page.goto('/organizations/99999999-9999-4999-8999-999999999999/sell/');
  await expect(page.getByRole('heading', { name: 'You are not a member of this organization' })).toBeVisible();
  await page.goto('/no-such-page');
  await expect(page.getByRole('heading', { name: 'There is nothing at this address' })).toBeVisible();
});

test('a form checks, saves by key, shows the server’s words beside the field and guards what is unsaved', async ({ page, api }) => {
  await page.goto(SELL);
  await field(page, 'Provider name').fill('');
  await page.keyboard.press('Control+s');
  await expect(page.getByText(/Use at least 2 characters|Fill this in/)).toBeVisible();
  await field(page, 'Provider name').fill('Northwind');
  await field(page, 'Website').fill('nonsense');
  await page.keyboard.press('Control+s');
  await expect(page.getByText('Enter a full address such as https://example.com')).toBeVisible();
  await field(page, 'Website').fill('https://northwind.example');
  api.profile = { status: 409, body: { type: 'about:blank', title: 'Taken', status: 409, detail: 'Taken', code: 'taken', request_id: 'req_1', errors: [{ path: 'name', message: 'Another provider has this name' }] } };
  await page.keyboard.press('Control+s');
  await expect(page.getByText('Another provider has this name')).toBeVisible();
  expect(api.organizations).toEqual([OTHER]);
  await page.getByRole('link', { name: 'Marketplace' }).first().click();
  await expect(page.getByText('Leave without saving?')).toBeVisible();
  await page.getByRole('button', { name: 'Stay' }).click();
  await expect(field(page, 'Provider name')).toHaveValue('Northwind');
});

test('the keyboard reaches everything: skip link, list of keys, command palette', async ({ page, api }) => {
  expect(api.signedIn).toBe(true);
  await page.goto(SELL);
  await page.getByRole('heading', { name: 'Start selling' }).waitFor();
  await page.keyboard.press('Tab');
  await expect(page.getByText('Skip to content')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('#content')).toBeFocused();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder('Go to, create, search').fill('automations');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/category=automations/);
});

test('the chosen look is there before the page is drawn', async ({ page, api }) => {
  expect(api.signedIn).toBe(true);
  await page.goto(SELL);
  await page.getByRole('button', { name: /Account/ }).click();
  await page.getByRole('menuitemradio', { name: 'Dark' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
  // Without any of the application's code, the scheme still stands.
  await page.route('**/assets/*.js', (route) => route.abort());
  await page.reload({ waitUntil: 'domcontentloaded' });
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', 'dark');
});

for (const scheme of ['light', 'dark'] as const) {
  test(`sign-in, form and refusals pass the accessibility checks in ${scheme}`, async ({ page, api }) => {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    for (const [path, signedIn] of [['/login', false], ['/register', false], [SELL, true], ['/no-such-page', true], ['/accept-invitation/1', true]] as const) {
      api.signedIn = signedIn;
      await page.goto(path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      const violations = await violationsOf(page);
      expect(violations.map(({ id, nodes }) => `${path} ${id}: ${nodes[0]?.html ?? ''}`)).toEqual([]);
    }
  });
}

test('on a phone the navigation is a sheet and nothing scrolls sideways', async ({ page, api }) => {
  expect(api.signedIn).toBe(true);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(SELL);
  await page.getByRole('button', { name: 'Navigation' }).click();
  await page.getByRole('dialog').getByRole('link', { name: 'Marketplace' }).last().click();
  await expect(page).toHaveURL(/\/marketplace/);
  for (const path of ['/login', '/register', SELL]) {
    await page.goto(path);
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
  }
});
