import { sql, type SQL } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import { z } from 'zod';
import { isUuid } from '../crypto/ids.ts';
import { readCursor } from '../http/cursor.ts';
import { Problem, problems } from '../http/problem.ts';

/**
 * A moment to the microsecond, as text: rows of one transaction share their moment, and a cursor rounded to milliseconds
 * would drop or repeat some of them.
 */
export const exactTime = (column: PgColumn): SQL<string> => sql<string>`to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** Rows after a cursor in a list that shows the newest first; undefined at the beginning. Throws 422 for a cursor of no such list. */
export function olderThan(cursor: string | undefined, time: PgColumn, id: PgColumn): SQL | undefined {
  const position = readCursor(cursor);
  if (!position) return undefined;
  const [at, lastId] = position;
  if (!z.iso.datetime().safeParse(at).success || !isUuid(lastId)) {
    throw new Problem(problems.invalid, 'This cursor is not valid; start from the first page.', { issues: [{ path: 'cursor', message: 'not a cursor of this list' }] });
  }
  return sql`(${time}, ${id}) < (${at}::timestamptz, ${lastId}::uuid)`;
}
