import { z } from 'zod';
import { isData, isList, looselyEqual, order } from '../../expression/data.ts';
import { readDate } from '../../expression/functions/dates.ts';
import { isEmpty } from '../../expression/functions/others.ts';
import { resolve } from '../../expression/resolve.ts';
import type { Scope } from '../../expression/scope.ts';
import { scalarText } from '../values.ts';
import { compare, COMPARISONS } from './compare.ts';
import { linearRegex } from './linear-regex.ts';

const OPERATORS = [...COMPARISONS, 'has match', 'in', 'not in', 'is true', 'is false', 'exists', 'not exists', 'before', 'after'] as const;
type Operator = (typeof OPERATORS)[number];

const COMBINE = z.enum(['and', 'or']).default('and').meta({ title: 'Combine', description: 'Whether all have to hold or any one.' });

const Condition = z.strictObject({
  left: z.unknown().default('').meta({ title: 'Value', description: 'What is looked at, usually an expression such as {{ item.amount }}.' }),
  operator: z.enum(OPERATORS).default('equals').meta({ title: 'Comparison' }),
  right: z.unknown().default('').meta({ title: 'Compared with', description: 'A text, a number or an expression. Some comparisons need none.' }),
  caseSensitive: z.boolean().default(true).meta({ title: 'Capital letters count' }),
});
type Condition = z.output<typeof Condition>;

/** Conditions over expressions, combined by and/or; groups among them are combined in their own way. */
export const Conditions = z.strictObject({
  combine: COMBINE,
  conditions: z.array(Condition).max(100).default([]).meta({ title: 'Conditions' }),
  groups: z.array(z.strictObject({ combine: COMBINE, conditions: z.array(Condition).max(100).default([]).meta({ title: 'Conditions' }) })).max(20).default([])
    .meta({ title: 'Groups', description: 'Each counts as one condition and combines its own by and/or.' }),
});
export type Conditions = z.output<typeof Conditions>;

export const hasConditions = ({ conditions, groups }: Conditions): boolean => conditions.length + groups.length > 0;

/** Whether the conditions hold; without any they do. Stops at the first that decides. Throws NodeError for what cannot be compared. */
export function conditionsHold({ combine, conditions, groups }: Conditions, scope: Scope): boolean {
  if (conditions.length + groups.length === 0) return true;
  const all = combine === 'and';
  for (const condition of conditions) if (holds(condition, scope) !== all) return !all;
  for (const group of groups) if (conditionsHold({ ...group, groups: NO_GROUPS }, scope) !== all) return !all;
  return all;
}

const NO_GROUPS: Conditions['groups'] = [];

const holds = ({ left, operator, right, caseSensitive }: Condition, scope: Scope): boolean =>
  compareValues(resolve(left, scope), operator, resolve(right, scope), caseSensitive);

/** Compares plain data: numbers as numbers where both are, lists and objects by what they hold, anything else as text. */
function compareValues(left: unknown, operator: Operator, right: unknown, caseSensitive: boolean): boolean {
  switch (operator) {
    case 'exists': return left !== undefined && left !== null;
    case 'not exists': return left === undefined || left === null;
    case 'empty': return isEmpty(typeof left === 'string' ? left.trim() : left);
    case 'not empty': return !isEmpty(typeof left === 'string' ? left.trim() : left);
    case 'is true': return looselyEqual(left, true) || (typeof left === 'number' && left !== 0);
    case 'is false': return looselyEqual(left, false) || left === 0 || left === null || left === undefined;
    case 'before': return readDate(left) < readDate(right);
    case 'after': return readDate(left) > readDate(right);
    case 'has match': return linearRegex(scalarText(right), !caseSensitive).find(scalarText(left), 0) !== null;
    case 'equals': return equal(left, right, caseSensitive);
    case 'not equals': return !equal(left, right, caseSensitive);
    case 'contains': return contains(left, right, caseSensitive);
    case 'not contains': return !contains(left, right, caseSensitive);
    case 'in': return contains(right, left, caseSensitive);
    case 'not in': return !contains(right, left, caseSensitive);
    case 'less': case 'greater': case 'less or equal': case 'greater or equal':
      if (typeof left === 'number' && typeof right === 'number') return ordered(order(left, right), operator);
      return compare(scalarText(left), operator, scalarText(right), caseSensitive);
    default: return compare(scalarText(left), operator, scalarText(right), caseSensitive);
  }
}

function equal(left: unknown, right: unknown, caseSensitive: boolean): boolean {
  if (looselyEqual(left, right)) return true;
  const [a, b] = [scalarText(left), scalarText(right)];
  return caseSensitive ? a === b : a.toLowerCase() === b.toLowerCase();
}

/** A list holds an equal element, an object a field of that name, a text the other text. */
function contains(whole: unknown, part: unknown, caseSensitive: boolean): boolean {
  if (isList(whole)) return whole.some((one) => equal(one, part, caseSensitive));
  if (isData(whole)) return Object.hasOwn(whole, scalarText(part));
  return compare(scalarText(whole), 'contains', scalarText(part), caseSensitive);
}

function ordered(by: number, operator: 'less' | 'greater' | 'less or equal' | 'greater or equal'): boolean {
  switch (operator) {
    case 'less': return by < 0;
    case 'greater': return by > 0;
    case 'less or equal': return by <= 0;
    case 'greater or equal': return by >= 0;
  }
}
