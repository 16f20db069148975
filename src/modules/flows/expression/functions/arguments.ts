import type { Evaluation } from '../evaluation.ts';
import { ListFunction } from '../evaluation.ts';
import { asNumber, asText, readMember } from '../data.ts';
import { ExpressionError } from '../expression-error.ts';

/** A listed function: what it is called on, its arguments, and the evaluation that pays for it. Never sees a host object. */
export type Method<Receiver> = (receiver: Receiver, args: readonly unknown[], evaluation: Evaluation) => unknown;
export type Methods<Receiver> = ReadonlyMap<string, Method<Receiver>>;
/** A listed function without a receiver. */
export type FreeFunction = (args: readonly unknown[], evaluation: Evaluation) => unknown;

export const textAt = (args: readonly unknown[], index: number, evaluation: Evaluation, fallback = ''): string =>
  (args[index] === undefined ? fallback : asText(args[index], evaluation));

/** A number, or the fallback where it is missing or no number. */
export function numberAt(args: readonly unknown[], index: number, fallback: number): number {
  const number = args[index] === undefined ? fallback : asNumber(args[index]);
  return Number.isNaN(number) ? fallback : number;
}

/** What a list function does with each item: the given function, or reading the field of that name. */
export function eachAt(args: readonly unknown[], index: number, name: string): (item: unknown, position: number, list: readonly unknown[]) => unknown {
  const given = args[index];
  if (given instanceof ListFunction) return (item, position, list) => given.call(item, position, list);
  if (typeof given === 'string') return (item) => given.split('.', 20).reduce<unknown>((data, key) => readMember(data, key), item);
  throw new ExpressionError(`"${name}" needs a function such as x => x.name`);
}

/** The same function under several names that people know. */
export function same<Receiver>(names: readonly string[], method: Method<Receiver>): [string, Method<Receiver>][] {
  return names.map((name) => [name, method]);
}
