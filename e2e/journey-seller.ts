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

const account = (page: Page): Locator => page.getByRole('button', { name: /^Account/ }).first();

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
  await page.getByRole('radiogroup', { name: 'Category' }).getByRole('radio', { name: /^Agent/ }).click();
  await page.getByRole('radiogroup', { name: 'Kind' }).getByRole('radio').first().click();
  await goOn(page);
  await atStep(page, 'Import or build');
}

/** Drags a file from the desktop over the page and lets it go on the zone, as a mouse would. `text` stands in for what is in it. */
export async function dropFile(page: Page, file: string, text = readFileSync(file, 'utf8')): Promise<void> {
  const zone = page.getByText(/Drop the exported file/);
  await expect(zone).toBeVisible();
  const dataTransfer = await page.evaluateHandle(({ name, content }) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([content], name, { type: 'application/json' }));
    return transfer;
  }, { name: path.basename(file), content: text });
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

/** The widget may sit in another corner, branding takes no letters of the buyer's own. */
export async function changeCapabilities(page: Page): Promise<void> {
  await atStep(page, 'Capabilities');
  await expect(page.getByText('1 setting differs from what is usual for an agent.')).toBeVisible();
  await page.getByRole('group', { name: 'What buyers may customise' }).getByRole('checkbox', { name: 'Position' }).check();
  await expect(page.getByText('2 settings differ from what is usual for an agent.')).toBeVisible();
  await saved(page);
}

export async function takeUsualPlans(page: Page): Promise<void> {
  await atStep(page, 'Plans');
  await page.getByRole('button', { name: 'Use the usual four' }).click();
  const compared = page.getByRole('region', { name: 'Plans compared' });
  for (const plan of ['Credits', 'Starter', 'Professional', 'Enterprise']) await expect(compared.getByRole('columnheader', { name: plan })).toBeVisible();
  await saved(page);
}

/** Name, summary and description with its preview, and a logo that is uploaded. */
export async function writeListing(page: Page): Promise<void> {
  await atStep(page, 'Listing');
  await page.getByLabel('Name', { exact: true }).fill(PRODUCT.name);
  await expect(page.getByLabel('Address')).toHaveValue(PRODUCT.slug);
  await page.getByLabel('Summary').fill(PRODUCT.summary);
  await page.getByLabel('Description', { exact: true }).fill('## What it does\n\nUpload your documents and ask. **Every answer** names its source.\n\n- document\n- page\n- passage');
  const modes = page.getByRole('radiogroup', { name: 'Description: write or preview' });
  await modes.getByText('Preview').click();
  await expect(page.getByRole('heading', { name: 'What it does' })).toBeVisible();
  await expect(page.locator('strong', { hasText: 'Every answer' })).toBeVisible();
  await modes.getByText('Write').click();
  await page.locator('input[type=file][accept*="image/png"]').first().setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: await drawLogo(page) });
  await expect(page.getByRole('button', { name: 'Replace' })).toBeVisible();
  const card = page.getByRole('complementary', { name: 'Preview' });
  await expect(card.getByRole('heading', { name: PRODUCT.name })).toBeVisible();
  await expect.poll(async () => card.locator('img').first().evaluate((picture: HTMLImageElement) => picture.naturalWidth)).toBe(LOGO_SIZE);
  await saved(page);
}

const LOGO_SIZE = 160;

/** A picture made on the spot, so that no file has to lie beside the tests. */
async function drawLogo(page: Page): Promise<Buffer> {
  const drawn = await page.evaluate((size) => {
    const canvas = document.createElement('canvas');
    canvas.width = size;
    canvas.height = size;
    const pen = canvas.getContext('2d');
    if (pen === null) throw new Error('this browser draws nothing');
    pen.fillStyle = '#0f766e';
    pen.fillRect(0, 0, size, size);
    pen.fillStyle = '#ffffff';
    for (const [y, width] of [[44, 80], [72, 56], [100, 68]] as const) pen.fillRect(40, y, width, 14);
    return canvas.toDataURL('image/png');
  }, LOGO_SIZE);
  return Buffer.from(drawn.split(',')[1] ?? '', 'base64');
}

export async function resumes(page: Page): Promise<void> {
  const address = page.url();
  await page.reload();
  await atStep(page, 'Listing');
  await expect(page.getByLabel('Summary')).toHaveValue(PRODUCT.summary);
  expect(page.url()).toBe(address);
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'My products' }).click();
  await page.getByRole('article').filter({ hasText: PRODUCT.name }).getByRole('link', { name: 'Continue' }).click();
  await atStep(page, 'Listing');
}

/** Asks in the chat that is open and waits for the whole answer. */
export async function ask(thread: Page | Locator, question: string): Promise<Locator> {
  const copy = ('page' in thread ? thread.page() : thread).getByRole('button', { name: 'Copy', exact: true });
  const answers = thread.getByRole('region', { name: /^Conversation with/ }).getByRole('listitem').filter({ has: copy });
  const before = await answers.count();
  await thread.getByRole('textbox', { name: 'Message' }).fill(question);
  await thread.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(answers).toHaveCount(before + 1, { timeout: 20_000 });
  return answers.last();
}

export async function tryDraft(page: Page): Promise<void> {
  await goOn(page, 'Preview');
  await atStep(page, 'Preview and submit');
  await expect(await ask(page, 'What can you do?')).toContainText(/\w{3,}/);
}

export async function submit(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Submit for review' }).click();
  await expect(page.getByRole('heading', { name: 'Submitted for review' })).toBeVisible();
}

async function openReview(page: Page): Promise<void> {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Reviews' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Reviews' })).toBeVisible();
  await page.getByRole('row').filter({ hasText: PRODUCT.name }).click();
  await expect(page.getByRole('heading', { level: 1, name: PRODUCT.name })).toBeVisible();
}

export async function readReview(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Console' }).click();
  await page.getByRole('radiogroup', { name: 'What you do here' }).getByText('Operating').click();
  await openReview(page);
  await page.getByRole('tab', { name: 'Flow' }).click();
  await readReport(page);
  await expect(page.getByRole('region', { name: 'What buyers can set' }).getByText('Buyers set it')).toHaveCount(1);
}

export async function reject(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Reject/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('What the seller should change').fill(REASON);
  await dialog.getByRole('button', { name: 'Reject' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Reviews' })).toBeVisible();
}

export async function approve(page: Page): Promise<void> {
  await openReview(page);
  await page.getByRole('button', { name: /^Approve/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('checkbox', { name: /^Mark .* as verified/ }).check();
  await dialog.getByRole('button', { name: 'Approve and list' }).click();
  await expect(page.getByText('Nothing waits for review')).toBeVisible();
}

/** The seller reads why, adds what was asked for and sends it again. */
export async function fixAndResubmit(page: Page, look: () => Promise<unknown>): Promise<void> {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'My products' }).click();
  const product = page.getByRole('article').filter({ hasText: PRODUCT.name });
  await expect(product).toContainText(REASON);
  await expect(product).toContainText('Rejected');
  await look();
  await product.getByRole('link', { name: 'Fix and resubmit' }).click();
  await page.getByRole('navigation', { name: 'Steps' }).getByRole('button', { name: /Listing/ }).click();
  await atStep(page, 'Listing');
  const description = page.getByLabel('Description', { exact: true });
  await expect(description).toHaveValue(/Every answer/);
  await description.fill(`${await description.inputValue()}\n\nReads PDF, Word, Excel, CSV, HTML and Markdown.`);
  await saved(page);
  await goOn(page, 'Preview');
  await submit(page);
}
