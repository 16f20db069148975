import { isRecord, read, readFlag, readList, readRecord, readText } from '../plain.ts';
import type { StepBuilder } from './step-builder.ts';

/** What kind of values a comparison of the older shapes is about, with the operation n8n takes when none is written. */
const OLD_KINDS: readonly (readonly [string, string])[] = [['string', 'equal'], ['number', 'smaller'], ['boolean', 'equal'], ['dateTime', 'after']];

/**
 * The conditions of if, filter and switch as one expression of ours that is true or false. Reads both shapes: lists by
 * kind (`{string: [{value1, operation, value2}]}`) and the later `{combinator, conditions: [{leftValue, operator, rightValue}]}`.
 */
export function conditionsOf(conditions: unknown, builder: StepBuilder, options: { any?: boolean; ignoreCase?: boolean } = {}): string {
  if (Array.isArray(read(conditions, 'conditions'))) {
    const sensitive = read(readRecord(conditions, 'options'), 'caseSensitive') !== false && options.ignoreCase !== true;
    const parts = readList(conditions, 'conditions').slice(0, 200).map((condition) => oneOf(condition, builder, sensitive));
    return joined(parts, readText(conditions, 'combinator') === 'or');
  }
  const parts = OLD_KINDS.flatMap(([kind, usual]) => readList(conditions, kind).slice(0, 200).map((condition) =>
    comparison(kind, readText(condition, 'operation') ?? usual, builder.expression(read(condition, 'value1') ?? ''), () => builder.expression(read(condition, 'value2') ?? (kind === 'number' ? 0 : kind === 'boolean' ? false : '')), builder, { sensitive: true, pattern: read(condition, 'value2') })));
  return joined(parts, options.any === true);
}

const joined = (parts: readonly string[], any: boolean): string =>
  (parts.length === 0 ? 'true' : parts.length === 1 ? parts[0] ?? 'true' : parts.map((part) => `(${part})`).join(any ? ' || ' : ' && '));

function oneOf(condition: unknown, builder: StepBuilder, sensitive: boolean): string {
  const operator = read(condition, 'operator');
  const type = isRecord(operator) ? readText(operator, 'type') ?? 'string' : 'string';
  const operation = isRecord(operator) ? readText(operator, 'operation') ?? 'equals' : typeof operator === 'string' ? operator : 'equals';
  if (readFlag(condition, 'disabled')) return 'true';
  return comparison(type, operation, builder.expression(read(condition, 'leftValue') ?? ''), () => builder.expression(read(condition, 'rightValue') ?? ''), builder, { sensitive, pattern: read(condition, 'rightValue') });
}

const SIGNS: ReadonlyMap<string, string> = new Map([
  ['gt', '>'], ['larger', '>'], ['lt', '<'], ['smaller', '<'], ['gte', '>='], ['largerEqual', '>='], ['lte', '<='], ['smallerEqual', '<='],
  ['lengthGt', '>'], ['lengthLt', '<'], ['lengthGte', '>='], ['lengthLte', '<='], ['lengthEquals', '=='], ['lengthNotEquals', '!='],
]);

const DATES: ReadonlyMap<string, string> = new Map([['after', '>'], ['before', '<'], ['afterOrEquals', '>='], ['beforeOrEquals', '<='], ['equals', '=='], ['notEquals', '!=']]);

/** One comparison. The right side is only read by operations that have one. */
export function comparison(type: string, operation: string, left: string, rightOf: () => string, builder: StepBuilder, { sensitive, pattern }: { sensitive: boolean; pattern: unknown }): string {
  const negated = /^not[A-Z]/.test(operation);
  switch (operation) {
    case 'exists': return `${left} != null`;
    case 'notExists': return `${left} == null`;
    case 'empty': case 'isEmpty': return `(${left}).isEmpty()`;
    case 'notEmpty': case 'isNotEmpty': return `!(${left}).isEmpty()`;
    case 'true': return `${left} == true`;
    case 'false': return `${left} == false`;
    case 'regex': case 'notRegex': return `${negated ? '!' : ''}String(${left}).isMatch(${regexOf(pattern) ?? rightOf()})`;
    default: break;
  }
  const right = rightOf();
  const sign = SIGNS.get(operation);
  if (type === 'array') {
    if (sign !== undefined) return `(${left}).length ${sign} Number(${right})`;
    if (operation === 'contains' || operation === 'notContains') return `${negated ? '!' : ''}(${left} ?? []).includes(${right})`;
  }
  if (type === 'dateTime') {
    const date = DATES.get(operation) ?? '>';
    return `(${left}).toDate().toMillis() ${date} (${right}).toDate().toMillis()`;
  }
  if (type === 'number' || sign !== undefined) return `Number(${left}) ${sign ?? (negated ? '!=' : '==')} Number(${right})`;
  if (type === 'boolean') return `${left} ${negated ? '!=' : '=='} ${right}`;
  const [l, r] = sensitive ? [`String(${left})`, `String(${right})`] : [`String(${left}).toLowerCase()`, `String(${right}).toLowerCase()`];
  switch (operation) {
    case 'equals': case 'equal': return `${l} == ${r}`;
    case 'notEquals': case 'notEqual': return `${l} != ${r}`;
    case 'contains': case 'notContains': return `${negated ? '!' : ''}${l}.includes(${r})`;
    case 'startsWith': case 'notStartsWith': return `${negated ? '!' : ''}${l}.startsWith(${r})`;
    case 'endsWith': case 'notEndsWith': return `${negated ? '!' : ''}${l}.endsWith(${r})`;
    default:
      builder.approximate(`The comparison “${operation.slice(0, 40)}” is not known here; it counts as equal.`);
      return `${l} == ${r}`;
  }
}

/** n8n also takes `/pattern/flags` as text. */
function regexOf(pattern: unknown): string | null {
  if (typeof pattern !== 'string') return null;
  const found = /^=?\/([^\n]+)\/([a-z]*)$/.exec(pattern);
  return found ? `/${found[1] ?? ''}/${found[2] ?? ''}` : null;
}
