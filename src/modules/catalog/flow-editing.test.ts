import { expect, test } from 'vitest';
import { authoringEndpoints } from '#modules/flows/authoring/contract.ts';
import type { Flow } from '#modules/flows/contract.ts';
import { previewEndpoint } from '#modules/gateway/contract.ts';
import { startApp } from '../../testing/app.ts';
import { draftedProduct, sellerIn, type SellerPerson } from '../../testing/selling.ts';
import { providerEndpoints } from './contract.ts';
import { flowEditingEndpoints } from './flow-editing-contract.ts';

const app = await startApp();
const ann = await sellerIn(app, 'Ann');

const opened = async (seller: SellerPerson, productId: string) => {
  const { flow, flow_id: flowId } = await seller.ok(flowEditingEndpoints.get, { params: { productId } });
  if (!flow || !flowId) throw new Error('the draft has no flow');
  return { flow, flowId };
};
const save = async (productId: string, basedOn: string | null, flow: Flow) => ann.call(flowEditingEndpoints.save, { params: { productId }, body: { based_on: basedOn, flow } });
const calculator = { id: 'sum', type: 'tool.calculator', name: 'Sum', config: {}, position: { x: 0, y: 0 } };

test('every node type is offered with ports, a schema to draw its settings from, and a family', async () => {
  const { data, families } = await ann.ok(authoringEndpoints.nodeTypes);
  expect(data.length).toBeGreaterThan(20);
  const known = new Set(families.map(({ key }) => key));
  for (const type of data) {
    expect(known.has(type.family), type.type).toBe(true);
    expect(type.title, type.type).not.toBe('');
    expect(typeof type.config, type.type).toBe('object');
  }
  const prompt = data.find(({ type }) => type === 'prompt.template');
  expect(prompt).toMatchObject({ dynamic: true, outputs: [{ name: 'prompt', carries: 'value' }], config: { properties: { template: { ui: { widget: 'textarea' } } } } });
  const agent = data.find(({ type }) => type === 'agent.tools');
  expect(agent?.inputs).toContainEqual({ name: 'tools', required: false, many: true, carries: 'tool' });
});

test('a check names the ports a configuration makes, what is missing and what nothing depends on', async () => {
  const { flow } = await opened(ann, await draftedProduct(ann, 'checked', 'Checked'));
  const changed: Flow = {
    ...flow,
    // oxlint-disable-next-line unicorn/no-thenable -- a policy is data and never awaited
    nodes: [...flow.nodes.map((node) => (node.id === 'prompt' ? { ...node, config: { template: 'Hi {first}, {second}' }, onFailure: { action: 'route' as const, retries: 0, retryWaitMs: 1000 } } : node)), calculator],
    edges: flow.edges.filter((edge) => edge.targetPort !== 'input' || edge.target !== 'model'),
  };
  const { ports, problems } = await ann.ok(authoringEndpoints.check, { body: { flow: changed } });
  expect(ports['prompt']?.inputs.map(({ name }) => name)).toEqual(['first', 'second']);
  expect(ports['prompt']?.outputs.map(({ name }) => name)).toContain('error');
  expect(problems).toContainEqual({ code: 'input-missing', severity: 'warning', node: 'model', message: expect.stringContaining('input') as unknown });
  expect(problems).toContainEqual({ code: 'node-unconnected', severity: 'hint', node: 'sum', message: 'Nothing is connected to "Sum".' });
});

test('an edited flow becomes a new row of our own format, with its report and exposed parameters in step', async () => {
  const productId = await draftedProduct(ann, 'edited', 'Edited');
  const { flow, flowId } = await opened(ann, productId);
  const parameter = { name: 'greeting', title: 'Greeting', description: '', kind: 'text' as const, choices: [], default: 'Hi', node: 'sum', path: 'expression', exposed: true };
  const asking = { ...calculator, id: 'ask', type: 'connector.query', name: 'Ask', config: { connector: 'slack', action: 'list-channels' } };
  const saved = await save(productId, flowId, { ...flow, nodes: [...flow.nodes, calculator, asking], parameters: [...flow.parameters, parameter] });
  expect(saved.status).toBe(200);
  expect(saved.body.flow_id).not.toBe(flowId);
  const after = await ann.ok(flowEditingEndpoints.get, { params: { productId } });
  expect(after).toMatchObject({ flow_id: saved.body.flow_id, edited: true, flow: { origin: { format: 'cmp' } }, report: { format: 'template', nodes: { total: flow.nodes.length + 2 }, connections: [{ key: 'slack', nodes: ['ask'] }] } });
  expect(after.flow?.requires.connections).toEqual(['slack']);
  const { draft, report } = await ann.ok(providerEndpoints.getDraft, { params: { productId } });
  expect(draft).toMatchObject({ flowId: saved.body.flow_id, exposedParameters: ['persona_name', 'greeting'] });
  expect(report?.nodes.all.find(({ id }) => id === 'sum')).toMatchObject({ support: 'supported', mappedTo: 'tool.calculator' });
});

test('somebody who saves over a newer flow is told, and nothing is lost', async () => {
  const productId = await draftedProduct(ann, 'contested', 'Contested');
  const { flow, flowId } = await opened(ann, productId);
  const first = await save(productId, flowId, { ...flow, nodes: [...flow.nodes, calculator] });
  const second = await save(productId, flowId, flow);
  expect(second.status).toBe(409);
  expect(second.problem).toMatchObject({ code: 'flow_changed', flow_id: first.body.flow_id });
  expect((await opened(ann, productId)).flow.nodes).toHaveLength(flow.nodes.length + 1);
});

test('a flow that cannot run is kept as a draft but not submitted, and its test run says why', async () => {
  const productId = await draftedProduct(ann, 'broken', 'Broken');
  const { flow, flowId } = await opened(ann, productId);
  const saved = await save(productId, flowId, { ...flow, nodes: flow.nodes.filter(({ id }) => id !== 'answer').map((node) => (node.id === 'model' ? { ...node, config: { temperature: 9 } } : node)) });
  expect(saved.status).toBe(200);
  const errors = saved.body.findings.filter(({ severity, step }) => severity === 'error' && step === 'flow');
  expect(errors.map(({ path }) => path)).toContain('flow.nodes.model');
  expect((await ann.call(providerEndpoints.submitProduct, { params: { productId } })).problem).toMatchObject({ code: 'draft_incomplete' });
  const run = await ann.call(previewEndpoint, { params: { productId }, body: { messages: [{ role: 'user', content: 'Hello' }], trace: true } });
  expect(run.status).toBe(409);
  expect(run.problem).toMatchObject({ code: 'flow_not_ready' });
});

test('credentials, lost parameters and doubled ids are refused with their place', async () => {
  const productId = await draftedProduct(ann, 'refused', 'Refused');
  const { flow, flowId } = await opened(ann, productId);
  const [first] = flow.nodes;
  const bad: [Flow, string][] = [
    [{ ...flow, nodes: [...flow.nodes, { ...calculator, type: 'http.request', config: { headers: { Authorization: 'Bearer sk-proj-abcdefghijklmnopqrstuvwxyz0123456789' } } }] }, `flow.nodes.${flow.nodes.length}.config.headers.Authorization`],
    [{ ...flow, nodes: [...flow.nodes, { ...calculator, config: { password: 'correct horse' } }] }, `flow.nodes.${flow.nodes.length}.config.password`],
    [{ ...flow, parameters: flow.parameters.map((parameter) => ({ ...parameter, node: 'gone' })) }, 'flow.parameters.0.node'],
    [{ ...flow, parameters: flow.parameters.map((parameter) => ({ ...parameter, path: '__proto__.x' })) }, 'flow.parameters.0.path'],
    [{ ...flow, nodes: [...flow.nodes, first!] }, `flow.nodes.${flow.nodes.length}.id`],
  ];
  for (const [edited, path] of bad) {
    const answer = await save(productId, flowId, edited);
    expect(answer.status, path).toBe(422);
    expect(answer.problem, path).toMatchObject({ errors: [{ path }] });
  }
  const huge = { ...flow, nodes: Array.from({ length: 2001 }, (_, index) => ({ ...calculator, id: `n${index}` })) };
  expect((await save(productId, flowId, huge)).status).toBe(422);
  expect((await opened(ann, productId)).flowId).toBe(flowId);
});

test('a test run of the draft tells what each step did, also where one failed', async () => {
  const productId = await draftedProduct(ann, 'traced', 'Traced');
  const { flow, flowId } = await opened(ann, productId);
  const events = async () => {
    const answer = await ann.fetch(`/api/v1/provider/products/${productId}/preview`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ messages: [{ role: 'user', content: 'What can you do?' }], trace: true }) });
    expect(answer.status).toBe(200);
    return (await answer.text()).split('\n\n').filter((event) => event.startsWith('data: {')).map((event): { trace?: { nodeId: string; status: string; outputPreview: string }[]; error?: { message: string } } => JSON.parse(event.slice(6)) as object);
  };
  const good = (await events()).at(-1);
  expect(good?.trace?.map(({ nodeId, status }) => [nodeId, status])).toEqual(expect.arrayContaining([['prompt', 'succeeded'], ['model', 'succeeded'], ['answer', 'succeeded']]));
  // The question is no sum, so the calculator refuses it.
  const broken = await save(productId, flowId, {
    ...flow, nodes: [...flow.nodes, calculator],
    edges: [...flow.edges.filter(({ source }) => source !== 'prompt'), { source: 'question', sourcePort: 'message', target: 'sum', targetPort: 'expression' }, { source: 'sum', sourcePort: 'result', target: 'model', targetPort: 'system' }],
  });
  expect(broken.status).toBe(200);
  const failed = (await events()).at(-1);
  expect(failed?.error?.message).toMatch(/\S/);
  expect(failed?.trace).toContainEqual(expect.objectContaining({ nodeId: 'sum', status: 'failed', error: expect.objectContaining({ message: failed?.error?.message }) as unknown }));
});

test('operations of a document are chosen again from the stored file, without sending it once more', async () => {
  const { id: productId } = await ann.ok(providerEndpoints.createProduct, { body: { category: 'agent', name: 'Shop' } });
  const operation = (operationId: string) => ({ operationId, summary: operationId, responses: { 200: { description: 'ok' } } });
  const document = { openapi: '3.0.0', info: { title: 'Shop', version: '1' }, servers: [{ url: 'https://shop.example.com' }], paths: { '/orders': { get: operation('listOrders'), post: operation('createOrder') } } };
  const form = new FormData();
  form.set('file', new Blob([JSON.stringify(document)]), 'shop.json');
  const answer = await ann.fetch(`/api/v1/provider/products/${productId}/flow`, { method: 'POST', body: form });
  expect(answer.status).toBe(201);
  const chosen = async () => (await ann.ok(providerEndpoints.getDraft, { params: { productId } })).report?.operations.filter((one) => one.chosen).map(({ id, effect }) => [id, effect]);
  const first = await chosen();
  expect(first).toEqual([[expect.stringContaining('listOrders') as unknown, 'read']]);
  const all = (await ann.ok(providerEndpoints.getDraft, { params: { productId } })).report?.operations.map(({ id }) => id) ?? [];
  const again = async (body: unknown) => (await ann.fetch(`/api/v1/provider/products/${productId}/flow`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })).status;
  expect(await again({ operations: all })).toBe(201);
  expect((await chosen())?.map(([, effect]) => effect).toSorted()).toEqual(['read', 'write']);
  expect((await opened(ann, productId)).flow.nodes.filter(({ type }) => type.startsWith('openapi.'))).toHaveLength(2);
  expect(await again({ operations: 'all' })).toBe(422);
  form.set('operations', 'all of them');
  expect((await ann.fetch(`/api/v1/provider/products/${productId}/flow`, { method: 'POST', body: form })).status).toBe(422);
});

test('nobody opens or saves the flow of somebody else, and a product in review has none to edit', async () => {
  const productId = await draftedProduct(ann, 'private', 'Private');
  const { flow, flowId } = await opened(ann, productId);
  const bob = await sellerIn(app, 'Bob');
  expect((await bob.call(flowEditingEndpoints.get, { params: { productId } })).status).toBe(404);
  expect((await bob.call(flowEditingEndpoints.save, { params: { productId }, body: { based_on: flowId, flow } })).status).toBe(404);
  await ann.ok(providerEndpoints.submitProduct, { params: { productId } });
  expect((await ann.call(flowEditingEndpoints.get, { params: { productId } })).problem).toMatchObject({ code: 'in_review' });
});
