import { isIP } from 'node:net';
import pg from 'pg';
import { OutsideError, type Outside } from '#modules/connections/kit.ts';
import { BoundedSocket } from '#platform/egress/bounded-socket.ts';

export interface Statement { text: string; values: readonly unknown[]; readOnly: boolean; rowsMax: number }
export interface StatementResult { rows: Record<string, unknown>[]; affected: number }

const USUAL_PORTS = [5432, 5433, 6432, 6543, 26_257];
const STATEMENT_MS_MAX = 30_000;
const CONNECT_MS_MAX = 10_000;
const BYTES_MAX = 20 * 1024 * 1024;

/**
 * Runs one statement on a connection of its own, which ends with it: in a transaction that can only read where asked, and
 * with the extended protocol, which takes a single statement and keeps values apart from it. Throws OutsideError.
 */
export async function runStatement({ fields, reach, signal }: Outside, statement: Statement): Promise<StatementResult> {
  const { host = '', port = '5432', database, user, password, ssl = 'verify' } = fields;
  const address = await reach(host, Number(port), USUAL_PORTS);
  const socket = new BoundedSocket({ address, port: Number(port), bytesMax: BYTES_MAX, connectMs: CONNECT_MS_MAX, signal });
  const client = new pg.Client({
    host: address, port: Number(port), database, user, password: password ?? '', stream: () => socket, connectionTimeoutMillis: CONNECT_MS_MAX,
    ssl: ssl === 'off' ? false : { ...(isIP(host) === 0 ? { servername: host } : {}), rejectUnauthorized: ssl === 'verify' },
    // The server ends a statement first; this ends the waiting for a server that does not.
    statement_timeout: STATEMENT_MS_MAX, query_timeout: STATEMENT_MS_MAX + 2_000, application_name: 'flow',
  });
  // A connection that breaks while nothing waits for it is no bug of ours.
  client.on('error', () => undefined);
  let begun = false;
  try {
    await client.connect();
    begun = true;
    await client.query(statement.readOnly ? 'begin transaction read only' : 'begin');
    const result = await collect(client, statement);
    await client.query('commit');
    return result;
  } catch (error) {
    // The server would find out by itself; one that is shared by many connections should not have to.
    if (begun && (error instanceof OutsideError || error instanceof pg.DatabaseError)) await client.query('rollback').catch(() => undefined);
    throw error instanceof OutsideError ? error : new OutsideError('call-failed', `${host}: ${wordsOf(error)}`, { cause: error });
  } finally {
    socket.destroy();
  }
}

/** What the server sends is bounded by the socket, so that all rows may be looked at here. */
async function collect(client: pg.Client, { text, values, rowsMax }: Statement): Promise<StatementResult> {
  const config: pg.QueryConfig & { queryMode: 'extended' } = { text, values: values.map(parameter), queryMode: 'extended' };
  const { rows, rowCount } = await client.query<Record<string, unknown>>(config);
  if (rows.length > rowsMax) throw new OutsideError('call-failed', `The statement returns more than ${rowsMax} rows. Ask for fewer with LIMIT.`);
  return { rows: rows.map(plain), affected: rowCount ?? rows.length };
}

/** Lists and objects travel as JSON, which the server reads as json or jsonb; an own list type is written as text by the flow. */
const parameter = (value: unknown): unknown => (value !== null && typeof value === 'object' ? JSON.stringify(value) : value ?? null);

/** Values as JSON can say them: dates as text, bytes in Base64. */
const plain = (row: Record<string, unknown>): Record<string, unknown> => Object.fromEntries(Object.entries(row).map(([name, value]) =>
  [name, value instanceof Date ? value.toISOString() : Buffer.isBuffer(value) ? value.toString('base64') : value]));

function wordsOf(error: unknown): string {
  if (error instanceof pg.DatabaseError) return `${error.message.slice(0, 300)}${error.code ? ` (${error.code})` : ''}`;
  return error instanceof Error && error.message !== '' ? error.message.slice(0, 300) : 'the connection failed';
}
