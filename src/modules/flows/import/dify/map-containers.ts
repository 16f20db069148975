import { scalarText } from '../../nodes/values.ts';
import { read, readFlag, readList, readNumber, readText } from '../plain.ts';
import { clampInt } from '../steps/model-step.ts';
import type { Place, StepDraft } from '../steps/step-draft.ts';
import type { DifyContext } from './dify-context.ts';
import { wholeExpression } from './dify-context.ts';
import { conditionsOf } from './map-steps.ts';
import type { Mapper } from './mapper.ts';
import type { RawNode } from './read-dify.ts';

const OPPOSITE: Readonly<Record<string, string>> = {
  contains: 'not contains', 'not contains': 'contains', equals: 'not equals', 'not equals': 'equals', empty: 'not empty', 'not empty': 'empty', greater: 'less or equal', less: 'greater or equal', 'greater or equal': 'less', 'less or equal': 'greater', in: 'not in', 'not in': 'in', exists: 'not exists', 'not exists': 'exists',
};

/** Does what stands inside once for every element of a list. */
export const mapIteration: Mapper = (node, step, context) => {
  const set = step.add('transform.set', { fields: [{ name: 'list', value: `{{ ${context.value(read(node.data, 'iterator_selector'), step)} }}` }], keep: 'none', each: false }, 'list', 'list');
  const select = step.add('transform.select', { key: 'list' }, 'items', 'items');
  step.add('logic.for-each', { concurrency: readFlag(node.data, 'is_parallel') ? clampInt(readNumber(node.data, 'parallel_nums') ?? 10, 1, 20) : 1 });
  const result = step.add('transform.set', { fields: [{ name: 'value', value: `{{ ${context.value(read(node.data, 'output_selector'), step)} }}` }], keep: 'none', each: false }, 'result', 'result');
  const done = step.add('transform.map', { value: '{{ item.value }}' }, 'done', 'done');
  step.mappedTo = 'logic.for-each';
  step.link(set, 'output', select, 'data');
  step.link(select, 'value', node.id, 'items');
  step.link(result, 'output', node.id, 'feedback');
  step.link(node.id, 'done', done, 'input');
  if (readText(node.data, 'error_handle_mode') === 'continue-on-error') step.approximate('A pass that fails gives no result, instead of an empty one.');
  step.enter(set, 'input');
  step.exit(done, 'output');
};

/** Does what stands inside again and again, until conditions hold. */
export const mapLoop: Mapper = (node, step, context) => {
  let place: Place | null = null;
  for (const [index, row] of readList(node.data, 'loop_variables').slice(0, 50).entries()) {
    const name = `${node.id}.${readText(row, 'label') ?? ''}`.slice(0, 100);
    const value = read(row, 'value');
    context.state.set(name, { name, initial: null, scope: 'run' });
    const given = readText(row, 'value_type') === 'variable' ? `{{ ${context.value(value, step)} }}` : typeof value === 'string' ? `{{ ${wholeExpression(context.parts(value, step))} }}` : value ?? null;
    const id = step.add('transform.variable', { operation: 'set', name, value: given }, `begin${index}`, readText(row, 'label') ?? 'variable');
    if (place === null) step.enter(id, 'input');
    else step.link(place.node, place.port, id, 'input');
    place = { node: id, port: 'output' };
  }
  const ends = conditionsOf({ conditions: read(node.data, 'break_conditions'), logical_operator: read(node.data, 'logical_operator') }, step, context);
  const isEndless = ends.conditions.length === 0;
  // Dify looks at the conditions after a pass, so the first is always done.
  const goesOn = { combine: ends.combine === 'or' ? 'and' : 'or', conditions: ends.conditions.map((one) => ({ ...one, operator: OPPOSITE[scalarText(one['operator'])] ?? 'not equals' })) };
  step.add('logic.while', {
    iterationsMax: clampInt(readNumber(node.data, 'loop_count') ?? 10, 1, 1_000), ...(isEndless ? {} : { conditions: { combine: 'or', conditions: [{ left: '{{ loop.index }}', operator: 'equals', right: 0 }], groups: [goesOn] } }),
  });
  step.mappedTo = 'logic.while';
  if (place === null) step.enter(node.id, 'input');
  else step.link(place.node, place.port, node.id, 'input');
  step.exit(node.id, 'done');
};

/** Connects what stands inside a container with it. */
export function connectInside(container: RawNode, context: DifyContext): { source: string; sourcePort: string; target: string; targetPort: string }[] {
  const step = context.step(container);
  if (step.refusal !== null) return [];
  const inside = context.app.nodes.filter((node) => node.parent === container.id);
  const back: Place = container.type === 'loop' ? { node: container.id, port: 'feedback' } : { node: `${container.id}:result`, port: 'input' };
  return inside.flatMap((node) => {
    const own = context.step(node);
    const isStart = node.type.endsWith('-start');
    const begins = isStart || (context.incoming(node.id).length === 0 && (readFlag(node.data, 'isIterationStart') || readFlag(node.data, 'isLoopStart') || !inside.some((one) => one.type.endsWith('-start'))));
    const starts = begins && !isStart ? entriesOf(own).map((entry) => ({ source: container.id, sourcePort: 'item', target: entry.node, targetPort: entry.port })) : [];
    const isLast = !isStart && node.type !== 'loop-end' && context.outgoing(node.id).length === 0;
    const ends = isLast ? exitsOf(own).map((exit) => ({ source: exit.node, sourcePort: exit.port, target: back.node, targetPort: back.port })) : [];
    return [...starts, ...ends];
  });
}

const entriesOf = (step: StepDraft): readonly Place[] => (step.refusal === null ? step.entries : [{ node: step.id, port: 'input' }]);
const exitsOf = (step: StepDraft): readonly Place[] => (step.refusal === null ? [...step.exits.values()] : [{ node: step.id, port: 'output' }]);

/** Where the inside of a container begins: its item. */
export const mapInnerStart: Mapper = (node, step) => {
  if (node.parent === null) return step.refuse('It stands outside of a loop.');
  step.absorb('logic.for-each');
  step.exit(node.parent, 'item');
};

/** Ends a loop: nothing goes back. */
export const mapLoopEnd: Mapper = (node, step) => {
  step.add('logic.pass', {});
  step.enter(node.id, 'input');
};

