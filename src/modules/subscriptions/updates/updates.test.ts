import { eq } from 'drizzle-orm';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { startLoopbackModelServer } from '#adapters/models/testing/loopback-model-server.ts';
import { transcriptEndpoints } from '#modules/analytics/contract.ts';
import { billingEndpoints } from '#modules/billing/contract.ts';
import { PlanTerms, providerEndpoints, reviewEndpoints, type DraftPatch } from '#modules/catalog/contract.ts';
import { apiKeyEndpoints, chatEndpoints } from '#modules/gateway/contract.ts';
import { knowledgeEndpoints } from '#modules/knowledge/contract.ts';
import { startApp, type Caller, type Person } from '../../../testing/app.ts';
import { buy, keysOf, pay, sampleProduct, subscriptionOf, type SampleForSale } from '../../../testing/products.ts';
import { nextVersion, submittedVersion } from '../../../testing/selling.ts';
import { subscriptionEndpoints } from '../contract.ts';
import { subscriptionUpdates } from '../tables.ts';
import { updateEndpoints } from './contract.ts';

/** Which flow was asked is read from the instructions its prompt gives the model. */
const models = await startLoopbackModelServer();
const app = await startApp({ ANTHROPIC_BASE_URL: models.url, ANTHROPIC_API_KEY: 'sk-test' });
afterAll(async () => models.close());
const operator = await app.person('Olga', { operator: true });
beforeEach(() => {
  models.delay(0);
  models.reply(({ body }) => ({ text: JSON.stringify(body).includes('help the customers') ? 'From the first version.' : 'From the second version.' }));
});

const SECOND: DraftPatch = {
  template: 'faq-bot', changelog: 'Answers in three sentences.',
  capabilities: { configuration: { rag: { enabled: true }, persona: { enabled: false } } },
};

/** A product whose second version is approved when `second` is called, and somebody who bought the first. */
async function subscribed(options: { plan?: string; sample?: SampleForSale } = {}) {
  const sample = options.sample ?? await sampleProduct(app);
  const buyer = await app.person('Bea');
  const { subscription_id: subscriptionId, checkout_id: checkoutId } = await buy(buyer, sample, options.plan);
  if (checkoutId) await pay(buyer, checkoutId);
  await app.settled();
  const params = { subscriptionId };
  return {
    sample, buyer, params,
    second: async (parts: DraftPatch = SECOND) => nextVersion(sample.seller, operator, sample.productId, parts),
    state: async () => buyer.ok(updateEndpoints.get, { params }),
    accept: async (versionId: string, more: { accept_price?: boolean; revision?: number } = {}) => buyer.call(updateEndpoints.accept, { params, body: { version_id: versionId, ...more } }),
    configure: async (configuration: Record<string, unknown>) => buyer.ok(subscriptionEndpoints.configure, { params, body: { configuration } }),
    teach: async () => { await buyer.ok(knowledgeEndpoints.addQa, { params, body: { question: 'How long is the warranty?', answer: 'The warranty lasts three years.' } }); await app.settled(); },
  };
}

/** Subscribers of one product who are all offered its second version. */
const shared = await sampleProduct(app);
const pool = await Promise.all(Array.from({ length: 12 }, async () => subscribed({ sample: shared })));
const second = await nextVersion(shared.seller, operator, shared.productId, SECOND);
await app.settled();
const offered = () => {
  const next = pool.pop();
  if (!next) throw new Error('the pool needs more subscribers');
  return next;
};

const balance = async (buyer: Person) => (await buyer.ok(billingEndpoints.getWallet, { params: { organizationId: buyer.organizationId } })).balance;
const ask = async (key: Caller, content = 'How long is the warranty?') => (await key.ok(chatEndpoints.complete, { body: { messages: [{ role: 'user', content }] } })).choices[0]?.message.content;
async function keyOf(buyer: Person, subscriptionId: string) {
  return app.key((await buyer.ok(apiKeyEndpoints.issue, { params: { subscriptionId }, body: { name: 'Server' } })).secret);
}

test('a subscription stays on the version it was bought with, and is offered a newer one only when that is approved', async () => {
  const { sample, buyer, params, state } = await subscribed();
  const before = await subscriptionOf(buyer, params.subscriptionId);
  expect([before.update, (await state()).offer]).toEqual([null, null]);
  const waiting = await submittedVersion(sample.seller, operator, sample.productId, SECOND);
  expect((await state()).offer).toBeNull();
  await operator.fetch(`/api/v1/operator/reviews/${waiting}/approve`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
  await app.settled();
  const after = await subscriptionOf(buyer, params.subscriptionId);
  expect(after.update).toEqual({ version: 2, postponed_until: null });
  expect({ ...after, update: null }).toEqual(before);
  expect((await buyer.ok(subscriptionEndpoints.list)).data[0]?.update).toEqual({ version: 2, postponed_until: null });
});

test('the offer says in words what changes, and nothing of the seller’s texts', async () => {
  const { configure, state } = offered();
  await configure({ persona: { name: 'Robin' }, parameters: { brand_voice: 'calm', languages: 'English' } });
  const { offer, version } = await state();
  expect([version, offer?.number, offer?.changelogs.map(({ number, changelog }) => [number, changelog])]).toEqual([1, 2, [[2, 'Answers in three sentences.']]]);
  expect(offer?.flow.steps).toMatchObject({ added: [], removed: [], changed: [{ name: 'Instructions', settings: expect.arrayContaining(['template', 'defaults']) }] });
  expect(offer?.capabilities).toContainEqual(expect.objectContaining({ path: 'configuration.persona.enabled', effect: 'loss', before: true, after: false }));
  expect(offer?.kept).toEqual(['parameters.languages']);
  expect(offer?.lost.map(({ path, value }) => [path, value])).toEqual([['persona.name', 'Robin'], ['parameters.brand_voice', 'calm']]);
  expect(offer?.plan).toMatchObject({ prices: [], higher: false, kept_because: null });
  expect(JSON.stringify(offer)).not.toMatch(/help the customers|at most three sentences/);
});

test('accepting keeps what fits, keys and knowledge, and answers come from the new version at once', async () => {
  const { buyer, params, configure, accept, teach } = offered();
  await teach();
  await configure({ persona: { name: 'Robin' }, branding: { companyName: 'Acme' }, parameters: { languages: 'English' } });
  const key = await keyOf(buyer, params.subscriptionId);
  expect(await ask(key)).toBe('From the first version.');
  const [before, keys] = [await subscriptionOf(buyer, params.subscriptionId), await keysOf(buyer, params.subscriptionId)];

  const { status, body } = await accept(second);
  expect([status, body.version, body.offer, body.way_back?.version]).toEqual([200, 2, null, 1]);
  expect(body.history).toMatchObject([{ decision: 'accepted', from_version: 1, to_version: 2, by: 'Bea', lost: [{ path: 'persona.name', value: 'Robin' }] }]);
  await app.settled();
  expect(await ask(key)).toBe('From the second version.');

  const after = await subscriptionOf(buyer, params.subscriptionId);
  expect(after).toMatchObject({ version: 2, update: null, knowledge_base_id: before.knowledge_base_id, created_at: before.created_at, period_end: before.period_end, state: 'active' });
  expect(after.revision).toBe(before.revision + 1);
  expect((await keysOf(buyer, params.subscriptionId)).map(({ id }) => id)).toEqual(keys.map(({ id }) => id));
  const { configuration } = await buyer.ok(subscriptionEndpoints.getConfiguration, { params });
  expect(configuration).toMatchObject({ branding: { companyName: 'Acme' }, parameters: { languages: 'English' } });
  expect(configuration.persona).toBeUndefined();
  expect((await buyer.ok(transcriptEndpoints.list, { params, query: {} })).data).toHaveLength(2);
});

test('accepting twice, or at the same time, happens once', async () => {
  const { buyer, params, accept, state } = offered();
  const answers = await Promise.all([accept(second), accept(second), accept(second)]);
  expect(answers.map((answer) => [answer.status, answer.body.version])).toEqual([[200, 2], [200, 2], [200, 2]]);
  expect((await state()).history).toHaveLength(1);
  expect((await subscriptionOf(buyer, params.subscriptionId)).revision).toBe(2);
});

test('what was looked at is what is accepted: a newer version or another configuration in between is told', async () => {
  const { configure, second: publish, accept, state } = await subscribed();
  const two = await publish();
  const { revision } = await state();
  await configure({ persona: { name: 'Kim' } });
  expect((await accept(two, { revision })).problem.code).toBe('configuration_changed');
  await publish({ changelog: 'Once more.', plans: [{ key: 'free', name: 'Free', tier: 'starter', priceMonthlyMinor: 0 }] });
  expect((await accept(two)).problem.code).toBe('update_changed');
  expect((await state()).version).toBe(1);
});

test('the way back restores everything exactly, once, and ends after thirty days', async () => {
  const { buyer, params, configure, accept, state, teach } = offered();
  await teach();
  await configure({ persona: { name: 'Robin', instructions: 'Be kind.' }, parameters: { brand_voice: 'calm' } });
  const [before, configuration] = [await subscriptionOf(buyer, params.subscriptionId), (await buyer.ok(subscriptionEndpoints.getConfiguration, { params })).configuration];
  await accept(second);
  await configure({ branding: { companyName: 'Later' } });
  await app.settled();

  const back = await buyer.ok(updateEndpoints.rollBack, { params });
  expect([back.version, back.way_back, back.history.map(({ decision }) => decision)]).toEqual([1, null, ['rolled-back', 'accepted']]);
  await app.settled();
  const after = await subscriptionOf(buyer, params.subscriptionId);
  expect({ ...after, revision: 0, update: null }).toEqual({ ...before, revision: 0, update: null });
  expect((await buyer.ok(subscriptionEndpoints.getConfiguration, { params })).configuration).toEqual(configuration);
  expect(await ask(await keyOf(buyer, params.subscriptionId))).toBe('From the first version.');
  // The version one left is not pressed on anybody again, but can still be taken.
  expect(after.update?.postponed_until).not.toBeNull();
  expect((await buyer.ok(updateEndpoints.rollBack, { params })).history).toHaveLength(2);

  const { offer } = await state();
  await accept(offer?.version_id ?? '');
  await app.composition.platform.database.asOperator('test', async (tx) => tx.update(subscriptionUpdates).set({ until: new Date(Date.now() - 1000) }).where(eq(subscriptionUpdates.subscriptionId, params.subscriptionId)));
  expect((await state()).way_back).toBeNull();
  expect((await buyer.call(updateEndpoints.rollBack, { params })).problem.code).toBe('no_way_back');
});

test('nobody goes back who never went forward, or forward to what is not offered', async () => {
  const { buyer, params, accept } = offered();
  expect((await buyer.call(updateEndpoints.rollBack, { params })).problem.code).toBe('no_way_back');
  expect((await accept(params.subscriptionId)).problem.code).toBe('update_changed');
});

const pro = (more: object) => [{ ...PlanTerms.parse({ key: 'pro', name: 'Pro', tier: 'pro', priceMonthlyMinor: 2_900, priceYearlyMinor: 29_000, limits: { messages: 1_000 }, ...more }) }];

test('a higher price is told with the day it begins, and applies only when it was accepted by name', async () => {
  const { buyer, params, second: publish, accept, state } = await subscribed({ plan: 'pro' });
  const before = await subscriptionOf(buyer, params.subscriptionId);
  const versionId = await publish({ ...SECOND, plans: pro({ priceMonthlyMinor: 3_900, rateCard: { message: 3 } }) });
  expect((await state()).offer?.plan).toMatchObject({
    higher: true, prices: [{ what: 'monthly', before: 2_900, after: 3_900, higher: true, effective_at: before.period_end }, { what: 'message', before: 1, after: 3, effective_at: null }],
  });
  const refused = await accept(versionId);
  expect([refused.status, refused.problem.code]).toEqual([409, 'price_not_accepted']);
  const unchanged = await subscriptionOf(buyer, params.subscriptionId);
  expect([unchanged.version, unchanged.plan, (await state()).history]).toEqual([1, before.plan, []]);
  await accept(versionId, { accept_price: true });
  const after = await subscriptionOf(buyer, params.subscriptionId);
  expect([after.version, after.plan.priceMonthlyMinor, after.plan.rateCard.message, after.period_end]).toEqual([2, 3_900, 3, before.period_end]);
  await buyer.ok(updateEndpoints.rollBack, { params });
  expect((await subscriptionOf(buyer, params.subscriptionId)).plan).toEqual(before.plan);
});

test('a plan that is no longer sold stays as it is', async () => {
  const { buyer, params, second: publish, accept } = await subscribed();
  const before = await subscriptionOf(buyer, params.subscriptionId);
  expect((await accept(await publish({ ...SECOND, plans: pro({}) }))).status).toBe(200);
  expect((await subscriptionOf(buyer, params.subscriptionId)).plan).toEqual(before.plan);
});

test('of an acceptance and the approval of a still newer version at the same time, what is taken is one version whole', async () => {
  const { sample, buyer, params, second: publish, accept, state } = await subscribed();
  const two = await publish();
  const three = await submittedVersion(sample.seller, operator, sample.productId, { changelog: 'Third.', capabilities: { configuration: { rag: { enabled: true }, persona: { enabled: true } } } });
  const [accepted] = await Promise.all([accept(two), operator.ok(reviewEndpoints.approve, { params: { versionId: three }, body: {} })]);
  const { version, capabilities } = await subscriptionOf(buyer, params.subscriptionId);
  expect([accepted.status === 200 ? 2 : accepted.problem.code, version, capabilities.configuration.persona.enabled]).toEqual(accepted.status === 200 ? [2, 2, false] : ['update_changed', 1, true]);
  expect((await state()).offer?.number).toBe(3);
});

test('an offer that was put off is quiet until its day, and stays open', async () => {
  const { buyer, params, accept } = offered();
  const versionId = second;
  const postpone = async (days: number) => buyer.call(updateEndpoints.postpone, { params, body: { version_id: versionId, until: new Date(Date.now() + days * 86_400_000).toISOString() } });
  expect([(await postpone(-1)).problem.code, (await postpone(500)).problem.code]).toEqual(['date_not_possible', 'date_not_possible']);
  const { body } = await postpone(14);
  expect(body.offer?.postponed_until).toBe(body.history[0]?.until);
  expect((await subscriptionOf(buyer, params.subscriptionId)).update?.postponed_until).toBe(body.offer?.postponed_until);
  expect((await accept(versionId)).body.version).toBe(2);
});

test('a run that began goes on with the version it began with', async () => {
  const { buyer, params, accept, teach } = offered();
  await teach();
  const key = await keyOf(buyer, params.subscriptionId);
  models.delay(700);
  const running = ask(key);
  await new Promise((resolve) => { setTimeout(resolve, 200); });
  expect((await accept(second)).status).toBe(200);
  expect(await running).toBe('From the first version.');
  models.delay(0);
  await app.settled();
  expect(await ask(key)).toBe('From the second version.');
});

test('a try-out asks both versions with the buyer’s knowledge, charges nothing and leaves no transcript', async () => {
  const { buyer, params, configure, teach } = offered();
  await teach();
  await ask(await keyOf(buyer, params.subscriptionId));
  await configure({ parameters: { languages: 'Klingon' } });
  const [credits, calls] = [await balance(buyer), models.calls.length];
  expect(await buyer.ok(updateEndpoints.listTrialQuestions, { params })).toEqual({ data: ['How long is the warranty?'], remaining: 60 });
  const tried = await buyer.ok(updateEndpoints.tryOffer, { params, body: { version_id: second, question: 'How long is the warranty?' } });
  expect(tried).toMatchObject({ current: { answer: 'From the first version.', error: null }, offered: { answer: 'From the second version.', error: null }, remaining: 59 });
  const chats = models.calls.slice(calls).filter((call) => call.path.endsWith('/messages')).map((call) => JSON.stringify(call.body));
  expect(chats.map((body) => [body.includes('three years'), body.includes('Klingon')])).toEqual([[true, true], [true, true]]);
  expect(await balance(buyer)).toBe(credits);
  const { data } = await buyer.ok(transcriptEndpoints.list, { params, query: {} });
  expect(data).toHaveLength(1);
  expect((await subscriptionOf(buyer, params.subscriptionId)).usage.messages).toBe(1);
});

test('a failure of one version is told beside the answer of the other, and an unknown answer as such', async () => {
  const { buyer, params, teach, configure } = offered();
  await configure({ rag: { strictMode: true, fallback: 'refuse' } });
  const tryOut = async (question: string) => buyer.ok(updateEndpoints.tryOffer, { params, body: { version_id: second, question } });
  const unknown = await tryOut('Who won the cup?');
  expect([unknown.current.refused, unknown.offered.refused]).toEqual([true, true]);
  await teach();
  models.fail({ kind: 'status', status: 400, times: 1 });
  const { current, offered: other } = await tryOut('How long is the warranty?');
  expect([current, other].filter(({ error }) => error === null)).toHaveLength(1);
  expect([current, other].find(({ error }) => error !== null)).toMatchObject({ answer: '', refused: false });
});

test('an update of somebody else’s subscription answers as if there were none', async () => {
  const { params } = offered();
  const versionId = second;
  const eve = await app.person('Eve');
  const until = new Date(Date.now() + 86_400_000).toISOString();
  for (const answer of [
    await eve.call(updateEndpoints.get, { params }), await eve.call(updateEndpoints.accept, { params, body: { version_id: versionId } }), await eve.call(updateEndpoints.rollBack, { params }),
    await eve.call(updateEndpoints.postpone, { params, body: { version_id: versionId, until } }), await eve.call(updateEndpoints.listTrialQuestions, { params }),
    await eve.call(updateEndpoints.tryOffer, { params, body: { version_id: versionId, question: 'x' } }),
  ]) expect([answer.status, answer.problem.code]).toEqual([404, 'not_found']);
});

test('a cancelled subscription is offered nothing and keeps what it was', async () => {
  const { buyer, params, accept, state } = offered();
  await buyer.ok(subscriptionEndpoints.cancel, { params });
  expect([(await state()).offer, (await accept(second)).problem.code]).toEqual([null, 'no_update']);
  expect((await buyer.ok(subscriptionEndpoints.list)).data[0]?.update).toBeNull();
});

test('an update is offered also when the seller took the product off, for who has it goes on using it', async () => {
  const { state } = offered();
  await shared.seller.ok(providerEndpoints.unpublishProduct, { params: { productId: shared.productId } });
  expect((await state()).offer?.number).toBe(2);
});
