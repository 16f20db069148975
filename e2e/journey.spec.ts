import path from 'node:path';
import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import * as buyer from './journey-buyer.ts';
import { freshDatabase, sharedData, startServer, startSite, type CustomerSite, type RunningServer } from './journey-machine.ts';
import * as product from './journey-product.ts';
import * as seller from './journey-seller.ts';

/*
 * The whole journey through the screens, as three people and a visitor would make it, on an empty machine: a flow that
 * somebody else exported, documents that somebody else wrote, the official client and a website of its own. Each
 * station continues where the one before ended.
 */
const owner = process.env.TEST_DATABASE_ADMIN_URL ?? '';
const DATABASES = [
  { name: 'embedded database', folder: 'embedded', skipped: '', open: async () => ({ url: '', drop: async () => undefined }) },
  { name: 'Postgres server', folder: 'server', skipped: owner === '' ? 'TEST_DATABASE_ADMIN_URL is not set' : '', open: async () => freshDatabase(owner) },
] as const;

for (const { name, folder, skipped, open } of DATABASES) {
  const reason = sharedData === null ? 'no ../shared/data with real flows and documents' : skipped;
  if (reason === '') test.describe(name, () => { journey(folder, open); });
  else test(name, () => { test.skip(true, `the journey on the ${name}: ${reason}`); });
}

function journey(folder: string, open: () => Promise<{ url: string; drop: () => Promise<void> }>): void {
  test.describe.configure({ mode: 'serial', timeout: 180_000 });
  const data = (file: string) => path.join(sharedData ?? '', file);
  const tally: product.Tally = { messages: 0, credits: 0 };
  const contexts: BrowserContext[] = [];
  let database: Awaited<ReturnType<typeof open>>;
  let server: RunningServer;
  let site: CustomerSite;
  let sam: Page;
  let olivia: Page;
  let bea: Page;
  let visitor: Page;
  let exposed = '';

  let stations = 0;
  const shot = async (page: Page, station: string) => {
    stations += 1;
    await page.screenshot({ path: `test-results/journey-${folder}/${String(stations).padStart(2, '0')}-${station}.png`, animations: 'disabled' });
  };

  test.beforeAll(async ({ browser }) => {
    test.setTimeout(120_000);
    database = await open();
    [server, site] = await Promise.all([startServer(database.url), startSite()]);
    const person = async () => {
      const context = await browser.newContext({ baseURL: server.baseUrl, viewport: { width: 1280, height: 900 }, locale: 'en-GB' });
      context.setDefaultTimeout(30_000);
      contexts.push(context);
      return context.newPage();
    };
    [sam, olivia, bea, visitor] = [await person(), await person(), await person(), await person()];
  });

  test.afterAll(async () => {
    await Promise.all(contexts.map(async (context) => context.close()));
    // What did not start has nothing to stop.
    await Promise.all([server as RunningServer | undefined, site as CustomerSite | undefined].map(async (running) => (running === undefined ? undefined : 'stop' in running ? running.stop() : running.close())));
    await (database as typeof database | undefined)?.drop();
  });

  test('a seller signs up and becomes a provider', async () => {
    await seller.register(sam, { name: 'Sam Seller', email: 'sam@papertrail.example' });
    await seller.becomeProvider(sam);
    await shot(sam, 'seller-dashboard');
  });

  test('drops a Langflow export, reads the report and hands a value to buyers', async () => {
    await seller.chooseKind(sam);
    await shot(sam, 'import');
    await seller.dropFile(sam, data('langflow/starter-1.10.1/vector-store-rag.json'));
    await seller.readReport(sam);
    exposed = await seller.letBuyersSetOne(sam);
    await shot(sam, 'import-report');
  });

  test('declares capabilities, takes plans, writes the listing with a logo', async () => {
    await seller.goOn(sam);
    await seller.changeCapabilities(sam);
    await shot(sam, 'capabilities');
    await seller.goOn(sam);
    await seller.takeUsualPlans(sam);
    await shot(sam, 'plans');
    await seller.goOn(sam);
    await seller.writeListing(sam);
    await shot(sam, 'listing');
  });

  test('comes back to the same step after a reload, tries the draft and submits it', async () => {
    await seller.resumes(sam);
    await seller.tryDraft(sam);
    await shot(sam, 'draft-tried');
    await seller.submit(sam);
    await shot(sam, 'submitted');
  });

  test('an operator reads the report and rejects with a reason', async () => {
    await seller.signIn(olivia, 'operator@example.com', 'marketplace-demo');
    await seller.readReview(olivia);
    await shot(olivia, 'review');
    await seller.reject(olivia);
  });

  test('the seller reads the reason, fixes it and submits again; the operator approves', async () => {
    await seller.fixAndResubmit(sam, async () => shot(sam, 'rejected'));
    await olivia.reload();
    await seller.approve(olivia);
    await shot(olivia, 'approved');
  });

  test('a visitor finds the product, uses the demo up and compares plans', async () => {
    await buyer.find(bea);
    await shot(bea, 'search');
    await buyer.openProduct(bea);
    await buyer.useUpDemo(bea, async () => shot(bea, 'demo'));
    await shot(bea, 'demo-used-up');
    await buyer.comparePlans(bea);
  });

  test('registers inside the purchase, chooses a project and lands on the product', async () => {
    await buyer.subscribe(bea, { name: 'Bea Buyer', email: 'bea@booklane.example' });
    await shot(bea, 'subscribe');
    await buyer.land(bea);
    await shot(bea, 'landed');
  });

  test('uploads real documents and sees each indexed, the bad one with its reason', async () => {
    test.setTimeout(180_000);
    await product.upload(bea, data('documents'));
    await shot(bea, 'training-in-work');
    await product.watch(bea);
    await shot(bea, 'training-done');
    await product.addPair(bea);
    await shot(bea, 'pairs');
  });

  test('makes it their own; what the seller left closed is not there', async () => {
    await buyer.configure(bea, exposed);
    await shot(bea, 'branding');
  });

  test('asks on the run page and opens document, page and passage', async () => {
    await product.askPaper(bea, tally);
    await shot(bea, 'run-citation');
    await product.askPair(bea, tally);
    await shot(bea, 'run');
  });

  test('creates a key, seen once, and calls the product with the official client', async () => {
    const key = await product.createKey(bea);
    await shot(bea, 'keys');
    await product.callApi(server.baseUrl, key, tally);
  });

  test('puts the widget on a site of another origin, where a visitor chats', async () => {
    const code = await product.allowDomain(bea, site);
    await shot(bea, 'widget-builder');
    await product.visit(visitor, site, code, tally);
    await shot(visitor, 'widget-on-site');
    await product.isRefusedElsewhere(visitor, site);
  });

  test('usage, wallet and both dashboards tell the same numbers', async () => {
    const { product: own, organization, balance, held } = await product.buyerCounts(bea);
    await shot(bea, 'wallet');
    const inHistory = await product.messagesInHistory(bea);
    const sold = await product.sellerCounts(sam);
    await shot(sam, 'seller-dashboard-sold');
    const whole = await product.operatorCounts(olivia);
    await shot(olivia, 'operator-dashboard');
    expect([own, organization, sold, whole]).toEqual(Array.from({ length: 4 }, () => own));
    expect(own.messages).toBe(tally.messages);
    expect(inHistory).toBe(tally.messages);
    expect(own.credits).toBeGreaterThanOrEqual(tally.credits);
    expect([balance, held]).toEqual([1000 - own.credits, 0]);
  });

  test('signs out and in again and finds everything where it was', async () => {
    await seller.signOut(bea);
    await seller.signIn(bea, 'bea@booklane.example');
    await bea.getByRole('link', { name: 'Console' }).click();
    await bea.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'My products' }).click();
    await expect(bea.getByRole('link', { name: seller.PRODUCT.name }).first()).toBeVisible();
    await shot(bea, 'my-products');
  });
}
