/** A product at work: trained, asked in the console, over the API and from another site, and counted everywhere alike. */
import path from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';
import OpenAI from 'openai';
import { z } from 'zod';
import { tab } from './journey-buyer.ts';
import type { CustomerSite } from './journey-machine.ts';
import { ask } from './journey-seller.ts';

export const DOCUMENTS = ['pdf/tracemonkey.pdf', 'docx/tables.docx', 'xlsx/Attendance.xlsx', 'csv/asvs-4.0.3-en.csv', 'html/resume.html', 'md/asvs-es-0x11-V2-Authentication.md'] as const;
export const BAD_DOCUMENT = 'docx/tika-testWORD_truncated.docx';
/** Real documents are read on the machine the tests run on, which may have little to spare. */
const READING_MS = 90_000;

const rowOf = (page: Page, file: string): Locator => page.getByRole('table', { name: 'Documents' }).getByRole('row').filter({ hasText: path.basename(file) });

export async function upload(page: Page, documents: string): Promise<void> {
  await page.getByRole('region', { name: 'Quick start' }).getByRole('link', { name: 'Add documents' }).click();
  await expect(page.getByRole('region', { name: 'Add knowledge' })).toBeVisible();
  await page.getByLabel('Choose files').setInputFiles([...DOCUMENTS, BAD_DOCUMENT].map((name) => path.join(documents, name)));
  await page.getByRole('navigation', { name: 'Training' }).getByRole('link', { name: 'Documents' }).click();
  await expect(rowOf(page, DOCUMENTS[0])).toBeVisible();
}

/** Every good file ends as indexed, the bad one says why; all of it without touching the page. */
export async function watch(page: Page): Promise<void> {
  for (const name of DOCUMENTS) await expect(rowOf(page, name)).toContainText('Indexed', { timeout: READING_MS });
  const failed = rowOf(page, BAD_DOCUMENT);
  await expect(failed).toContainText('Failed', { timeout: READING_MS });
  await expect(failed).toContainText(/Failed.*\w+ \w+ \w+/);
  await expect(page.getByRole('status').filter({ hasText: '6 documents indexed' })).toContainText('1 failed');
}

export const QUESTION = 'What are your opening hours?';
const ANSWER = 'We are open on weekdays from nine to five.';

export async function addPair(page: Page): Promise<void> {
  await page.getByRole('navigation', { name: 'Training' }).getByRole('link', { name: 'Questions and answers' }).click();
  await page.getByRole('button', { name: 'Add pair' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a pair' });
  await dialog.getByLabel('Question').fill(QUESTION);
  await dialog.getByLabel('Answer').fill(ANSWER);
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(page.getByRole('row').filter({ hasText: QUESTION })).toContainText('Indexed');
}

/** What was asked and spent so far; the screens are held against it at the end. */
export interface Tally { messages: number; credits: number }

const Wallet = z.looseObject({ available: z.number().int() });

/** One question about a paper, answered word by word, with a chip that opens document, page and passage. */
export async function askPaper(page: Page, tally: Tally): Promise<void> {
  // Reading the documents was paid for; the page asks what is left, and shows that before the first question.
  const wallet = page.waitForResponse((answer) => new URL(answer.url()).pathname.endsWith('/wallet') && answer.ok());
  await tab(page, 'Run');
  await expect(page.getByText('Ask me about the papers.')).toBeVisible();
  const { available: balance } = Wallet.parse(await (await wallet).json());
  await expect(page.getByText(`Credits used: 0 | Balance: ${balance.toLocaleString('en')} credits`)).toBeVisible();
  const stream = page.waitForResponse((answer) => answer.headers()['content-type']?.startsWith('text/event-stream') === true);
  const answer = await ask(page.locator('main'), 'What does a tracing just-in-time compiler record in a trace?');
  expect((await stream).status()).toBe(200);
  tally.messages += 1;
  tally.credits += 1;
  await expect(answer).toContainText('Ada');
  await expect(answer).toContainText('1 credit');
  await expect(page.getByText(`Credits used: 1 | Balance: ${(balance - 1).toLocaleString('en')} credits`)).toBeVisible();
  const chip = answer.getByRole('group', { name: 'Sources' }).getByRole('button').first();
  await expect(chip).toContainText(/, p\. \d+/);
  await chip.click();
  await expect(page.getByText(/^Page \d+$/)).toBeVisible();
  expect((await page.getByRole('dialog').getByRole('blockquote').innerText()).length).toBeGreaterThan(20);
}

export async function askPair(page: Page, tally: Tally): Promise<void> {
  await page.keyboard.press('Escape');
  await expect(await ask(page.locator('main'), QUESTION)).toContainText('weekdays from nine to five');
  tally.messages += 1;
  tally.credits += 1;
}

/** A key that is seen once, and gone from the screen after that. */
export async function createKey(page: Page): Promise<string> {
  await tab(page, 'API keys');
  await page.getByRole('button', { name: 'Create key' }).click();
  const form = page.getByRole('dialog', { name: 'Create a key' });
  await form.getByLabel('Name').fill('Shop server');
  await form.getByRole('button', { name: 'Create key' }).click();
  const issued = page.getByRole('dialog', { name: 'Your key' });
  const secret = await issued.getByRole('textbox', { name: 'Shop server' }).inputValue();
  expect(secret).toMatch(/sk_live_[\w-]{20,}$/);
  await issued.getByRole('button', { name: 'I have copied it' }).click();
  await page.reload();
  await expect(page.getByRole('row').filter({ hasText: 'Shop server' })).toContainText(secret.slice(-4));
  expect(await page.content()).not.toContain(secret);
  return secret;
}

const Answer = z.looseObject({ citations: z.array(z.looseObject({ title: z.string() })), credits: z.looseObject({ used: z.number() }) });

/** The official client, pointed at this server: whole and streamed. */
export async function callApi(baseUrl: string, apiKey: string, tally: Tally): Promise<void> {
  const client = new OpenAI({ apiKey, baseURL: `${baseUrl}/v1` });
  const messages = [{ role: 'user' as const, content: QUESTION }];
  const whole = await client.chat.completions.create({ model: 'documents-on-call', messages });
  expect(whole.choices[0]?.message.content).toContain('nine to five');
  expect(Answer.parse(whole).citations.length).toBeGreaterThan(0);
  const pieces: string[] = [];
  for await (const chunk of await client.chat.completions.create({ model: 'documents-on-call', messages, stream: true })) pieces.push(chunk.choices[0]?.delta.content ?? '');
  expect(pieces.join('')).toContain('nine to five');
  expect(pieces.filter((piece) => piece !== '').length).toBeGreaterThan(3);
  tally.messages += 2;
  tally.credits += 2;
}

/** Allows one domain in the builder and copies the code it gives for it. */
export async function allowDomain(page: Page, site: CustomerSite): Promise<string> {
  await tab(page, 'Widget');
  await page.getByRole('textbox', { name: 'Allowed domains' }).fill(site.domain);
  await page.getByRole('button', { name: 'Add domain' }).click();
  await expect(page.getByRole('list', { name: 'Allowed domains' })).toContainText(site.domain);
  const code = page.getByRole('region', { name: 'Put it on your site' }).locator('pre').first();
  await expect(code).toContainText('<script');
  return code.innerText();
}

/** A visitor of the customer's site, who knows nothing of this product, asks and opens a source. */
export async function visit(page: Page, site: CustomerSite, code: string, tally: Tally): Promise<void> {
  site.show(code);
  await page.goto(site.origin);
  await page.getByRole('button', { name: /chat/i }).click();
  await expect(page.getByText('Ask me about the papers.')).toBeVisible();
  await page.getByPlaceholder('Write a message…').fill('What does a tracing just-in-time compiler record in a trace?');
  await page.keyboard.press('Enter');
  const answer = page.locator('cmp-widget .bot:not(.welcome)').last();
  await expect(answer).toHaveAttribute('data-state', 'done', { timeout: 20_000 });
  tally.messages += 1;
  tally.credits += 1;
  await answer.locator('button.chip').first().click();
  await expect(page.getByRole('dialog').filter({ hasText: /Page \d+/ }).last()).toContainText(/trace/i);
}

/** The same page under another name: it was not allowed, so nobody can chat from there. */
export async function isRefusedElsewhere(page: Page, site: CustomerSite): Promise<void> {
  await page.goto(site.origin.replace('127.0.0.1', 'localhost'));
  await expect(page.getByRole('heading', { name: 'Paper Lane Books' })).toBeVisible();
  const refused = page.waitForResponse((answer) => answer.url().includes('/v1/widget/config'));
  await page.reload();
  expect((await refused).status()).toBe(403);
  await expect(page.getByRole('button', { name: /chat/i })).toHaveCount(0);
}

/** The number under a label, as a reader takes it from the tile. The label may hold a number of its own. */
async function figure(page: Page, label: string): Promise<number> {
  const tile = page.locator('main').getByText(label, { exact: true }).first().locator('..');
  let number = Number.NaN;
  await expect.poll(async () => {
    number = Number(/[\d,]+/.exec((await tile.innerText()).replace(label, ''))?.[0].replaceAll(',', ''));
    return number;
  }, `the number under ${label}`).not.toBeNaN();
  return number;
}

const inMenu = async (page: Page, entry: string): Promise<void> => {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: entry, exact: true }).click();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
};

interface Counted { messages: number; credits: number }
const counted = async (page: Page, suffix = ''): Promise<Counted> => ({ messages: await figure(page, `Messages${suffix}`), credits: await figure(page, `Credits used${suffix}`) });

/** Opened anew, because what came from elsewhere is only read with the page. */
export async function buyerCounts(page: Page): Promise<{ product: Counted; organization: Counted; balance: number; held: number }> {
  await tab(page, 'Usage');
  await page.reload();
  const product = await counted(page);
  await inMenu(page, 'Usage');
  const organization = await counted(page);
  await inMenu(page, 'Subscriptions');
  return { product, organization, balance: await figure(page, 'Balance'), held: await figure(page, 'Held') };
}

/** Messages in the history of credits, each a row with what it cost. */
export async function messagesInHistory(page: Page): Promise<number> {
  const rows = page.getByRole('table', { name: 'Credit history' }).getByRole('row').filter({ hasText: /^Message/ });
  await expect(rows.first()).toBeVisible();
  return rows.count();
}

export async function sellerCounts(page: Page): Promise<Counted> {
  await inMenu(page, 'Dashboard');
  await page.reload();
  return counted(page, ', 30 days');
}

export async function operatorCounts(page: Page): Promise<Counted> {
  await inMenu(page, 'Dashboard');
  await page.reload();
  return counted(page);
}
