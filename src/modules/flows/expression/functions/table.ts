import { isData, isList, plain } from '../data.ts';
import type { Evaluation } from '../evaluation.ts';
import { ExpressionError } from '../expression-error.ts';
import type { FreeFunction, Method } from './arguments.ts';
import { dateMethods } from './dates.ts';
import { freeFunctions } from './free.ts';
import { FUNCTION_METHODS, listMethods } from './lists.ts';
import { anyMethods, kindOf, numberMethods, objectMethods } from './others.ts';
import { PATTERN_METHODS, textMethods } from './text.ts';

/**
 * The functions expressions may call: a closed list. A name is looked up here and nowhere else, so neither data nor a
 * prototype can bring a function along.
 */
export const isFunctionName = (name: string): boolean => freeFunctions.has(name);

const ALL_METHODS: ReadonlySet<string> = new Set([textMethods, numberMethods, listMethods, dateMethods, objectMethods, anyMethods].flatMap((methods) => [...methods.keys()]));

export const isMethodName = (name: string): boolean => ALL_METHODS.has(name);

/** What the first argument of a method may be beside a value: `x => …`, a regular expression, or neither. Nowhere else can one stand. */
export const firstArgument = (name: string): 'function' | 'pattern' | 'value' => (FUNCTION_METHODS.has(name) ? 'function' : PATTERN_METHODS.has(name) ? 'pattern' : 'value');

export const freeFunction = (name: string): FreeFunction => {
  const found = freeFunctions.get(name);
  if (!found) throw new ExpressionError(`There is no function "${name}"`);
  return found;
};

/** A function by name that picks its entry by what it is called on. Of nothing, every function but those of anything gives nothing. */
export function methodNamed(name: string): Method<unknown> {
  const [ofText, ofNumber, ofList, ofDate, ofObject, ofAny] = [textMethods.get(name), numberMethods.get(name), listMethods.get(name), dateMethods.get(name), objectMethods.get(name), anyMethods.get(name)];
  const called = (receiver: unknown, args: readonly unknown[], evaluation: Evaluation): unknown => {
    if (typeof receiver === 'string' && ofText) {
      evaluation.read(receiver.length);
      return ofText(receiver, args, evaluation);
    }
    if (typeof receiver === 'number' && ofNumber) return ofNumber(receiver, args, evaluation);
    if (isList(receiver) && ofList) {
      evaluation.list(receiver.length);
      return ofList(receiver, args, evaluation);
    }
    if (receiver instanceof Date && ofDate) {
      evaluation.work(10);
      return ofDate(receiver, args, evaluation);
    }
    if (isData(receiver) && ofObject) {
      evaluation.work(10);
      return ofObject(receiver, args, evaluation);
    }
    if (ofAny) return ofAny(receiver, args, evaluation);
    if (receiver === null || receiver === undefined) return undefined;
    throw new ExpressionError(`${kindOf(receiver)} has no function "${name}"`.replace(/^./, (first) => first.toUpperCase()));
  };
  return (receiver, args, evaluation) => plain(called(receiver, args, evaluation));
}
