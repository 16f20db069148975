import { z } from 'zod';
import { asNumber, isList } from '../../expression/data.ts';
import { resolve } from '../../expression/resolve.ts';
import { defineNode, inputAt, json } from '../define-node.ts';
import { wholeScope } from '../each-item.ts';
import { NodeError } from '../node-error.ts';

const NAMES_MAX = 1_000;
const LIST_MAX = 10_000;

export const variable = defineNode({
  type: 'transform.variable',
  title: 'Variable',
  description: 'Sets, extends, counts up, clears or reads a variable of the run. Those of a conversation keep their value from one message to the next.',
  family: 'transform',
  effect: true,
  expressions: true,
  config: z.strictObject({
    operation: z.enum(['get', 'set', 'append', 'extend', 'add', 'clear']).default('get').meta({ title: 'What', description: 'Append puts one element at the end of a list, extend all of another list; add counts up.' }),
    name: z.string().max(100).default('').meta({ title: 'Variable' }),
    value: z.unknown().default('{{ item }}').meta({ title: 'Value', description: 'A fixed value or an expression.' }),
  }),
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }, { name: 'value' }],
  run: async (context, { operation, name, value }, inputs) => {
    const { state } = context;
    if (!state) throw new NodeError('node-config-invalid', 'This run has no variables.');
    if (name === '') throw new NodeError('node-config-invalid', 'The variable has no name.');
    const input = inputAt(inputs, 'input');
    const before = state.get(name);
    const given = operation === 'get' || operation === 'clear' ? undefined : resolve(value, wholeScope(context, input)) ?? null;
    const after = changed(operation, before, given);
    if (operation !== 'get') {
      if (!state.has(name) && state.size >= NAMES_MAX) throw new NodeError('node-limit', `A run has at most ${NAMES_MAX} variables.`);
      state.set(name, after);
    }
    return { output: input ?? json(after ?? null), value: json(after ?? null) };
  },
});

function changed(operation: 'get' | 'set' | 'append' | 'extend' | 'add' | 'clear', before: unknown, given: unknown): unknown {
  switch (operation) {
    case 'get': return before;
    case 'set': return given;
    case 'append': return bounded([...listFrom(before), given]);
    case 'extend': return bounded([...listFrom(before), ...listFrom(given)]);
    case 'add': return (asNumber(before) || 0) + (asNumber(given) || 0);
    case 'clear': return isList(before) ? [] : null;
  }
}

const listFrom = (value: unknown): readonly unknown[] => (isList(value) ? value : value === undefined || value === null ? [] : [value]);

function bounded(list: readonly unknown[]): readonly unknown[] {
  if (list.length > LIST_MAX) throw new NodeError('node-limit', `A variable holds a list of at most ${LIST_MAX} elements.`);
  return list;
}
