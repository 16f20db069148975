import { asc, inArray, isNull, lt, sql } from 'drizzle-orm';
import { PgBoss, type JobInsert } from 'pg-boss';
import { z } from 'zod';
import type { Platform } from '../context.ts';
import { uuidFrom } from '../crypto/ids.ts';
import { createProcess } from '../process.ts';
import type { EventHandler } from '../events/event.ts';
import { outbox } from '../events/tables.ts';
import type { Logger } from '../log/logger.ts';
import type { JobHandler } from './job.ts';

/** What travels in the queue beside the payload. */
const Envelope = z.object({ tenant: z.string(), id: z.string(), payload: z.unknown() });
type Envelope = z.infer<typeof Envelope>;
const DueQueues = z.array(z.object({ name: z.string(), waits: z.boolean() }));

/** How often rows that no commit announced (another process, a crash) are looked for. */
const RELAY_EVERY_MS = 5_000;
const RELAY_BATCH = 200;
/** The pause before the first try again; each further one is about twice as long. */
const RETRY_SECONDS = 2;
/** Relayed rows are kept this long, for looking back when something went wrong. */
const KEEP_RELAYED_HOURS = 24;

interface Queue { name: string; retriesMax: number; timeoutSeconds: number; concurrency: number; work(envelope: Envelope): Promise<void> }

/** Background work: hands the outbox to pg-boss after commit, and runs what arrives. */
export interface JobRunner {
  start(): Promise<void>;
  /** Relays now instead of at the next tick. Safe to call often. */
  relaySoon(): void;
  /** Resolves when the outbox and all queues of this process are empty. For tests and for a clean stop. */
  idle(timeoutMs?: number): Promise<void>;
  stop(): Promise<void>;
}

/** Creates the runner. `work` false (a process without the worker role) only relays. */
export function createJobRunner(options: {
  url: string; platform: Platform; jobs: readonly JobHandler[]; events: readonly EventHandler[]; work: boolean; embedded: boolean; log: Logger;
}): JobRunner {
  const { platform, log } = options;
  const queues: Queue[] = [
    ...options.jobs.map(({ job, handle }) => ({
      name: job.name, retriesMax: job.retriesMax, timeoutSeconds: job.timeoutSeconds, concurrency: job.concurrency,
      work: async (envelope: Envelope) => handle(processFor(envelope), envelope.payload, envelope.id),
    })),
    ...options.events.map((handler) => ({
      name: `on.${handler.name}`, retriesMax: 5, timeoutSeconds: 120, concurrency: 2,
      work: async (envelope: Envelope) => handler.handle(processFor(envelope), envelope.payload, envelope.id),
    })),
  ];
  const subscribers = Map.groupBy(options.events, (handler) => handler.event);
  let boss: PgBoss;
  const workers = new Map<string, string>();
  let timer: NodeJS.Timeout | undefined;
  let relaying: Promise<void> | undefined;
  let again = false;
  let active = 0;

  function processFor(envelope: Envelope) {
    return createProcess(platform, { actor: { kind: 'system', purpose: 'job' }, tenant: envelope.tenant, requestId: `job-${envelope.id}`, log });
  }

  async function relayBatch(): Promise<number> {
    const rows = await platform.database.asOperator('relay events and jobs', async (tx) =>
      tx.select().from(outbox).where(isNull(outbox.relayedAt)).orderBy(asc(outbox.id)).limit(RELAY_BATCH));
    if (rows.length === 0) return 0;
    const inserts = new Map<string, JobInsert[]>();
    const add = (queue: string, insert: JobInsert) => inserts.set(queue, [...(inserts.get(queue) ?? []), insert]);
    for (const row of rows) {
      const data: Envelope = { tenant: row.tenantId, id: row.id, payload: row.payload };
      const startAfter = row.runAt ? { startAfter: row.runAt } : {};
      if (row.kind === 'job') add(row.name, { id: row.key ? uuidFrom(row.name, row.key) : row.id, data, ...startAfter });
      // The id follows from event and subscriber, so relaying a row twice queues it once.
      else for (const handler of subscribers.get(row.name) ?? []) add(`on.${handler.name}`, { id: uuidFrom(row.id, handler.name), data });
    }
    for (const [queue, jobs] of inserts) await boss.insert(queue, jobs);
    await platform.database.asOperator('relay events and jobs', async (tx) => {
      await tx.update(outbox).set({ relayedAt: platform.now() }).where(inArray(outbox.id, rows.map((row) => row.id)));
    });
    for (const queue of inserts.keys()) wake(queue);
    return rows.length;
  }

  function wake(queue: string): void {
    const worker = workers.get(queue);
    if (worker) boss.notifyWorker(worker);
  }

  function relay(): Promise<void> {
    again = true;
    relaying ??= (async () => {
      while (again) {
        again = false;
        if (await relayBatch() === RELAY_BATCH) again = true;
      }
    })().catch((error: unknown) => log.error({ err: error }, 'relay failed; trying again')).finally(() => { relaying = undefined; });
    return relaying;
  }

  async function sweep(): Promise<void> {
    await platform.database.asOperator('sweep outbox', async (tx) => {
      await tx.delete(outbox).where(lt(outbox.relayedAt, sql`now() - make_interval(hours => ${KEEP_RELAYED_HOURS})`));
    });
  }

  /** Makes what is missing, and brings what an earlier version made up to date, asking once for all queues. */
  async function keepQueues(): Promise<void> {
    const kept = new Map((await boss.getQueues(queues.map(({ name }) => name))).map((queue) => [queue.name, queue]));
    for (const { name, retriesMax, timeoutSeconds } of queues) {
      const settings = { retryLimit: retriesMax, retryBackoff: true, retryDelay: RETRY_SECONDS, expireInSeconds: timeoutSeconds };
      const queue = kept.get(name);
      if (!queue) await boss.createQueue(name, settings);
      else if (queue.retryLimit !== retriesMax || queue.retryBackoff !== true || queue.retryDelay !== RETRY_SECONDS || queue.expireInSeconds !== timeoutSeconds) await boss.updateQueue(name, settings);
    }
  }

  async function startQueue(queue: Queue): Promise<void> {
    if (!options.work) return;
    const worker = await boss.work(queue.name, {
      batchSize: Math.max(2, queue.concurrency), pollingIntervalSeconds: 5, burstWhenBatchFull: true, perJobResults: true,
    }, async (jobs) => {
      active += 1;
      try {
        return await Promise.all(jobs.map(async (job) => {
          const envelope = Envelope.parse(job.data);
          try {
            await queue.work(envelope);
            return { id: job.id, status: 'completed' as const };
          } catch (error) {
            log.error({ err: error, queue: queue.name, job: job.id }, 'job failed');
            return { id: job.id, status: 'failed' as const, output: { message: error instanceof Error ? error.name : 'failed' } };
          }
        }));
      } finally {
        active -= 1;
      }
    });
    workers.set(queue.name, worker);
  }

  return {
    async start() {
      // A login that owns nothing may use the queue's schema but not ask for it to be made.
      const { rows } = await platform.database.pool.query(`select to_regnamespace('pgboss') is null as missing`);
      boss = new PgBoss({
        connectionString: options.url, schema: 'pgboss', createSchema: z.array(z.object({ missing: z.boolean() })).parse(rows)[0]?.missing ?? true,
        max: options.embedded ? 2 : 5, ...(options.embedded ? { backend: 'pglite' as const } : {}),
        superviseIntervalSeconds: 60, schedule: false, reindex: false, monitorVacuum: false,
      });
      boss.on('error', (error) => log.error({ err: error }, 'job queue'));
      await boss.start();
      await keepQueues();
      for (const queue of queues) await startQueue(queue);
      timer = setInterval(() => { void relay(); }, RELAY_EVERY_MS);
      timer.unref();
      await sweep();
      void relay();
    },
    relaySoon() { void relay(); },
    async idle(timeoutMs = 30_000) {
      const until = Date.now() + timeoutMs;
      for (;;) {
        await relay();
        const due = DueQueues.parse((await platform.database.pool.query(
          `select name, bool_or(state <> 'active') as waits from pgboss.job where state in ('created', 'retry', 'active') and start_after <= now() and name = any($1) group by name`,
          [queues.map((queue) => queue.name)],
        )).rows);
        if (active === 0 && due.length === 0) return;
        // What became due since, after a failure or a pause, is not left to the next look of its worker.
        for (const { name, waits } of due) if (waits) wake(name);
        if (Date.now() > until) throw new Error('background work did not finish in time');
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    async stop() {
      clearInterval(timer);
      await relaying;
      await boss.stop({ graceful: true, timeout: 20_000 });
    },
  };
}
