import { eq, inArray } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { uuidv7 } from '#platform/crypto/ids.ts';
import { systemProcess } from '#platform/process.ts';
import { usageEvents } from '#modules/usage/index.ts';
import { startApp } from '../../testing/app.ts';
import { buy, sampleProduct } from '../../testing/products.ts';
import { createRecorder, type RunRecord } from './recorder.ts';
import { createSubjects } from './subjects.ts';
import { conversations, messages, runs } from './tables.ts';

const app = await startApp();
const { platform } = app.composition;
const ann = await app.person('Ann');
const { subscription_id: subscriptionId } = await buy(ann, await sampleProduct(app, { knowledge: false }));
await app.settled();
const subject = { ...await createSubjects(platform).forSubscription(ann.organizationId, subscriptionId), subscriptionId };
const recorder = createRecorder(platform);
const system = systemProcess(platform, 'test', ann.organizationId);

const finished = (over: Partial<RunRecord>): RunRecord => ({
  subject, runId: uuidv7(), channel: 'api', keyId: null, state: 'succeeded', errorCode: null, modelId: 'a-model', startedAt: new Date('2026-11-20T10:00:00.123Z'), durationMs: 40, firstTokenMs: 10,
  tokensIn: 7, tokensOut: 0, unanswered: false, missed: null, escalated: false, trace: [{ nodeId: 'model', notes: ['"quoted" \\u0000 text'] }], holds: [], charged: true, conversationId: uuidv7(), conversationState: null,
  visitor: null, question: 'What is new?', answer: 'Nothing.', citations: [], ...over,
});

test('a run is kept as it was, with its messages and what was used', async () => {
  const run = finished({ visitor: { id: 'v1', name: 'Vera' } });
  await recorder.record(run);
  await system.run(async ({ tx }) => {
    expect(await tx.select().from(runs).where(eq(runs.id, run.runId))).toMatchObject([{
      tenantId: ann.organizationId, createdAt: run.startedAt, subscriptionId, conversationId: run.conversationId, keyId: null, state: 'succeeded', errorCode: null, durationMs: 40, firstTokenMs: 10,
      tokensIn: 7, tokensOut: 0, credits: subject.creditsPerMessage, unanswered: false, trace: run.trace,
    }]);
    expect(await tx.select().from(conversations).where(eq(conversations.id, run.conversationId))).toMatchObject([{ visitor: { id: 'v1', name: 'Vera' }, title: 'What is new?', messageCount: 2, unanswered: 0, escalated: false }]);
    const said = await tx.select().from(messages).where(eq(messages.runId, run.runId)).orderBy(messages.createdAt);
    expect(said.map(({ role, content, state, rating }) => [role, content, state, rating])).toEqual([['user', 'What is new?', 'complete', null], ['assistant', 'Nothing.', 'complete', null]]);
    const used = await tx.select().from(usageEvents).where(eq(usageEvents.reference, run.runId)).orderBy(usageEvents.metric);
    expect(used.map(({ metric, quantity, credits, occurredAt }) => [metric, quantity, credits, occurredAt])).toEqual([['messages', 1, subject.creditsPerMessage, run.startedAt], ['tokens_in', 7, 0, run.startedAt]]);
  });
});

test('a conversation without a visitor has none', async () => {
  const run = finished({});
  await recorder.record(run);
  const [row] = await system.run(async ({ tx }) => tx.select().from(conversations).where(eq(conversations.id, run.conversationId)));
  expect(row?.visitor).toBeNull();
});

test('whatever a model says is kept: what the database cannot hold is left out', async () => {
  const run = finished({ answer: 'before\u0000 \ud800 after 😀 \\u0000 \\ud800', question: `${'x'.repeat(119)}😀` });
  await recorder.record(run);
  const said = await system.run(async ({ tx }) => tx.select().from(messages).where(eq(messages.runId, run.runId)).orderBy(messages.createdAt));
  expect(said.map(({ content }) => content)).toEqual([run.question, 'before \ufffd after 😀 \\u0000 \\ud800']);
});

test('turns of one conversation that end together are one conversation', async () => {
  const conversationId = uuidv7();
  const turns = [finished({ conversationId, unanswered: true }), finished({ conversationId, unanswered: true }), finished({ conversationId, escalated: true, unanswered: true })];
  await Promise.all(turns.map(async (turn) => recorder.record(turn)));
  await recorder.record(finished({ conversationId, unanswered: true }));
  await system.run(async ({ tx }) => {
    expect(await tx.select().from(conversations).where(eq(conversations.id, conversationId))).toMatchObject([{ messageCount: 8, unanswered: 4, escalated: true }]);
    expect(await tx.$count(messages, inArray(messages.runId, turns.map((turn) => turn.runId)))).toBe(6);
  });
});

test('a failed run is kept without usage, and without messages when nothing was said', async () => {
  const run = finished({ state: 'failed', errorCode: 'model', charged: false, answer: '' });
  await recorder.record(run);
  await system.run(async ({ tx }) => {
    expect(await tx.select().from(runs).where(eq(runs.id, run.runId))).toMatchObject([{ state: 'failed', errorCode: 'model', credits: 0 }]);
    expect(await tx.$count(messages, eq(messages.runId, run.runId))).toBe(0);
    expect(await tx.$count(usageEvents, eq(usageEvents.reference, run.runId))).toBe(0);
  });
});
