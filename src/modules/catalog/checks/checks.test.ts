import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { startLoopbackModelServer } from '#adapters/models/testing/loopback-model-server.ts';
import { billingEndpoints } from '#modules/billing/contract.ts';
import { startApp, type Person } from '../../../testing/app.ts';
import { draftedProduct, sellerIn, submittedVersion, waitingVersion } from '../../../testing/selling.ts';
import { Draft, marketplaceEndpoints, providerEndpoints, reviewEndpoints } from '../contract.ts';
import { productVersions } from '../tables.ts';
import { CheckQuestion, checkEndpoints } from './contract.ts';

const models = await startLoopbackModelServer();
const app = await startApp({ ANTHROPIC_BASE_URL: models.url, ANTHROPIC_API_KEY: 'sk-test' });
afterAll(async () => models.close());
beforeEach(() => { models.fail(null); models.reply({ text: 'The **warranty** lasts three years.' }); });
const operator = await app.person('Olga', { operator: true });
const ann = await sellerIn(app, 'Ann');

const QUESTIONS = [{ question: 'How long is the warranty?', mustContain: ['warranty lasts three years'] }, { question: 'What does it cost?', mustContain: ['five euros'], mustNotContain: ['three years'] }, { question: 'Hello?' }]
  .map((question) => CheckQuestion.parse(question));

async function uploadQuestions(seller: Person, productId: string, content: string, name = 'questions.csv') {
  const body = new FormData();
  body.set('file', new Blob([content]), name);
  const answer = await seller.fetch(checkEndpoints.uploadQuestions.path.replace(':productId', productId), { method: 'PUT', body });
  return { status: answer.status, body: await answer.json() as { errors?: { path: string }[] } };
}

const checksOf = async (productId: string, versionId: string) => ann.ok(checkEndpoints.getChecks, { params: { productId, versionId } });

/** A product whose first version waits for review, with its checks done. */
async function submitted(slug: string, questions = QUESTIONS) {
  const productId = await draftedProduct(ann, slug, undefined, { questions });
  await ann.ok(providerEndpoints.submitProduct, { params: { productId } });
  const versionId = await waitingVersion(operator, productId);
  await app.settled();
  return { productId, versionId };
}

test('questions come from a file or from the form, whole or not at all', async () => {
  const productId = await draftedProduct(ann, 'with-questions');
  expect((await uploadQuestions(ann, productId, 'question,must_contain\nHow long?,3 days|tracked\n')).status).toBe(200);
  const { draft } = await ann.ok(providerEndpoints.getDraft, { params: { productId } });
  expect(draft.questions).toMatchObject([{ question: 'How long?', mustContain: ['3 days', 'tracked'] }]);
  const refused = await uploadQuestions(ann, productId, 'question,must_refuse\nA?,perhaps\n');
  expect([refused.status, refused.body.errors?.map(({ path }) => path)]).toEqual([422, ['1.mustRefuse']]);
  expect((await ann.ok(providerEndpoints.getDraft, { params: { productId } })).draft.questions).toEqual(draft.questions);
  const many = await ann.call(providerEndpoints.saveDraft, { params: { productId }, body: { questions: Array.from({ length: 51 }, () => CheckQuestion.parse({ question: 'x' })) } });
  expect(many.status).toBe(422);
});

test('a submitted version is asked its questions, and everybody who should sees how it did', async () => {
  const { productId, versionId } = await submitted('asked');
  const { score, results, before } = await checksOf(productId, versionId);
  expect(score).toMatchObject({ state: 'done', total: 3, asked: 3, passed: 2, runs: 1, kinds: [{ kind: 'answers', passed: 3, total: 3 }, { kind: 'contains', passed: 1, total: 2 }, { kind: 'avoids', passed: 0, total: 1 }] });
  expect(results.map(({ question, passed, failures }) => [question, passed, failures.map(({ message }) => message)])).toEqual([
    ['How long is the warranty?', true, []], ['What does it cost?', false, ['“five euros” is missing.', '“three years” is in the answer.']], ['Hello?', true, []],
  ]);
  expect(before).toBeNull();

  const inQueue = (await operator.ok(reviewEndpoints.listQueue, { query: {} })).data.find((item) => item.version_id === versionId);
  expect(inQueue?.checks).toEqual(score);
  expect((await operator.ok(checkEndpoints.getReviewChecks, { params: { versionId } })).results).toEqual(results);
  // It failed two of three, and is approved all the same: the score informs, the operator decides.
  await operator.ok(reviewEndpoints.approve, { params: { versionId }, body: {} });
  const listed = await app.stranger.ok(marketplaceEndpoints.getProduct, { params: { productId } });
  expect(listed.checks).toEqual({ passed: 2, total: 3, checked_at: score?.finishedAt });
  expect(JSON.stringify(listed)).not.toContain('five euros');
  expect((await ann.ok(providerEndpoints.listVersions, { params: { productId } })).data[0]?.checks).toEqual(score);
});

test('the next version is compared with the one before, and the questions come along', async () => {
  const { productId, versionId } = await submitted('compared-scores');
  await operator.ok(reviewEndpoints.approve, { params: { versionId }, body: {} });
  models.reply({ text: 'The warranty lasts three years and costs five euros.' });
  const next = await submittedVersion(ann, operator, productId, { changelog: 'Knows the price.', plans: [{ name: 'One', tier: 'starter', priceMonthlyMinor: 0 }] });
  await app.settled();
  const { score, before } = await checksOf(productId, next);
  expect([score?.passed, score?.total, before]).toEqual([2, 3, { number: 1, passed: 2, total: 3 }]);
});

test('what cannot be asked blocks nothing: it fails the question with the reason', async () => {
  models.fail({ kind: 'status', status: 500 });
  const { productId, versionId } = await submitted('down', QUESTIONS.slice(0, 1));
  const { score, results } = await checksOf(productId, versionId);
  expect([score?.state, score?.passed, results[0]?.failures[0]?.kind]).toEqual(['done', 0, 'answers']);
  expect(results[0]?.failures[0]?.message).not.toMatch(/stack|127\.0\.0\.1/);
  models.fail(null);
  models.delay(500);
  expect(await ann.ok(checkEndpoints.repeatChecks, { params: { productId, versionId } })).toMatchObject({ score: { state: 'waiting', asked: 0, runs: 2 }, results: [] });
  expect((await ann.call(checkEndpoints.repeatChecks, { params: { productId, versionId } })).problem.code).toBe('checks_running');
  models.delay(0);
  await app.settled();
  expect((await checksOf(productId, versionId)).score).toMatchObject({ state: 'done', passed: 1, runs: 2 });
  for (let run = 3; run <= 5; run += 1) {
    await ann.ok(checkEndpoints.repeatChecks, { params: { productId, versionId } });
    await app.settled();
  }
  expect((await ann.call(checkEndpoints.repeatChecks, { params: { productId, versionId } })).problem.code).toBe('checks_used_up');
});

test('checks cost the seller nothing and leave no run in anybody’s figures', async () => {
  const wallet = async () => ann.ok(billingEndpoints.getWallet, { params: { organizationId: ann.organizationId } });
  const before = await wallet();
  const { productId } = await submitted('free-of-charge');
  expect(await wallet()).toEqual(before);
  expect(await ann.ok(providerEndpoints.getSellerProduct, { params: { productId } })).toMatchObject({ runs: 0, subscribers: 0 });
});

test('checks that a crash interrupted go on where they stopped', async () => {
  const { productId, versionId } = await submitted('interrupted');
  const { results } = await checksOf(productId, versionId);
  // As a process that died after the second answer leaves it.
  await app.composition.platform.database.asOperator('test', async (tx) => {
    const [row] = await tx.select({ checks: productVersions.checks }).from(productVersions).where(eq(productVersions.id, versionId));
    await tx.update(productVersions).set({ checks: { ...row!.checks!, state: 'running', finishedAt: null, movedAt: new Date(Date.now() - 3_600_000).toISOString() } }).where(eq(productVersions.id, versionId));
  });
  expect(await ann.ok(checkEndpoints.repeatChecks, { params: { productId, versionId } })).toMatchObject({ score: { runs: 2 } });
  await app.settled();
  expect((await checksOf(productId, versionId)).results.map(({ question, passed }) => [question, passed])).toEqual(results.map(({ question, passed }) => [question, passed]));
});

test('a draft that was begun before there were questions has none', async () => {
  const productId = await draftedProduct(ann, 'older-draft');
  await app.composition.platform.database.asOperator('test', async (tx) => tx.execute(sql`update product_drafts set draft = draft - 'questions' where product_id = ${productId}`));
  expect(Draft.parse(await ann.ok(providerEndpoints.getDraft, { params: { productId } })).draft.questions).toEqual([]);
  await ann.ok(providerEndpoints.submitProduct, { params: { productId } });
  expect((await ann.ok(providerEndpoints.listVersions, { params: { productId } })).data[0]?.checks).toBeNull();
});

test('nobody else sees or repeats the checks of a version', async () => {
  const { productId, versionId } = await submitted('not-yours');
  const eve = await sellerIn(app, 'Eve');
  for (const answer of [await eve.call(checkEndpoints.getChecks, { params: { productId, versionId } }), await eve.call(checkEndpoints.repeatChecks, { params: { productId, versionId } })]) expect(answer.status).toBe(404);
  expect((await uploadQuestions(eve, productId, 'question\nA?\n')).status).toBe(404);
  expect((await ann.call(checkEndpoints.getReviewChecks, { params: { versionId } })).status).toBe(403);
});
