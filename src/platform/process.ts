import type { Actor, Ctx, Platform, Process } from './context.ts';
import { uuidv7 } from './crypto/ids.ts';
import type { Tx } from './db/database.ts';
import { outbox } from './events/tables.ts';
import type { Logger } from './log/logger.ts';

/** Who acts for whom, and under which request. */
export interface Acting { actor: Actor; tenant: string; requestId: string; log?: Logger; signal?: AbortSignal }

const NEVER = new AbortController().signal;

/** Builds a process: the doors of the database with the context use cases expect, and delivery after commit. */
export function createProcess(platform: Platform, acting: Acting): Process {
  const { actor, tenant, requestId } = acting;
  const log = acting.log ?? platform.log;

  const context = (tx: Tx, visible: string, recorded: { any: boolean }): Ctx => ({
    actor, tenant: visible, tx, requestId, log,
    now: () => platform.now(),
    async emit(event, payload) {
      recorded.any = true;
      await tx.insert(outbox).values({ tenantId: visible || tenant || SYSTEM_TENANT, kind: 'event', name: event.name, payload: event.schema.parse(payload) });
    },
    async enqueue(job, payload, options = {}) {
      recorded.any = true;
      await tx.insert(outbox).values({
        tenantId: visible || tenant || SYSTEM_TENANT, kind: 'job', name: job.name, payload: job.schema.parse(payload),
        key: options.key ?? null, runAt: options.runAt ?? null,
      });
    },
  });

  const through = async <T>(door: (inner: (tx: Tx) => Promise<T>) => Promise<T>, visible: string, work: (ctx: Ctx) => Promise<T>): Promise<T> => {
    const recorded = { any: false };
    const result = await door(async (tx) => work(context(tx, visible, recorded)));
    if (recorded.any) platform.relaySoon();
    return result;
  };

  const { database } = platform;
  return {
    actor, tenant, requestId, log,
    now: () => platform.now(),
    signal: acting.signal ?? NEVER,
    run: async (work) => through(async (inner) => (tenant ? database.asTenant(tenant, inner) : database.asPublic(inner)), tenant, work),
    asPublic: async (work) => through(async (inner) => database.asPublic(inner), '', work),
    asTenant: async (other, work) => through(async (inner) => database.asTenant(other, inner), other, work),
    asOperator: async (purpose, work) => through(async (inner) => database.asOperator(purpose, inner), '', work),
  };
}

/** A process of the platform itself, e.g. a sweep or the first start. */
export const systemProcess = (platform: Platform, purpose: string, tenant = ''): Process =>
  createProcess(platform, { actor: { kind: 'system', purpose }, tenant, requestId: `system-${uuidv7()}` });

/** Owner of events that belong to the installation rather than to a tenant. */
export const SYSTEM_TENANT = '00000000-0000-0000-0000-000000000000';
