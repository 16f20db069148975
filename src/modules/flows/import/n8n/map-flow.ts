import { isRecord, read, readList, readText } from '../plain.ts';
import { conditionsOf } from './conditions.ts';
import { unsupported } from './fragment.ts';
import type { Mapper } from './mapper.ts';
import { addMerge } from './our-steps.ts';
import { StepBuilder } from './step-builder.ts';

const holds = (expression: string): Record<string, unknown> => ({ conditions: [{ left: `{{ ${expression} }}`, operator: 'is true' }] });

/** Items go one of two ways, each its own. */
export const mapIf: Mapper = (node, context) => {
  const step = new StepBuilder(node, context);
  const conditions = conditionsOf(node.parameters['conditions'], step, { any: step.fixed('combineOperation') === 'any', ignoreCase: step.raw('options.ignoreCase') === true });
  step.add('logic.if', { conditions: holds(conditions), each: true });
  return step.fragment({ mappedTo: 'logic.if', inputPort: 'input', output: (index) => ({ node: node.id, port: index === 0 ? 'true' : 'false' }) });
};

export const mapFilter: Mapper = (node, context) => {
  const step = new StepBuilder(node, context);
  const conditions = conditionsOf(node.parameters['conditions'], step, { any: step.fixed('combineConditions').toUpperCase() === 'OR', ignoreCase: step.raw('options.ignoreCase') === true });
  step.add('logic.if', { conditions: holds(conditions), each: true });
  return step.fragment({ mappedTo: 'logic.if', inputPort: 'input', output: (index) => ({ node: node.id, port: index === 0 ? 'true' : 'false' }) });
};

const CASES_MAX = 50;

/** The rules of every version, or an expression that gives the number of the way. */
export const mapSwitch: Mapper = (node, context) => {
  const step = new StepBuilder(node, context);
  if (step.fixed('mode') === 'expression') {
    const count = Math.min(CASES_MAX, Math.max(1, Math.round(step.number('numberOutputs') ?? step.number('outputsAmount') ?? 4)));
    step.add('logic.switch', { value: `{{ Number(${step.expression(step.raw('output') ?? 0)}) }}`, cases: Array.from({ length: count }, (_, index) => ({ name: String(index), equals: index })), each: true });
    return step.fragment({ mappedTo: 'logic.switch', inputPort: 'input', output: (index) => (index < count ? { node: node.id, port: `case${index}` } : null) });
  }
  const rules = readRules(node.parameters['rules']).slice(0, CASES_MAX);
  const newer = rules.some((rule) => isRecord(read(rule, 'conditions')));
  const kind = step.fixed('dataType') || 'number';
  const cases = rules.map((rule, index) => ({
    name: (readText(rule, 'outputKey') ?? '').slice(0, 100),
    conditions: holds(newer
      ? conditionsOf(read(rule, 'conditions'), step, { ignoreCase: step.raw('options.ignoreCase') === true })
      : conditionsOf({ [kind]: [{ value1: step.raw('value1') ?? '', operation: read(rule, 'operation') ?? 'equal', value2: read(rule, 'value2') ?? '' }] }, step)),
    way: newer ? index : numberOf(read(rule, 'output')) ?? 0,
  }));
  const fallback = step.raw('options.fallbackOutput') ?? step.raw('fallbackOutput');
  step.add('logic.switch', { value: '', cases: cases.map(({ name, conditions }) => ({ name, conditions })), each: true, ...(step.flag('options.allMatchingOutputs') ? { all: true } : {}) });
  // Older rules name their way; several may share one.
  const ways = new Map<number, string[]>();
  for (const [index, { way }] of cases.entries()) ways.set(way, [...(ways.get(way) ?? []), `case${index}`]);
  const other = fallback === 'extra' ? cases.length : typeof fallback === 'number' && fallback >= 0 ? fallback : null;
  if (other !== null) ways.set(other, [...(ways.get(other) ?? []), 'default']);
  const shared = [...ways].filter(([, ports]) => ports.length > 1);
  for (const [way, ports] of shared) {
    const merged = addMerge(step, 'append', `way${way}`);
    for (const port of ports) step.link(node.id, port, merged.node, merged.input);
  }
  return step.fragment({
    mappedTo: 'logic.switch', inputPort: 'input',
    output: (index) => {
      const ports = ways.get(index) ?? [];
      return ports.length > 1 ? { node: `${node.id}:way${index}`, port: 'output' } : ports[0] === undefined ? null : { node: node.id, port: ports[0] };
    },
  });
};

const readRules = (rules: unknown): readonly unknown[] => (readList(rules, 'values').length > 0 ? readList(rules, 'values') : readList(rules, 'rules').length > 0 ? readList(rules, 'rules') : Array.isArray(rules) ? rules : []);
const numberOf = (value: unknown): number | null => (typeof value === 'number' ? value : typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : null);

/** Loops over items in batches; what comes back is collected and leaves when all are done. */
export const mapSplitInBatches: Mapper = (node, context) => {
  const step = new StepBuilder(node, context);
  const batchSize = Math.min(1_000, Math.max(1, Math.round(step.number('batchSize') ?? (node.version >= 3 ? 1 : 10))));
  step.add('logic.for-each', { batchSize });
  // From version 3 on the first output is the end and the second the loop.
  const loopOutput = node.version >= 3 ? 1 : 0;
  return step.fragment({
    mappedTo: 'logic.for-each',
    input: (index) => ({ node: node.id, port: index === FEEDBACK ? 'feedback' : 'items' }),
    output: (index) => ({ node: node.id, port: index === loopOutput ? 'item' : 'done' }),
  });
};

/** Stands for the input at which a loop's body comes back; n8n has only one input for both. */
export const FEEDBACK = -1;

const SECONDS: ReadonlyMap<string, number> = new Map([['seconds', 1], ['minutes', 60], ['hours', 3_600], ['days', 86_400]]);
const WAIT_MAX = 300;

export const mapWait: Mapper = (node, context) => {
  const step = new StepBuilder(node, context);
  const resume = step.fixed('resume') || 'timeInterval';
  if (resume === 'webhook' || resume === 'form') {
    return unsupported('It waits until somebody calls an address of the run or fills in a form.', 'A flow that ends here, and a second one that is started by that call.');
  }
  const unit = SECONDS.get(step.fixed('unit') || (node.version >= 1.1 ? 'seconds' : 'hours')) ?? 1;
  const amount = step.number('amount') ?? (step.raw('amount') === undefined ? (node.version >= 1.1 ? 5 : 1) : null);
  if (resume === 'specificTime') {
    step.add('logic.wait', { seconds: `{{ min(${WAIT_MAX}, max(0, ((${step.expression(step.raw('dateTime') ?? '')}).toDate().toMillis() - now.toMillis()) / 1000)) }}` });
    step.approximate(`A step waits at most ${WAIT_MAX / 60} minutes.`);
  } else if (amount === null) {
    step.add('logic.wait', { seconds: `{{ min(${WAIT_MAX}, Number(${step.expression(step.raw('amount'))}) * ${unit}) }}` });
  } else {
    const seconds = Math.max(0, amount * unit);
    step.add('logic.wait', { seconds: Math.min(WAIT_MAX, seconds) });
    if (seconds > WAIT_MAX) step.approximate(`It waited ${seconds >= 86_400 ? `${seconds / 86_400} days` : seconds >= 3_600 ? `${seconds / 3_600} hours` : `${seconds / 60} minutes`}; a step here waits at most ${WAIT_MAX / 60} minutes.`);
  }
  if (typeof step.number('amount') === 'number') step.parameter('seconds', `${node.name}: seconds`, 'number');
  return step.fragment({ mappedTo: 'logic.wait', inputPort: 'input', outputPort: 'output' });
};

export const mapStop: Mapper = (node, context) => {
  const step = new StepBuilder(node, context);
  const data = step.fixed('errorType') === 'errorObject' ? step.json(step.raw('errorObject')) : null;
  step.add('logic.stop', { message: data === null ? step.text('errorMessage', 'The workflow was stopped.') : typeof data === 'string' ? data : JSON.stringify(data) });
  return step.fragment({ mappedTo: 'logic.stop', inputPort: 'input' });
};

export const mapPass: Mapper = (node, context) => {
  const step = new StepBuilder(node, context);
  step.add('logic.pass', {});
  return step.fragment({ mappedTo: 'logic.pass', inputPort: 'input', outputPort: 'output' });
};

export const passBecause = (reason: string): Mapper => (node, context) => {
  const step = new StepBuilder(node, context);
  step.add('logic.pass', {});
  step.approximate(reason);
  return step.fragment({ mappedTo: 'logic.pass', inputPort: 'input', outputPort: 'output' });
};

