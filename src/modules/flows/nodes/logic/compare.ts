import { linearRegex } from './linear-regex.ts';

export const COMPARISONS = ['equals', 'not equals', 'contains', 'not contains', 'starts with', 'ends with', 'matches', 'less', 'greater', 'less or equal', 'greater or equal', 'empty', 'not empty'] as const;
export type Comparison = (typeof COMPARISONS)[number];

/**
 * Compares two texts. `less` and `greater` compare numbers where both sides are numbers, else the texts by code point.
 * `matches` is a regular expression that must fit at the start of the text; it always ends, whatever the pattern.
 */
export function compare(left: string, operator: Comparison, right: string, caseSensitive: boolean): boolean {
  const a = caseSensitive ? left : left.toLowerCase();
  const b = caseSensitive ? right : right.toLowerCase();
  switch (operator) {
    case 'equals': return a === b;
    case 'not equals': return a !== b;
    case 'contains': return a.includes(b);
    case 'not contains': return !a.includes(b);
    case 'starts with': return a.startsWith(b);
    case 'ends with': return a.endsWith(b);
    case 'matches': return linearRegex(right, !caseSensitive).matchesStart(left);
    case 'less': return order(a, b) < 0;
    case 'greater': return order(a, b) > 0;
    case 'less or equal': return order(a, b) <= 0;
    case 'greater or equal': return order(a, b) >= 0;
    case 'empty': return a.trim() === '';
    case 'not empty': return a.trim() !== '';
  }
}

function order(a: string, b: string): number {
  const [x, y] = [numberOf(a), numberOf(b)];
  if (x !== null && y !== null) return x - y;
  return a < b ? -1 : a > b ? 1 : 0;
}

const numberOf = (text: string): number | null => (/^\s*[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?\s*$/i.test(text) ? Number(text) : null);
