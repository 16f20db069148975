import { templateVariables } from '../../nodes/prompt/template-text.ts';
import { numberField, textField, flagField, listField } from './graph.ts';
import { isStoreNode } from './store-names.ts';
import { mapped, unescaped, unsupported, usedAsTool } from './mapping.ts';
import type { Mapper, Mapping } from './mapping.ts';
import type { RawNode } from './raw-flow.ts';

export const mapChatInput: Mapper = () => mapped('input.chat', { output: 'message' });

export const mapChatOutput: Mapper = () =>
  mapped('output.chat', {
    inputs: { input_value: 'input', message: 'input', session_id: null, sender_name: null, data_template: null },
    output: 'message',
    constants: ['input_value'],
  });

/** A text the seller wrote; in the middle of a flow it only hands its input on. */
export const mapTextInput: Mapper = (node, { graph }) =>
  graph.isWired(node.id, 'input_value')
    ? pass('input_value')
    : mapped('input.text', {
        config: { value: textField(node, 'input_value', 'value') },
        output: 'text',
        parameters: [{ field: 'input_value', path: 'value', kind: 'long-text', always: true, exposed: true }],
      });

export const mapTextOutput: Mapper = (node, { graph }) =>
  graph.outgoing(node.id).length > 0 ? pass('input_value') : mapped('output.text', { inputs: { input_value: 'input' }, output: 'text' });

export const mapWebhook: Mapper = () => mapped('input.webhook', { inputs: { data: null }, output: 'payload' });

const pass = (...fields: string[]): Mapping => mapped('logic.pass', { inputs: Object.fromEntries(fields.map((field) => [field, 'input'])), output: 'output' });

/** Steps that change nothing about the text on its way. */
export const mapPass: Mapper = (node) => pass(...[...node.fields.keys()].filter((field) => ['input_message', 'input_value', 'message', 'data', 'data_list', 'input_data', 'dataframe'].includes(field)));

export const passBecause = (reason: string): Mapper => (node, context) => {
  const passing = mapPass(node, context);
  return passing.kind === 'node' ? { ...passing, support: 'approximated', reason } : passing;
};

/** Every variable is an input; a field of the same name holds its default. */
export const mapPrompt: Mapper = (node, { graph }) => {
  if (usedAsTool(node, graph)) return unsupported('A prompt as a tool of an agent is not supported yet. Closest: put its text into the agent’s instructions.');
  const template = textField(node, 'template', 'mustache_template');
  const doubleBraces = flagField(node, 'use_double_brackets') || node.fields.has('mustache_template');
  const variables = templateVariables(template, doubleBraces);
  const defaults = variables.flatMap((name) => {
    const value = textField(node, name);
    return value === '' ? [] : [[name, value] as const];
  });
  return mapped('prompt.template', {
    config: { template, doubleBraces, defaults: Object.fromEntries(defaults) },
    inputs: Object.fromEntries(variables.map((name) => [name, name])),
    output: 'prompt',
    parameters: [
      ...variables.filter((name) => !name.includes('.')).map((name) => ({
        field: name,
        path: `defaults.${name}`,
        kind: textField(node, name).length > 80 || textField(node, name).includes('\n') ? ('long-text' as const) : ('text' as const),
        always: true,
        exposed: true,
      })),
      { field: 'template', path: 'template', kind: 'long-text' as const },
    ],
  });
};

/** Parse Data, Parser, Parse DataFrame: rows or data into text by a template. */
export const mapToText: Mapper = (node, { graph }) => {
  const fields = ['data', 'input_data', 'df', 'dataframe'];
  const template = textField(node, 'pattern', 'template') || '{text}';
  const source = graph.wiredTo(node.id, fields);
  const fromStore = source !== undefined && isStoreNode(source);
  return mapped('transform.to-text', {
    config: {
      mode: textField(node, 'mode') === 'Stringify' ? 'stringify' : 'template',
      template: fromStore ? passageTemplate(template) : template,
      separator: unescaped(textField(node, 'sep') || '\n'),
    },
    inputs: Object.fromEntries(fields.map((field) => [field, 'data'])),
    output: 'text',
    parameters: [{ field: node.fields.has('pattern') ? 'pattern' : 'template', path: 'template', kind: 'long-text' }],
  });
};

/** Stores name the text of a passage differently; ours call it `text`. */
const passageTemplate = (template: string): string => template.replace(/\{(?:content|page_content|chunk|data)\}/g, '{text}');

/** Data to text without a template, or text to data, depending on what is wired. */
export const mapConvert: Mapper = (node, { graph }) => {
  const outputs = graph.outgoing(node.id).map((edge) => edge.output);
  const toText = outputs.every((name) => name === null || name === 'message_output');
  if (!toText) return mapPassing(node);
  return mapped('transform.to-text', {
    config: { mode: 'stringify', template: '{text}', separator: '\n' },
    inputs: { input_data: 'data' },
    output: 'text',
  });
};

const mapPassing = (node: RawNode): Mapping => pass(...node.fields.keys());

/** Splits into chunks, in tokens or characters as the component counts them. */
export const mapSplitText: Mapper = (node, { ingesting }) => {
  const chunkSize = clampInt(numberField(node, 'chunk_size') ?? 1000, 1, 100_000);
  const separators = listField(node, 'separators').filter((separator) => typeof separator === 'string');
  return mapped('transform.split-text', {
    config: {
      chunkSize,
      overlap: clampInt(numberField(node, 'chunk_overlap') ?? 0, 0, chunkSize - 1),
      separator: unescaped(textField(node, 'separator') || (separators[0] ?? '\n')),
    },
    inputs: { data_inputs: 'data', data_input: 'data', data: 'data', inputs: 'data', embeddings: null },
    output: 'chunks',
    approximated: ingesting.has(node.id) ? 'Documents are split when buyers upload them, with the settings of their knowledge base.' : null,
  });
};

export const mapCombineText: Mapper = (node) =>
  mapped('transform.combine-text', {
    config: { separator: unescaped(textField(node, 'delimiter') || ' ') },
    inputs: { text1: 'first', text2: 'second', first_text: 'first', second_text: 'second' },
    output: 'text',
    constants: ['text1', 'text2'],
  });

const clampInt = (value: number, min: number, max: number): number => Math.min(max, Math.max(min, Math.round(value)));
