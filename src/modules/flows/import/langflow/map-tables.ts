import { isRecord, readText } from '../plain.ts';
import { flagField, listField, numberField, textField } from './graph.ts';
import { mapped, unsupported } from './mapping.ts';
import type { Mapper, Mapping } from './mapping.ts';
import type { RawNode } from './raw-flow.ts';

const texts = (node: RawNode, ...fields: string[]): string[] => listField(node, ...fields).flatMap((value) => (typeof value === 'string' && value !== '' ? [value] : []));
const operationOf = (node: RawNode): string => readText(listField(node, 'operation', 'operations')[0], 'name') ?? textField(node, 'operation', 'operations');
const unknownOperation = (operation: string): Mapping => unsupported(`The operation “${operation || 'none chosen'}” is not supported. Closest: the steps for setting, filtering and sorting fields.`);
const onTable = (type: string, config: Record<string, unknown>, output = 'output', input = 'input'): Mapping =>
  mapped(type, { config, inputs: { df: input, dfs: input, data: input, data_input: input }, outputs: { output, data_output: output, dataframe_output: output }, output });

/** Table operations: one component, one operation chosen. */
export const mapTableOperations: Mapper = (node) => {
  const operation = operationOf(node);
  const column = textField(node, 'column_name');
  const rows = numberField(node, 'num_rows') ?? 5;
  switch (operation.toLowerCase()) {
    case 'filter': return onTable('transform.filter', { conditions: { conditions: [{ left: `{{ item[${JSON.stringify(column)}] }}`, operator: filterOperator(textField(node, 'filter_operator')), right: textField(node, 'filter_value'), caseSensitive: true }] } }, 'data', 'data');
    case 'sort': return onTable('transform.sort', { by: [{ field: column, direction: flagField(node, 'ascending') ? 'ascending' : 'descending' }] });
    case 'head': return onTable('transform.limit', { count: rows });
    case 'tail': return onTable('transform.limit', { count: rows, from: 'end' });
    case 'select columns': return onTable('transform.set', { keep: 'listed', listed: texts(node, 'columns_to_select'), dotPaths: false });
    case 'drop column': return onTable('transform.set', { keep: 'all but listed', listed: [column], dotPaths: false });
    case 'add column': return onTable('transform.set', { fields: [{ name: textField(node, 'new_column_name'), value: textField(node, 'new_column_value') }], dotPaths: false });
    case 'rename column': return onTable('transform.set', { keep: 'all but listed', listed: [column], fields: [{ name: textField(node, 'new_column_name'), value: `{{ item[${JSON.stringify(column)}] }}` }], dotPaths: false });
    case 'replace value': return onTable('transform.set', { fields: [{ name: column, value: `{{ item[${JSON.stringify(column)}] == ${JSON.stringify(textField(node, 'replace_value'))} ? ${JSON.stringify(textField(node, 'replacement_value'))} : item[${JSON.stringify(column)}] }}` }], dotPaths: false });
    case 'drop duplicates': return onTable('transform.unique', { fields: column === '' ? [] : [column] });
    case 'concatenate': return onTable('logic.merge', { mode: 'append' }, 'output', 'inputs');
    case 'merge': return mapped('logic.merge', {
      config: { mode: 'key', inputs: 2, leftKey: textField(node, 'merge_on_column'), join: ['inner', 'left', 'right', 'outer'].find((how) => how === textField(node, 'merge_how')) ?? 'inner' },
      inputs: { left_dataframe: 'input0', right_dataframe: 'input1', df: 'input0' }, output: 'output',
    });
    default: return unknownOperation(operation);
  }
};

const FILTERS: Readonly<Record<string, string>> = { equals: 'equals', 'not equals': 'not equals', contains: 'contains', 'not contains': 'not contains', 'starts with': 'starts with', 'ends with': 'ends with', 'greater than': 'greater', 'less than': 'less' };
const filterOperator = (written: string): string => FILTERS[written] ?? 'equals';

/** Operations on JSON: keys kept, removed, renamed, set. */
export const mapJsonOperations: Mapper = (node) => {
  const operation = operationOf(node);
  switch (operation.toLowerCase()) {
    case 'select keys': return onTable('transform.set', { keep: 'listed', listed: texts(node, 'select_keys_input', 'filter_criteria') });
    case 'remove keys': return onTable('transform.set', { keep: 'all but listed', listed: texts(node, 'remove_keys_input') });
    case 'append or update': return onTable('transform.set', { fields: fieldsOf(node, 'append_update_data') });
    case 'rename keys': {
      const pairs = fieldsOf(node, 'rename_keys_input');
      return onTable('transform.set', { keep: 'all but listed', listed: pairs.map(({ name }) => name), fields: pairs.map(({ name, value }) => ({ name: String(value), value: `{{ item[${JSON.stringify(name)}] }}` })) });
    }
    case 'combine': return onTable('logic.merge', { mode: 'append' }, 'output', 'inputs');
    case 'filter values': return onTable('transform.filter', { key: textField(node, 'filter_key'), operator: 'contains', value: '' }, 'data', 'data');
    case 'path selection': return onTable('transform.select', { key: textField(node, 'selected_key').replace(/^\./, '') }, 'value', 'data');
    default: return unknownOperation(operation);
  }
};

/** A map field as fields to set. */
function fieldsOf(node: RawNode, field: string): { name: string; value: unknown }[] {
  const value = node.fields.get(field)?.value;
  const entries: (readonly [string, unknown])[] = isRecord(value) ? Object.entries(value) : Array.isArray(value) ? value.map((row) => [readText(row, 'key') ?? '', readText(row, 'value') ?? '']) : [];
  return entries.filter(([name]) => name !== '').slice(0, 200).map(([name, item]) => ({ name, value: typeof item === 'string' || typeof item === 'number' || typeof item === 'boolean' ? item : JSON.stringify(item) }));
}

/** Several data as one list. */
export const mapMergeData: Mapper = (node) => {
  const operation = operationOf(node);
  if (/merge|join/i.test(operation)) return unsupported(`Joining data by “${operation}” is not supported. Closest: the “Merge” step by a key.`);
  return mapped('logic.merge', { config: { mode: 'append' }, inputs: { data_inputs: 'inputs', data: 'inputs', dataframe: 'inputs', data_input: 'inputs' }, output: 'output' });
};

/** Text taken out of a text by a pattern. */
export const mapRegex: Mapper = (node) =>
  mapped('transform.text', { config: { operation: 'extract all', search: textField(node, 'pattern'), pattern: true }, inputs: { input_text: 'input' }, output: 'output', constants: ['input_text'] });

/** CSV or JSON text as data. */
export const mapParse = (format: 'csv' | 'json'): Mapper => (node) => {
  if (['csv_file', 'json_file', 'csv_path', 'json_path'].some((field) => textField(node, field) !== '')) return unsupported('It reads a file of the computer where the flow was made. Closest: the text of the file in the step, or the buyer’s knowledge base.');
  return mapped('transform.parse', { config: { format }, inputs: { csv_string: 'input', json_string: 'input', input_text: 'input' }, output: 'output', constants: ['csv_string', 'json_string'] });
};

/** What would be written to a file is handed on instead. */
export const mapSaveFile: Mapper = () =>
  mapped('logic.pass', { inputs: { input: 'input', data: 'input', dataframe: 'input', message: 'input', input_data: 'input' }, output: 'output', approximated: 'Flows write no files here. What would be saved is handed on, and shown where it is the last step.' });
