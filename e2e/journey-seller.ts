/** The seller's and the operator's part of the journey: from a flow somebody exported to a product in the marketplace. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';

export const PASSWORD = 'a-long-password';
export const PRODUCT = { name: 'Documents on call', slug: 'documents-on-call', summary: 'Answers questions from the documents you give it, with page and passage.' } as const;
export const REASON = 'Please say in the description which kinds of files it reads.';

export async function register(page: Page, person: { name: string; email: string }): Promise<void> {
  await page.goto('/');
  await page.getByRole('link', { name: 'Sign in' }).click();
  await page.getByRole('link', { name: 'Create an account' }).click();
  await page.getByLabel('Your name').fill(person.name);
  await page.getByLabel('E-mail').fill(person.email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Create account' }).click();
  await expect(account(page)).toBeVisible();
}

export async function signIn(page: Page, email: string, password = PASSWORD): Promise<void> {
  await page.goto('/login');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(account(page)).toBeVisible();
}

export async function signOut(page: Page): Promise<void> {
  await account(page).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page.getByRole('link', { name: 'Sign in' })).toBeVisible();
}

const account = (page: Page): Locator => page.getByRole('button', { name: /Account of/ }).first();

export async function becomeProvider(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Console' }).click();
  await page.getByRole('radiogroup', { name: 'What you do here' }).getByText('Start selling').click();
  await expect(page.getByRole('heading', { level: 1, name: 'Start selling' })).toBeVisible();
  await page.getByLabel('Provider name').fill('Paper Trail Studio');
  await page.getByLabel('Website').fill('https://papertrail.example');
  await page.getByRole('button', { name: 'Start selling' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Dashboard' })).toBeVisible();
  await expect(page.getByText('Create your first product')).toBeVisible();
}

/** The step of the wizard that is open, once the draft is stored. */
export async function atStep(page: Page, title: string): Promise<void> {
  await expect(page.getByRole('navigation', { name: 'Steps' }).locator('[aria-current=step]')).toContainText(title);
}

export async function saved(page: Page): Promise<void> {
  await expect(page.getByRole('status').filter({ hasText: /^Saved$/ })).toBeVisible();
}

export async function goOn(page: Page, button = 'Continue'): Promise<void> {
  await page.getByRole('button', { name: button, exact: true }).click();
}

export async function chooseKind(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Create product' }).first().click();
  await expect(page.getByRole('heading', { name: 'What are you creating?' })).toBeVisible();
  await page.getByRole('radio', { name: /^Agent/ }).click();
  await page.getByLabel('Kind', { exact: true }).getByRole('radio').first().click();
  await goOn(page);
  await atStep(page, 'Import or build');
}

/** Drags a file from the desktop over the page and lets it go on the zone, as a mouse would. */
export async function dropFile(page: Page, file: string): Promise<void> {
  const zone = page.locator('[class*=zone]').filter({ hasText: /Drop the exported file/ });
  await expect(zone).toBeVisible();
  const dataTransfer = await page.evaluateHandle(({ name, text }) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], name, { type: 'application/json' }));
    return transfer;
  }, { name: path.basename(file), text: readFileSync(file, 'utf8') });
  for (const event of ['dragenter', 'dragover', 'drop']) await zone.dispatchEvent(event, { dataTransfer });
}

export async function readReport(page: Page): Promise<void> {
  await expect(page.getByText(/All \d+ steps run here/)).toBeVisible();
  const steps = page.getByRole('table', { name: 'Steps of the flow' });
  expect(await steps.getByRole('row').count()).toBeGreaterThan(4);
  await expect(steps.getByRole('row').filter({ hasText: 'Approximated' }).first()).toBeVisible();
  await expect(page.getByRole('region', { name: 'What was found' })).toContainText('A chat message');
}

/** Hands the first value of the flow to buyers; tells what it is called. */
export async function letBuyersSetOne(page: Page): Promise<string> {
  const values = page.getByRole('region', { name: 'What buyers can set' });
  const choice = values.getByRole('switch').first();
  const title = (await choice.getAttribute('aria-label') ?? '').replace('Let buyers set ', '');
  expect(title).not.toBe('');
  if (!await choice.isChecked()) await choice.click();
  await expect(choice).toBeChecked();
  await saved(page);
  return title;
}
