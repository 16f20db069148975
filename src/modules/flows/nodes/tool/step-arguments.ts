import { resolve } from '../../expression/resolve.ts';
import { scopeFor } from '../../expression/scope-for.ts';
import type { NodeContext, Value } from '../../node-type.ts';
import { itemsOf, wholeOf } from '../items.ts';
import { isRow } from '../values.ts';

type Arguments = Readonly<Record<string, unknown>>;

/**
 * The arguments of each call a step makes: what came in, if it is an object, below the values that are set in the step, whose
 * texts may be expressions. One set for all of the input, or one for each item of it. Throws NodeError
 * `node-expression-invalid`.
 */
export function stepArguments(context: NodeContext, values: Arguments, input: Value | undefined, each: boolean): Arguments[] {
  const items = itemsOf(input);
  const merged = (item: unknown, index: number) => ({ ...(isRow(item) ? item : {}), ...resolved(context, values, items, index, item) });
  return each ? items.map(merged) : [merged(wholeOf(input), 0)];
}

function resolved(context: NodeContext, values: Arguments, items: readonly unknown[], index: number, item: unknown): Arguments {
  const result = resolve(values, scopeFor(context, items, index, item));
  return isRow(result) ? result : {};
}
