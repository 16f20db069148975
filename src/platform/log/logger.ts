import { DrizzleQueryError } from 'drizzle-orm';
import { pino, type Logger as PinoLogger } from 'pino';

type Write = (fields: object, message?: string) => void;

/** What code may write to the log: facts as fields, and a short fixed message. */
export interface Logger { debug: Write; info: Write; warn: Write; error: Write }

/** Names under which a value is never written, wherever it stands in a log line. */
const SECRET_FIELDS = ['authorization', 'cookie', 'password', 'apiKey', 'api_key', 'secret', 'token', 'x-api-key'];

/** JSON lines on stdout. Pino escapes control characters, so user text cannot forge a line. */
export function createLogger(level: string): PinoLogger {
  return pino({
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: SECRET_FIELDS.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]), censor: '[redacted]' },
    serializers: { err: describeError },
  });
}

/**
 * An error for the log: name, message and stack, without the query text and parameters a database driver puts into its
 * message (they hold people's data).
 */
export function describeError(error: unknown) {
  // The queue of jobs hands on a copy of what it caught.
  if (!(error instanceof Error)) return { message: typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error) };
  const database = error instanceof DrizzleQueryError;
  const cause = error.cause instanceof Error ? error.cause : undefined;
  return {
    name: database ? 'DrizzleQueryError' : error.name,
    message: database ? `query failed: ${cause?.message ?? 'unknown'}` : error.message,
    code: cause && 'code' in cause ? String(cause.code) : 'code' in error ? String(error.code) : undefined,
    stack: (database ? cause?.stack : error.stack)?.split('\n').filter((line) => line.trimStart().startsWith('at ')).join('\n'),
  };
}
