import type { Emitted } from './emitted.ts';
import { value } from './emitted.ts';

/** Functions of JavaScript and n8n that are called something else here. */

/** Methods that take a function of one element. */
export const LIST_FUNCTIONS: ReadonlySet<string> = new Set(['map', 'filter', 'find', 'findIndex', 'some', 'every', 'flatMap', 'forEach']);

const bracketed = (text: string | undefined): string => `(${text ?? 'undefined'})`;

/** A call without a receiver, or of a namespace; null where it is called the same here. */
export function callOfFunction(name: string, args: () => readonly string[]): Emitted | null {
  switch (name) {
    case '$if': { const [test, yes, no] = args(); return value(`${bracketed(test)} ? ${bracketed(yes)} : ${bracketed(no)}`); }
    case '$ifEmpty': { const [given, otherwise] = args(); return value(`${bracketed(given)}.default(${otherwise ?? 'undefined'})`, true); }
    case '$min': return value(`min(${args().join(', ')})`, true);
    case '$max': return value(`max(${args().join(', ')})`, true);
    case '$not': return value(`!${bracketed(args()[0])}`);
    case '$average': return value(`[${args().join(', ')}].average()`, true);
    case 'Array': return value(`range(${args()[0] ?? '0'})`, true);
    case 'Object.assign': return value(`{${args().map((one) => `...${one}`).join(', ')}}`);
    case 'structuredClone': return value(args()[0] ?? 'undefined', false);
    case '$jmespath': case '$jmesPath': { const [data, query] = args(); return value(`jmespath(${data ?? 'undefined'}, ${query ?? '""'})`, true); }
    default: return null;
  }
}

/** A method of a value; null where it is called the same here. */
export function callOfMethod(receiver: string, name: string, args: () => readonly string[]): Emitted | null {
  switch (name) {
    case 'fill': return value(`${receiver}.map(f => ${args()[0] ?? 'undefined'})`, true);
    case 'beginningOf': return value(`${receiver}.startOf(${args()[0] ?? '"week"'})`, true);
    case 'endOfMonth': return value(`${receiver}.endOf("month")`, true);
    case 'inBetween': return value(`${receiver}.isBetween(${args().join(', ')})`, true);
    case 'isInLast': { const [amount, unit] = args(); return value(`${receiver}.toDate().isAfter(now.minus(${amount ?? '0'}, ${unit ?? '"minutes"'}))`, true); }
    case 'isNull': return value(`${receiver} == null`);
    case 'pop': return value(`${receiver}.last()`, true);
    case 'shift': return value(`${receiver}.first()`, true);
    case 'removeFields': return value(`${receiver}.removeField(${args().join(', ')})`, true);
    default: return null;
  }
}
