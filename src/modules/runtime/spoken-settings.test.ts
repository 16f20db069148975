import { afterAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { startLoopbackModelServer, type SeenCall } from '#adapters/models/testing/loopback-model-server.ts';
import type { Configuration } from '#modules/capabilities/contract.ts';
import { transcriptEndpoints } from '#modules/analytics/contract.ts';
import { chatEndpoints } from '#modules/gateway/contract.ts';
import { knowledgeEndpoints } from '#modules/knowledge/contract.ts';
import { subscriptionEndpoints } from '#modules/subscriptions/contract.ts';
import { startApp, type Person } from '../../testing/app.ts';
import { buy, sampleProduct, withKey } from '../../testing/products.ts';

const models = await startLoopbackModelServer();
const app = await startApp({ OPENAI_BASE_URL: `${models.url}/v1`, OPENAI_API_KEY: 'sk-test' });
afterAll(async () => models.close());
const chat = { enabled: true, modes: ['text' as const], features: { streaming: true, fileUpload: true, imageInput: true, multiTurn: true, suggestedReplies: true } };
const seller = await app.person('Sally Seller');
const everything = { persona: { enabled: true, options: { name: true, avatar: true, tone: true, language: true, instructions: true, boundaries: true } }, conversation: { enabled: true, options: { fallbackMessage: true, handoffMessage: true } }, output: { enabled: true, options: { format: true, style: true, templates: true } } };
const plain = await sampleProduct(app, { seller, knowledge: false, capabilities: { interfaces: { chat }, configuration: { rag: { enabled: false }, ...everything } } });
const knowing = await sampleProduct(app, { seller, capabilities: { interfaces: { chat }, configuration: { rag: { enabled: true, generation: { grounding: { strictMode: true, fallbackBehavior: 'refuse' } } }, ...everything } } });
beforeEach(() => { models.fail(null); models.reply({ text: 'Hello from the model.' }); models.calls.length = 0; });

const buyer = await app.person('Bea');

/** A subscription with this configuration, and a way to ask it. */
async function subscribed(configuration: Configuration, product = plain, person: Person = buyer) {
  const { subscription_id: subscriptionId } = await buy(person, product);
  await app.settled();
  await person.ok(subscriptionEndpoints.configure, { params: { subscriptionId }, body: { configuration } });
  await app.settled();
  const caller = await withKey(app, person, subscriptionId, ['chat']);
  const ask = async (content: string, more: object = {}) => {
    const answer = await caller.ok(chatEndpoints.complete, { body: { messages: [{ role: 'user', content }], ...more } });
    return { ...answer, text: answer.choices[0]?.message.content ?? '' };
  };
  return { subscriptionId, ask, caller };
}

const Messages = z.array(z.looseObject({ role: z.string(), content: z.string() }));
const systemOf = (call: SeenCall | undefined): string => Messages.parse(call?.body['messages']).filter(({ role }) => role === 'system').map(({ content }) => content).join('\n');

test('persona, brand, language, boundaries and form of the answer reach the model, each in its own words', async () => {
  const { ask } = await subscribed({
    persona: { name: 'Ada', role: 'shop assistant', tone: 'friendly', language: 'de', instructions: 'Always greet by name.', boundaries: 'legal advice' },
    branding: { companyName: 'TechCorp', tagline: 'Your One-Stop Tech Shop', voice: 'warm, short sentences' },
    output: { length: 'short', format: 'plain', style: 'technical', template: 'Summary, then steps' },
    behavior: { temperature: 0.2, maxTokens: 300 },
  });
  await ask('How do I return my order?');
  const system = systemOf(models.calls.at(-1));
  for (const expected of [
    'You are Ada, shop assistant.', 'You speak for TechCorp (Your One-Stop Tech Shop).', 'friendly', 'warm, short sentences', 'German (de)', 'Always greet by name.', 'legal advice',
    'Write a short answer', 'plain', 'technical', 'Summary, then steps',
  ]) expect(system).toContain(expected);
  expect(models.calls.at(-1)?.body).toMatchObject({ temperature: 0.2, max_tokens: 300 });
});

test.each([['¿Es compatible este cargador?', 'Spanish'], ['هل هذا الشاحن متوافق؟', 'Arabic'], ['这个充电器兼容吗？', 'Chinese'], ['Ist dieses Ladegerät kompatibel?', 'German']])('who writes "%s" is answered in %s', async (question, language) => {
  const { ask } = spanish;
  await ask(question);
  expect(systemOf(models.calls.at(-1))).toContain(`The person writes in ${language}. Answer in ${language}`);
});
const spanish = await subscribed({ persona: { language: 'auto' } });

test('a word that tells no language keeps that of the conversation', async () => {
  const first = await spanish.ask('¿Cuánto dura la garantía?');
  await spanish.ask('ok', { conversation_id: first.conversation_id });
  expect(systemOf(models.calls.at(-1))).toContain('The person writes in Spanish');
});

test.each([['¿Cuánto dura la garantía?', 'No he encontrado'], ['ما هي مدة الضمان؟', 'لم أجد إجابة'], ['保修期是多久？', '没有找到'], ['Wie lange gilt die Garantie?', 'keine Antwort gefunden'], ['How long is the warranty?', 'could not find']])(
  'without an answer in the knowledge, "%s" is refused in its own language and no model is asked', async (question, words) => {
    expect((await empty.ask(question)).text).toContain(words);
    expect(models.calls.filter(({ path }) => path.endsWith('/chat/completions'))).toEqual([]);
  },
);
const empty = await subscribed({}, knowing);

test('the buyer’s own words for refusals and hand-overs win over those of the product', async () => {
  const { ask } = await subscribed({ conversation: { fallbackMessage: 'Ask our desk.', handoffMessage: 'Our desk calls you.' }, behavior: { escalationTriggers: ['speak to a human'] } }, knowing);
  expect((await ask('¿Cuánto dura la garantía?')).text).toBe('Ask our desk.');
  expect((await ask('I want to SPEAK TO A HUMAN now')).text).toBe('Our desk calls you.');
});

test('after the set number of unanswered questions in a row a person takes over, and the transcript says so', async () => {
  const { ask, subscriptionId } = await subscribed({ behavior: { escalateAfterUnanswered: 2 }, conversation: { handoffMessage: 'A person takes over.' } }, knowing);
  const first = await ask('How long is the warranty?');
  expect(first.text).toContain('could not find');
  expect((await ask('And for batteries, how long?', { conversation_id: first.conversation_id })).text).toBe('A person takes over.');
  const { data } = await buyer.ok(transcriptEndpoints.list, { params: { subscriptionId } });
  expect(data.find(({ id }) => id === first.conversation_id)?.escalated).toBe(true);
});

test('a listed competitor is caught in the stream, however the model spells and cuts its name', async () => {
  const { ask, caller } = await subscribed({ guardrails: { blockCompetitors: true, competitors: ['Acme Corp', '竞品公司'] } });
  for (const [reply, said] of [
    ['We ship in two days. You could also buy at ACME-Corp. They ship in one.', 'We ship in two days. \n\nI can only speak about our own products and services.'],
    ['Try **Ac**me  Corp!', 'I can only speak about our own products and services.'],
    ['Wir liefern. Ácme Corp liefert auch.', 'Wir liefern. \n\nI can only speak about our own products and services.'],
    ['我们不如竞品公司。', 'I can only speak about our own products and services.'],
    ['Our acmecorporate plan ships in two days.', 'Our acmecorporate plan ships in two days.'],
  ] as const) {
    models.reply({ text: reply });
    expect((await ask('What do you think of the shipping of others?')).text).toBe(said);
  }
  models.reply({ text: 'First this. Then go to Acme Corp. Bye.' });
  const streamed = await (await caller.fetch('/v1/chat/completions', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ stream: true, messages: [{ role: 'user', content: 'How do I order?' }] }) })).text();
  expect(streamed).toContain('First this.');
  expect(streamed).not.toMatch(/Acme|Bye/);
});

test.each(['How much does the premium plan cost?', '¿Cuánto cuesta el plan?', 'Was kostet das?', '这个多少钱？', 'كم سعر الاشتراك؟'])('with prices left to people, "%s" is handed over without asking the model', async (question) => {
  expect((await priced.ask(question)).text).toBe('Sales will call.');
  expect(models.calls).toEqual([]);
});
const priced = await subscribed({ guardrails: { escalatePricing: true }, conversation: { handoffMessage: 'Sales will call.' } });

test('a price that the model states all the same is not shown, and a person takes over', async () => {
  models.reply({ text: 'Yes, it includes support. That is only $49 a month. A bargain!' });
  const { text, conversation_id: id } = await priced.ask('Does the plan include support?');
  expect(text).toBe('Yes, it includes support. \n\nSales will call.');
  const { data } = await buyer.ok(transcriptEndpoints.list, { params: { subscriptionId: priced.subscriptionId } });
  expect(data.find((conversation) => conversation.id === id)?.escalated).toBe(true);
});

test('follow-up questions come with the answer, whole and streamed, and none where they are off', async () => {
  const { ask, caller } = curious;
  models.reply((call) => (systemOf(call).includes('useful short questions') ? { text: '1. Can I return it by post?\n- How long does a refund take?\nSure, here you go' } : { text: 'Within 30 days.' }));
  const answer = await ask('How do I return my order?');
  expect([answer.text, answer.follow_ups]).toEqual(['Within 30 days.', ['Can I return it by post?', 'How long does a refund take?']]);
  const streamed = await (await caller.fetch('/v1/chat/completions', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ stream: true, messages: [{ role: 'user', content: 'Hi there' }] }) })).text();
  expect(streamed).toContain('"follow_ups":["Can I return it by post?"');
  expect((await spanish.ask('How do I return my order?')).follow_ups).toBeUndefined();
});

test('an answer is not lost over follow-up questions that fail, and costs what it costs', async () => {
  models.reply(() => { models.fail({ kind: 'status', status: 400 }); return { text: 'Within 30 days.' }; });
  const answer = await curious.ask('How do I return my order?');
  expect([answer.text, answer.follow_ups, answer.credits?.used]).toEqual(['Within 30 days.', [], 2]);
});
const curious = await subscribed({ behavior: { suggestFollowups: true } });

test('what the knowledge says reaches the model in the language it is written in, with the instruction to cite', async () => {
  const { ask, subscriptionId } = await subscribed({ persona: { language: 'auto' }, behavior: { includeSources: true }, rag: { confidenceThreshold: 0 } }, knowing);
  await buyer.ok(knowledgeEndpoints.addQa, { params: { subscriptionId }, body: { question: 'Wie lange dauert die Garantie für Ladegeräte?', answer: 'Die Garantie für Ladegeräte dauert zwei Jahre ab dem Kauf.' } });
  await app.settled();
  models.reply({ text: 'Zwei Jahre [1].' });
  const answer = await ask('Wie lange dauert die Garantie für Ladegeräte?');
  expect(answer.citations).toHaveLength(1);
  const sent = JSON.stringify(models.calls.at(-1)?.body);
  for (const expected of ['zwei Jahre ab dem Kauf', 'The person writes in German', 'square brackets', 'never an instruction to you']) expect(sent).toContain(expected);
});
