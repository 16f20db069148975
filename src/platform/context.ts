import type { Role, Scope } from './contract/endpoint.ts';
import type { Database, Tx } from './db/database.ts';
import type { EventType } from './events/event.ts';
import type { JobType } from './jobs/job.ts';
import type { Logger } from './log/logger.ts';

/** Who acts. */
export type Actor =
  | { kind: 'anonymous' }
  | { kind: 'user'; userId: string; name: string; email: string; operator: boolean; role: Role | null }
  | { kind: 'key'; keyId: string; scopes: readonly Scope[]; publishable: boolean; live: boolean; subscriptionId: string }
  | { kind: 'system'; purpose: string };

/** What a use case receives: who acts, for whom, the open transaction, and how to say what happened. */
export interface Ctx {
  actor: Actor;
  /** The tenant whose rows are visible; empty for public and operator work. */
  tenant: string;
  tx: Tx;
  /** Records an event in the same transaction; it is delivered after commit, at least once. */
  emit<T>(event: EventType<T>, payload: T): Promise<void>;
  /** Records a job in the same transaction; it runs after commit. Jobs with the same `key` run once. */
  enqueue<T>(job: JobType<T>, payload: T, options?: { key?: string; runAt?: Date }): Promise<void>;
  now(): Date;
  requestId: string;
  log: Logger;
}

/**
 * A use case that calls out between transactions: read in one, call, write in another. `run` opens a transaction of the
 * acting tenant; `asOperator` one across tenants.
 */
export interface Process {
  actor: Actor;
  tenant: string;
  run<T>(work: (ctx: Ctx) => Promise<T>): Promise<T>;
  asPublic<T>(work: (ctx: Ctx) => Promise<T>): Promise<T>;
  asTenant<T>(tenant: string, work: (ctx: Ctx) => Promise<T>): Promise<T>;
  asOperator<T>(purpose: string, work: (ctx: Ctx) => Promise<T>): Promise<T>;
  now(): Date;
  requestId: string;
  log: Logger;
  /** Ends when the caller goes away or the server stops. */
  signal: AbortSignal;
}

/** What processes are made from; one for the whole server. */
export interface Platform {
  database: Database;
  log: Logger;
  now(): Date;
  /** Called after a commit that recorded events or jobs, so that they leave at once. */
  relaySoon(): void;
}
