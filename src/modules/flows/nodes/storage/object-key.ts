import { z } from 'zod';
import { NodeError } from '../node-error.ts';

/** Where a file lies. */
export const bucketConfig = {
  connector: z.enum(['s3']).default('s3').meta({ title: 'Service' }),
  connection: z.string().max(100).nullable().default(null).meta({ title: 'Connection' }),
  key: z.string().max(1_000).default('').meta({ title: 'Name of the file', description: 'With its folders, e.g. reports/{{ today }}.txt; may hold expressions.' }),
};

/** The name of an object without steps out of its folder. Throws NodeError for a name that is none. */
export function objectKey(written: string): string {
  const key = written.trim().replace(/^\/+/, '');
  if (key === '' || key.length > 1_000 || key.split('/').some((part) => part === '.' || part === '..') || /\p{Cc}/u.test(key)) {
    throw new NodeError('node-config-invalid', `“${written.slice(0, 100)}” is no name of a file.`);
  }
  return key;
}
