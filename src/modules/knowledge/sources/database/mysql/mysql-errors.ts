import type { DatabaseConfig } from '../../contract/database.ts';
import { SourceError } from '../../source-reader.ts';
import { broken } from '../connect.ts';

interface Reason { code: SourceError['code']; message: (says: string, config: DatabaseConfig) => string; retryable?: boolean }

const SIGN_IN: Reason = { code: 'refused', message: () => 'The database refused the user or the password.' };
const NOT_FROM_HERE: Reason = { code: 'refused', message: () => 'The database lets nobody sign in from here. Allow the user to connect from other hosts.' };
const MAY_NOT: Reason = { code: 'refused', message: () => 'The user may not read this. Grant it SELECT on the tables.' };
const SLOW: Reason = { code: 'unexpected', message: () => 'The database took too long for an answer. Read fewer rows, or make the query cheaper.', retryable: true };

/** By number (MySQL and MariaDB error references). */
const REASONS: Readonly<Record<number, Reason>> = {
  1045: SIGN_IN, 1698: SIGN_IN, 1251: SIGN_IN, 1524: SIGN_IN,
  1044: { code: 'not-found', message: (_, { database }) => `There is no database ${database} on this server, or the user may not see it.` },
  1049: { code: 'not-found', message: (_, { database }) => `There is no database ${database} on this server.` },
  1129: NOT_FROM_HERE, 1130: NOT_FROM_HERE,
  1142: MAY_NOT, 1143: MAY_NOT, 1227: MAY_NOT, 1370: MAY_NOT,
  1146: { code: 'not-found', message: (says) => `A table of the query does not exist: ${says}.` },
  1054: { code: 'not-found', message: (says) => `A column of the query does not exist: ${says}.` },
  1064: { code: 'settings', message: (says) => `The query cannot be read: ${says}.` },
  1792: { code: 'settings', message: () => 'The query would change something. Only reading is allowed.' },
  1969: SLOW, 3024: SLOW, 1317: SLOW,
  1040: { code: 'unreachable', message: () => 'The database has no connection left. Allow it more, or read at another time.' },
  1203: { code: 'unreachable', message: () => 'The user has no connection left. Allow it more, or read at another time.' },
  3159: { code: 'settings', message: () => 'The database takes only encrypted connections. Switch encryption on.' },
};
const CLEAR_PASSWORD = 'MYSQL_CLEAR_PASSWORD_NOT_ENABLED';

export function explainMysql(error: unknown, config: DatabaseConfig): SourceError | null {
  if (!(error instanceof Error)) return null;
  const errno = 'errno' in error && typeof error.errno === 'number' ? error.errno : 0;
  const code = 'code' in error ? String(error.code) : '';
  const says = ('sqlMessage' in error ? String(error.sqlMessage) : error.message).slice(0, 300).replace(/\.$/, '');
  const reason = REASONS[errno];
  if (reason) return new SourceError(reason.code, reason.message(says, config), { cause: error, ...(reason.retryable === undefined ? {} : { retryable: reason.retryable }) });
  if (code === CLEAR_PASSWORD || /unknown plugin|auth(entication)? (plugin|switch)/i.test(error.message)) return new SourceError('refused', 'The database wants a way of signing in that is not supported. Give the user a password of the usual kind.', { cause: error });
  if (/LOCAL INFILE/.test(error.message)) return new SourceError('refused', 'The database asked for a file of this machine. It got none.', { cause: error });
  if ('sqlMessage' in error) return new SourceError('unexpected', `The database says: ${says}.`, { cause: error });
  if (code !== '' || /connection|closed state|packets? out of order/i.test(error.message)) return broken(error);
  return null;
}
