import path from 'node:path';
import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import { freshDatabase, sharedData, startServer, startSite, type CustomerSite, type RunningServer } from './journey-machine.ts';
import * as buyer from './journey-buyer.ts';
import * as seller from './journey-seller.ts';

const data = (name: string) => path.join(sharedData ?? '', name);

test.describe('embedded database', () => { journey('embedded', async () => ({ url: '', drop: async () => undefined })); });

function journey(database: string, open: () => Promise<{ url: string; drop: () => Promise<void> }>) {
  test.describe.configure({ mode: 'serial', timeout: 120_000 });
  let server: RunningServer;
  let site: CustomerSite;
  let opened: Awaited<ReturnType<typeof open>>;
  let shop: { seller: Page; operator: Page; buyer: Page };
  const contexts: BrowserContext[] = [];
  const shot = async (page: Page, name: string) => page.screenshot({ path: `test-results/journey-${database}/${name}.png`, fullPage: true });

  test.beforeAll(async ({ browser }) => {
    test.setTimeout(120_000);
    opened = await open();
    [server, site] = await Promise.all([startServer(opened.url), startSite()]);
    const person = async () => {
      const context = await browser.newContext({ baseURL: server.baseUrl });
      context.setDefaultTimeout(12_000);
      contexts.push(context);
      return context.newPage();
    };
    shop = { seller: await person(), operator: await person(), buyer: await person() };
  });
  test.afterAll(async () => {
    await Promise.all(contexts.map(async (context) => context.close()));
    await Promise.all([server?.stop(), site?.close()]);
    await opened?.drop();
  });

  test('seller 1', async () => {
    const page = shop.seller;
    await seller.register(page, { name: 'Sam Seller', email: 'sam@papertrail.example' });
    await seller.becomeProvider(page);
    await shot(page, '01-seller-dashboard');
    await seller.chooseKind(page);
    await seller.dropFile(page, data('langflow/starter-1.10.1/vector-store-rag.json'));
    await seller.readReport(page);
    console.log(await seller.letBuyersSetOne(page));
    await shot(page, '02-report');
    await seller.goOn(page);
    await seller.atStep(page, 'Capabilities');
    await seller.changeCapabilities(page);
    await shot(page, '03-capabilities');
    await seller.goOn(page);
    await seller.takeUsualPlans(page);
    await seller.goOn(page);
    await seller.writeListing(page);
    await shot(page, '04-listing');
    await seller.resumes(page);
    await seller.tryDraft(page);
    await shot(page, '05-preview');
    await seller.submit(page);
    await shot(page, '06-submitted');
    const op = shop.operator;
    await seller.signIn(op, 'operator@example.com', 'marketplace-demo');
    await seller.readReview(op);
    await shot(op, '07-review');
    await seller.reject(op);
    await page.reload();
    await seller.fixAndResubmit(page);
    await op.reload();
    await seller.approve(op);
    await shot(op, '08-approved');
    const b = shop.buyer;
    await buyer.find(b);
    await shot(b, '09-search');
    await buyer.openProduct(b);
    await buyer.useUpDemo(b);
    await shot(b, '10-demo-used');
    await buyer.comparePlans(b);
    await buyer.subscribe(b, { name: 'Bea Buyer', email: 'bea@booklane.example' });
    await shot(b, '11-subscribe');
    await buyer.land(b);
    await b.waitForTimeout(1500);
    await shot(b, '12-landed');
    console.log(await b.locator('main').ariaSnapshot());
    await buyer.configure(b);
    await shot(b, '13-configured');
    expect(1).toBe(1);
  });
}
