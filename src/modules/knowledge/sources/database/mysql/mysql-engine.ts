import mysql, { type Connection, type FieldPacket } from 'mysql2';
import { z } from 'zod';
import type { BoundedSocket } from '#platform/egress/bounded-socket.ts';
import type { SourceError } from '../../source-reader.ts';
import { dial, explain, tlsFor, within } from '../connect.ts';
import { BATCH_ROWS, BATCH_SIZE, CONNECT_MS_MAX, LOOKUP_MS_MAX, sizeOf, STATEMENT_MS_MAX, TABLES_MAX, type DatabaseContext, type Engine, type Row, type Selection, type Session, type TableEntry, type TableShape } from '../engine.ts';
import { selectOnly } from '../select-only.ts';
import { partsOfName, sqlNames } from '../sql-names.ts';
import { explainMysql } from './mysql-errors.ts';
import { plainValue } from './mysql-values.ts';

const { identifier, quoted, selectFrom } = sqlNames('`');
const PORT = 3306;
const USUAL_PORTS = [3306, 3307, 4000, 25_060];
/** A whole table, as fast as what is read can be kept. */
const READING_SECONDS_MAX = 15 * 60;
/** The server waits so long for rows to be taken. */
const TAKING_SECONDS_MAX = 600;
/** Larger tables are not read through just to see whether they changed. */
const CHECKSUM_ROWS_MAX = 300_000;
const UPDATED_NAME = /^(last_?)?(update|modifi|chang)/i;

const Fields = z.array(z.object({ name: z.string(), columnType: z.number().optional() }));
const Rows = z.array(z.array(z.unknown()));

/** MySQL, MariaDB, and what speaks their protocol. Read in a transaction that cannot write; files are neither given nor taken. */
export const mysqlEngine: Engine = {
  pollMs: 60_000,
  async open(context) {
    const { config, secrets } = context;
    const port = config.port ?? PORT;
    const tls = tlsFor(context, config.host);
    const socket = await dial(context, config.host, port, USUAL_PORTS);
    const connection = mysql.createConnection({
      host: config.host, port, database: config.database, user: config.user, password: secrets.password ?? '', stream: () => socket.connect(), connectTimeout: CONNECT_MS_MAX,
      ...(tls ? { ssl: { rejectUnauthorized: tls.rejectUnauthorized, verifyIdentity: tls.rejectUnauthorized, ...(tls.ca === undefined ? {} : { ca: tls.ca }) } } : {}),
      // A server may ask for any file of this machine, and for the password in plain: neither is answered.
      flags: ['-LOCAL_FILES'], multipleStatements: false, enableCleartextPlugin: false,
      charset: 'utf8mb4', dateStrings: true, supportBigNumbers: true, rowsAsArray: true, disableEval: true,
    });
    // A connection that breaks while nothing waits for it is no bug of ours: what is asked next fails.
    connection.on('error', () => undefined);
    // Packets out of order; the driver would go on, and write a line for each.
    connection.on('warn', () => { socket.destroy(new Error('packets out of order')); });
    const session = new MysqlSession(context, socket, connection);
    try {
      await within(CONNECT_MS_MAX, connection.promise().connect(), () => socket.destroy());
      await session.begin();
      return session;
    } catch (error) {
      await session.close();
      throw session.explain(error) ?? error;
    }
  },
};

class MysqlSession implements Session {
  readonly #context: DatabaseContext;
  readonly #socket: BoundedSocket;
  readonly #connection: Connection;

  constructor(context: DatabaseContext, socket: BoundedSocket, connection: Connection) {
    this.#context = context;
    this.#socket = socket;
    this.#connection = connection;
  }

  /** How statements are read and what they may do: fixed, whatever the server is set to. */
  async begin(): Promise<void> {
    await this.#lookUp(`set session sql_mode = '', time_zone = '+00:00', net_write_timeout = ${TAKING_SECONDS_MAX}`);
    await this.#lookUp('set session transaction read only');
    const [version] = await this.#lookUp('select version()');
    const limit = String(version?.[0]).includes('MariaDB') ? `max_statement_time = ${READING_SECONDS_MAX}` : `max_execution_time = ${READING_SECONDS_MAX * 1000}`;
    // Older servers know neither; there the waiting for rows has its own end.
    await this.#lookUp(`set session ${limit}`).catch(() => undefined);
  }

  async tables(): Promise<TableEntry[]> {
    const rows = await this.#lookUp(`
      select table_schema, table_name, table_rows, table_schema = database() from information_schema.tables
      where table_schema not in ('information_schema', 'mysql', 'performance_schema', 'sys') and table_type <> 'SEQUENCE' order by 4 desc, 1, 2 limit ${TABLES_MAX}`);
    return rows.map(([schema, name, estimate, isHere]) => ({
      name: Number(isHere) === 1 ? String(name) : `${String(schema)}.${String(name)}`, fullName: `${String(schema)}.${String(name)}`, rows: estimate === null ? null : Number(estimate),
    }));
  }

  async describe(entry: TableEntry): Promise<TableShape> {
    const names = partsOfName(entry.fullName);
    const keys = (await this.#lookUp("select column_name from information_schema.statistics where table_schema = ? and table_name = ? and index_name = 'PRIMARY' order by seq_in_index", names)).map(([name]) => String(name));
    const columns = await this.#lookUp(`
      select column_name from information_schema.columns where table_schema = ? and table_name = ?
        and (column_key = 'PRI' or data_type not in ('binary', 'varbinary', 'tinyblob', 'blob', 'mediumblob', 'longblob', 'geometry', 'point', 'polygon', 'linestring')) order by ordinal_position`, names);
    return { entry, columns: columns.map(([name]) => String(name)), key: keys };
  }

  async* rows(selection: Selection, rowsMax: number): AsyncGenerator<readonly Row[]> {
    const statement = selection.type === 'query' ? selectOnly(this.#context.config.query, 'mysql') : selectFrom(selection, rowsMax);
    await this.#lookUp('start transaction read only');
    await this.#lookUp(`set session sql_select_limit = ${rowsMax}`);
    let isOver = false;
    try {
      let left = rowsMax;
      for await (const batch of this.#stream(statement)) {
        if (left > 0) yield batch.slice(0, left);
        left -= batch.length;
        // One that sends more than it was asked for is not waited out.
        if (left < 0) return;
      }
      isOver = true;
    } finally {
      // With rows still on their way nothing else can be asked, and the server is to stop.
      if (isOver) {
        await this.#lookUp('set session sql_select_limit = default').catch(() => undefined);
        await this.#lookUp('rollback').catch(() => undefined);
      } else this.#socket.destroy();
    }
  }

  async* #stream(statement: string): AsyncGenerator<readonly Row[]> {
    if (this.#socket.destroyed) throw this.#socket.errored ?? new Error('the connection ended');
    this.#socket.allow();
    let fields: z.infer<typeof Fields> = [];
    const stream = this.#connection.query({ sql: statement, rowsAsArray: true }).on('fields', (described: FieldPacket[]) => { fields = Fields.parse(described); }).stream({ highWaterMark: BATCH_ROWS.first });
    // The driver tells a running statement nothing of a connection that breaks.
    this.#socket.once('close', () => { stream.destroy(this.#socket.errored ?? new Error('the connection ended')); });
    const rows = stream[Symbol.asyncIterator]();
    let batch: Row[] = [];
    let size = 0;
    for (;;) {
      const next: IteratorResult<unknown> = await within(STATEMENT_MS_MAX, rows.next(), () => this.#socket.destroy());
      if (next.done) break;
      const values: readonly unknown[] = Array.isArray(next.value) ? next.value : [];
      const row = values.map((value, column) => [fields[column]?.name ?? '', plainValue(value, fields[column]?.columnType)] as const);
      batch.push(row);
      size += sizeOf([row]);
      if (batch.length < BATCH_ROWS.most && size < BATCH_SIZE) continue;
      yield batch;
      this.#socket.allow();
      batch = [];
      size = 0;
    }
    if (batch.length > 0) yield batch;
  }

  /** Number of rows and the latest of a column that keeps the time of changes; else a sum over the table, where it is small. */
  async mark(tables: readonly TableShape[]): Promise<string | null> {
    const marks: string[] = [];
    for (const { entry, columns } of tables) {
      const updated = columns?.find((name) => UPDATED_NAME.test(name));
      if (updated !== undefined) {
        const [row] = await this.#lookUp(`select count(*), max(${quoted(updated)}) from ${identifier(entry.fullName)}`, [], STATEMENT_MS_MAX);
        marks.push(JSON.stringify([entry.fullName, row]));
        continue;
      }
      if (entry.rows === null || entry.rows > CHECKSUM_ROWS_MAX) return null;
      const [row] = await this.#lookUp(`checksum table ${identifier(entry.fullName)}`, [], STATEMENT_MS_MAX);
      if (row?.[1] === null || row?.[1] === undefined) return null;
      marks.push(JSON.stringify([entry.fullName, row[1]]));
    }
    return marks.length === 0 ? null : marks.join(',');
  }

  explain(error: unknown): SourceError | null {
    const { config } = this.#context;
    return explain(error, { socket: this.#socket, host: config.host, port: config.port ?? PORT }, (said) => explainMysql(said, config));
  }

  async close(): Promise<void> {
    // A polite farewell keeps the server's log clean; one that does not listen is not waited for.
    if (!this.#socket.destroyed && this.#socket.answered) await Promise.race([this.#connection.promise().end(), new Promise((resolve) => { setTimeout(resolve, 500).unref(); })]).catch(() => undefined);
    this.#socket.destroy();
  }

  async #lookUp(sql: string, values: readonly string[] = [], ms = LOOKUP_MS_MAX): Promise<unknown[][]> {
    this.#socket.allow();
    const [rows] = await within(ms, this.#connection.promise().query({ sql, values: [...values], rowsAsArray: true }), () => this.#socket.destroy());
    return Array.isArray(rows) ? Rows.parse(rows) : [];
  }
}
