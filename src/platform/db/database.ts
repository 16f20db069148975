import { sql } from 'drizzle-orm';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import pg from 'pg';
import { isUuid } from '../crypto/ids.ts';
import { GatheringSocket } from './gathering-socket.ts';

/** An open transaction. The only handle service code ever sees. */
export type Tx = NodePgDatabase<Record<string, never>>;

/**
 * The doors to the database. Each opens one transaction, drops to a role that cannot bypass row-level policies, and
 * commits when the callback returns or rolls back when it throws. Never call out (network, model, another door) inside:
 * the embedded database has one connection and would wait for itself.
 */
export interface Database {
  /** Work of one tenant: its own rows, what others published, and what it shares as the other party. */
  asTenant<T>(tenant: string, work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Work of nobody in particular: published rows and reference data only. */
  asPublic<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Work across tenants, by an operator or by the platform itself; `purpose` names why, for the record. */
  asOperator<T>(purpose: string, work: (tx: Tx) => Promise<T>): Promise<T>;
  /** The login behind the doors, for libraries that bring their own tables (sessions, queue). Not for service code. */
  pool: pg.Pool;
  close(): Promise<void>;
}

const STATEMENT_TIMEOUT_MS = 20_000;
/** Opening a connection costs more than keeping it over a pause. */
const IDLE_CONNECTION_MS = 300_000;
/** A transaction that waits for anything but the database is a bug; better to fail it than to block everybody. A URL may name its own time. */
const IDLE_IN_TRANSACTION_MS = 10_000;
const idleInTransaction = (url: string): number => Number(/[?&]idle_in_transaction_session_timeout=(\d+)/.exec(url)?.[1] ?? IDLE_IN_TRANSACTION_MS);

/** Connects to a Postgres (server or embedded) by URL. Opens at most `connectionsMax` connections. */
export function connect(url: string, options: { connectionsMax?: number; onError?: (error: Error) => void } = {}): Database {
  const pool = new pg.Pool({
    connectionString: url, max: options.connectionsMax ?? 10, application_name: 'cmp', idleTimeoutMillis: IDLE_CONNECTION_MS,
    // Statements that do not wait for each other travel together, see the beginning of a transaction below.
    pipeline: true, stream: () => new GatheringSocket(),
  });
  pool.on('error', (error) => options.onError?.(error));
  // A connection that breaks while it is in use tells its statements; nobody else may end the process over it.
  pool.on('connect', (client) => client.on('error', (error) => options.onError?.(error)));
  const idleMs = idleInTransaction(url);

  /** One handle for each connection: making one for each transaction costs as much as a small statement. */
  const handles = new WeakMap<pg.PoolClient, Tx>();
  const handleOf = (client: pg.PoolClient): Tx => {
    let handle = handles.get(client);
    if (!handle) handles.set(client, handle = drizzle(client));
    return handle;
  };

  const run = async <T>(role: string, tenant: string, work: (tx: Tx) => Promise<T>): Promise<T> => {
    const client = await pool.connect();
    let broken: Error | undefined;
    let begun: Promise<unknown> = Promise.resolve();
    try {
      // Not awaited: the first statement of the work follows in the same round trip. Should any part of the beginning fail,
      // the transaction is in a failed state and refuses the work's statements, so they never run outside it. The values
      // are literals checked above, because a simple query carries no parameters.
      begun = client.query(
        `begin; set local role ${role}; set local statement_timeout = ${STATEMENT_TIMEOUT_MS}; ` +
        `set local idle_in_transaction_session_timeout = ${idleMs}; select set_config('app.tenant', '${tenant}', true)`,
      );
      begun.catch(() => undefined);
      const result = await work(handleOf(client));
      await begun;
      await client.query('commit');
      return result;
    } catch (error) {
      await client.query('rollback').catch((failure: unknown) => {
        broken = failure instanceof Error ? failure : new Error('rollback failed');
      });
      // What failed first is what went wrong; the rest only says that the transaction is over.
      await begun;
      throw error;
    } finally {
      client.release(broken);
    }
  };

  return {
    asTenant: async (tenant, work) => {
      if (!isUuid(tenant)) throw new Error('asTenant needs a tenant id');
      return run('cmp_app', tenant, work);
    },
    asPublic: async (work) => run('cmp_app', '', work),
    asOperator: async (purpose, work) => {
      if (!purpose) throw new Error('asOperator needs a purpose');
      return run('cmp_operator', '', work);
    },
    pool,
    close: async () => pool.end(),
  };
}

/**
 * Settings for the rest of a transaction, such as `jit = off`. Begun at once, unlike the statements of a query builder, which
 * wait to be awaited: what is called after it runs under them, also when both are awaited together.
 */
export async function setLocal(tx: Tx, settings: readonly string[]): Promise<void> {
  return tx.execute(sql.raw(settings.map((setting) => `set local ${setting}`).join('; '))).then(() => undefined);
}

/** The one row a statement must have produced. Throws when there is none, which is a bug and not a refusal. */
export function one<T>(rows: readonly T[]): T {
  const [row] = rows;
  if (row === undefined) throw new Error('expected a row');
  return row;
}

/** SQLSTATE of a failed statement, if the error came from the database. */
export function sqlState(error: unknown): string | undefined {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
}
