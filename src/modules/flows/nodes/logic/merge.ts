import { z } from 'zod';
import type { Value } from '../../node-type.ts';
import { defineNode, inputAt, inputsAt, json } from '../define-node.ts';
import type { NodeInputs } from '../define-node.ts';
import { itemsOf, listOf } from '../items.ts';
import { collectStream, dataOf, textOf } from '../values.ts';
import { combineAll, joinByKey, joinByPosition } from './join-items.ts';

const INPUTS_MAX = 20;

const Config = z.strictObject({
  mode: z.enum(['append', 'position', 'key', 'combinations', 'choose', 'list', 'text']).default('append').meta({
    title: 'How', description: 'All items one after the other; items at the same place or with the same key as one; every item with every other; the first input that came; one item for each input; one text.',
  }),
  inputs: z.number().int().min(1).max(INPUTS_MAX).default(2).meta({ title: 'Inputs', description: 'They are called input0, input1 and so on.' }),
  leftKey: z.string().max(500).default('id').meta({ title: 'Key of the first', description: 'Name or dot path of the field.' }),
  rightKey: z.string().max(500).default('').meta({ title: 'Key of the others', description: 'The same where it is empty.' }),
  join: z.enum(['inner', 'left', 'right', 'outer', 'unmatched']).default('inner').meta({ title: 'Items without a match', description: 'Left out, kept of one side or of both, or only those.' }),
  preferred: z.enum(['first', 'second']).default('second').meta({ title: 'Fields of the same name', description: 'Whose value is kept.' }),
  separator: z.string().max(1_000).default('\n').meta({ title: 'Between texts' }),
});

export const merge = defineNode({
  type: 'logic.merge',
  title: 'Merge',
  description: 'Brings branches together. Branches that were skipped do not count.',
  family: 'logic',
  config: Config,
  inputs: [{ name: 'inputs', many: true }],
  dynamicInputs: ({ inputs }) => Array.from({ length: inputs }, (_, index) => ({ name: `input${index}`, required: false })),
  outputs: [{ name: 'output' }],
  acceptsStream: true,
  run: async (_context, config, inputs): Promise<Record<string, Value>> => {
    const came = valuesAt(config.inputs, inputs);
    if (config.mode === 'choose') return { output: came[0] ?? { kind: 'none' } };
    const values = await Promise.all(came.map(collectStream));
    if (config.mode === 'text') return { output: { kind: 'text', text: values.map(textOf).join(config.separator) } };
    if (config.mode === 'list') return { output: json(values.map(dataOf)) };
    return { output: listOf(joined(values.map(itemsOf), config)) };
  },
});

/** What came at the numbered inputs, in order, then at the one for many. */
function valuesAt(count: number, inputs: NodeInputs): readonly Value[] {
  const numbered = Array.from({ length: count }, (_, index) => inputAt(inputs, `input${index}`));
  return [...numbered, ...inputsAt(inputs, 'inputs')].filter((value) => value !== undefined && value.kind !== 'none');
}

function joined(lists: readonly (readonly unknown[])[], config: z.output<typeof Config>): readonly unknown[] {
  const { mode, join, preferred, leftKey, rightKey } = config;
  if (mode === 'append') return lists.flat();
  const [first = [], ...others] = lists;
  return others.reduce<readonly unknown[]>((left, right) => {
    if (mode === 'position') return joinByPosition(left, right, join === 'outer', preferred);
    if (mode === 'combinations') return combineAll(left, right, preferred);
    return joinByKey(left, right, { left: leftKey, right: rightKey === '' ? leftKey : rightKey }, join, preferred);
  }, first);
}
