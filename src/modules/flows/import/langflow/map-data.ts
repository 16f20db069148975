import { COMPARISONS } from '../../nodes/logic/compare.ts';
import type { Comparison } from '../../nodes/logic/compare.ts';
import { readText } from '../plain.ts';
import { flagField, listField, numberField, textField } from './graph.ts';
import { mapped, unsupported, usedAsTool } from './mapping.ts';
import type { Mapper, Mapping } from './mapping.ts';
import type { RawNode } from './raw-flow.ts';

/** Earlier messages of the conversation, or the step that saves one. */
export const mapMemory: Mapper = (node) => {
  const inputs = Object.fromEntries([...node.fields.keys()].map((field) => [field, null]));
  if (textField(node, 'mode') === 'Store') {
    return mapped('logic.pass', { inputs: { ...inputs, message: 'input' }, output: 'output', approximated: 'The platform saves every message by itself, so this step only hands its input on.' });
  }
  const messages = numberField(node, 'n_messages');
  const template = textField(node, 'template');
  return mapped('memory.history', {
    config: {
      ...(messages === null ? {} : { messages: Math.min(10_000, Math.max(0, Math.round(messages))) }),
      ...(template === '' ? {} : { template }),
    },
    inputs,
    output: 'text',
    parameters: [{ field: 'n_messages', path: 'messages', kind: 'number' }],
  });
};

/** A store for messages elsewhere, or a memory object of the files before 1.0. */
export const mapOtherMemory: Mapper = (node, context) => {
  const memory = mapMemory(node, context);
  if (memory.kind !== 'node') return memory;
  return { ...memory, config: {}, parameters: [], support: 'approximated', reason: 'The platform keeps the conversation itself; the memory service of the flow is not used.' };
};

/** Reads web pages; a tool when an agent holds it. */
export const mapUrl: Mapper = (node, { graph, ingesting }) => {
  const listed = listField(node, 'urls').filter((url) => typeof url === 'string' && url !== '');
  const single = textField(node, 'urls', 'url');
  const depth = numberField(node, 'max_depth') ?? 1;
  const followsLinks = depth > 1 && !usedAsTool(node, graph);
  return mapped('http.fetch-pages', {
    config: {
      urls: (listed.length > 0 ? listed : single === '' ? [] : [single]).slice(0, 100).map((url) => withScheme(String(url))),
      format: /html/i.test(textField(node, 'format')) ? 'html' : 'text',
    },
    inputs: { urls: 'urls', url: 'urls' },
    outputs: { data: 'pages', dataframe: 'pages', page_results: 'pages', text: 'text', message: 'text', raw_results: 'text' },
    output: 'pages',
    parameters: [{ field: 'urls', path: 'urls', kind: 'list' }],
    approximated: ingesting.has(node.id)
      ? 'Buyers add websites to their knowledge base as a source; this step does not fill it during a run.'
      : followsLinks ? 'Only the listed pages are read; links on them are not followed.' : null,
  });
};

const withScheme = (url: string): string => (/^[a-z][a-z0-9+.-]*:\/\//i.test(url) || url.startsWith('{') ? url : `https://${url}`);

/** One HTTP call with fixed settings. */
export const mapApiRequest: Mapper = (node, { graph }) => {
  const tool = usedAsTool(node, graph);
  const urls = listField(node, 'urls').filter((address) => typeof address === 'string' && address !== '');
  const url = urls.find((address) => typeof address === 'string') ?? textField(node, 'url_input', 'urls', 'url');
  const curl = textField(node, 'curl', 'curl_input');
  if (url === '' && curl !== '') return unsupported('The request is written as a curl command. Write its address and headers into the fields of the step and import again.');
  if (hasContent(node, 'body')) return unsupported('The request sends a fixed body, which the HTTP step does not hold yet. Closest: connect a text or prompt to its body.');
  const limits = [
    urls.length > 1 ? 'only the first address is called' : '',
    graph.isWired(node.id, 'headers') || graph.isWired(node.id, 'query_params') ? 'headers and query are fixed' : '',
  ].filter((limit) => limit !== '');
  return mapped('http.request', {
    config: { method: methodOf(node), url: url === '' ? '' : withScheme(url), headers: pairs(node, 'headers'), query: pairs(node, 'query_params') },
    inputs: { urls: 'url', url_input: 'url', url: 'url', body: 'body', headers: null, query_params: null },
    outputs: { data: 'response', api_response: 'response', dataframe: 'response', text: 'text', message: 'text' },
    output: 'response',
    parameters: [{ field: node.fields.has('url_input') ? 'url_input' : 'url', path: 'url', kind: 'text' }],
    approximated: limits.length > 0 && !tool ? `Differences to Langflow: ${limits.join('; ')}.` : null,
  });
};

const methodOf = (node: RawNode): string => {
  const method = textField(node, 'method').toUpperCase();
  return ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].includes(method) ? method : 'GET';
};

const hasContent = (node: RawNode, field: string): boolean => {
  const value = node.fields.get(field)?.value;
  if (Array.isArray(value)) return value.some((row) => (readText(row, 'key') ?? '') !== '' || (readText(row, 'value') ?? '') !== '');
  if (typeof value === 'string') return value.trim() !== '' && value.trim() !== '{}';
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
};

/** Rows of key and value, or one object, as a plain object of texts. */
function pairs(node: RawNode, field: string): Record<string, string> {
  const value = node.fields.get(field)?.value;
  const entries = Array.isArray(value)
    ? value.map((row) => [readText(row, 'key') ?? '', readText(row, 'value') ?? ''] as const)
    : typeof value === 'object' && value !== null ? Object.entries(value).map(([key, item]) => [key, String(item)] as const) : [];
  return Object.fromEntries(entries.filter(([key]) => key !== '').slice(0, 100));
}

export const mapCalculator: Mapper = (node, { graph }) => {
  const fixed = !usedAsTool(node, graph) && !graph.isWired(node.id, 'expression') && graph.outgoing(node.id).length > 0;
  if (fixed && textField(node, 'expression') === '') return unsupported('The calculator has nothing to calculate. Connect an expression to it, or give it to an agent as a tool.');
  return mapped('tool.calculator', { inputs: { expression: 'expression' }, output: 'result', constants: fixed ? ['expression'] : [] });
};

export const mapCurrentDate: Mapper = (node) => {
  const timezone = textField(node, 'timezone');
  return mapped('tool.current-date', { config: { timezone: timezone === '' ? 'UTC' : timezone.slice(0, 60) }, output: 'text', parameters: [{ field: 'timezone', path: 'timezone', kind: 'text' }] });
};

/** Langflow's names of comparisons where ours differ. */
const COMPARISON_NAMES: Readonly<Record<string, string>> = {
  regex: 'matches', 'less than': 'less', 'greater than': 'greater', 'less than or equal': 'less or equal', 'greater than or equal': 'greater or equal',
};

const comparisonOf = (node: RawNode): Comparison | undefined => {
  const written = textField(node, 'operator') || 'equals';
  return COMPARISONS.find((name) => name === (COMPARISON_NAMES[written] ?? written));
};

const unknownComparison = (node: RawNode): Mapping => unsupported(`The comparison “${textField(node, 'operator')}” is not supported. Closest: “contains” or “matches”.`);

/** If-Else: compares a text and fires one of two outputs. */
export const mapConditional: Mapper = (node, { graph }) => {
  const operator = comparisonOf(node);
  if (operator === undefined) return unknownComparison(node);
  if (graph.isWired(node.id, 'match_text')) return unsupported('It compares with a text that another step makes. Closest: compare with a fixed text.');
  const messages = ['true_case_message', 'false_case_message'];
  if (messages.some((field) => graph.isWired(node.id, field) || textField(node, field) !== '')) {
    return unsupported('It sends a different text on each branch. Closest: a text step after each branch.');
  }
  return mapped('logic.if', {
    config: {
      operator,
      value: textField(node, 'match_text'),
      caseSensitive: operator === 'matches' || flagField(node, 'case_sensitive'),
    },
    inputs: { input_text: 'input', message: 'message' },
    outputs: { true_result: 'true', false_result: 'false' },
    output: 'true',
    constants: ['input_text'],
    parameters: [{ field: 'match_text', path: 'value', kind: 'text' }],
  });
};

export const mapSelect: Mapper = (node) =>
  mapped('transform.select', { config: { key: textField(node, 'key', 'data_key') }, inputs: { data_input: 'data', data: 'data' }, output: 'value' });

/** "Filter Data" keeps keys; with one key that is a selection. */
export const mapFilterKeys: Mapper = (node) => {
  const keys = listField(node, 'filter_criteria', 'select_keys_input').filter((key) => typeof key === 'string' && key !== '');
  if (keys.length !== 1) return mapped('transform.set', { config: { keep: 'listed', listed: keys }, inputs: { data: 'input', data_input: 'input' }, output: 'output' });
  return mapped('transform.select', {
    config: { key: keys[0] },
    inputs: { data: 'data', data_input: 'data' },
    output: 'value',
    approximated: 'Gives the value of the key itself, not data that holds only that key.',
  });
};

export const mapFilterValues: Mapper = (node) => {
  const operator = comparisonOf(node);
  if (operator === undefined) return unknownComparison(node);
  return mapped('transform.filter', {
    config: { key: textField(node, 'filter_key'), operator, value: textField(node, 'filter_value') },
    inputs: { input_data: 'data', data: 'data' },
    output: 'data',
    parameters: [{ field: 'filter_value', path: 'value', kind: 'text' }],
  });
};

export const mapJson: Mapper = () => mapped('transform.json', { inputs: { json_str: 'data', input_data: 'data', input_value: 'data', data: 'data' }, output: 'json', constants: ['json_str'] });
