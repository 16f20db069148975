import path from 'node:path';
import { expect, test, type BrowserContext, type Page } from '@playwright/test';
import { freshDatabase, sharedData, startServer, startSite, type CustomerSite, type RunningServer } from './journey-machine.ts';
import * as seller from './journey-seller.ts';

const data = (name: string) => path.join(sharedData ?? '', name);

test.describe('embedded database', () => { journey('embedded', async () => ({ url: '', drop: async () => undefined })); });

function journey(database: string, open: () => Promise<{ url: string; drop: () => Promise<void> }>) {
  test.describe.configure({ mode: 'serial', timeout: 120_000 });
  let server: RunningServer;
  let site: CustomerSite;
  let opened: Awaited<ReturnType<typeof open>>;
  let shop: { seller: Page; operator: Page };
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
    shop = { seller: await person(), operator: await person() };
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
    await page.getByRole('radiogroup', { name: 'Part of the declaration' }).getByText('Buyer configuration').click();
    await page.waitForTimeout(1000);
    await shot(page, '03');
    console.log(await page.locator('main').ariaSnapshot());
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
    expect(1).toBe(1);
  });
}
