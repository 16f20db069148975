import { expect as usual, test } from '@playwright/test';
import { z } from 'zod';
import { startLoopbackModelServer } from '../src/adapters/models/testing/loopback-model-server.ts';
import { startServer, type RunningServer } from './journey-machine.ts';
import { purchase, samplePerson, sell, type SamplePerson } from './sample-people.ts';

/* Models that an operator added: a seller finds them where a product names its models, a buyer chooses how long vectors are. */
test.describe.configure({ timeout: 180_000 });
const expect = usual.configure({ timeout: 60_000 });

const models = await startLoopbackModelServer();
let server: RunningServer;
test.beforeAll(async () => {
  const list = [{ id: 'house-embed', name: 'House Embed', kind: 'embedding', baseUrl: `${models.url}/v1`, dimensions: 512, dimensionsMin: 64, contextTokens: 8192, price: { currency: 'EUR', input: 2, output: 0 } }];
  server = await startServer('', { MODELS: JSON.stringify(list) });
});
test.afterAll(async () => {
  await (server as RunningServer | undefined)?.stop();
  await models.close();
});

const newDraft = async (seller: SamplePerson, name: string): Promise<string> => {
  const { id } = await seller.call('POST', '/api/v1/provider/products', z.looseObject({ id: z.string() }), { category: 'agent', name });
  await seller.call('POST', `/api/v1/provider/products/${id}/flow`, z.unknown(), { template: 'customer-support' });
  return id;
};

test('a field for an embedding model proposes those of the catalogue and says what is wrong with others', async ({ browser }) => {
  const seller = await samplePerson(browser, server.baseUrl, 'seller@example.com');
  const { page } = seller;
  const id = await newDraft(seller, 'Own models');
  await seller.call('PATCH', `/api/v1/provider/products/${id}/draft`, z.unknown(), { capabilities: { configuration: { rag: { enabled: true, sources: { documents: { enabled: true } } } } } });
  await page.goto(`/providers/${seller.provider}/agents/create/?draft=${id}&step=3`);
  await page.getByText('Buyer configuration').click();
  const rag = page.locator('[data-form-path="configuration.rag"]');
  await rag.getByRole('button', { name: /^More options/ }).last().click();
  const processing = page.locator('[data-form-path="configuration.rag.processing"]');
  await processing.getByRole('button', { name: 'Processing' }).click();
  const model = page.getByRole('combobox', { name: 'Embedding model' });
  await model.click();
  await page.getByRole('option', { name: /^house-embed/ }).click();
  await expect(model).toHaveValue('house-embed');
  await page.getByRole('textbox', { name: 'Dimensions' }).fill('1024');
  await expect(page.getByText(/House Embed \(house-embed\) gives vectors of 64 to 512 numbers/).first()).toBeVisible();
  await page.context().close();
});

test('a buyer chooses shorter vectors, and everything is embedded anew', async ({ browser }) => {
  const [seller, operator, buyer] = [await samplePerson(browser, server.baseUrl, 'seller@example.com'), await samplePerson(browser, server.baseUrl, 'operator@example.com'), await samplePerson(browser, server.baseUrl, 'buyer@example.com')];
  const product = await newDraft(seller, 'Shorter vectors');
  await sell(seller, operator, product, 'Shorter vectors', {
    capabilities: { configuration: { rag: { enabled: true, sources: { documents: { enabled: true } }, processing: { embedding: { model: 'house-embed', customizable: true } } } } },
    plans: [{ name: 'Free', tier: 'enterprise', priceMonthlyMinor: 0, rateCard: { message: 1, document: 1 } }],
  });
  const subscription = await purchase(buyer, product);
  const { page } = buyer;
  await page.goto(`/organizations/${buyer.organization}/agents/${subscription}/training/?part=settings`);
  const length = page.getByLabel('Numbers in a vector');
  await expect(length).toHaveValue('512');
  await length.fill('256');
  await page.getByRole('button', { name: 'Change and index again' }).click();
  await expect(page.getByText('House Embed, 256 numbers compares the meaning of questions and passages.')).toBeVisible();
  await expect(length).toHaveValue('256');
  await Promise.all([seller, operator, buyer].map(async (person) => person.page.context().close()));
});
