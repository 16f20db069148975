/** The buyer's part of the journey: from a search in the marketplace to a product of one's own that answers. */
import { expect, type Page } from '@playwright/test';
import { ask, PASSWORD, PRODUCT } from './journey-seller.ts';

export async function find(page: Page): Promise<void> {
  await page.goto('/');
  await page.getByRole('searchbox', { name: 'Search the marketplace' }).fill('documents page passage');
  await expect(page).toHaveURL(/search=documents/);
  await page.getByRole('navigation', { name: 'Categories' }).getByRole('link', { name: 'Agents' }).click();
  await page.getByLabel('Price').selectOption('free');
  await expect(page).toHaveURL(/price=free/);
  const card = page.getByRole('article').filter({ hasText: PRODUCT.name });
  await expect(card).toContainText(PRODUCT.summary);
  await expect(card).toContainText('1 credit per message');
  await expect(card.getByRole('img', { name: 'Verified provider' })).toBeVisible();
}

export async function openProduct(page: Page): Promise<void> {
  await page.getByRole('article').getByRole('link', { name: PRODUCT.name }).click();
  await expect(page.getByRole('heading', { level: 1, name: PRODUCT.name })).toBeVisible();
  await expect(page.getByText('Reads PDF, Word, Excel, CSV, HTML and Markdown.')).toBeVisible();
}

/** Five messages for nothing, counted by the server; then the way to buy stands where the box was. */
export async function useUpDemo(page: Page, look: () => Promise<unknown>): Promise<void> {
  const demo = page.getByRole('region', { name: `Demo of ${PRODUCT.name}` });
  for (let left = 5; left > 0; left--) {
    await expect(demo.getByText(`Demo mode: ${left} ${left === 1 ? 'message' : 'messages'} remaining`)).toBeVisible();
    await ask(demo, left === 5 ? 'Hello' : `Hello again, ${left}`);
    if (left === 5) await look();
  }
  await expect(demo.getByText('Ready to get started?')).toBeVisible();
  await expect(demo.getByRole('textbox', { name: 'Message' })).toHaveCount(0);
  await page.reload();
  await expect(demo.getByRole('button', { name: /^Subscribe now/ })).toBeVisible();
}

export async function comparePlans(page: Page): Promise<void> {
  const compared = page.getByRole('region', { name: 'Plans compared' });
  await expect(compared.getByRole('row').filter({ hasText: 'Messages a month' })).toContainText(/Unlimited.*1,000.*10,000.*100,000/);
  await expect(compared.getByRole('button', { name: 'Choose Starter' })).toBeVisible();
}

/** Chooses the plan that costs credits only and becomes a member inside the dialog. */
export async function subscribe(page: Page, person: { name: string; email: string }): Promise<void> {
  await page.getByRole('button', { name: 'Choose Credits' }).click();
  const dialog = page.getByRole('dialog', { name: 'Subscribe' });
  await expect(dialog.getByRole('radio', { name: /^Credits/ })).toBeChecked();
  await dialog.getByLabel('Your name').fill(person.name);
  await dialog.getByLabel('E-mail').fill(person.email);
  await dialog.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Create account and continue' }).click();
  await expect(dialog.getByRole('radio', { name: /^Credits/ })).toBeChecked();
  await expect(dialog.getByText('1,000 credits')).toBeVisible();
  await expect(dialog.getByText('999 credits')).toBeVisible();
  await dialog.getByRole('button', { name: 'New project' }).click();
  await dialog.getByLabel('New project').fill('Book shop');
  await dialog.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(dialog.getByRole('combobox', { name: 'Project' })).toHaveValue('Book shop');
}

/** The last click, and where it leads. */
export async function land(page: Page): Promise<void> {
  await page.getByRole('dialog', { name: 'Subscribe' }).getByRole('button', { name: 'Subscribe', exact: true }).click();
  await expect(page).toHaveURL(/\/organizations\/[^/]+\/agents\/[^/]+\/$/);
  await expect(page.getByRole('heading', { level: 1, name: PRODUCT.name })).toBeVisible();
  const guide = page.getByRole('region', { name: 'Quick start' });
  await expect(guide).toContainText(/1 of \d done/);
  await expect(page.getByText('Book shop').first()).toBeVisible();
}

export const tab = async (page: Page, name: string): Promise<void> => {
  await page.getByRole('navigation', { name: PRODUCT.name }).getByRole('link', { name, exact: true }).click();
};

const part = async (page: Page, name: string): Promise<void> => {
  await page.getByRole('navigation', { name: 'Configuration' }).getByRole('link', { name, exact: true }).click();
};

const save = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: /^Save/ }).click();
  await expect(page.getByText('Unsaved changes')).toHaveCount(0);
};

/** Makes it the buyer's own; what the seller left closed is not there. */
export async function configure(page: Page, exposed: string): Promise<void> {
  await tab(page, 'Configure');
  const preview = page.getByRole('complementary', { name: 'Preview' });
  await part(page, 'Persona');
  await expect(page.getByRole('combobox', { name: 'Tone' })).toBeVisible();
  await expect(page.getByText(/Avatar|Language|Boundaries/)).toHaveCount(0);
  await page.getByLabel('Name', { exact: true }).fill('Ada');
  await expect(preview).toContainText('Ada');
  await save(page);
  await part(page, 'Conversation');
  await page.getByLabel('Welcome message').fill('Ask me about the papers.');
  await expect(preview).toContainText('Ask me about the papers.');
  await save(page);
  await part(page, 'Branding');
  await page.getByLabel('Primary colour', { exact: true }).fill('#7c3aed');
  await expect(page.getByText(/Custom CSS|Typeface|Font/)).toHaveCount(0);
  await save(page);
  await part(page, 'Settings');
  await expect(page.getByLabel(exposed)).toBeVisible();
  const parts = page.getByRole('navigation', { name: 'Configuration' });
  await expect(parts.getByRole('link', { name: 'Output' })).toHaveCount(0);
}
