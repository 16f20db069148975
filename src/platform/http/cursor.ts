import { z } from 'zod';
import { Problem, problems } from './problem.ts';

const Position = z.tuple([z.string(), z.string()]);

/** Where a page ended: the sort key and the id that breaks ties, opaque to callers. */
export const writeCursor = (key: string, id: string): string => Buffer.from(JSON.stringify([key, id])).toString('base64url');

/** Reads a cursor; null when none was sent. A cursor only positions a list; what is in it is decided by policies. Throws 422. */
export function readCursor(cursor: string | undefined): readonly [key: string, id: string] | null {
  if (!cursor) return null;
  try {
    return Position.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch (error) {
    throw new Problem(problems.invalid, 'This cursor is not valid; start from the first page.', { issues: [{ path: 'cursor', message: 'not a cursor of this list' }], cause: error });
  }
}
