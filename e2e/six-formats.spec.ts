import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect as usual, test, type Locator, type Page } from '@playwright/test';
import { startLoopbackMcpServer, type LoopbackMcpServer } from '../src/modules/flows/mcp/testing/loopback-mcp-server.ts';
import { startServer, type RunningServer } from './journey-machine.ts';
import { ask, dropFile } from './journey-seller.ts';
import { openImport, openPurchase, samplePerson, sell, type SamplePerson } from './sample-people.ts';
import { startScriptedModel, type ScriptedModel } from './scripted-model.ts';
import { SHOP_KEY, startSparePartsApi, type SparePartsApi } from './spare-parts-api.ts';

/*
 * A file of each of the six formats, as its tool exports it, becomes a product that somebody else buys and asks: dropped
 * into the wizard, its report read, sold and approved, and asked on the page of its buyer. The model, the API and the MCP
 * server are on this machine, and all of them are reached the way real ones are.
 */
test.describe.configure({ mode: 'serial', timeout: 180_000 });
/** Importing and answering each ask a server that shares its machine with three browsers. */
const expect = usual.configure({ timeout: 20_000 });

let model: ScriptedModel;
let parts: SparePartsApi;
let weather: LoopbackMcpServer;
let server: RunningServer;
let sam: SamplePerson;
let olivia: SamplePerson;
let bea: SamplePerson;

test.beforeAll(async ({ browser }) => {
  test.setTimeout(120_000);
  [model, parts, weather] = await Promise.all([startScriptedModel(), startSparePartsApi(), startLoopbackMcpServer()]);
  server = await startServer('', { OPENAI_BASE_URL: model.baseUrl, OPENAI_API_KEY: 'sk-for-tests', EGRESS_ALLOW: `${parts.host},${weather.host}` });
  sam = await samplePerson(browser, server.baseUrl, 'seller@example.com');
  olivia = await samplePerson(browser, server.baseUrl, 'operator@example.com');
  bea = await samplePerson(browser, server.baseUrl, 'buyer@example.com');
});

test.afterAll(async () => {
  // What did not start has nothing to stop.
  for (const person of [sam, olivia, bea] as (SamplePerson | undefined)[]) await person?.page.context().close();
  await (server as RunningServer | undefined)?.stop();
  await Promise.all(([model, parts, weather] as ({ close: () => Promise<void> } | undefined)[]).map(async (double) => double?.close()));
});

/** Drops a file of `fixtures/flows` into a new draft. `edit` puts in what is only known now: where something listens. */
async function drop(file: string, name: string, edit: (text: string) => string = (text) => text): Promise<string> {
  const product = await openImport(sam, name);
  const full = path.join(import.meta.dirname, 'fixtures/flows', file);
  await dropFile(sam.page, full, edit(readFileSync(full, 'utf8')));
  return product;
}

const flow = (page: Page): Locator => page.getByRole('region', { name: 'The flow', exact: true });
const needs = (page: Page): Locator => page.getByRole('region', { name: 'What it needs' });
const found = (page: Page): Locator => page.getByRole('region', { name: 'What was found' });
const step = (page: Page, name: string): Locator => page.getByRole('table', { name: 'Steps of the flow' }).getByRole('row').filter({ has: page.getByText(name, { exact: true }) });
/** The whole report as the seller sees it, to look at after the run. */
const shot = async (format: string) => { await sam.page.screenshot({ path: `test-results/six-formats/${format}.png`, fullPage: true, animations: 'disabled' }); };
/** The buyer asks on the page of the product; `never` belongs to a branch that must not answer. */
async function answers(question: string, words: string | RegExp, never?: string): Promise<void> {
  const answer = await ask(bea.page.locator('main'), question);
  await expect(answer).toContainText(words);
  if (never !== undefined) await expect(answer).not.toContainText(never);
}

test('Langflow: a prompt and a chat model', async () => {
  const name = 'Plain banking';
  const product = await drop('langflow/plain-banking.json', name);
  await expect(flow(sam.page)).toContainText('All 4 steps run here');
  await expect(flow(sam.page)).toContainText('Langflow 1.4.2 · Explains banking words to new customers.');
  await expect(needs(sam.page)).toContainText('gpt-4o-mini');
  await expect(needs(sam.page)).toContainText('OPENAI_API_KEY');
  await expect(found(sam.page)).toContainText('A chat message');
  await expect(step(sam.page, 'Prompt')).toContainText('Runs');
  await shot('langflow');

  await sell(sam, olivia, product, name);
  await openPurchase(bea, product);
  await answers('What is an overdraft?', /in plain words:\s*What is an overdraft\?\s*Use no word of the trade/);
  expect(model.instructions().join('\n')).toContain('You are the front desk of a small bank.');
});

test('n8n: a branch to an agent that calculates, another to a model', async () => {
  const name = 'Repair desk';
  const product = await drop('n8n/repair-desk.json', name);
  await expect(flow(sam.page)).toContainText('All 9 steps run here');
  await expect(needs(sam.page)).toContainText('gpt-4o-mini');
  await expect(found(sam.page)).toContainText('A chat message');
  await expect(found(sam.page)).toContainText('use tools');
  for (const one of ['If', 'AI Agent', 'Calculator', 'Basic LLM Chain']) await expect(step(sam.page, one)).toContainText('Runs');
  await shot('n8n');

  await sell(sam, olivia, product, name);
  await openPurchase(bea, product);
  model.willCall('calculator', { expression: '3 * 19.5' });
  await answers('My mixer is broken. What do three repairs cost?', 'Repair desk: The tool says: 58.5', 'Shop:');
  await answers('Do you sell kettles?', 'Shop: You said: Do you sell kettles?', 'The tool says');
});

test('Flowise: an agentflow whose condition chooses who answers', async () => {
  const name = 'Invoice counter';
  const product = await drop('flowise/invoice-counter.json', name);
  await expect(flow(sam.page)).toContainText('All 4 steps run here');
  await expect(flow(sam.page)).toContainText('Flowise agentflow v2');
  await expect(needs(sam.page)).toContainText('gpt-4o-mini');
  await expect(found(sam.page)).toContainText('A chat message');
  await expect(step(sam.page, 'About an invoice?')).toContainText('Runs');
  await shot('flowise');

  await sell(sam, olivia, product, name);
  await openPurchase(bea, product);
  await answers('When is invoice 88 due?', 'You said: When is invoice 88 due?', 'This counter');
  await answers('Where is my order?', 'This counter only knows invoices. Orders are at the front desk.', 'You said');
  expect(model.instructions().join('\n')).toContain('You are the billing clerk of a printing house.');
});

test('Dify: a chat whose answer frames what the model wrote', async () => {
  const name = 'Guest replies';
  const product = await drop('dify/guest-replies.yml', name);
  await expect(flow(sam.page)).toContainText('All 3 steps run here');
  await expect(flow(sam.page)).toContainText('Dify 0.3.0');
  await expect(needs(sam.page)).toContainText('gpt-4o-mini');
  await expect(found(sam.page)).toContainText('A chat message');
  await shot('dify');

  await sell(sam, olivia, product, name);
  await openPurchase(bea, product);
  await answers('The room was cold.', 'To the guest: You said: The room was cold. (Hotel Linde)');
  expect(model.instructions().join('\n')).toContain('You are the concierge of a small hotel.');
});

test('OpenAPI: what reads is taken, with a key that the seller brings', async () => {
  const name = 'Spare parts';
  const product = await drop('openapi/spare-parts.yaml', name, (text) => text.replace('127.0.0.1:4010', parts.host));
  await expect(flow(sam.page)).toContainText('Its one step runs here');
  const operations = sam.page.getByRole('region', { name: 'Operations' });
  await expect(operations).toContainText('1 of 2');
  await expect(operations.getByRole('checkbox', { name: /Look up a part/ })).toBeChecked();
  await expect(operations.getByRole('checkbox', { name: /Order parts/ })).not.toBeChecked();
  await expect(sam.page.getByRole('region', { name: 'Worth knowing' })).toContainText('may change something');

  const connections = sam.page.getByRole('region', { name: 'Connections' });
  await expect(connections).toContainText(`Spare parts: API key (http://${parts.host})`);
  await connections.getByRole('button', { name: 'Add' }).click();
  const form = sam.page.getByRole('dialog', { name: 'Connect HTTP API' });
  await form.getByLabel('Name', { exact: true }).fill('Our shop');
  await form.getByLabel('Address').fill(`http://${parts.host}`);
  await form.getByLabel('Name of the header or parameter').fill('X-Shop-Key');
  await form.getByLabel('Token, key or password').fill(SHOP_KEY);
  await form.getByRole('button', { name: 'Connect' }).click();
  await expect(connections).toContainText('Connected');
  await shot('openapi');

  await sell(sam, olivia, product, name);
  await openPurchase(bea, product);
  model.willCall('getPart', { number: 'K-204' });
  await answers('How many brass hinges are there?', /"name": "Brass hinge",\s*"price": 4\.85,\s*"stock": 17/);
  expect(parts.calls).toEqual(['GET /v1/parts/K-204']);
});

test('MCP: a server named by a file is asked for its tools, and those that read are taken', async () => {
  const name = 'Weather at hand';
  const product = await drop('mcp/weather.json', name, (text) => text.replace('127.0.0.1:4020', weather.host));
  await expect(flow(sam.page)).toContainText('1 step approximated');
  await expect(step(sam.page, 'weather')).toContainText('List them from the server');

  await flow(sam.page).getByRole('button', { name: 'Replace' }).click();
  await sam.page.getByText('MCP server', { exact: true }).click();
  await sam.page.getByLabel('Address of the server').fill(weather.url);
  await sam.page.getByRole('button', { name: 'Ask for its tools' }).click();
  const tools = sam.page.getByRole('region', { name: 'Tools' });
  await expect(tools).toContainText('2 of 3');
  await expect(tools.getByRole('checkbox', { name: /Weather/ })).toBeChecked();
  await expect(tools.getByRole('checkbox', { name: /delete_city/ })).not.toBeChecked();
  await expect(flow(sam.page)).toContainText('1 step runs as in the file');
  await shot('mcp');

  await sell(sam, olivia, product, name);
  await openPurchase(bea, product);
  model.willCall('get_weather', { place: 'Oslo' });
  await answers('How is the weather in Oslo?', 'Sunny in Oslo');
  expect(weather.calls).toEqual([{ tool: 'get_weather', args: { place: 'Oslo' } }]);
});
