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

/** What one life of a run has to write at one moment: grows until it is taken. */
interface Page { lease: Lease; begin: RunBegin | null; steps: JournalledStep[]; end: Omit<RunEnd, 'lease'> | null; isTaken: boolean }

const linesOf = ({ begin, steps, end }: Page): number => steps.length + (begin ? 1 : 0) + (end ? 1 : 0);

/**
 * Lines written in one transaction, and lines of a page. One bound for both, so that a page that is full is a batch of its own,
 * and no two pages of a run are written at one moment: their order is that of their ids.
 */
const LINES_MAX = 400;

const KeptStep = z.object({ path: z.string(), result: StepResult, state: z.record(z.string(), z.unknown()).nullable() });
type KeptStep = z.infer<typeof KeptStep>;
const KeptSteps = z.object({ steps: z.array(KeptStep) });

export function createJournalStore(platform: Platform): JournalStore {
  // Two batches at a time, so that one is prepared while the database works on the other; all pages of a run go the same way.
  const batch = () => createBatcher<Page, boolean>(async (pages) => {
    for (const page of pages) page.isTaken = true;
    return platform.database.asOperator('journal of runs', async (tx) => write(tx, pages));
  }, LINES_MAX, linesOf);
  const [even, odd] = [batch(), batch()];
  const add = async (page: Page): Promise<boolean> => (/[13579bdf]$/.test(page.lease.runId) ? odd : even).add(page);
  return {
    begin(begin) {
      const journal = new Journal(begin.lease, new Map(), add);
      journal.begin(begin);
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
  readonly #add: (page: Page) => Promise<boolean>;
  readonly #pending = new Set<Promise<void>>();
  #page: Page | null = null;
  #failure: JournalError | null = null;

  constructor(lease: Lease, kept: ReadonlyMap<string, KeptStep>, add: (page: Page) => Promise<boolean>) {
    this.#lease = lease;
    this.#kept = kept;
    this.#add = add;
  }

  recall(path: string): StepResult | undefined { return this.#kept.get(path)?.result; }
  recallState(): Readonly<Record<string, unknown>> | null { return [...this.#kept.values()].flatMap((step) => (step.state ? [step.state] : [])).at(-1) ?? null; }

  begin(begin: RunBegin): void { this.#openPage().begin = begin; }

  /** A step that only computes may be done again after a crash, so nobody waits for its line. */
  async keep(step: JournalledStep): Promise<void> {
    this.#openPage().steps.push(step);
    if (!step.isRepeatable) await this.#safe();
  }

  async end(end: Omit<RunEnd, 'lease'>): Promise<void> {
    this.#openPage().end = end;
    await this.#safe();
  }

  /** The page that takes the next line. Pages are written in the order they are opened. */
  #openPage(): Page {
    if (this.#page !== null && !this.#page.isTaken && linesOf(this.#page) < LINES_MAX) return this.#page;
    const page: Page = { lease: this.#lease, begin: null, steps: [], end: null, isTaken: false };
    const writing = this.#add(page).then((ours) => { if (!ours) throw new LeaseLostError(this.#lease.runId); })
      .catch((error: unknown) => { this.#failure ??= error instanceof JournalError ? error : new JournalError('the journal could not be written', { cause: error }); })
      .then(() => { this.#pending.delete(writing); });
    this.#pending.add(writing);
    this.#page = page;
    return page;
  }

  async #safe(): Promise<void> {
    await Promise.all(this.#pending);
    if (this.#failure !== null) throw this.#failure;
  }
}

/** Answers for each page whether it was written: false where the lease is not this process's. */
async function write(tx: Tx, pages: readonly Page[]): Promise<boolean[]> {
  const later = pages.filter(({ begin }) => begin === null);
  // Sent together and done in this order: a run's row before its steps, and its end after them.
  const [begun, held, ended] = await Promise.all([
    writeBegins(tx, pages.flatMap((page) => (page.begin ? [rowOf(page, page.begin)] : []))),
    writeSteps(tx, later.filter(({ steps }) => steps.length > 0)),
    writeEnds(tx, later.flatMap(({ lease, end }) => (end ? [{ lease, ...end }] : []))),
  ]);
  return pages.map(({ lease, begin, steps, end }) => {
    if (begin) return begun.has(lease.runId);
    const key = keyOf(lease);
    return (steps.length === 0 || held.has(key)) && (end === null || ended.has(key));
  });
}

const keyOf = ({ runId, token }: Lease): string => `${runId}:${token}`;
const keysOf = (rows: readonly { id: string; token: string }[]): ReadonlySet<string> => new Set(rows.map(({ id, token }) => `${id}:${token}`));
const rowsOf = (steps: readonly JournalledStep[]): KeptStepRow[] => steps.map(({ path, result, state, trace }) => ({ path, result, state, trace }));

/** A run as it begins, with the steps it has by then. One that has ended by then is written as it ended. */
const rowOf = ({ lease, steps, end }: Page, { subscriptionId, flowId, question, leaseUntil }: RunBegin) => ({
  id: lease.runId, tenant: lease.tenant, subscription: subscriptionId, flow: flowId, question, token: lease.token, until: end ? null : leaseUntil.toISOString(),
  state: end?.state ?? 'running', answer: end?.answer ?? null, code: end?.errorCode ?? null, message: end?.errorMessage ?? null, ended: end?.endedAt.toISOString() ?? null,
  page: uuidv7(), steps: steps.length > 0 ? rowsOf(steps) : null,
});

/** The runs that were not there yet. */
async function writeBegins(tx: Tx, rows: readonly ReturnType<typeof rowOf>[]): Promise<ReadonlySet<string>> {
  if (rows.length === 0) return new Set();
  const { rows: begun } = await tx.execute<{ id: string }>(sql`
    with run as materialized (select * from jsonb_to_recordset(${storableJson(rows)}::jsonb) as run(id uuid, tenant uuid, subscription uuid, flow uuid, state text, question jsonb, token uuid,
        until timestamptz, answer jsonb, code text, message text, ended timestamptz, page uuid, steps jsonb)),
      begun as (insert into durable_runs (id, tenant_id, subscription_id, flow_id, state, question, lease_token, lease_until, lives, answer, error_code, error_message, ended_at)
        select id, tenant, subscription, flow, state, question, token, until, 1, answer, code, message, ended from run
        on conflict do nothing returning id),
      written as (insert into durable_steps (id, tenant_id, run_id, steps)
        select page, tenant, run.id, steps from run join begun on begun.id = run.id where jsonb_typeof(steps) = 'array')
    select id from begun`);
  return new Set(begun.map(({ id }) => id));
}

/** One row for all steps of a run that are written at this moment. */
async function writeSteps(tx: Tx, pages: readonly Page[]): Promise<ReadonlySet<string>> {
  if (pages.length === 0) return new Set();
  const rows = pages.map(({ lease, steps }) => ({ id: uuidv7(), tenant: lease.tenant, run: lease.runId, token: lease.token, steps: rowsOf(steps) }));
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
