import { Problem } from '#platform/http/problem.ts';
import { problems } from './problems.ts';

/** Deepest nesting kept in a draft; a complete declaration of capabilities has 6 levels. */
const DEPTH_MAX = 24;

/**
 * The same value with what the database cannot hold in a text (NUL, half a surrogate pair) left out of every text and
 * name. Throws `draft-too-deep` for what nests deeper than 24 levels.
 */
export const storable = <T>(value: T): T => clean(value, 0) as T; // Only texts change, so the shape stays T.

function clean(value: unknown, depth: number): unknown {
  if (depth > DEPTH_MAX) throw new Problem(problems['draft-too-deep'], `At most ${DEPTH_MAX} levels.`);
  if (typeof value === 'string') return cleanText(value);
  if (Array.isArray(value)) return value.map((item) => clean(item, depth + 1));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [cleanText(key), clean(item, depth + 1)]));
}

/** A text without what the database cannot hold. */
export const cleanText = (text: string): string => text.replaceAll('\u0000', '').toWellFormed();
