import { readText } from '../plain.ts';
import { flagField, listField, textField } from './graph.ts';
import { modelFor } from './map-models.ts';
import { mapped, MODEL_FIELDS, unsupported } from './mapping.ts';
import type { Mapper } from './mapping.ts';

const borrowed = Object.fromEntries(MODEL_FIELDS.map((field) => [field, null]));

/** Goes through a list; the wire back into its output is our feedback port. */
export const mapLoop: Mapper = () => mapped('logic.for-each', { inputs: { data: 'items' }, outputs: { item: 'item', done: 'done' }, output: 'done' });

/** Asks the model once for each row. */
export const mapBatchRun: Mapper = (node, context) => {
  const column = textField(node, 'column_name');
  return mapped('agent.each', {
    config: {
      modelId: modelFor(node, context), system: textField(node, 'system_message'), field: textField(node, 'output_column_name') || 'model_response', keep: true,
      prompt: column === '' ? '{{ JSON.stringify(item) }}' : `{{ item[${JSON.stringify(column)}] }}`,
    },
    inputs: { df: 'items', ...borrowed }, outputs: { batch_results: 'items' }, output: 'items',
    parameters: [{ field: 'system_message', path: 'system', kind: 'long-text' }],
    approximated: flagField(node, 'enable_metadata') ? 'The additional column with details of the run is not made.' : null,
  });
};

/** A model chooses among described ways. */
export const mapRouter: Mapper = (node, context) => {
  const rows = listField(node, 'routes');
  const routes = rows.flatMap((row) => {
    const name = readText(row, 'route_category') ?? readText(row, 'name') ?? '';
    return name === '' ? [] : [{ name: name.slice(0, 100), description: (readText(row, 'route_description') ?? readText(row, 'description') ?? '').slice(0, 2_000) }];
  });
  if (routes.length === 0 || routes.length > 50) return unsupported('The router names no routes. Name them in the component and import again.');
  const says = rows.some((row) => (readText(row, 'output_value') ?? '') !== '');
  const category = (index: number) => [`category_${index + 1}_result`, `route${index}`] as const;
  return mapped('logic.router', {
    config: { routes, instructions: textField(node, 'custom_prompt'), modelId: modelFor(node, context) },
    inputs: { input_text: 'input', message: 'input', input_value: 'input', ...borrowed },
    outputs: { ...Object.fromEntries(routes.map((_route, index) => category(index))), default_result: 'default' },
    output: 'default', constants: ['input_text'],
    parameters: [{ field: 'custom_prompt', path: 'instructions', kind: 'long-text' }],
    approximated: says ? 'Each way hands on the message itself, not a text of its own.' : null,
  });
};

const OPERATORS: Readonly<Record<string, string>> = { equals: 'equals', 'not equals': 'not equals', contains: 'contains', 'starts with': 'starts with', 'ends with': 'ends with', 'boolean validator': 'is true' };

/** Compares one key of data and fires one of two outputs. */
export const mapDataCondition: Mapper = (node) => {
  const operator = OPERATORS[textField(node, 'operator') || 'equals'];
  if (operator === undefined) return unsupported(`The comparison “${textField(node, 'operator')}” is not supported. Closest: “contains” or “equals”.`);
  return mapped('logic.if', {
    config: { conditions: { conditions: [{ left: `{{ item[${JSON.stringify(textField(node, 'key_name'))}] }}`, operator, right: textField(node, 'compare_value'), caseSensitive: false }] } },
    inputs: { data_input: 'input' }, outputs: { true_output: 'true', false_output: 'false' }, output: 'true',
    parameters: [{ field: 'compare_value', path: 'conditions.conditions.0.right', kind: 'text' }],
  });
};

/** One worker of a crew with its task: an agent that goes on from what the task before it gave. */
export const mapCrewTask: Mapper = (node, context) => {
  const about = (label: string, field: string) => (textField(node, field) === '' ? [] : [`${label}: ${textField(node, field)}`]);
  return mapped('agent.tools', {
    config: {
      modelId: modelFor(node, context), memoryMessages: 0,
      system: [...about('You are', 'role'), ...about('Your goal', 'goal'), ...about('Your background', 'backstory'), ...about('What is expected of you', 'expected_output')].join('\n'),
    },
    inputs: { task_description: 'input', previous_task: 'system', tools: 'tools', ...borrowed }, outputs: { task_output: 'response' }, output: 'response', constants: ['task_description'],
    approximated: 'A task of a crew became an agent of its own that is told what the task before it gave. Delegation and planning among the crew are not done.',
  });
};

/** The crew itself only brings its tasks to an end. */
export const mapCrew: Mapper = () =>
  mapped('logic.pass', { inputs: { tasks: 'input', task: 'input', agents: null, manager_llm: null, manager_agent: null, function_calling_llm: null, ...borrowed }, output: 'output', approximated: 'Its tasks are done one after the other, as they are connected.' });
