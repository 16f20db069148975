import pg from 'pg';
import type { DatabaseConfig } from '../../contract/database.ts';
import { SourceError } from '../../source-reader.ts';
import { broken } from '../connect.ts';

type Code = SourceError['code'];
interface Reason { code: Code; message: (error: pg.DatabaseError, config: DatabaseConfig) => string; retryable?: boolean }

/** By SQLSTATE (PostgreSQL documentation, appendix A). */
const REASONS: Readonly<Record<string, Reason>> = {
  '28P01': { code: 'refused', message: () => 'The database refused the user or the password.' },
  '28000': { code: 'refused', message: () => 'The database does not let this user sign in from here. Check its user, its password and who may connect (pg_hba.conf).' },
  '3D000': { code: 'not-found', message: (_, { database }) => `There is no database ${database} on this server.` },
  42501: { code: 'refused', message: () => 'The user may not read this. Grant it SELECT on the tables, and USAGE on their schema.' },
  '42P01': { code: 'not-found', message: ({ message }) => `A table of the query does not exist: ${short(message)}.` },
  42703: { code: 'not-found', message: ({ message }) => `A column of the query does not exist: ${short(message)}.` },
  42601: { code: 'settings', message: ({ message }) => `The query cannot be read: ${short(message)}.` },
  25006: { code: 'settings', message: () => 'The query would change something. Only reading is allowed.' },
  '0A000': { code: 'settings', message: ({ message }) => `The query cannot be read: ${short(message)}.` },
  57014: { code: 'unexpected', message: () => 'The database took too long for an answer. Read fewer rows, or make the query cheaper.', retryable: true },
  53300: { code: 'unreachable', message: () => 'The database has no connection left. Allow it more, or read at another time.' },
  57000: { code: 'unreachable', message: () => 'The database is starting or ending just now.' },
};
const STARTING = new Set(['57P01', '57P02', '57P03']);

export function explainPostgres(error: unknown, config: DatabaseConfig): SourceError | null {
  if (!(error instanceof Error)) return null;
  if (error instanceof pg.DatabaseError) {
    const reason = REASONS[STARTING.has(error.code ?? '') ? '57000' : error.code ?? ''];
    if (reason) return new SourceError(reason.code, reason.message(error, config), { cause: error, ...(reason.retryable === undefined ? {} : { retryable: reason.retryable }) });
    return new SourceError('unexpected', `The database says: ${short(error.message)}.`, { cause: error });
  }
  if (/read timeout/i.test(error.message)) return new SourceError('unexpected', 'The database took too long for an answer. Read fewer rows, or make the query cheaper.', { cause: error, retryable: true });
  if (/^SASL|SCRAM/.test(error.message)) return new SourceError('refused', 'The database refused the user or the password.', { cause: error });
  if ('code' in error || /connection|ended|terminated|timeout/i.test(error.message)) return broken(error);
  return null;
}

const short = (message: string): string => message.slice(0, 300).replace(/\.$/, '');
