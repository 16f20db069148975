import { setTimeout as timer } from 'node:timers/promises';
import { z } from 'zod';
import { uuidv7 } from '#platform/crypto/ids.ts';
import { EgressRefused } from '#platform/egress/egress.ts';
import { SourceError } from '../../source-reader.ts';
import { unreachable } from '../connect.ts';
import { STATEMENT_MS_MAX, type DatabaseContext } from '../engine.ts';
import { keyPairToken } from './snowflake-token.ts';

const PORT = 443;
/** One part of a result, unpacked. */
const PART_BYTES_MAX = 48 * 1024 * 1024;
/** Pauses while a statement runs, which Snowflake answers after 45 seconds with "not yet". */
const ASK_AGAIN_MS = 1_000;
const ASK_AGAIN_MS_MAX = 5_000;
const BUSY_TRIES = 3;

const Part = z.looseObject({ data: z.array(z.array(z.string().nullable())).default([]) });
const Result = Part.extend({
  statementHandle: z.string().regex(/^[\w-]{1,100}$/).optional(),
  resultSetMetaData: z.looseObject({
    rowType: z.array(z.looseObject({ name: z.string(), type: z.string(), scale: z.number().nullish() })).max(10_000),
    partitionInfo: z.array(z.looseObject({ rowCount: z.number(), uncompressedSize: z.number().optional() })).max(100_000).default([]),
  }),
});
export type SnowflakeResult = z.infer<typeof Result>;
const Running = z.looseObject({ statementHandle: z.string().regex(/^[\w-]{1,100}$/) });
const Failure = z.looseObject({ code: z.coerce.string().default(''), message: z.string().default(''), sqlState: z.string().default('') });

/** Snowflake says no. */
export class SnowflakeError extends Error {
  override name = 'SnowflakeError';
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Snowflake's SQL API, version 2: one statement for each request, over HTTPS through the guard. Throws SnowflakeError, SourceError. */
export class SnowflakeApi {
  readonly #context: DatabaseContext;
  readonly #host: string;
  readonly #account: string;

  constructor(context: DatabaseContext) {
    const written = context.config.host.toLowerCase().replace(/\.$/, '');
    this.#context = context;
    this.#account = written.split('.')[0] ?? '';
    // Names of hosts have no underscores; Snowflake answers under a hyphen too.
    this.#host = written.includes('snowflakecomputing.') ? written : `${written.replaceAll('_', '-')}.snowflakecomputing.com`;
    if (!/^[a-z0-9.-]+$/.test(this.#host)) throw new SourceError('settings', 'The account is written like myorg-account, or as the host of your Snowflake.');
  }

  /** The result of one statement, its first part with it. `values` take the places of question marks. */
  async run(statement: string, values: readonly string[] = []): Promise<SnowflakeResult> {
    const { database, schema, warehouse, role } = this.#context.config;
    const body = {
      statement, timeout: Math.round(STATEMENT_MS_MAX / 1000), database: nameOf(database), schema: nameOf(schema || 'PUBLIC'),
      ...(warehouse === '' ? {} : { warehouse: nameOf(warehouse) }), ...(role === '' ? {} : { role: nameOf(role) }),
      ...(values.length === 0 ? {} : { bindings: Object.fromEntries(values.map((value, index) => [index + 1, { type: 'TEXT', value }])) }),
      // More than one statement is refused there, whatever the account is set to.
      parameters: { MULTI_STATEMENT_COUNT: '1', TIMEZONE: 'UTC', QUERY_TAG: 'knowledge' },
    };
    const deadline = Date.now() + STATEMENT_MS_MAX;
    let answer = await this.#ask(`/api/v2/statements?requestId=${uuidv7()}`, body);
    for (let pause = ASK_AGAIN_MS; answer.status === 202; pause = Math.min(pause * 2, ASK_AGAIN_MS_MAX)) {
      const { statementHandle } = Running.parse(answer.json);
      if (Date.now() > deadline) {
        await this.#ask(`/api/v2/statements/${statementHandle}/cancel`, {}).catch(() => undefined);
        throw new SnowflakeError(408, '000630', 'the statement took too long');
      }
      await timer(pause, undefined, { signal: this.#context.signal });
      answer = await this.#ask(`/api/v2/statements/${statementHandle}`, null);
    }
    return parsed(Result, answer.json);
  }

  /** A further part of a result. */
  async part(handle: string, index: number): Promise<SnowflakeResult['data']> {
    return parsed(Part, (await this.#ask(`/api/v2/statements/${handle}?partition=${index}`, null)).json).data;
  }

  async #ask(path: string, body: object | null): Promise<{ status: number; json: unknown }> {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.#once(path, body);
      if (answer.status === 200 || answer.status === 202) return answer;
      if ((answer.status === 429 || answer.status === 503 || answer.status === 504) && attempt < BUSY_TRIES) {
        await timer(ASK_AGAIN_MS * attempt, undefined, { signal: this.#context.signal });
        continue;
      }
      const { code, message } = Failure.safeParse(answer.json).data ?? { code: '', message: '' };
      throw new SnowflakeError(answer.status, code, message);
    }
  }

  async #once(path: string, body: object | null): Promise<{ status: number; json: unknown }> {
    const { egress, signal } = this.#context;
    const either = AbortSignal.any([signal, AbortSignal.timeout(STATEMENT_MS_MAX + 5_000)]);
    const headers = { ...this.#signIn(), accept: 'application/json', 'content-type': 'application/json', 'user-agent': 'knowledge/1.0' };
    // A redirect would carry the token elsewhere.
    const response = await egress.fetch(`https://${this.#host}${path}`, { method: body === null ? 'GET' : 'POST', headers, redirect: 'manual', signal: either, ...(body === null ? {} : { body: JSON.stringify(body) }) })
      .catch((cause: unknown) => { throw cause instanceof EgressRefused || cause instanceof TypeError ? unreachable(this.#host, PORT, cause) : tooLate(cause); });
    return { status: response.status, json: await boundedJson(response.body, either) };
  }

  #signIn(): Record<string, string> {
    const { config, secrets, now } = this.#context;
    const key = secrets.privateKey ?? (secrets.password?.includes('PRIVATE KEY-----') ? secrets.password : undefined);
    if (key !== undefined) {
      if (config.user === '') throw new SourceError('settings', 'Name the user whose key it is.');
      return { authorization: `Bearer ${keyPairToken(key, this.#account, config.user, now())}`, 'x-snowflake-authorization-token-type': 'KEYPAIR_JWT' };
    }
    if (secrets.password === undefined) throw new SourceError('settings', 'Give a programmatic access token, or the private key of the user’s key pair.');
    return { authorization: `Bearer ${secrets.password}`, 'x-snowflake-authorization-token-type': 'PROGRAMMATIC_ACCESS_TOKEN' };
  }
}

/** Names are in capitals, as Snowflake keeps them, unless they are written in quotation marks. */
export const nameOf = (written: string): string => /^"(.*)"$/.exec(written)?.[1]?.replaceAll('""', '"') ?? written.toUpperCase();

const tooLate = (cause: unknown): SourceError => new SourceError('unexpected', 'Snowflake took too long for an answer. Read fewer rows, or make the query cheaper.', { cause, retryable: true });

function parsed<T>(schema: z.ZodType<T>, json: unknown): T {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  throw new SourceError('unexpected', 'What answers there is not the SQL API of Snowflake.', { cause: result.error });
}

/** An answer as JSON; null where it is none. Unpacked it is as bounded as packed. */
async function boundedJson(body: AsyncIterable<Uint8Array> | null, signal: AbortSignal): Promise<unknown> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const piece of body ?? []) {
      bytes += piece.byteLength;
      if (bytes > PART_BYTES_MAX) throw new SourceError('too-large', `Snowflake sent more at once than can be taken (${PART_BYTES_MAX / 1024 / 1024} MB). Leave out large columns by naming the text columns, or read fewer rows.`);
      pieces.push(piece);
    }
  } catch (error) {
    if (error instanceof SourceError) throw error;
    throw signal.aborted ? tooLate(error) : new SourceError('unreachable', 'The connection to Snowflake broke. Reading begins anew next time.', { cause: error });
  }
  try {
    return JSON.parse(Buffer.concat(pieces).toString('utf8'));
  } catch {
    return null;
  }
}
