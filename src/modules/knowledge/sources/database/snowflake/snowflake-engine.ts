import { SourceError } from '../../source-reader.ts';
import { BATCH_ROWS, TABLES_MAX, type DatabaseContext, type Engine, type Row, type Selection, type Session, type TableEntry, type TableShape } from '../engine.ts';
import { selectOnly } from '../select-only.ts';
import { partsOfName, sqlNames } from '../sql-names.ts';
import { nameOf, SnowflakeApi, SnowflakeError, type SnowflakeResult } from './snowflake-api.ts';
import { snowflakeValue } from './snowflake-values.ts';

const { identifier, selectFrom } = sqlNames('"');
/** Snowflake over its SQL API. Each statement begins with our own SELECT, so that nothing else can be run. */
export const snowflakeEngine: Engine = {
  // Each turn wakes the warehouse, which costs.
  pollMs: 5 * 60_000,
  async open(context) {
    return new SnowflakeSession(context, new SnowflakeApi(context));
  },
};

class SnowflakeSession implements Session {
  readonly #context: DatabaseContext;
  readonly #api: SnowflakeApi;

  constructor(context: DatabaseContext, api: SnowflakeApi) {
    this.#context = context;
    this.#api = api;
  }

  async tables(): Promise<TableEntry[]> {
    const rows = await this.#lookUp(`select table_schema, table_name, row_count from information_schema.tables where table_schema <> 'INFORMATION_SCHEMA' order by table_schema, table_name limit ${TABLES_MAX}`);
    const here = nameOf(this.#context.config.schema || 'PUBLIC');
    return rows.map(([schema, name, count]) => ({ name: schema === here ? String(name) : `${String(schema)}.${String(name)}`, fullName: `${String(schema)}.${String(name)}`, rows: typeof count === 'number' ? count : null }));
  }

  async describe(entry: TableEntry): Promise<TableShape> {
    const columns = await this.#lookUp("select column_name, data_type from information_schema.columns where table_schema = ? and table_name = ? and data_type not in ('BINARY', 'GEOGRAPHY', 'GEOMETRY') order by ordinal_position", partsOfName(entry.fullName));
    // Views have none, and the answer of SHOW has its own columns.
    const keys = await this.#api.run(`show primary keys in table ${identifier(entry.fullName)}`).then(rowsOf, (error: unknown) => { if (error instanceof SnowflakeError && error.status === 422) return []; throw error; });
    const key = keys.map((row) => new Map(row)).toSorted((a, b) => Number(a.get('key_sequence')) - Number(b.get('key_sequence'))).map((row) => String(row.get('column_name')));
    return { entry, columns: columns.map(([name]) => String(name)), key };
  }

  async* rows(selection: Selection, rowsMax: number): AsyncGenerator<readonly Row[]> {
    const result = await this.#api.run(selection.type === 'query' ? `select * from (\n${selectOnly(this.#context.config.query, 'snowflake')}\n) limit ${rowsMax}` : selectFrom(selection, rowsMax));
    const parts = Math.max(1, result.resultSetMetaData.partitionInfo.length);
    let left = rowsMax;
    for (let index = 0; index < parts && left > 0; index += 1) {
      const data = index === 0 ? result.data : await this.#api.part(result.statementHandle ?? '', index);
      const rows = rowsOf({ ...result, data }).slice(0, left);
      left -= rows.length;
      for (let from = 0; from < rows.length; from += BATCH_ROWS.most) yield rows.slice(from, from + BATCH_ROWS.most);
    }
  }

  /** Snowflake notes for each table when it was last changed, how many rows and bytes it holds; not for views. */
  async mark(tables: readonly TableShape[]): Promise<string | null> {
    if (tables.length === 0) return null;
    const names = tables.flatMap(({ entry }) => partsOfName(entry.fullName));
    const rows = await this.#lookUp(`select table_schema, table_name, row_count, bytes, last_altered from information_schema.tables where ${tables.map(() => '(table_schema = ? and table_name = ?)').join(' or ')} order by 1, 2`, names);
    return rows.length < tables.length || rows.some((row) => row[2] === null) ? null : JSON.stringify(rows);
  }

  explain(error: unknown): SourceError | null {
    if (error instanceof SourceError) return error;
    if (error instanceof Error && error.name === 'AbortError') return new SourceError('unreachable', 'Reading was ended.', { cause: error });
    if (!(error instanceof SnowflakeError)) return null;
    const { status, code } = error;
    const says = error.message.replaceAll(/\s+/g, ' ').slice(0, 300).replace(/\.$/, '');
    const told = (reason: SourceError['code'], message: string, retryable = false) => new SourceError(reason, message, { cause: error, retryable });
    if (status === 401 || status === 403) return told('refused', 'Snowflake refused the token or the key. Check the account, the user, and that the token has not expired and may be used from here (network policy).');
    if (status === 408 || code === '000630' || code === '000604') return told('unexpected', 'Snowflake took too long for an answer. Read fewer rows, or make the query cheaper.', true);
    if (status === 429 || status >= 500) return told('unreachable', 'Snowflake is busy. It is tried again with the next reading.', true);
    if (status === 404) return told('not-found', 'There is no such Snowflake account. It is written like myorg-account.');
    if (code === '000606') return told('settings', 'Snowflake needs a warehouse for this. Name one the user may use.');
    if (/does not exist or not authorized|object does not exist|invalid identifier/i.test(says)) return told('not-found', `Snowflake does not find it, or the user may not read it: ${says}.`);
    return told('settings', says === '' ? 'Snowflake does not take the statement.' : `Snowflake says: ${says}.`);
  }

  async close(): Promise<void> {
    // Nothing stays open between requests.
  }

  async #lookUp(statement: string, values: readonly string[] = []): Promise<unknown[][]> {
    return rowsOf(await this.#api.run(statement, values)).map((row) => row.map(([, value]) => value));
  }
}

const rowsOf = ({ data, resultSetMetaData: { rowType } }: Pick<SnowflakeResult, 'data' | 'resultSetMetaData'>): Row[] =>
  data.map((values) => rowType.map((type, column) => [type.name, snowflakeValue(values[column] ?? null, type)] as const));
