import { afterAll, beforeEach, expect, test } from 'vitest';
import { createEgress } from '#platform/egress/egress.ts';
import { newWebhookSecret } from '#platform/crypto/webhook-signature.ts';
import { allEvents, remoteFailure, remoteQuestion, remoteRuntimeContract, saidIn } from '#modules/runtime/remote-runtime-suite.ts';
import { httpRuntime } from './http-runtime.ts';
import { startLoopbackEndpoint } from './testing/loopback-endpoint.ts';

const secret = newWebhookSecret();
const endpoint = await startLoopbackEndpoint(secret);
const egress = createEgress([new URL(endpoint.url).host]);
afterAll(async () => { await endpoint.close(); await egress.close(); });
beforeEach(() => {
  endpoint.script({ kind: 'json' });
  endpoint.messages.length = 0;
});

const at = (signedWith: string) => httpRuntime({ url: endpoint.url, secret: signedWith, request: egress.request, timeouts: { firstByteMs: 300, idleMs: 300 } });
const runtime = at(secret);
const never = new AbortController().signal;
const ask = async (over: Parameters<typeof remoteQuestion>[1] = {}) => allEvents(runtime.run('dep', remoteQuestion('Hello there', over), never));

for (const kind of ['json', 'events', 'lines', 'chat-completion'] as const) {
  remoteRuntimeContract(`a seller's endpoint that answers with ${kind}`, async () => {
    endpoint.script({ kind });
    return { runtime, stranger: at(newWebhookSecret()), definition: null, keepsFlows: false, streams: kind !== 'json' };
  });

  test(`usage that ${kind} tells is taken over`, async () => {
    endpoint.script({ kind });
    expect((await ask()).at(-1)).toEqual({ type: 'finish', usage: { inputTokens: 4, outputTokens: 2 } });
  });
}

test('a run is signed, named by its id, and carries what the product knows', async () => {
  await ask({ runId: 'run-1', subscriptionId: 'sub-1', sessionId: 'sub-1:c', instructions: 'Be kind.', runToken: 'token', settings: [{ name: 'voice', node: 'n', field: null, value: 'warm' }] });
  expect(endpoint.messages).toMatchObject([{ id: 'run-1', type: 'run', data: { run_id: 'run-1', config_uuid: 'sub-1', deployment: 'dep', session_id: 'sub-1:c', message: 'Hello there', instructions: 'Be kind.', run_token: 'token', parameters: { voice: 'warm' } } }]);
});

test('an endpoint is told what is deployed and removed, and need not care', async () => {
  const reference = await runtime.deploy({ id: 'sub-1', name: 'Echo', place: 'tenant_a_b', definition: null }, never);
  await runtime.remove(reference, never);
  expect(endpoint.messages.map(({ type, data }) => [type, data['config_uuid']])).toEqual([['deploy', 'sub-1'], ['remove', 'sub-1']]);
});

test.each([
  ['{"text":"A"}', 'A'], ['{"answer":"B"}', 'B'], ['{"response":"C"}', 'C'], ['{"message":"D"}', 'D'], ['{"choices":[{"message":{"content":"E"},"finish_reason":"stop"}]}', 'E'],
])('the answer is found in %s', async (body, said) => {
  endpoint.script({ kind: 'body', body });
  expect(saidIn(await ask())).toBe(said);
});

test.each([
  ['hang', 'timeout'], ['html', 'bad-answer'], ['drop', 'bad-answer'],
] as const)('an endpoint that does this fails typed: %s', async (kind, code) => {
  endpoint.script({ kind });
  expect((await remoteFailure(ask())).code).toBe(code);
});

test.each([
  [200, '{"error":"no more tokens"}', 'flow-failed', 'The endpoint failed: no more tokens'],
  [500, `{"error":{"message":"bad ${secret}"}}`, 'flow-failed', 'The endpoint failed: bad (hidden)'],
  [404, '{}', 'flow-missing', 'The endpoint does not know this product.'],
  [200, '{}', 'bad-answer', 'The endpoint answered without a text: {"output": "…"} is expected.'],
  [200, '{"output": "cu', 'bad-answer', 'The endpoint sent something that is not JSON.'],
] as const)('status %d with %s is understood', async (status, body, code, message) => {
  endpoint.script({ kind: 'body', status, body });
  expect(await remoteFailure(ask())).toMatchObject({ code, message });
});

test('a redirect is not followed, wherever it leads', async () => {
  endpoint.script({ kind: 'redirect', to: 'http://169.254.169.254/latest/meta-data' });
  expect((await remoteFailure(ask())).code).toBe('refused');
});
