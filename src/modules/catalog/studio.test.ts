import { afterAll, expect, test } from 'vitest';
import { startLoopbackLangflow } from '#adapters/langflow/testing/loopback-langflow.ts';
import { startApp } from '../../testing/app.ts';
import { draftedProduct, sellerIn, type SellerPerson } from '../../testing/selling.ts';
import { providerEndpoints } from './contract.ts';
import { designEndpoints } from './studio-contract.ts';

const langflow = await startLoopbackLangflow();
const app = await startApp({ LANGFLOW_BASE_URL: langflow.url, LANGFLOW_API_KEY: langflow.apiKey, LOG_LEVEL: 'silent' });
afterAll(async () => langflow.close());

const FILE = {
  name: 'Tone', description: 'Speaks as told.', data: {
    nodes: [
      { id: 'ChatInput-1', type: 'genericNode', position: { x: 0, y: 0 }, data: { id: 'ChatInput-1', type: 'ChatInput', node: { display_name: 'Chat Input', template: { _type: 'Component' }, outputs: [] } } },
      { id: 'ChatOutput-1', type: 'genericNode', position: { x: 0, y: 0 }, data: { id: 'ChatOutput-1', type: 'ChatOutput', node: { display_name: 'Chat Output', template: { _type: 'Component' }, outputs: [] } } },
    ],
    edges: [{ id: 'e', source: 'ChatInput-1', target: 'ChatOutput-1', data: { sourceHandle: { dataType: 'ChatInput', id: 'ChatInput-1', name: 'message', output_types: ['Message'] }, targetHandle: { fieldName: 'input_value', id: 'ChatOutput-1', inputTypes: ['Message'], type: 'str' } } }],
    viewport: { x: 0, y: 0, zoom: 1 },
  },
};

async function withFlow(seller: SellerPerson, slug: string): Promise<string> {
  const productId = await draftedProduct(seller, slug, 'Tone');
  const form = new FormData();
  form.set('file', new Blob([JSON.stringify(FILE)], { type: 'application/json' }), 'tone.json');
  expect((await seller.fetch(`/api/v1/provider/products/${productId}/flow`, { method: 'POST', body: form })).status).toBe(201);
  return productId;
}

test('a seller designs in Studio and brings the flow back through the ordinary import', async () => {
  const seller = await sellerIn(app, 'Dora');
  const params = { productId: await withFlow(seller, 'tone-1') };
  expect(await seller.ok(designEndpoints.state)).toEqual({ available: true });
  const opened = await seller.ok(designEndpoints.open, { params });
  expect(opened).toMatchObject({ kept: false, url: expect.stringContaining(`${langflow.url}/flow/`) });
  const [flow] = [...langflow.flows.values()];
  expect(langflow.folders.find(({ id }) => id === flow?.folder_id)?.name).toBe(`tenant_${seller.organizationId}_products`);

  // What was drawn there: another name, and a key somebody typed in.
  if (flow) langflow.flows.set(flow.id, { ...flow, data: { ...FILE.data, nodes: [...FILE.data.nodes, { id: 'OpenAIModel-1', type: 'genericNode', position: { x: 0, y: 0 }, data: { id: 'OpenAIModel-1', type: 'OpenAIModel', node: { display_name: 'OpenAI', template: { _type: 'Component', api_key: { name: 'api_key', password: true, value: 'sk-proj-abcdefghijklmnopqrstuvwx1234', show: true } }, outputs: [] } } }] } });
  const before = await seller.ok(providerEndpoints.getDraft, { params });
  const draft = await seller.ok(designEndpoints.importBack, { params });
  expect(draft.draft.flowId).not.toBe(before.draft.flowId);
  expect(draft.report?.nodes.total).toBe(3);
  expect(draft.report?.secrets).toMatchObject([{ kind: 'stripped' }]);
  const file = await seller.fetch(`/api/v1/provider/products/${params.productId}/flow/file`);
  expect(await file.text()).not.toContain('sk-proj-');
});

test('what a seller has in Studio stays when it is opened again, unless they want it replaced', async () => {
  const seller = await sellerIn(app, 'Edda');
  const params = { productId: await withFlow(seller, 'tone-2') };
  await seller.ok(designEndpoints.open, { params });
  const flow = [...langflow.flows.values()].at(-1);
  if (flow) langflow.flows.set(flow.id, { ...flow, description: 'half done' });
  expect((await seller.ok(designEndpoints.open, { params })).kept).toBe(true);
  expect([...langflow.flows.values()].at(-1)?.description).toBe('half done');
  expect((await seller.ok(designEndpoints.open, { params, body: { replace: true } })).kept).toBe(false);
  expect([...langflow.flows.values()].at(-1)?.description).toBe('Speaks as told.');
});

test('a product without a flow opens as an empty one, and cannot be imported before', async () => {
  const seller = await sellerIn(app, 'Fay');
  const { id: productId } = await seller.ok(providerEndpoints.createProduct, { body: { category: 'agent', name: 'Fresh' } });
  expect((await seller.call(designEndpoints.importBack, { params: { productId } })).status).toBe(404);
  await seller.ok(designEndpoints.open, { params: { productId } });
  expect([...langflow.flows.values()].at(-1)?.data).toMatchObject({ nodes: [], edges: [] });
});

test('the flow of one seller is not to be had by another', async () => {
  const [seller, other] = [await sellerIn(app, 'Gina'), await sellerIn(app, 'Hugo')];
  const params = { productId: await withFlow(seller, 'tone-3') };
  await seller.ok(designEndpoints.open, { params });
  for (const call of [designEndpoints.open, designEndpoints.importBack]) expect((await other.call(call, { params })).status).toBe(404);
});
