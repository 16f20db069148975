import { MongoError, MongoServerError } from 'mongodb';
import type { DatabaseConfig } from '../../contract/database.ts';
import { SourceError } from '../../source-reader.ts';
import { broken } from '../connect.ts';
import { WireError } from './relay.ts';

const SIGN_IN = new Set([18, 8000, 11]);
const NOT_ALLOWED = 13;
const TIME_OVER = new Set([50, 262]);
const BAD_FILTER = new Set([2, 9, 14, 17287, 31249, 51091]);

export function explainMongodb(error: unknown, { authDatabase }: DatabaseConfig): SourceError | null {
  if (error instanceof WireError) return new SourceError('unexpected', `What answers there does not keep to the protocol of MongoDB: ${error.message}.`, { cause: error });
  if (!(error instanceof MongoError)) return null;
  const says = error.message.slice(0, 300).replace(/\.$/, '');
  if (error instanceof MongoServerError) {
    const code = Number(error.code ?? 0);
    if (SIGN_IN.has(code)) return new SourceError('refused', `The database refused the user or the password. Check also where the user was made (sign-in database ${authDatabase}).`, { cause: error });
    if (code === NOT_ALLOWED) return new SourceError('refused', 'The user may not read this. Give it the role read on the database.', { cause: error });
    if (TIME_OVER.has(code)) return new SourceError('unexpected', 'The database took too long for an answer. Read fewer documents, or make the filter cheaper.', { cause: error, retryable: true });
    if (BAD_FILTER.has(code)) return new SourceError('settings', `The filter cannot be used: ${says}.`, { cause: error });
    return new SourceError('unexpected', `The database says: ${says}.`, { cause: error });
  }
  if (/auth|SCRAM|SASL/i.test(error.message)) return new SourceError('refused', `The database refused the user or the password. Check also where the user was made (sign-in database ${authDatabase}).`, { cause: error });
  return broken(error);
}
