import { expect, test } from 'vitest';
import type { Flow } from '#modules/flows/contract.ts';
import { flowTemplate } from '#modules/flows/index.ts';
import { chatEndpoints } from '#modules/gateway/contract.ts';
import { startApp } from '../../testing/app.ts';
import { buy, keysOf, sampleProduct, withKey } from '../../testing/products.ts';
import { stateAfter, stateBefore } from './conversation-state.ts';
import { subscriptionEndpoints } from '#modules/subscriptions/contract.ts';

const app = await startApp();
const template = flowTemplate('blank');
if (!template) throw new Error('the flow template is gone');

/** Counts the messages of a conversation and those of a run, and says both. */
const counting: Flow = {
  ...template.flow, parameters: [],
  nodes: [
    { id: 'question', type: 'input.chat', name: '', config: {} },
    { id: 'all', type: 'transform.variable', name: '', config: { operation: 'add', name: 'all', value: 1 } },
    { id: 'here', type: 'transform.variable', name: '', config: { operation: 'add', name: 'here', value: 1 } },
    { id: 'words', type: 'prompt.template', name: '', config: { template: 'Message {all}, step {here}.' } },
    { id: 'answer', type: 'output.chat', name: '', config: {} },
  ],
  edges: [
    { source: 'question', sourcePort: 'message', target: 'all', targetPort: 'input' }, { source: 'question', sourcePort: 'message', target: 'here', targetPort: 'input' },
    { source: 'all', sourcePort: 'value', target: 'words', targetPort: 'all' }, { source: 'here', sourcePort: 'value', target: 'words', targetPort: 'here' },
    { source: 'words', sourcePort: 'prompt', target: 'answer', targetPort: 'input' },
  ],
  state: [{ name: 'all', initial: 0, scope: 'conversation' }, { name: 'here', initial: 0, scope: 'run' }],
};

test('variables of a conversation live from message to message, those of a run do not, and no other conversation sees them', async () => {
  const product = await sampleProduct(app, { knowledge: false, flow: { ...template, flow: counting }, capabilities: { configuration: { rag: { enabled: false } } } });
  const buyer = await app.person('Bea');
  const { subscription_id: subscriptionId } = await buy(buyer, product);
  await app.settled();
  const caller = await withKey(app, buyer, subscriptionId, ['chat']);
  const ask = async (conversation?: string) => {
    const answer = await caller.ok(chatEndpoints.complete, { body: { messages: [{ role: 'user', content: 'Hi' }], ...(conversation ? { conversation_id: conversation } : {}) } });
    return { said: answer.choices[0]?.message.content, id: answer.conversation_id ?? '' };
  };
  const first = await ask();
  const second = await ask();
  expect([first.said, (await ask(first.id)).said, (await ask(first.id)).said]).toEqual(['Message 1, step 1.', 'Message 2, step 1.', 'Message 3, step 1.']);
  expect([second.said, (await ask(second.id)).said]).toEqual(['Message 1, step 1.', 'Message 2, step 1.']);

  // In the background it is the same conversation.
  await caller.fetch('/v1/runs', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ input: 'Hi', mode: 'async', conversation_id: first.id }) });
  await app.settled();
  expect((await ask(first.id)).said).toBe('Message 5, step 1.');

  // A page on the web goes on only with what its own visitor said.
  await buyer.ok(subscriptionEndpoints.configure, { params: { subscriptionId }, body: { configuration: { widget: { allowedDomains: ['shop.example.com'] } } } });
  await app.settled();
  const publishable = (await keysOf(buyer, subscriptionId)).find(({ kind }) => kind === 'publishable')?.publishable_key ?? '';
  const stranger = await app.key(publishable, { origin: 'https://shop.example.com' }).call(chatEndpoints.complete, { body: { messages: [{ role: 'user', content: 'Hi' }], conversation_id: first.id, visitor: { id: 'somebody' } } });
  expect(stranger.status).toBe(404);
});

test('only what the flow keeps for a conversation is read and kept, and no more than 64 KB', () => {
  expect([...stateBefore(counting, { all: 4, here: 9, gone: 1 })]).toEqual([['all', 4]]);
  expect(stateAfter(counting, new Map<string, unknown>([['all', 5], ['here', 1], ['other', 2]]))).toEqual({ all: 5 });
  expect(stateAfter(counting, new Map([['all', 'ж'.repeat(40_000)]]))).toBe('too-large');
  expect(stateAfter({ ...counting, state: [] }, new Map([['all', 5]]))).toBeNull();
});
