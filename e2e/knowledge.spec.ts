import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect as usual, test, type Locator, type Page } from '@playwright/test';
import { z } from 'zod';
import { Complaints, inspect } from './accessibility-check.ts';
import { sharedData, startServer, type RunningServer } from './journey-machine.ts';
import { purchase, samplePerson, sellKnowledge, type SamplePerson } from './sample-people.ts';
import { startSmallSite, type SmallSite } from './small-site.ts';

/*
 * The knowledge of a product, as its buyer works with it: files and a folder dropped, a website added, everything watched
 * while it is read, looked at, deleted and tried. Each test continues where the one before ended; every wait is for
 * something people see.
 */
test.describe.configure({ mode: 'serial', timeout: 120_000 });
/** Reading and indexing share the machine with the browser. */
const expect = usual.configure({ timeout: 60_000 });

let site: SmallSite;
let server: RunningServer;
let bea: SamplePerson;
let page: Page;
let training = '';
let api = '';

test.beforeAll(async ({ browser }) => {
  test.setTimeout(240_000);
  site = await startSmallSite();
  server = await startServer('', { EGRESS_ALLOW: site.host });
  const [sam, olivia] = [await samplePerson(browser, server.baseUrl, 'seller@example.com'), await samplePerson(browser, server.baseUrl, 'operator@example.com')];
  bea = await samplePerson(browser, server.baseUrl, 'buyer@example.com');
  page = bea.page;
  const product = await sellKnowledge(sam, olivia, 'Everything known');
  const subscription = await purchase(bea, product);
  training = `/organizations/${bea.organization}/agents/${subscription}/training/`;
  api = `/api/v1/subscriptions/${subscription}/knowledge`;
  await Promise.all([sam, olivia].map(async (person) => person.page.context().close()));
});

test.afterAll(async () => {
  // What did not start has nothing to stop.
  await (bea as SamplePerson | undefined)?.page.context().close();
  await (server as RunningServer | undefined)?.stop();
  await (site as SmallSite | undefined)?.close();
});

interface Dropped { name: string; content: string }

/** Documents of others where they are on this machine, and always a few of our own, one of them broken. */
const OTHERS = sharedData === null ? [] : ['docx/tables.docx', 'xlsx/Attendance.xlsx', 'html/resume.html'].map((name) => path.join(sharedData ?? '', 'documents', name));
const OWN: readonly Dropped[] = [
  { name: 'returns.md', content: '# Returns\n\nA cracked spine is a reason to return a book within 45 days.\n\n# Refunds\n\nRefunds arrive on the card within a week.' },
  { name: 'opening-hours.txt', content: 'We are open on weekdays from nine to five, and on Saturdays until noon.' },
];
const BROKEN: Dropped = { name: 'contract.docx', content: 'PK\u0003\u0004 the rest is missing' };

/** Lets files go over the zone, as a mouse would. */
async function drop(files: readonly Dropped[]): Promise<void> {
  const dataTransfer = await page.evaluateHandle((dropped) => {
    const transfer = new DataTransfer();
    for (const { name, bytes } of dropped) transfer.items.add(new File([Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0))], name));
    return transfer;
  }, files.map(({ name, content }) => ({ name, bytes: Buffer.from(content, 'latin1').toString('base64') })));
  const zone = page.getByText('Drop files or folders here, or choose files');
  for (const event of ['dragenter', 'dragover', 'drop']) await zone.dispatchEvent(event, { dataTransfer });
}

const part = async (name: string): Promise<void> => { await page.getByRole('navigation', { name: 'Training' }).getByRole('link', { name }).click(); };
const source = (name: string): Locator => page.getByRole('listitem', { name, exact: true });
const documents = (): Locator => page.getByRole('table', { name: 'Documents' });
const row = (name: string): Locator => documents().getByRole('row').filter({ hasText: name });
const shot = async (name: string): Promise<void> => { await page.screenshot({ path: `test-results/knowledge/${name}.png`, fullPage: true, animations: 'disabled' }); };

test('files are dropped, read while one looks on, and the broken one says why and can be tried again', async () => {
  test.setTimeout(180_000);
  await page.goto(training);
  await expect(page.getByRole('region', { name: 'Add knowledge' })).toBeVisible();
  await drop([...OWN, BROKEN, ...OTHERS.map((file) => ({ name: path.basename(file), content: readFileSync(file, 'latin1') })), { name: 'setup.exe', content: 'MZ' }]);
  await expect(page.getByRole('alert').filter({ hasText: 'setup.exe is not one of these kinds' })).toBeVisible();
  const uploads = source('Documents');
  await expect(uploads).toContainText(`Indexed · ${OWN.length + OTHERS.length + 1} files`);
  await expect(uploads).toContainText('1 failed');
  await shot('1-uploaded');
  await page.getByRole('link', { name: '1 failed' }).click();
  await expect(page).toHaveURL(/state=failed/);
  await expect(row(BROKEN.name)).toContainText(/Failed.*\w+ \w+ \w+/);
  await expect(documents().getByRole('row')).toHaveCount(2);
  await row(BROKEN.name).getByRole('button', { name: 'Try again' }).click();
  await expect(row(BROKEN.name)).toContainText('Failed');
});

test('the same file again is named and not taken; a folder and a pasted text become documents', async () => {
  await part('Sources');
  await drop([OWN[0] ?? BROKEN]);
  const sent = page.getByRole('region', { name: 'Uploads' });
  await expect(sent).toContainText('The same file is already there as “returns.md”');
  await sent.getByRole('button', { name: 'Dismiss returns.md' }).click();
  await expect(sent).toHaveCount(0);
  const folder = mkdtempSync(path.join(tmpdir(), 'handbook-'));
  for (const name of ['prices.md', 'logo.bin', '.DS_Store']) writeFileSync(path.join(folder, name), `What ${name} says.`);
  await page.getByLabel('Choose a folder').setInputFiles(folder);
  rmSync(folder, { recursive: true });
  const refused = page.getByRole('alert').filter({ hasText: 'logo.bin is not one of these kinds' });
  await expect(refused).not.toContainText('DS_Store');
  await page.getByRole('button', { name: 'Paste a text' }).click();
  const dialog = page.getByRole('dialog', { name: 'Paste a text' });
  await dialog.getByLabel('Title').fill('House rules');
  await dialog.getByRole('textbox', { name: 'Text' }).fill('Dogs are welcome in the shop on Tuesdays.');
  await dialog.getByRole('button', { name: 'Add text' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(source('Documents')).toContainText(`Indexed · ${OWN.length + OTHERS.length + 3} files`);
});

test('a website is tried, added and read; its pages come while one looks on', async () => {
  await page.getByRole('button', { name: 'Set depth, pages and more' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a website' });
  await dialog.getByRole('button', { name: 'Test connection' }).click();
  await expect(dialog.getByText('Fill this in')).toBeVisible();
  await dialog.getByRole('textbox', { name: 'Address' }).fill(`${site.origin}/`);
  await dialog.getByRole('button', { name: 'Test connection' }).click();
  await expect(dialog.getByRole('status').filter({ hasText: 'It can be read' })).toContainText('Paper Lane Books');
  await dialog.getByRole('textbox', { name: 'Depth' }).fill('4');
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Book shop');
  await dialog.getByRole('button', { name: 'Add and read' }).click();
  await expect(dialog).toHaveCount(0);
  await expect(source('Book shop')).toContainText('Synced · 4 pages');
  await expect(source('Book shop')).toContainText('4 added');
  await shot('2-website');
  await source('Book shop').getByRole('button', { name: 'Actions for Book shop' }).click();
  await page.getByRole('menuitem', { name: 'View documents' }).click();
  await expect(documents().getByRole('row')).toHaveCount(5);
  await expect(row('Gift cards')).toContainText(`${site.origin}/help/gifts`);
});

test('a page that is gone leaves with the next reading, and a site can be paused', async () => {
  site.pages.delete('/help/gifts');
  site.pages.set('/help/', (site.pages.get('/help/') ?? '').replace('<a href="/help/gifts">Gift cards</a>', ''));
  await part('Sources');
  await source('Book shop').getByRole('button', { name: 'Sync now' }).click();
  await expect(source('Book shop')).toContainText('1 changed');
  await expect(source('Book shop')).toContainText('1 removed');
  await expect(source('Book shop')).toContainText('Synced · 3 pages');
  await source('Book shop').getByRole('button', { name: 'Actions for Book shop' }).click();
  await page.getByRole('menuitem', { name: 'Pause' }).click();
  await expect(source('Book shop')).toContainText('Paused');
});

test('a source that fails is told on the product, in the list of products and at home, with its reason, until it was read again', async () => {
  test.setTimeout(180_000);
  const front = site.pages.get('/') ?? '';
  const told = page.getByRole('alert').filter({ hasText: 'A source of its knowledge cannot be read' });
  const home = page.getByRole('region', { name: 'Needs attention' });
  const shop = source('Book shop');
  const overview = async (): Promise<void> => { await page.getByRole('navigation', { name: 'Everything known' }).getByRole('link', { name: 'Overview' }).click(); };
  await shop.getByRole('button', { name: 'Actions for Book shop' }).click();
  await page.getByRole('menuitem', { name: 'Resume' }).click();
  site.pages.delete('/');
  await shop.getByRole('button', { name: 'Sync now' }).click();
  await expect(shop).toContainText('Failed');
  await part('Settings');
  await expect(told).toContainText('Book shop');
  await overview();
  await expect(page).toHaveURL(/agents\/[^/]+\/$/);
  await expect(told).toHaveCount(1);
  await expect(told).toContainText(/Book shop · first failed .+, last read .+There is no page at/);
  await shot('2-failing');
  await page.goto(`/organizations/${bea.organization}/`);
  await expect(home.getByRole('listitem')).toHaveText(/Everything known.*Book shop cannot be read.*There is no page at/);
  await shot('2-failing-home');

  // In the list the product says it in words that lead to its sources, while the rest of its card leads to the product.
  const badge = page.getByRole('link', { name: 'Book shop cannot be read: open sources of Everything known' });
  const complaints = new Complaints();
  for (const view of ['cards', 'list']) {
    await page.goto(`/organizations/${bea.organization}/agents/?view=${view}`);
    await expect(badge).toHaveText('Book shop cannot be read');
    await inspect(page, `My products as ${view}`, complaints);
    await shot(`2-failing-${view}`);
  }
  expect(complaints.text).toBe('');
  await badge.click();
  await expect(shop).toContainText('Failed');
  await page.goto(`/organizations/${bea.organization}/`);

  await home.getByRole('link', { name: 'Open sources of Everything known' }).click();
  site.pages.set('/', front);
  await shop.getByRole('button', { name: 'Sync now' }).click();
  await expect(shop).toContainText('Synced · 3 pages');
  await overview();
  await expect(told).toHaveCount(0);
  await page.goto(`/organizations/${bea.organization}/`);
  await expect(page.getByRole('region', { name: 'Your products' })).toContainText('Everything known');
  await expect(home).toHaveCount(0);
  await page.goto(`/organizations/${bea.organization}/agents/`);
  await expect(page.getByRole('link', { name: 'Everything known', exact: true })).toBeVisible();
  await expect(badge).toHaveCount(0);
  await page.goto(training);
});

test('documents are searched, looked into by key, and deleted together', async () => {
  await part('Documents');
  await expect(row('House rules')).toBeVisible();
  await page.keyboard.press('/');
  await page.keyboard.type('hours');
  await expect(documents().getByRole('row')).toHaveCount(2);
  await expect(page).toHaveURL(/q=hours/);
  await row('opening-hours').focus();
  await page.keyboard.press('Enter');
  const drawer = page.getByRole('dialog', { name: 'opening-hours' });
  await expect(drawer).toContainText('We are open on weekdays from nine to five');
  await expect(drawer.getByRole('region', { name: 'Piece 1' })).toContainText('tokens');
  await drawer.getByRole('button', { name: 'Edit' }).click();
  await drawer.getByRole('textbox', { name: 'Category' }).fill('Opening times');
  await drawer.getByRole('button', { name: 'Save' }).click();
  await expect(drawer.getByText('Opening times')).toBeVisible();
  await shot('3-preview');
  await page.keyboard.press('Escape');
  await expect(drawer).toHaveCount(0);
  await page.getByRole('searchbox', { name: 'Search documents' }).fill('');
  await expect(row('House rules')).toBeVisible();
  for (const name of ['House rules', BROKEN.name]) await row(name).getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByRole('dialog', { name: 'Delete 2 documents' }).getByRole('button', { name: 'Delete' }).click();
  await expect(row('House rules')).toHaveCount(0);
  await expect(row(BROKEN.name)).toHaveCount(0);
  await expect(row('returns.md')).toBeVisible();
});

test('more than a page is selected at once', async () => {
  const texts = Array.from({ length: 30 }, (_, index) => ({ external_id: `note-${index}`, title: `Note ${index}`, text: `Note number ${index} of the shop.` }));
  await bea.call('POST', `${api}/documents`, z.unknown(), { documents: texts });
  await page.goto(`${training}?part=documents&kind=api`);
  await expect(page.getByText('30 rows')).toBeVisible();
  await page.getByRole('checkbox', { name: 'Select all' }).check();
  await page.getByRole('button', { name: 'Select all 30 that match' }).click();
  await expect(page.getByText('30 selected')).toBeVisible();
  await row('Note').first().focus();
  await page.keyboard.press('Delete');
  await page.getByRole('dialog', { name: 'Delete 30 documents' }).getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByText('Nothing matches.')).toBeVisible();
});

test('a question is tried: the answer with its source, the passages with their scores, and the ways of searching beside each other', async () => {
  await part('Test');
  await page.getByLabel('Ask a question').fill('When are you open?');
  await page.getByRole('button', { name: 'Test', exact: true }).click();
  const answer = page.getByRole('region', { name: 'Answer' });
  await expect(answer).toContainText('weekdays from nine to five');
  await expect(answer.getByRole('group', { name: 'Sources' })).toContainText('opening-hours');
  const passages = page.getByRole('list', { name: 'Found passages' });
  await expect(passages.getByRole('listitem').first()).toContainText(/opening-hours.*\d\.\d\d/s);
  await expect(passages.getByRole('listitem').first()).toContainText('Place 1 by words and 1 by meaning.');
  await shot('4-answer');
  await page.getByText('Compare methods').click();
  await page.getByRole('button', { name: 'Test', exact: true }).click();
  for (const method of ['Meaning and words', 'Meaning', 'Words']) await expect(page.getByRole('region', { name: method, exact: true }).getByRole('listitem').first()).toContainText('opening-hours');
  await page.getByText('Search only').click();
  await page.getByRole('textbox', { name: 'Only of the category' }).fill('Opening times');
  await page.getByRole('button', { name: 'Test', exact: true }).click();
  await expect(passages.getByRole('listitem')).toHaveCount(1);
  await expect(page).toHaveURL(/category=Opening/);
  await shot('5-narrowed');
  await page.getByRole('navigation', { name: 'Asked before' }).getByRole('button').last().click();
  await expect(answer).toContainText('weekdays from nine to five');
});

test('another way of splitting is offered to everything that is there', async () => {
  await part('Settings');
  await page.getByRole('button', { name: /^More options/ }).click();
  await page.getByRole('button', { name: /^Chunking/ }).click();
  await page.getByRole('textbox', { name: 'Piece size' }).fill('256');
  await page.getByRole('button', { name: /^Save/ }).click();
  const changed = page.getByRole('status').filter({ hasText: 'You changed how documents are split.' });
  await expect(changed).toBeVisible();
  await page.getByRole('button', { name: 'Index everything again' }).click();
  await page.getByRole('dialog', { name: 'Index everything again?' }).getByRole('button', { name: 'Index again' }).click();
  await expect(changed).toHaveCount(0);
  await expect(page.getByRole('status').filter({ hasText: 'documents indexed' })).not.toContainText('in work');
});

test('a source goes with its documents, after it said how many', async () => {
  await part('Sources');
  await source('Book shop').getByRole('button', { name: 'Actions for Book shop' }).click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  const dialog = page.getByRole('dialog', { name: 'Remove Book shop?' });
  await expect(dialog).toContainText('3 pages go with it');
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await expect(source('Book shop')).toHaveCount(0);
  await part('Documents');
  await expect(row('returns.md')).toBeVisible();
  await expect(row('Shipping')).toHaveCount(0);
});

test('all of it fits a phone', async () => {
  await page.setViewportSize({ width: 390, height: 844 });
  for (const [address, seen] of [['', 'Add knowledge'], ['?part=documents', 'returns'], ['?part=settings', 'Index everything again'], ['?part=test', 'Ask a question'], ['?add=website', 'Add a website']] as const) {
    await page.goto(`${training}${address}`);
    await expect(page.getByText(seen).first()).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth), address).toBe(0);
  }
  await shot('6-phone');
});
