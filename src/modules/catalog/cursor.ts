import { z } from 'zod';
import { Problem, problems as kernel } from '#platform/http/problem.ts';

/** Where a page ended: the order it was in, how well the last product fitted the search, its sort key and its id. */
const Cursor = z.tuple([z.string(), z.int().min(0).max(3), z.string().max(120), z.uuid()]);
export interface Position { fit: number; key: string; id: string }

export const encodeCursor = (order: string, { fit, key, id }: Position): string => Buffer.from(JSON.stringify([order, fit, key, id])).toString('base64url');

/** Throws 400 for anything but a cursor that {@link encodeCursor} made for the same order. */
export function decodeCursor(order: string, cursor: string): Position {
  const parsed = z.string().transform((text, issues) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      issues.addIssue('not JSON');
      return z.NEVER;
    }
  }).pipe(Cursor).safeParse(Buffer.from(cursor, 'base64url').toString('utf8'));
  if (!parsed.success || parsed.data[0] !== order) throw new Problem(kernel['bad-request'], 'This cursor does not belong to this list.');
  const [, fit, key, id] = parsed.data;
  return { fit, key, id };
}
