import { afterAll, beforeEach, expect, test } from 'vitest';
import { createEgress } from '#platform/egress/egress.ts';
import { allEvents, remoteFailure, remoteQuestion, remoteRuntimeContract, saidIn } from '#modules/runtime/remote-runtime-suite.ts';
import { langflowRuntime, langflowStudio } from './langflow-runtime.ts';
import { plainEchoFlow } from './testing/echo-flow.ts';
import { startLoopbackLangflow } from './testing/loopback-langflow.ts';

const server = await startLoopbackLangflow();
const egress = createEgress([new URL(server.url).host]);
afterAll(async () => { await server.close(); await egress.close(); });
beforeEach(() => {
  server.script({ kind: 'echo' });
  server.old(false);
  server.runs.length = 0;
  server.builds.length = 0;
  server.webhooks.length = 0;
});

const timeouts = { firstByteMs: 300, idleMs: 300, manageMs: 2_000 };
const at = (apiKey: string) => langflowRuntime({ baseUrl: server.url, apiKey, request: egress.request, timeouts });
const runtime = at(server.apiKey);
const never = new AbortController().signal;
const deploy = async (id: string = crypto.randomUUID(), place = 'tenant_one_two') => runtime.deploy({ id, name: 'Echo', place, definition: plainEchoFlow }, never);
const ask = async (over: Parameters<typeof remoteQuestion>[1] = {}) => allEvents(runtime.run(await deploy(), remoteQuestion('Hello there', over), never));

for (const old of [false, true]) {
  remoteRuntimeContract(old ? 'a Langflow server of version 1.0' : 'a Langflow server', async () => {
    server.old(old);
    return { runtime, stranger: at('sk-wrong'), definition: plainEchoFlow, keepsFlows: true, streams: true };
  });
}

test('a probe tells the version and what the server can do', async () => {
  expect(await runtime.probe(never)).toEqual({ version: '1.10.0', features: ['projects', 'webhook', 'build'] });
});

test('each project of an organization has a folder of its own, made once', async () => {
  server.folders.length = 0;
  await deploy(undefined, 'tenant_a_1');
  await deploy(undefined, 'tenant_a_1');
  await deploy(undefined, 'tenant_b_2');
  expect(server.folders.map((folder) => folder.name)).toEqual(['tenant_a_1', 'tenant_b_2']);
});

test('only declared settings become tweaks, addressed as the file addresses them', async () => {
  await ask({ sessionId: 'sub:conv', settings: [
    { name: 'voice', node: 'Prompt-1', field: 'brand_voice', value: 'kind' }, { name: 'role', node: 'Prompt-1', field: 'persona_role', value: 'guide' }, { name: 'nowhere', node: 'Code-1', field: null, value: 'x' },
  ] });
  expect(server.runs[0]?.body).toEqual({ input_value: 'Hello there', input_type: 'chat', output_type: 'chat', session_id: 'sub:conv', tweaks: { 'Prompt-1': { brand_voice: 'kind', persona_role: 'guide' } } });
});

test('no setting reaches the code of a step', async () => {
  expect(await remoteFailure(ask({ settings: [{ name: 'x', node: 'ChatInput-a1b2c', field: 'code', value: 'import os' }] }))).toMatchObject({ code: 'flow-failed' });
  expect(server.runs).toEqual([]);
});

test('pictures are put beside the flow and given to its chat input', async () => {
  await ask({ inputNode: 'ChatInput-a1b2c', images: ['data:image/png;base64,iVBORw0KGgo='] });
  const [run] = server.runs;
  expect(run?.body['tweaks']).toEqual({ 'ChatInput-a1b2c': { files: [`${run?.flow}/picture.png`] } });
});

test('usage is what the messages of the result count', async () => {
  server.script({ kind: 'answer', text: 'Fine.', usage: { input_tokens: 47, output_tokens: 2 } });
  expect((await ask()).at(-1)).toEqual({ type: 'finish', usage: { inputTokens: 47, outputTokens: 2 } });
});

test('a server that does not stream is understood too', async () => {
  server.script({ kind: 'not-streaming' });
  expect(saidIn(await ask())).toBe('You said: Hello there');
});

test('a failing component is told in the server’s words, without our key', async () => {
  server.script({ kind: 'component-error', words: `Incorrect key sk-abcdef1234567890 or ${server.apiKey}` });
  const error = await remoteFailure(ask());
  expect(error).toMatchObject({ code: 'flow-failed', message: 'The flow failed on the Langflow server: Incorrect key (hidden) or (hidden)' });
  server.script({ kind: 'status-error', status: 500, detail: JSON.stringify({ message: 'Error building Component OpenAI', traceback: null }) });
  expect(await remoteFailure(ask())).toMatchObject({ code: 'flow-failed', message: 'The flow failed on the Langflow server: Error building Component OpenAI' });
});

const check = async (over: Parameters<typeof remoteQuestion>[1] = {}) => runtime.check?.(await deploy(), remoteQuestion('Hello there', over), never);

test('a build names the first step that fails, in the server’s words, bounded and without our key', async () => {
  server.script({ kind: 'component-error', words: `Incorrect key ${server.apiKey}:\n${'no '.repeat(300)}` });
  const finding = await check({ sessionId: 'sub:conv' });
  expect(finding).toContain('The step "Language Model" cannot be built on the Langflow server: Incorrect key (hidden): no no');
  expect(finding).not.toContain('Traceback');
  expect(finding?.length).toBeLessThan(400);
  expect(server.builds[0]?.body).toEqual({ inputs: { input_value: 'Hello there', session: 'sub:conv:check', type: 'chat' } });
});

test('a build whose steps are all made finds nothing, and a server that builds otherwise is not asked again', async () => {
  expect(await check()).toBeNull();
  server.old(true);
  server.script({ kind: 'component-error', words: 'No key' });
  expect(await check()).toBeNull();
  expect(server.builds).toHaveLength(1);
});

const webhookFlow = { data: { nodes: [{ id: 'Webhook-w1', data: { type: 'Webhook', node: { template: {} } } }], edges: [] } };
const start = async (over: Parameters<typeof remoteQuestion>[1] = {}) =>
  allEvents(runtime.run(await runtime.deploy({ id: crypto.randomUUID(), name: 'Hook', place: 'tenant_one_two', definition: webhookFlow }, never), remoteQuestion('Order 7 is late', over), never));

test('a flow that only a webhook enters is started by it, and says so with what the server answered', async () => {
  const events = await start({ sessionId: 'sub:conv', settings: [{ name: 'tone', node: 'Prompt-1', field: 'tone', value: 'kind' }] });
  expect(events).toEqual([{ type: 'text', text: 'Started on the Langflow server.' }, { type: 'finish', usage: null, data: { message: 'Task started in the background', status: 'in progress' } }]);
  expect(server.webhooks.map(({ body }) => body)).toEqual([{ message: 'Order 7 is late', session_id: 'sub:conv', parameters: { tone: 'kind' } }]);
  expect(server.runs).toEqual([]);
});

test('data that a program sent reaches the webhook as it is', async () => {
  await start({ data: { order: 7, late: true } });
  expect(server.webhooks.map(({ body }) => body)).toEqual([{ order: 7, late: true }]);
});

test('a webhook that refuses says why, without our key', async () => {
  server.script({ kind: 'status-error', status: 400, detail: `No webhook with ${server.apiKey}` });
  expect(await remoteFailure(start())).toMatchObject({ code: 'flow-failed', message: 'The Langflow server did not start the flow (status 400): No webhook with (hidden)' });
});

test('a flow with a chat input beside its webhook is asked as ever', async () => {
  const both = { data: { nodes: [...webhookFlow.data.nodes, ...plainEchoFlow.data.nodes], edges: [] } };
  const reference = await runtime.deploy({ id: crypto.randomUUID(), name: 'Both', place: 'tenant_one_two', definition: both }, never);
  expect(saidIn(await allEvents(runtime.run(reference, remoteQuestion('Hello there'), never)))).toBe('You said: Hello there');
  expect(server.webhooks).toEqual([]);
});

test.each([
  ['hang', 'timeout'], ['html', 'bad-answer'], ['drop', 'unreachable'],
] as const)('a server that does this fails typed: %s', async (kind, code) => {
  server.script({ kind });
  expect((await remoteFailure(ask())).code).toBe(code);
});

test('a redirect is not followed, wherever it leads', async () => {
  server.script({ kind: 'redirect', to: 'http://169.254.169.254/latest/meta-data' });
  expect((await remoteFailure(ask())).code).toBe('refused');
});

test('a server that is not there, or may not be reached, fails typed', async () => {
  const away = (baseUrl: string, allow: string[]) => remoteFailure(langflowRuntime({ baseUrl, apiKey: '', request: createEgress(allow).request, timeouts }).probe(never));
  expect((await away('http://127.0.0.1:9', ['127.0.0.1:9'])).code).toBe('unreachable');
  expect((await away('http://10.1.2.3', [])).code).toBe('refused');
});

test('the studio opens a flow in the folder and reads it back without our mark', async () => {
  const studio = langflowStudio({ baseUrl: server.url, apiKey: server.apiKey, request: egress.request, timeouts }, 'https://studio.example.com');
  const id = crypto.randomUUID();
  const opened = await studio.open({ id, name: 'Support', place: 'tenant_a_1', definition: plainEchoFlow }, never);
  expect(opened).toEqual({ reference: id, url: `https://studio.example.com/flow/${id}` });
  expect(await studio.find({ id, place: 'tenant_a_1' }, never)).toEqual(opened);
  expect([await studio.find({ id, place: 'tenant_b_2' }, never), await studio.find({ id: crypto.randomUUID(), place: 'tenant_a_1' }, never)]).toEqual([null, null]);
  expect(await studio.read(id, never)).toMatchObject({ name: 'Support', data: plainEchoFlow.data });
});

/** A flow of one node of that type, with these fields beside its code. */
const oneNode = (type: string, fields: Record<string, unknown> = {}) => ({
  data: { nodes: [{ id: `${type}-1`, data: { type, node: { template: { _type: 'Component', code: { type: 'code', value: 'import os; os.system("id")' }, ...fields } } } }], edges: [] },
});
const sharedServer = langflowRuntime({ baseUrl: server.url, apiKey: server.apiKey, request: egress.request, timeouts, shared: true });
const onShared = async (definition: unknown) => sharedServer.deploy({ id: crypto.randomUUID(), name: 'Flow', place: 'tenant_one_two', definition }, never);

test('on a server that sellers share, every step runs the server’s own code, whatever the file says', async () => {
  const reference = await onShared({ data: { nodes: [...oneNode('ChatInput').data.nodes, ...oneNode('OpenAIModel').data.nodes, { id: 'g', data: { type: 'Group', node: { template: {}, flow: oneNode('Prompt') } } }], edges: [] } });
  const kept = JSON.stringify(server.flows.get(reference)?.data);
  expect(kept).not.toContain('os.system');
  for (const name of ['ChatInput', 'Prompt Template', 'OpenAIModelComponent']) expect(kept).toContain(`${name}`);
});

test.each([
  ['a step it does not know', oneNode('MyOwnStep'), 'is not one of its components'],
  ['a step that runs what it is given', oneNode('PythonREPL'), 'runs code or programs it is given'],
  ['an MCP server to be started', oneNode('MCPTools'), 'runs code or programs it is given'],
  ['a step without a type', { data: { nodes: [{ id: 'x', data: { node: { template: { code: { value: 'import os' } } } } }], edges: [] } }, 'is not one of its components'],
  ['code in another field', oneNode('ChatInput', { function: { type: 'code', value: 'print(1)' } }), 'carries code of its own'],
])('a shared server refuses %s', async (_what, definition, why) => {
  expect(await remoteFailure(onShared(definition))).toMatchObject({ code: 'flow-failed', message: expect.stringContaining(why) });
});
