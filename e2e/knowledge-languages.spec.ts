import { copyFileSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect as usual, test, type Locator, type Page } from '@playwright/test';
import { sharedData, startServer, type RunningServer } from './journey-machine.ts';
import { ask } from './journey-seller.ts';
import { purchase, samplePerson, sellKnowledge, type SamplePerson } from './sample-people.ts';
import { startSmallSite, type SmallSite } from './small-site.ts';

/*
 * A product is trained from a website and a folder of PDFs, both written by others, and asked in languages it was not made
 * in: in Spanish, which the PDFs know, and in Arabic, which the website knows.
 */
test.describe.configure({ mode: 'serial', timeout: 240_000 });
/** Reading 500 pages shares the machine with the browser. */
const expect = usual.configure({ timeout: 120_000 });
const PDFS = ['asvs-six-languages-large.pdf', 'multicolumn.pdf', 'tracemonkey.pdf'];

const reason = sharedData === null ? 'no ../shared/data with real documents' : '';
if (reason === '') trainedInTheBrowser(sharedData ?? '');
else test('a product trained from a website and a folder of PDFs', () => { test.skip(true, reason); });

function trainedInTheBrowser(data: string): void {
  let site: SmallSite;
  let server: RunningServer;
  let bea: SamplePerson;
  let page: Page;
  let folder = '';
  let product = '';

  test.beforeAll(async ({ browser }) => {
    test.setTimeout(200_000);
    folder = mkdtempSync(path.join(tmpdir(), 'papers-'));
    for (const name of PDFS) copyFileSync(path.join(data, 'documents/pdf', name), path.join(folder, name));
    site = await startSmallSite();
    for (const [address, text] of arabicPages(data)) site.pages.set(address, text);
    server = await startServer('', { EGRESS_ALLOW: site.host });
    const [sam, olivia] = [await samplePerson(browser, server.baseUrl, 'seller@example.com'), await samplePerson(browser, server.baseUrl, 'operator@example.com')];
    bea = await samplePerson(browser, server.baseUrl, 'buyer@example.com');
    page = bea.page;
    product = `/organizations/${bea.organization}/agents/${await purchase(bea, await sellKnowledge(sam, olivia, 'Speaks your language'))}`;
    await Promise.all([sam, olivia].map(async (person) => person.page.context().close()));
  });

  test.afterAll(async () => {
    // What did not start has nothing to stop.
    await (bea as SamplePerson | undefined)?.page.context().close();
    await (server as RunningServer | undefined)?.stop();
    await (site as SmallSite | undefined)?.close();
    if (folder !== '') rmSync(folder, { recursive: true, force: true });
  });

  const source = (name: string): Locator => page.getByRole('listitem', { name, exact: true });

  test('a website and a folder of PDFs become knowledge', async () => {
    await page.goto(`${product}/training/`);
    await page.getByLabel('Choose a folder').setInputFiles(folder);
    await page.getByRole('button', { name: 'Set depth, pages and more' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add a website' });
    await dialog.getByRole('textbox', { name: 'Address' }).fill(`${site.origin}/ar/`);
    await dialog.getByLabel('Name').fill('Arabic standard');
    await dialog.getByRole('button', { name: 'Add and read' }).click();
    await expect(source('Arabic standard')).toContainText(/Synced · [4-9] pages/);
    await expect(source('Documents')).toContainText(`Indexed · ${PDFS.length} files`);
  });

  test('a question in Spanish is answered in Spanish, with document and page', async () => {
    await page.goto(`${product}/run/`);
    const answer = await ask(page, '¿Qué se debe verificar cuando se produce un error inesperado o sensible a la seguridad?');
    await expect(answer).toContainText(/mensaje genérico|error inesperado/);
    await cites(answer, page, /, p\. \d+/, /mensaje genérico|error inesperado/);
  });

  test('a question in Arabic is answered in Arabic, with the page of the site', async () => {
    const answer = await ask(page, 'ما هي عملية تأكيد شخص ما على أنه حقيقي وموثوق به؟');
    await expect(answer).toContainText(/المصادقة هي عملية تأكيد/);
    await cites(answer, page, /المصادقة/, /عملية تأكيد/);
  });
}

/** Opens the first source of an answer and looks at where it leads and what it quotes. */
async function cites(answer: Locator, page: Page, chip: RegExp, words: RegExp): Promise<void> {
  const first = answer.getByRole('group', { name: 'Sources' }).getByRole('button').first();
  await expect(first).toContainText(chip);
  await first.click();
  await expect(page.getByRole('dialog').getByRole('blockquote')).toContainText(words);
  await page.keyboard.press('Escape');
}

/** The chapters of a standard that others translated into Arabic, as pages of a site that lead to each other. */
function arabicPages(data: string): [string, string][] {
  const folder = path.join(data, 'documents/md');
  const chapters = readdirSync(folder).filter((name) => name.startsWith('asvs-ar-'));
  const shell = (title: string, body: string): string => `<!doctype html><html lang="ar" dir="rtl"><meta charset="utf-8"><title>${title}</title><main>${body}</main></html>`;
  const pages = chapters.map((name): [string, string] => {
    const lines = readFileSync(path.join(folder, name), 'utf8').split('\n').filter((line) => line.trim() !== '');
    const body = lines.map((line) => (line.startsWith('#') ? `<h2>${line.replace(/^#+\s*/, '')}</h2>` : `<p>${line.replaceAll('<', '&lt;')}</p>`)).join('');
    return [`/ar/${name.replace(/\.md$/, '')}`, shell(lines[0]?.replace(/^#+\s*/, '') ?? name, body)];
  });
  return [['/ar/', shell('المعيار', `<h1>المعيار</h1><p>فصول معيار التحقق من أمان التطبيقات.</p>${pages.map(([address]) => `<a href="${address}">${address}</a>`).join(' ')}`)], ...pages];
}
