import pg from 'pg';
import type { BoundedSocket } from '#platform/egress/bounded-socket.ts';
import type { SourceError } from '../../source-reader.ts';
import { dial, explain, tlsFor } from '../connect.ts';
import { BATCH_ROWS, CONNECT_MS_MAX, LOOKUP_MS_MAX, nextBatchRows, sizeOf, STATEMENT_MS_MAX, TABLES_MAX, type DatabaseContext, type Engine, type Row, type Selection, type Session, type TableEntry, type TableShape } from '../engine.ts';
import { selectOnly } from '../select-only.ts';
import { sqlNames } from '../sql-names.ts';
import { explainPostgres } from './postgres-errors.ts';
import { postgresTypes } from './postgres-types.ts';

const { identifier, quoted, selectFrom } = sqlNames('"');
const PORT = 5432;
const USUAL_PORTS = [5432, 5433, 6432, 6543, 25_060, 25_061, 26_257];

/** PostgreSQL, and what speaks its protocol. Read in a transaction that cannot write, by a cursor that takes nothing but a SELECT. */
export const postgresEngine: Engine = {
  pollMs: 30_000,
  async open(context) {
    const { config, secrets } = context;
    const port = config.port ?? PORT;
    const socket = await dial(context, config.host, port, USUAL_PORTS);
    const client = new pg.Client({
      host: config.host, port, database: config.database, user: config.user, password: secrets.password ?? '', stream: () => socket, ssl: tlsFor(context, config.host) ?? false,
      // The server ends a statement first; this ends the waiting for a server that does not.
      connectionTimeoutMillis: CONNECT_MS_MAX, query_timeout: STATEMENT_MS_MAX + 5_000, application_name: 'knowledge', keepAlive: true, types: postgresTypes,
    });
    // A connection that breaks while nothing waits for it is no bug of ours: what is asked next fails.
    client.on('error', () => undefined);
    const session = new PostgresSession(context, socket, client);
    try {
      await client.connect();
      return session;
    } catch (error) {
      await session.close();
      throw session.explain(error) ?? error;
    }
  },
};

class PostgresSession implements Session {
  readonly #context: DatabaseContext;
  readonly #socket: BoundedSocket;
  readonly #client: pg.Client;

  constructor(context: DatabaseContext, socket: BoundedSocket, client: pg.Client) {
    this.#context = context;
    this.#socket = socket;
    this.#client = client;
  }

  async tables(): Promise<TableEntry[]> {
    const rows = await this.#lookUp(`
      select n.nspname as schema, c.relname as name, pg_table_is_visible(c.oid) as visible, case when c.reltuples < 0 then null else c.reltuples::bigint end as rows
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
        and has_schema_privilege(n.oid, 'usage') and (has_table_privilege(c.oid, 'select') or has_any_column_privilege(c.oid, 'select'))
      order by pg_table_is_visible(c.oid) desc, n.nspname, c.relname limit ${TABLES_MAX}`);
    return rows.map(({ schema, name, visible, rows: estimate }) => ({
      name: visible === true ? String(name) : `${String(schema)}.${String(name)}`, fullName: `${String(schema)}.${String(name)}`, rows: typeof estimate === 'number' ? estimate : null,
    }));
  }

  async describe(entry: TableEntry): Promise<TableShape> {
    const rows = await this.#lookUp(`
      select a.attname as name, array_position(i.indkey::int[], a.attnum::int) as key
      from pg_attribute a left join pg_index i on i.indrelid = a.attrelid and i.indisprimary
      where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped and (a.atttypid <> 'bytea'::regtype or a.attnum = any(i.indkey::int[])) and has_column_privilege(a.attrelid, a.attnum, 'select')
      order by a.attnum`, [identifier(entry.fullName)]);
    const key = rows.filter((row) => typeof row.key === 'number').toSorted((a, b) => Number(a.key) - Number(b.key)).map(({ name }) => String(name));
    return { entry, columns: rows.map(({ name }) => String(name)), key };
  }

  async* rows(selection: Selection, rowsMax: number): AsyncGenerator<readonly Row[]> {
    const statement = selection.type === 'query' ? selectOnly(this.#context.config.query, 'postgres') : selectFrom(selection, rowsMax);
    await this.#ask('begin transaction read only');
    try {
      await this.#ask(`select set_config('statement_timeout', '${STATEMENT_MS_MAX}', true), set_config('timezone', 'UTC', true), set_config('datestyle', 'ISO', true), set_config('intervalstyle', 'iso_8601', true)`);
      // The extended protocol takes one statement, and a cursor only one that reads.
      await this.#ask(`declare knowledge no scroll cursor for ${statement}\n`);
      let asked: number = Math.min(BATCH_ROWS.first, rowsMax);
      for (let left = rowsMax; left > 0;) {
        const { rows, fields } = await this.#ask(`fetch ${Math.min(asked, left)} from knowledge`);
        const batch = rows.map((values) => fields.map(({ name }, column) => [name, values[column]] as const));
        if (batch.length > 0) yield batch;
        if (rows.length < Math.min(asked, left)) break;
        left -= rows.length;
        asked = nextBatchRows(asked, sizeOf(batch), rows.length);
      }
    } finally {
      await this.#ask('rollback').catch(() => undefined);
    }
  }

  /** Rows written so far, as the server counts them. Tables that are not counted one by one (views) stand for all. */
  async mark(tables: readonly TableShape[]): Promise<string | null> {
    const [row] = await this.#lookUp(`
      with written as (select relid, n_tup_ins + n_tup_upd + n_tup_del as rows from pg_stat_user_tables),
        named as (select n.name::regclass::oid as relid from unnest($1::text[]) as n(name)),
        leaves as (select coalesce(leaf.relid::oid, named.relid) as relid from named left join lateral (select t.relid from pg_partition_tree(named.relid) t where t.isleaf) leaf on true)
      select string_agg(relid || ':' || rows, ',' order by relid) as mark from written
      where relid in (select relid from leaves) or $2 or exists (select from leaves where relid not in (select relid from written))`,
    [tables.map(({ entry }) => identifier(entry.fullName)), tables.length === 0]);
    return typeof row?.mark === 'string' ? row.mark : null;
  }

  async listen(_tables: readonly TableShape[], _mark: string | null, signal: AbortSignal): Promise<void> {
    const told = Promise.withResolvers<void>();
    const { resolve, reject } = told;
    this.#client.on('notification', () => { resolve(); });
    this.#client.on('end', () => { reject(this.#socket.errored ?? new Error('the connection ended')); });
    signal.addEventListener('abort', () => { resolve(); }, { once: true });
    // Whoever waits may have left by the time the connection ends.
    told.promise.catch(() => undefined);
    await this.#ask(`listen ${quoted(this.#context.config.channel)}`);
    return told.promise;
  }

  explain(error: unknown): SourceError | null {
    const { config } = this.#context;
    return explain(error, { socket: this.#socket, host: config.host, port: config.port ?? PORT }, (said) => explainPostgres(said, config));
  }

  async close(): Promise<void> {
    // A polite farewell keeps the server's log clean; one that does not listen is not waited for.
    if (!this.#socket.destroyed && this.#socket.answered) await Promise.race([this.#client.end(), new Promise((resolve) => { setTimeout(resolve, 500).unref(); })]).catch(() => undefined);
    this.#socket.destroy();
  }

  async #ask(text: string, values: readonly unknown[] = []): Promise<pg.QueryArrayResult<unknown[]>> {
    this.#socket.allow();
    const config: pg.QueryArrayConfig<unknown[]> & { queryMode: 'extended' } = { text, values: [...values], rowMode: 'array', queryMode: 'extended' };
    return this.#client.query<unknown[], unknown[]>(config);
  }

  async #lookUp(text: string, values: readonly unknown[] = []): Promise<Record<string, unknown>[]> {
    this.#socket.allow();
    const config: pg.QueryConfig & { queryMode: 'extended'; query_timeout: number } = { text, values: [...values], queryMode: 'extended', query_timeout: LOOKUP_MS_MAX };
    return (await this.#client.query<Record<string, unknown>>(config)).rows;
  }
}
