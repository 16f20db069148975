import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { runLive, type RunJournal } from '#modules/flows/index.ts';
import { uuidv7 } from '#platform/crypto/ids.ts';
import { startApp, type TestApp } from '../../testing/app.ts';
import { flowOf, runContext } from '../flows/engine/testing/run-context.ts';
import { createJournalStore, LeaseLostError, type Lease, type OpenJournal } from './journal-store.ts';

let app: TestApp;
beforeAll(async () => { app = await startApp(); });
afterAll(async () => app.stop());

const STEPS = 8;
/** Calls another server again and again; every call is to happen once. */
const calling = flowOf(
  [['in', 'input.chat'], ...Array.from({ length: STEPS }, (_, i): [string, string, Record<string, unknown>] => [`call${i}`, 'http.request', { url: `https://api.example.com/step/${i}`, method: 'POST' }]), ['out', 'output.chat']],
  ['in.message -> call0.body', ...Array.from({ length: STEPS - 1 }, (_, i) => `call${i}.text -> call${i + 1}.body`), `call${STEPS - 1}.text -> out.input`],
);
const question = { channel: 'test', keyId: null, text: 'go', history: [], conversationId: null, visitor: null };

/** Begins a run, and waits until its row is there: before that nothing could take it over. */
async function beginRun(lease: Lease): Promise<OpenJournal> {
  const { platform } = app.composition;
  const journal = createJournalStore(platform).begin({ lease, subscriptionId: uuidv7(), flowId: uuidv7(), question, leaseUntil: new Date(Date.now() + 60_000) });
  await vi.waitFor(async () => {
    const { rows } = await platform.database.asOperator('test', async (tx) => tx.execute(sql`select id from durable_runs where id = ${lease.runId}`));
    expect(rows).toHaveLength(1);
  }, { timeout: 10_000 });
  return journal;
}

/** The next life of a run: a new token, and what the journal holds. */
async function nextLife(lease: Lease): Promise<{ lease: Lease; journal: OpenJournal }> {
  const next = { ...lease, token: uuidv7() };
  await app.composition.platform.database.asOperator('test', async (tx) => tx.execute(sql`update durable_runs set lease_token = ${next.token}, lives = lives + 1 where id = ${lease.runId}`));
  return { lease: next, journal: await createJournalStore(app.composition.platform).resume(next) };
}

/** Dies after this many lines: what comes later is neither written nor answered. */
function dying(journal: OpenJournal, lines: number): { journal: RunJournal; died: Promise<void> } {
  let left = lines;
  let die: () => void = () => undefined;
  const died = new Promise<void>((resolve) => { die = resolve; });
  return { died, journal: {
    recall: (path) => journal.recall(path), recallState: () => journal.recallState(),
    keep: async (step) => {
      if (left-- > 0) return journal.keep(step);
      die();
      return new Promise<void>(() => undefined);
    },
  } };
}

test('a run killed at any of its lines comes to its end, and no step before the kill is done twice', async () => {
  const person = await app.person('Dora');
  for (let lines = 0; lines < STEPS + 2; lines++) {
    const lease = { tenant: person.organizationId, runId: uuidv7(), token: uuidv7() };
    const called: string[] = [];
    const controller = new AbortController();
    const context = runContext('go', { runId: lease.runId, signal: controller.signal, fetch: async (url) => { called.push(url.slice(-1)); return { status: 200, headers: {}, body: `after ${url.slice(-1)}` }; } });
    const first = dying(await beginRun(lease), lines);
    const run = runLive(calling, context, { journal: first.journal });
    await Promise.race([first.died, run.done]);
    controller.abort();
    const second = await nextLife(lease);
    const result = await runLive(calling, { ...context, signal: new AbortController().signal }, { journal: second.journal }).done;
    await second.journal.end({ state: 'succeeded', answer: null, errorCode: null, errorMessage: null, endedAt: new Date() });
    expect({ lines, status: result.status, text: result.text }).toEqual({ lines, status: 'succeeded', text: `after ${STEPS - 1}` });
    // Only the call whose line was lost with the process may happen again.
    expect({ lines, called: called.length <= STEPS + 1 ? 'at most one twice' : called }).toEqual({ lines, called: 'at most one twice' });
    expect([...new Set(called)]).toEqual(Array.from({ length: STEPS }, (_, i) => String(i)));
  }
});

test('who lost the lease writes no further line and cannot end the run', async () => {
  const person = await app.person('Lena');
  const lease = { tenant: person.organizationId, runId: uuidv7(), token: uuidv7() };
  const old = await beginRun(lease);
  const { journal } = await nextLife(lease);
  const context = runContext('go', { fetch: async () => ({ status: 200, headers: {}, body: 'x' }) });
  const zombie = await runLive(calling, context, { journal: old }).done;
  expect(zombie.status).toBe('failed');
  expect(zombie.error?.cause).toBeInstanceOf(LeaseLostError);
  const end = { state: 'succeeded', answer: null, errorCode: null, errorMessage: null, endedAt: new Date() } as const;
  await expect(old.end(end)).rejects.toBeInstanceOf(LeaseLostError);
  await journal.end(end);
});

test('runs of many tenants share transactions and every line is there exactly once', async () => {
  const people = await Promise.all(['Una', 'Uri', 'Ute'].map(async (name) => app.person(name)));
  const runs = Array.from({ length: 60 }, (_, i): Lease => ({ tenant: people[i % 3]?.organizationId ?? '', runId: uuidv7(), token: uuidv7() }));
  await Promise.all(runs.map(async (lease) => {
    const journal = await beginRun(lease);
    const context = runContext('go', { fetch: async () => ({ status: 200, headers: {}, body: 'x' }) });
    await runLive(calling, context, { journal }).done;
    await journal.end({ state: 'succeeded', answer: null, errorCode: null, errorMessage: null, endedAt: new Date() });
  }));
  const rows = await app.composition.platform.database.asOperator('test', async (tx) => (await tx.execute(sql`
    select r.tenant_id as tenant, sum(jsonb_array_length(s.steps))::int as lines from durable_runs r join durable_steps s on s.run_id = r.id and s.tenant_id = r.tenant_id
    where r.state = 'succeeded' and r.id = any(${sql.param(runs.map((lease) => lease.runId))}::uuid[]) group by r.id, r.tenant_id`)).rows);
  const counted = z.array(z.object({ tenant: z.string(), lines: z.number() })).parse(rows);
  expect(counted).toHaveLength(60);
  expect(counted.every((row) => row.lines === STEPS + 2)).toBe(true);
});

const ended = { state: 'succeeded', answer: null, errorCode: null, errorMessage: null, endedAt: new Date() } as const;
const trace = { nodeId: 'n', type: 'transform.set', startedAt: new Date().toISOString(), durationMs: 1, tokens: { inputTokens: 0, outputTokens: 0 }, status: 'succeeded', outputPreview: '' } as const;

test('a run that begins and ends at one moment is written as it ended, once; the same run cannot begin again', async () => {
  const { platform } = app.composition;
  const store = createJournalStore(platform);
  const person = await app.person('Ola');
  const lease = { tenant: person.organizationId, runId: uuidv7(), token: uuidv7() };
  const begin = { lease, subscriptionId: uuidv7(), flowId: uuidv7(), question, leaseUntil: new Date(Date.now() + 60_000) };
  const written = async () => (await platform.database.asOperator('test', async (tx) => tx.execute(sql`
    select state, lease_until as until, (select array_agg(jsonb_array_length(steps)) from durable_steps where run_id = durable_runs.id) as steps from durable_runs where id = ${lease.runId}`))).rows;
  const journal = store.begin(begin);
  await Promise.all(['a', 'b'].map(async (path) => journal.keep({ path, result: null, state: null, trace, isRepeatable: true })));
  await journal.end(ended);
  expect(await written()).toEqual([{ state: 'succeeded', until: null, steps: [2] }]);
  const again = store.begin({ ...begin, lease: { ...lease, token: uuidv7() } });
  await again.keep({ path: 'c', result: null, state: null, trace, isRepeatable: true });
  await expect(again.end(ended)).rejects.toBeInstanceOf(LeaseLostError);
  expect(await written()).toEqual([{ state: 'succeeded', until: null, steps: [2] }]);
});

test('of more steps than are written at one moment, each is recalled, and the latest variables', async () => {
  const { platform } = app.composition;
  const person = await app.person('Mia');
  const lease = { tenant: person.organizationId, runId: uuidv7(), token: uuidv7() };
  const store = createJournalStore(platform);
  const journal = store.begin({ lease, subscriptionId: uuidv7(), flowId: uuidv7(), question, leaseUntil: new Date(Date.now() + 60_000) });
  const paths = Array.from({ length: 1_500 }, (_, i) => `loop#${i}/set`);
  for (const [i, path] of paths.entries()) await journal.keep({ path, result: { output: { kind: 'json', json: i } }, state: { i }, trace, isRepeatable: true });
  await journal.keep({ path: 'send', result: null, state: null, trace, isRepeatable: false });
  const next = await store.resume(lease);
  expect(paths.map((path) => next.recall(path))).toEqual(paths.map((_, i) => ({ output: { kind: 'json', json: i } })));
  expect([next.recall('send'), next.recallState()]).toEqual([null, { i: 1_499 }]);
});
