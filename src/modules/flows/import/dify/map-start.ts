import { read, readList, readNumber, readText } from '../plain.ts';
import { literal } from '../steps/expression-text.ts';
import { COUNT } from './dify-context.ts';
import type { Mapper } from './mapper.ts';

/** Where a run begins: a message, or a form whose first text a message stands for. */
export const mapStart: Mapper = (node, step, context) => {
  const variables = readList(node.data, 'variables').slice(0, 200).filter((one) => !(readText(one, 'type') ?? '').startsWith('file') && (readText(one, 'variable') ?? '') !== '');
  if (context.isChat) step.add('input.chat', {});
  else step.add('input.trigger', { kind: 'form', label: node.title });
  step.exit(node.id, 'message');
  if (variables.length > 0) {
    const given = Object.fromEntries(variables.map((one) => [(readText(one, 'variable') ?? '').slice(0, 100), initialOf(one)]));
    const values = step.add('transform.map', { value: given }, 'values', 'values');
    step.link(node.id, 'message', values, 'input');
    for (const one of variables) {
      const name = (readText(one, 'variable') ?? '').slice(0, 100);
      if (name.includes('.') || name === context.firstVariable) continue;
      const type = readText(one, 'type');
      const choices = readList(one, 'options').filter((option) => typeof option === 'string').slice(0, 100);
      step.parameter(values, `value.${name}`, readText(one, 'label') || name, type === 'number' ? 'number' : type === 'select' ? 'choice' : type === 'paragraph' ? 'long-text' : 'text', { field: name, choices, exposed: true });
    }
  }
};

const initialOf = (variable: unknown): unknown => {
  const given = read(variable, 'default');
  if (readText(variable, 'type') === 'number') return typeof given === 'number' ? given : readNumber(variable, 'default') ?? 0;
  return typeof given === 'string' ? literal(given) : '';
};

/** Counts the messages of a conversation, from 0. */
export const addCount: Mapper = (node, step, context) => {
  context.state.set(COUNT, { name: COUNT, initial: -1, scope: 'conversation' });
  const id = step.add('transform.variable', { operation: 'add', name: COUNT, value: 1 }, 'count', 'count');
  step.link(node.id, 'message', id, 'input');
  step.exit(id, 'output');
};

const KINDS: Readonly<Record<string, string>> = { 'trigger-webhook': 'webhook', 'trigger-schedule': 'schedule', 'trigger-plugin': 'event' };

export const mapTrigger: Mapper = (node, step) => {
  step.add('input.trigger', { kind: KINDS[node.type] ?? 'event', label: node.title });
  step.exit(node.id, 'data');
};
