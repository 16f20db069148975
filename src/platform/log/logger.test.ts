import { DrizzleQueryError } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { describeError } from './logger.ts';

test('an error is told with its name, message, code and where it came from', () => {
  const error = Object.assign(new Error('no room'), { code: 'ENOSPC' });
  expect(describeError(error)).toMatchObject({ name: 'Error', message: 'no room', code: 'ENOSPC', stack: expect.stringContaining('logger.test.ts') });
});

test('of a failed query only what the database said is told, not the query with its values', () => {
  const error = new DrizzleQueryError('select * from people where name = $1', ['Ada'], Object.assign(new Error('relation "people" does not exist'), { code: '42P01' }));
  expect(describeError(error)).toMatchObject({ message: 'query failed: relation "people" does not exist', code: '42P01' });
  expect(JSON.stringify(describeError(error))).not.toContain('Ada');
});

test('what is thrown without being an error keeps its words', () => {
  expect(describeError({ message: 'Connection terminated', queue: 'mail' })).toEqual({ message: 'Connection terminated' });
  expect(describeError('stopped')).toEqual({ message: 'stopped' });
  expect(describeError(null)).toEqual({ message: 'null' });
});
