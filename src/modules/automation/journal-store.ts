import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { createBatcher } from '#platform/batch/batcher.ts';
import type { Platform } from '#platform/context.ts';
import { uuidv7 } from '#platform/crypto/ids.ts';
import type { Tx } from '#platform/db/database.ts';
import { storableJson } from '#platform/db/storable-json.ts';
import { systemProcess } from '#platform/process.ts';
import { JournalError, StepResult, type JournalledStep, type RunJournal } from '#modules/flows/index.ts';
import type { DurableAnswer, DurableQuestion } from './durable-run.ts';
import type { KeptStep as KeptStepRow } from './tables.ts';

/** Somebody else works on the run now; this process must not go on. */
export class LeaseLostError extends JournalError {
  constructor(runId: string) {
    super(`the lease on run ${runId} was taken over`);
    this.name = 'LeaseLostError';
  }
}

/** A run this process may work on until its lease runs out. */
export interface Lease { tenant: string; runId: string; token: string }

export interface RunBegin { lease: Lease; subscriptionId: string; flowId: string; question: DurableQuestion; leaseUntil: Date }

export interface RunEnd { lease: Lease; state: 'succeeded' | 'failed' | 'cancelled'; answer: DurableAnswer | null; errorCode: string | null; errorMessage: string | null; endedAt: Date }

/** The journal of one life of a run. */
export interface OpenJournal extends RunJournal {
  /** Ends the run once every step before is safe. Throws {@link LeaseLostError}, or what kept a step from being written. */
  end(end: Omit<RunEnd, 'lease'>): Promise<void>;
}

/** Writes begins, steps and ends of all runs of this process, many in one transaction. */
export interface JournalStore {
  /** Begins a run that this process works on at once. Written together with its first steps. */
  begin(begin: RunBegin): OpenJournal;
  /** The journal of a run with what its earlier lives kept. */
  resume(lease: Lease): Promise<OpenJournal>;
}

type Line = { kind: 'begin'; begin: RunBegin } | { kind: 'step'; lease: Lease; step: JournalledStep } | { kind: 'end'; end: RunEnd };

const runOf = (line: Line): string => (line.kind === 'begin' ? line.begin.lease : line.kind === 'step' ? line.lease : line.end.lease).runId;

const KeptStep = z.object({ path: z.string(), result: StepResult, state: z.record(z.string(), z.unknown()).nullable() });
type KeptStep = z.infer<typeof KeptStep>;
const KeptSteps = z.object({ steps: z.array(KeptStep) });

export function createJournalStore(platform: Platform): JournalStore {
  // Two batches at a time, so that one is prepared while the database works on the other; all lines of a run go the same way.
  const batch = () => createBatcher<Line, boolean>(async (items) => platform.database.asOperator('journal of runs', async (tx) => write(tx, items)));
  const [even, odd] = [batch(), batch()];
  const add = async (line: Line): Promise<boolean> => (/[13579bdf]$/.test(runOf(line)) ? odd : even).add(line);
  return {
    begin(begin) {
      const journal = new Journal(begin.lease, new Map(), add);
      journal.hand({ kind: 'begin', begin });
      return journal;
    },
    async resume(lease) {
      const rows = await systemProcess(platform, 'resume a run', lease.tenant).run(async ({ tx }) =>
        (await tx.execute(sql`select steps from durable_steps where run_id = ${lease.runId} order by id`)).rows);
      return new Journal(lease, new Map(z.array(KeptSteps).parse(rows).flatMap(({ steps }) => steps).map((step) => [step.path, step])), add);
    },
  };
}

class Journal implements OpenJournal {
  readonly #lease: Lease;
  readonly #kept: ReadonlyMap<string, KeptStep>;
  readonly #add: (line: Line) => Promise<boolean>;
  readonly #pending = new Set<Promise<void>>();
  #failure: JournalError | null = null;

  constructor(lease: Lease, kept: ReadonlyMap<string, KeptStep>, add: (line: Line) => Promise<boolean>) {
    this.#lease = lease;
    this.#kept = kept;
    this.#add = add;
  }

  recall(path: string): StepResult | undefined { return this.#kept.get(path)?.result; }
  recallState(): Readonly<Record<string, unknown>> | null { return [...this.#kept.values()].flatMap((step) => (step.state ? [step.state] : [])).at(-1) ?? null; }

  /** A step that only computes may be done again after a crash, so nobody waits for its line. */
  async keep(step: JournalledStep): Promise<void> {
    this.hand({ kind: 'step', lease: this.#lease, step });
    if (!step.isRepeatable) await this.#safe();
  }

  async end(end: Omit<RunEnd, 'lease'>): Promise<void> {
    this.hand({ kind: 'end', end: { lease: this.#lease, ...end } });
    await this.#safe();
  }

  /** Lines are written in the order they are handed over. */
  hand(line: Line): void {
    const writing = this.#add(line).then((ours) => { if (!ours) throw new LeaseLostError(this.#lease.runId); })
      .catch((error: unknown) => { this.#failure ??= error instanceof JournalError ? error : new JournalError('the journal could not be written', { cause: error }); });
    this.#pending.add(writing);
    void writing.finally(() => this.#pending.delete(writing));
  }

  async #safe(): Promise<void> {
    await Promise.all(this.#pending);
    if (this.#failure !== null) throw this.#failure;
  }
}

/** Answers for each line whether it was written: false where the lease is no longer this process's. */
async function write(tx: Tx, lines: readonly Line[]): Promise<boolean[]> {
  const ends = new Map(lines.flatMap((line) => (line.kind === 'end' ? [[keyOf(line.end.lease), line.end] as const] : [])));
  const begins = lines.flatMap((line) => (line.kind === 'begin' ? [{ begin: line.begin, end: ends.get(keyOf(line.begin.lease)) ?? null }] : []));
  // A run that begins and ends at one moment is written once, as it ended.
  const whole = new Set(begins.flatMap(({ begin, end }) => (end ? [keyOf(begin.lease)] : [])));
  const steps = lines.flatMap((line) => (line.kind === 'step' ? [line] : []));
  // Sent together and done in this order: a run's row before its steps, and its end after them.
  const [, held, ended] = await Promise.all([writeBegins(tx, begins), writeSteps(tx, steps), writeEnds(tx, [...ends].flatMap(([key, end]) => (whole.has(key) ? [] : [end])))]);
  return lines.map((line) => {
    if (line.kind === 'begin') return true;
    if (line.kind === 'step') return held.has(keyOf(line.lease));
    const key = keyOf(line.end.lease);
    return whole.has(key) || ended.has(key);
  });
}

const keyOf = ({ runId, token }: Lease): string => `${runId}:${token}`;
const keysOf = (rows: readonly { id: string; token: string }[]): ReadonlySet<string> => new Set(rows.map(({ id, token }) => `${id}:${token}`));

async function writeBegins(tx: Tx, begins: readonly { begin: RunBegin; end: RunEnd | null }[]): Promise<void> {
  if (begins.length === 0) return;
  const rows = begins.map(({ begin: { lease, subscriptionId, flowId, question, leaseUntil }, end }) => ({
    id: lease.runId, tenant: lease.tenant, subscription: subscriptionId, flow: flowId, question, token: lease.token, until: end ? null : leaseUntil.toISOString(),
    state: end?.state ?? 'running', answer: end?.answer ?? null, code: end?.errorCode ?? null, message: end?.errorMessage ?? null, ended: end?.endedAt.toISOString() ?? null,
  }));
  await tx.execute(sql`
    insert into durable_runs (id, tenant_id, subscription_id, flow_id, state, question, lease_token, lease_until, lives, answer, error_code, error_message, ended_at)
    select id, tenant, subscription, flow, state, question, token, until, 1, answer, code, message, ended
    from jsonb_to_recordset(${storableJson(rows)}::jsonb) as run(id uuid, tenant uuid, subscription uuid, flow uuid, state text, question jsonb, token uuid, until timestamptz,
      answer jsonb, code text, message text, ended timestamptz)
    on conflict do nothing`);
}

/** One row for all steps of a run that are written at this moment. */
async function writeSteps(tx: Tx, steps: readonly { lease: Lease; step: JournalledStep }[]): Promise<ReadonlySet<string>> {
  if (steps.length === 0) return new Set();
  const byLife = Map.groupBy(steps, ({ lease }) => keyOf(lease));
  const rows = [...byLife.values()].flatMap((ofLife) => ofLife.slice(0, 1).map(({ lease }) => (
    { id: uuidv7(), tenant: lease.tenant, run: lease.runId, token: lease.token, steps: ofLife.map(({ step: { path, result, state, trace } }): KeptStepRow => ({ path, result, state, trace })) })));
  const { rows: held } = await tx.execute<{ id: string; token: string }>(sql`
    with page as materialized (select * from jsonb_to_recordset(${storableJson(rows)}::jsonb) as page(id uuid, tenant uuid, run uuid, token uuid, steps jsonb)),
      held as materialized (select id, lease_token as token from durable_runs where id in (select run from page) for share),
      written as (insert into durable_steps (id, tenant_id, run_id, steps)
        select page.id, tenant, run, steps from page join held on held.id = page.run and held.token = page.token)
    select id, token from held`);
  return keysOf(held);
}

async function writeEnds(tx: Tx, ends: readonly RunEnd[]): Promise<ReadonlySet<string>> {
  if (ends.length === 0) return new Set();
  const rows = ends.map(({ lease, state, answer, errorCode, errorMessage, endedAt }) => ({ id: lease.runId, token: lease.token, state, answer, code: errorCode, message: errorMessage, at: endedAt.toISOString() }));
  const { rows: ended } = await tx.execute<{ id: string; token: string }>(sql`
    update durable_runs set state = run.state, answer = run.answer, error_code = run.code, error_message = run.message, ended_at = run.at, lease_until = null
    from jsonb_to_recordset(${storableJson(rows)}::jsonb) as run(id uuid, token uuid, state text, answer jsonb, code text, message text, at timestamptz)
    where durable_runs.id = run.id and durable_runs.lease_token = run.token and durable_runs.state = 'running'
    returning durable_runs.id, durable_runs.lease_token as token`);
  return keysOf(ended);
}
