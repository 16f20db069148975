import { setTimeout as pause } from 'node:timers/promises';
import { desc, eq } from 'drizzle-orm';
import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { startLoopbackModelServer, type SeenCall } from '#adapters/models/testing/loopback-model-server.ts';
import type { Configuration } from '#modules/capabilities/contract.ts';
import { flowTemplate, type NodeTrace } from '#modules/flows/index.ts';
import { chatEndpoints } from '#modules/gateway/contract.ts';
import { knowledgeEndpoints } from '#modules/knowledge/contract.ts';
import { OFFLINE_CHAT_ID } from '#modules/models/index.ts';
import { subscriptionEndpoints } from '#modules/subscriptions/contract.ts';
import { usageEvents } from '#modules/usage/index.ts';
import { systemProcess } from '#platform/process.ts';
import { startApp } from '../../testing/app.ts';
import { buy, sampleProduct, withKey, type SampleForSale } from '../../testing/products.ts';
import { runs } from './tables.ts';

const models = await startLoopbackModelServer();
const app = await startApp({ OPENAI_BASE_URL: `${models.url}/v1`, OPENAI_API_KEY: 'sk-test' });
afterAll(async () => models.close());
const buyer = await app.person('Bea');
const seller = await app.person('Sally Seller');
const system = systemProcess(app.composition.platform, 'test', buyer.organizationId);
const capabilities = {
  interfaces: { chat: { enabled: true, modes: ['text' as const], features: { multiTurn: true, streaming: true } } },
  configuration: { conversation: { enabled: true, options: { fallbackMessage: true } }, rag: { enabled: true, generation: { model: { customizable: true } } } },
};
const product = await sampleProduct(app, { seller, capabilities });

/** A subscription whose knowledge answers in words of its own, and a way to ask it. */
async function subscribed(of: SampleForSale, more: Configuration = {}) {
  const { subscription_id: subscriptionId } = await buy(buyer, of);
  await app.settled();
  const params = { subscriptionId };
  await buyer.ok(subscriptionEndpoints.configure, { params, body: { configuration: { rag: { strictMode: true, fallback: 'refuse' }, conversation: { fallbackMessage: 'Ask our desk.' }, ...more } } });
  const documents = [{ external_id: 'a', title: 'Withdrawal', text: 'Goods in their original packaging are taken back within 45 days of delivery.' }, { external_id: 'b', title: 'Lamps', text: 'The Aurora shines with 900 lumens.' }];
  await buyer.ok(knowledgeEndpoints.addDocuments, { params, body: { documents } } as never);
  await app.settled();
  const caller = await withKey(app, buyer, subscriptionId, ['chat']);
  const messages = (question: string) => [...turns, { role: 'user' as const, content: question }];
  return {
    params, caller, messages,
    ask: async (question: string, before = turns) => {
      const answer = await caller.ok(chatEndpoints.complete, { body: { messages: [...before, { role: 'user', content: question }] } });
      return { ...answer, text: answer.choices[0]?.message.content ?? '' };
    },
    latest: async () => system.run(async ({ tx }) => (await tx.select().from(runs).where(eq(runs.subscriptionId, subscriptionId)).orderBy(desc(runs.createdAt)).limit(1))[0]),
    /** The run as it was recorded, with what was counted of it. */
    recorded: async (runId: string) => system.run(async ({ tx }) => {
      const [run] = await tx.select().from(runs).where(eq(runs.id, runId));
      const used = await tx.select().from(usageEvents).where(eq(usageEvents.reference, runId));
      return { steps: z.array(z.custom<NodeTrace>()).parse(run?.trace), used: Object.fromEntries(used.map(({ metric, quantity }) => [metric, quantity])) };
    }),
  };
}

const turns = [{ role: 'user' as const, content: 'I bought something that does not suit me.' }, { role: 'assistant' as const, content: 'I am sorry to hear it.' }];
const question = 'How much time is left for me?';
const standalone = 'Within how many days of delivery are goods taken back?';
/** What runs asked of models; a question without an answer also has one proposed. */
const chats = () => models.calls.filter((call) => call.path.endsWith('/chat/completions') && !messagesOf(call)[0]?.content.startsWith('You write the answer of a question-and-answer pair'));
const Messages = z.array(z.looseObject({ role: z.string(), content: z.string() }));
const messagesOf = (call: SeenCall | undefined) => Messages.parse(call?.body['messages']);
const rewrites = (call: SeenCall) => messagesOf(call)[0]?.content.startsWith('You rewrite the last question') === true;
/** As the server counts them. */
const tokensOf = (answer: { usage: { prompt_tokens: number; completion_tokens: number } }) => ({ tokens_in: answer.usage.prompt_tokens, tokens_out: answer.usage.completion_tokens });
const searchIn = (steps: readonly NodeTrace[]) => steps.find(({ type }) => type === 'knowledge.retrieve');
const subscription = await subscribed(product);

beforeEach(async () => {
  models.fail(null);
  await app.settled();
  models.calls.length = 0;
  models.reply((call) => (rewrites(call) ? { text: `"${standalone}"` } : { text: '45 days [1].' }));
});

test('a follow-up question is searched as the model writes it out: the turns go to it, what its own words miss is found, tokens and trace show it', async () => {
  const answer = await subscription.ask(question);
  expect(answer).toMatchObject({ text: '45 days [1].', citations: [{ title: 'Withdrawal' }] });
  const [rewriting, answering, ...more] = chats();
  expect(more).toEqual([]);
  expect(rewriting?.body).toMatchObject({ max_tokens: 100, temperature: 0, model: answering?.body['model'] });
  expect(JSON.parse(messagesOf(rewriting).at(-1)?.content ?? '')).toEqual({ conversation: turns, question });
  // The answer is given to the question as it was asked.
  expect(messagesOf(answering).at(-1)?.content).toBe(question);
  const embedded = models.calls.find(({ path }) => path.endsWith('/embeddings'))?.body['input'];
  expect(embedded).toEqual([standalone]);
  const { steps, used } = await subscription.recorded(answer.run_id);
  const search = searchIn(steps);
  expect(search?.notes).toEqual([`Searched for “${standalone}”, as the conversation shows it is meant, instead of “${question}”.`]);
  expect(search?.tokens.inputTokens).toBeGreaterThan(50);
  expect(search?.tokens.outputTokens).toBeGreaterThan(5);
  const model = steps.find(({ type }) => type === 'model.chat');
  expect(used).toMatchObject({ ...tokensOf(answer), tokens_in: (search?.tokens.inputTokens ?? 0) + (model?.tokens.inputTokens ?? 0), tokens_out: (search?.tokens.outputTokens ?? 0) + (model?.tokens.outputTokens ?? 0) });
});

test('what is asked without earlier turns is searched as it is, and no model rewrites it', async () => {
  expect((await subscription.ask(standalone, [])).text).toBe('45 days [1].');
  expect(chats().map(rewrites)).toEqual([false]);
  expect((await subscription.ask(question, [])).text).toBe('Ask our desk.');
  expect(chats().filter(rewrites)).toEqual([]);
});

test('a model that fails leaves the question to the words of the conversation, says so in the trace, and costs nothing', async () => {
  models.fail({ kind: 'status', status: 400, times: 1 });
  const answer = await subscription.ask(question);
  expect(answer).toMatchObject({ text: 'Ask our desk.', usage: { prompt_tokens: 0 } });
  expect(chats().map(rewrites)).toEqual([true]);
  const { steps } = await subscription.recorded(answer.run_id);
  expect(searchIn(steps)).toMatchObject({ status: 'succeeded', notes: ['The question could not be rewritten from the conversation, so it was searched as it was asked.'] });
  // Words still find what the question and the conversation name.
  await app.settled();
  models.fail({ kind: 'status', status: 400, times: 1 });
  models.reply({ text: '900 lumens [1].' });
  const lamps = [{ role: 'user' as const, content: 'Tell me about the Aurora lamp.' }, { role: 'assistant' as const, content: 'It is our brightest.' }];
  expect(await subscription.ask('With how many lumens?', lamps)).toMatchObject({ text: '900 lumens [1].', citations: [{ title: 'Lamps' }] });
});

test('a model that is silent is waited for four seconds, then the question is searched as it was asked', async () => {
  models.fail({ kind: 'hang', times: 1 });
  const started = performance.now();
  expect((await subscription.ask(question)).text).toBe('Ask our desk.');
  const ms = performance.now() - started;
  expect(ms).toBeGreaterThan(3_900);
  expect(ms).toBeLessThan(9_000);
  expect(chats().map(({ aborted }) => aborted)).toEqual([true]);
});

test('a model that answers instead of rewriting is not searched for, and its tokens count', async () => {
  models.reply({ text: 'You have time until Friday.\nIgnore the rest.' });
  const answer = await subscription.ask(question);
  expect(answer.text).toBe('Ask our desk.');
  expect(answer.usage.prompt_tokens).toBeGreaterThan(50);
  expect((await subscription.recorded(answer.run_id)).used).toMatchObject(tokensOf(answer));
});

test('the rewriting ends when the person leaves', async () => {
  models.fail({ kind: 'hang', times: 1 });
  const leaving = new AbortController();
  const left = subscription.caller.fetch('/v1/chat/completions', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ stream: true, messages: subscription.messages(question) }), signal: leaving.signal }).then(async (response) => response.text()).catch(() => 'left');
  while (chats().length === 0) await pause(5);
  const started = performance.now();
  leaving.abort();
  while (chats()[0]?.aborted !== true) await pause(5);
  expect(performance.now() - started).toBeLessThan(2_000);
  expect(await left).toBe('left');
  await vi.waitFor(async () => { expect(await subscription.latest()).toMatchObject({ state: 'cancelled', errorCode: 'cancelled', tokensIn: 0 }); });
  // The client opens a connection in place of the one it dropped; unused, it would hold up the end of the server.
  await Promise.all([1, 2].map(async () => (await app.stranger.fetch('/api/v1/me')).text()));
});

test('the built-in offline model rewrites nothing, also where another one is installed', async () => {
  const offline = await subscribed(product, { behavior: { model: OFFLINE_CHAT_ID } });
  expect((await offline.ask(question)).text).toBe('Ask our desk.');
  expect((await offline.ask('With how many lumens does the Aurora shine?')).text).toContain('900 lumens');
  expect(chats()).toEqual([]);
});

test('in one run a question is rewritten once, by the model that the flow fixes; what a step makes of it is searched as it is', async () => {
  const template = flowTemplate('customer-support');
  if (!template) throw new Error('the flow template is gone');
  const { flow } = template;
  const node = (id: string, type: string, config = {}) => ({ id, type, name: id, config });
  const edge = (source: string, sourcePort: string, target: string, targetPort: string) => ({ source, sourcePort, target, targetPort });
  const twice = await sampleProduct(app, { seller, capabilities, flow: { ...template, flow: {
    ...flow, nodes: [...flow.nodes.map((one) => (one.type === 'model.chat' ? { ...one, config: { ...one.config, modelId: 'gpt-4.1-nano' } } : one)),
      node('again', 'knowledge.retrieve'), node('words', 'prompt.template', { template: 'lumens of {what}' }), node('other', 'knowledge.retrieve'), node('both', 'transform.combine-text')],
    edges: [...flow.edges.filter(({ targetPort }) => targetPort !== 'context'), edge('question', 'message', 'again', 'query'), edge('question', 'message', 'words', 'what'), edge('words', 'prompt', 'other', 'query'),
      edge('knowledge', 'text', 'both', 'first'), edge('again', 'text', 'both', 'second'), edge('other', 'text', 'both', 'second'), edge('both', 'text', 'prompt', 'context')],
  } } });
  const { ask, recorded } = await subscribed(twice);
  const answer = await ask(question);
  expect(chats().map((call) => [rewrites(call), call.body['model']])).toEqual([[true, 'gpt-4.1-nano'], [false, 'gpt-4.1-nano']]);
  const searches = (await recorded(answer.run_id)).steps.filter(({ type }) => type === 'knowledge.retrieve').toSorted((a, b) => a.nodeId.localeCompare(b.nodeId));
  expect(searches.map(({ nodeId, notes = [] }) => [nodeId, notes.length])).toEqual([['again', 1], ['knowledge', 1], ['other', 0]]);
  expect(searches.filter(({ tokens }) => tokens.inputTokens > 0)).toHaveLength(1);
});
