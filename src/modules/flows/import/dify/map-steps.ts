import { scalarText } from '../../nodes/values.ts';
import { read, readFlag, readList, readNumber, readRecord, readText } from '../plain.ts';
import { literal, quoted, stateValue, templateOf } from '../steps/expression-text.ts';
import { clampInt } from '../steps/model-step.ts';
import type { StepDraft } from '../steps/step-draft.ts';
import { wholeExpression } from './dify-context.ts';
import type { DifyContext } from './dify-context.ts';
import { readJinja } from './jinja.ts';
import type { Mapper } from './mapper.ts';

const CODE_CHARS_MAX = 200_000;
/** Dify gives code more time than a step has unless told. */
const CODE_MS = 10_000;

export const mapAnswer: Mapper = (node, step, context) => {
  step.add('output.chat', {});
  step.exit(node.id, 'message');
  // Straight from the step that says it, so that the words come as they are made.
  if (context.sayer(node) !== null) return step.enter(node.id, 'input');
  const words = step.add('transform.template', { template: templateOf(context.parts(readText(node.data, 'answer') ?? '', step)) }, 'words', 'words');
  step.link(words, 'text', node.id, 'input');
  step.enter(words, 'input');
};

export const mapEnd: Mapper = (node, step, context) => {
  step.add('output.text', {});
  if (context.sayer(node) !== null) return step.enter(node.id, 'input');
  const outputs = readList(node.data, 'outputs').slice(0, 200).map((one) => ({ name: (readText(one, 'variable') ?? 'output').slice(0, 200), value: `{{ ${context.value(read(one, 'value_selector'), step)} }}` }));
  const set = step.add('transform.set', { fields: outputs, keep: 'none', dotPaths: false, each: false }, 'outputs', 'outputs');
  step.enter(set, 'input');
  const [only] = outputs;
  if (outputs.length !== 1 || only === undefined) return step.link(set, 'output', node.id, 'input');
  // One result is the answer itself.
  const select = step.add('transform.select', { key: only.name }, 'output', 'output');
  step.link(set, 'output', select, 'data');
  step.link(select, 'value', node.id, 'input');
};

export const mapTemplate: Mapper = (node, step, context) => {
  const values = new Map(readList(node.data, 'variables').slice(0, 200).map((one) => [readText(one, 'variable') ?? '', context.value(read(one, 'value_selector'), step)]));
  const template = readText(node.data, 'template') ?? '';
  const found = readJinja(template, values);
  if ('problem' in found) return step.refuse(`Its template cannot be worked out here: ${found.problem}.`, 'Code, or a template with simpler parts.');
  step.add('transform.template', { template: templateOf(found.parts) });
  step.enter(node.id, 'input');
  step.exit(node.id, 'text');
};

/** Modules that code does not find here: those of others, and those that reach out. */
const FOREIGN: ReadonlySet<string> = new Set(['requests', 'httpx', 'urllib', 'urllib3', 'aiohttp', 'socket', 'http', 'smtplib', 'ftplib', 'numpy', 'pandas', 'matplotlib', 'bs4', 'openpyxl', 'yaml', 'PIL', 'lxml', 'json_repair', 'dateutil', 'pytz', 'jinja2', 'pydantic', 'openai', 'sklearn', 'scipy', 'cv2', 'docx', 'pymysql', 'psycopg2', 'redis', 'subprocess', 'markdown', 'jieba']);

/** The first module of Python code that is not there. */
function foreignModule(code: string): string | undefined {
  const lines = [...code.matchAll(/^[ \t]*(?:from[ \t]+([\w.]{1,100})[ \t]+import\b|import[ \t]+([\w., \t]{1,500}))/gm)];
  // Parsing addresses needs no network.
  const names = lines.flatMap((match) => (match[1] ?? match[2] ?? '').split(',').map((name) => name.trim().split(/\s/)[0] ?? '')).filter((name) => name !== 'urllib.parse');
  return names.map((name) => name.split('.')[0] ?? '').find((name) => FOREIGN.has(name));
}

export const mapCode: Mapper = (node, step, context) => {
  const code = readText(node.data, 'code') ?? '';
  const isPython = (readText(node.data, 'code_language') ?? 'python3').startsWith('python');
  if (code.trim() === '') return step.refuse('It holds no code.');
  step.carries(isPython ? 'python' : 'javascript', code);
  const foreign = isPython ? foreignModule(code) : undefined;
  if (foreign !== undefined) return step.refuse(`Its code uses “${foreign}”; code runs without a network and with Python’s own library only.`, 'A request over HTTP or a connector before the code, or code of the standard library.');
  const waits = [...code.matchAll(/\bsleep\(\s*(\d{1,6})\s*\)/g)].reduce((sum, match) => sum + Number(match[1]), 0);
  if (waits * 1_000 >= CODE_MS) return step.refuse(`Its code waits for ${waits} seconds; code runs for less than ${CODE_MS / 1_000}.`, 'A wait step before the code.');
  const given = Object.fromEntries(readList(node.data, 'variables').slice(0, 100).map((one) => [(readText(one, 'variable') ?? '').slice(0, 100), `{{ ${context.value(read(one, 'value_selector'), step)} }}`]).filter(([name]) => name !== '' && name !== '__proto__'));
  step.add(isPython ? 'code.python' : 'code.javascript', { code: code.slice(0, CODE_CHARS_MAX), dialect: 'dify', timeoutMs: CODE_MS, arguments: given });
  step.enter(node.id, 'input');
  step.exit(node.id, 'result');
};

export const mapRetrieval: Mapper = (node, step, context) => {
  const topK = readNumber(readRecord(node.data, 'multiple_retrieval_config'), 'top_k');
  const asked = step.add('transform.template', { template: `{{ ${context.value(read(node.data, 'query_variable_selector'), step)} }}` }, 'asked', 'question');
  step.add('knowledge.retrieve', { topK: topK === null ? null : clampInt(topK, 1, 100) });
  step.mappedTo = 'knowledge.retrieve';
  step.link(asked, 'text', node.id, 'query');
  step.approximate('It searches the buyer’s own knowledge instead of the documents that Dify had stored.');
  step.enter(asked, 'input');
  step.exit(node.id, 'passages');
};

export const mapHttp: Mapper = (node, step, context) => {
  const words = (text: string): string => templateOf(context.parts(text, step));
  const lines = (name: string): Record<string, unknown> => Object.fromEntries((readText(node.data, name) ?? '').split('\n').slice(0, 100).flatMap((line) => {
    const at = line.indexOf(':');
    const key = (at < 0 ? line : line.slice(0, at)).trim();
    return key === '' || key === '__proto__' ? [] : [[key.slice(0, 200), words(at < 0 ? '' : line.slice(at + 1).trim())] as const];
  }));
  const method = (readText(node.data, 'method') ?? 'get').toUpperCase();
  const handlesFailure = readText(node.data, 'error_strategy') !== null || readFlag(readRecord(node.data, 'retry_config'), 'retry_enabled');
  step.add('http.each', {
    method: /^(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)$/.test(method) ? method : 'GET', url: words(readText(node.data, 'url') ?? '').slice(0, 4_000), query: lines('params'), headers: lines('headers'), ...bodyOf(node.data, step, context),
    credentials: credentialsOf(node.data, step), answer: 'text', full: true, anyStatus: !handlesFailure, each: false,
  });
  step.enter(node.id, 'input');
  step.exit(node.id, 'response');
};

function bodyOf(data: unknown, step: StepDraft, context: DifyContext): Record<string, unknown> {
  const body = readRecord(data, 'body');
  const kind = readText(body, 'type') ?? 'none';
  const rows = readList(body, 'data');
  const written = readText(body, 'data') ?? scalarText(read(rows[0], 'value'));
  if (kind === 'none' || kind === '') return {};
  if (kind === 'binary') { step.approximate('A file as the body is not sent.'); return {}; }
  if (kind === 'json' || kind === 'raw-text') return { bodyKind: kind === 'json' ? 'json' : 'text', body: templateOf(context.parts(written, step)) };
  const pairs = rows.length > 0 ? rows.map((row) => [readText(row, 'key') ?? '', scalarText(read(row, 'value'))] as const) : written.split('\n').map((line) => { const at = line.indexOf(':'); return [(at < 0 ? line : line.slice(0, at)).trim(), at < 0 ? '' : line.slice(at + 1).trim()] as const; });
  if (kind === 'form-data') step.approximate('Fields of the form are sent in the plain form of the web; files are left out.');
  return { bodyKind: 'form', body: Object.fromEntries(pairs.slice(0, 100).filter(([key]) => key !== '' && key !== '__proto__').map(([key, value]) => [key.slice(0, 200), templateOf(context.parts(value, step))])) };
}

function credentialsOf(data: unknown, step: StepDraft): Record<string, unknown>[] {
  const authorization = readRecord(data, 'authorization');
  const config = readRecord(authorization, 'config');
  if ((readText(authorization, 'type') ?? 'no-auth') === 'no-auth') return [];
  step.connection('http', 'Web address with an account');
  const type = readText(config, 'type') ?? 'bearer';
  if (type === 'custom') return [{ connection: 'http', place: 'header', name: (readText(config, 'header') ?? 'Authorization').slice(0, 200) || 'Authorization' }];
  return [{ connection: 'http', place: type === 'basic' ? 'basic' : 'bearer' }];
}

/** The first of several variables that has a value. */
export const mapAggregator: Mapper = (node, step, context) => {
  const first = (list: unknown): string => `{{ ${(Array.isArray(list) ? list.slice(0, 100) : []).map((selector: unknown) => context.value(selector, step)).join(' ?? ') || '""'} }}`;
  const advanced = readRecord(node.data, 'advanced_settings');
  const groups = readFlag(advanced, 'group_enabled') ? readList(advanced, 'groups') : [];
  const fields = groups.length > 0 ? groups.slice(0, 50).map((group) => ({ name: readText(group, 'group_name') ?? 'output', value: first(read(group, 'variables')) })) : [{ name: 'output', value: first(read(node.data, 'variables')) }];
  step.add('transform.set', { fields, keep: 'none', dotPaths: false, each: false });
  step.enter(node.id, 'input');
  step.exit(node.id, 'output');
};

/** Sets variables of the conversation or of a loop, one after the other. */
export const mapAssigner: Mapper = (node, step, context) => {
  const rows = readList(node.data, 'items').length > 0 ? readList(node.data, 'items') : [{ variable_selector: read(node.data, 'assigned_variable_selector'), operation: readText(node.data, 'write_mode') ?? 'over-write', input_type: 'variable', value: read(node.data, 'input_variable_selector') }];
  step.add('logic.pass', {});
  step.mappedTo = 'transform.variable';
  step.enter(node.id, 'input');
  let place = { node: node.id, port: 'output' };
  for (const [index, row] of rows.slice(0, 100).entries()) {
    const [scope, name] = readList(row, 'variable_selector').map(scalarText);
    if (name === undefined || name === '') continue;
    const target = (scope === 'conversation' ? name : `${scope ?? ''}.${name}`).slice(0, 100);
    if (!context.state.has(target)) context.state.set(target, { name: target, initial: null, scope: scope === 'conversation' ? 'conversation' : 'run' });
    const id = step.add('transform.variable', { name: target, ...changeOf(row, target, step, context) }, `set${index}`, name);
    step.link(place.node, place.port, id, 'input');
    place = { node: id, port: 'output' };
  }
  step.exit(place.node, place.port);
};

function changeOf(row: unknown, target: string, step: StepDraft, context: DifyContext): { operation: string; value?: unknown } {
  const value = read(row, 'value');
  const isSelector = readText(row, 'input_type') === 'variable' && Array.isArray(value);
  const given = isSelector ? context.value(value, step) : typeof value === 'string' ? wholeExpression(context.parts(value, step)) : JSON.stringify(value ?? null);
  const variable = stateValue(target);
  const template = `{{ ${given} }}`;
  switch (readText(row, 'operation') ?? 'over-write') {
    case 'append': return { operation: 'append', value: template };
    case 'extend': return { operation: 'extend', value: template };
    case 'clear': return { operation: 'clear' };
    case '+=': return { operation: 'add', value: template };
    case '-=': case '*=': case '/=': return { operation: 'set', value: `{{ (${variable} ?? 0) ${(readText(row, 'operation') ?? '+').charAt(0)} ${given} }}` };
    case 'remove-first': return { operation: 'set', value: `{{ ${variable}.slice(1) }}` };
    case 'remove-last': return { operation: 'set', value: `{{ ${variable}.slice(0, -1) }}` };
    default: return { operation: 'set', value: !isSelector && typeof value !== 'string' ? value ?? null : template };
  }
}

const OPERATORS: Readonly<Record<string, string>> = {
  contains: 'contains', 'not contains': 'not contains', 'start with': 'starts with', 'end with': 'ends with', is: 'equals', 'is not': 'not equals', empty: 'empty', 'not empty': 'not empty', '=': 'equals', '≠': 'not equals', '!=': 'not equals', '>': 'greater', '<': 'less', '≥': 'greater or equal', '≤': 'less or equal', '>=': 'greater or equal', '<=': 'less or equal',
  in: 'in', 'not in': 'not in', null: 'not exists', 'not null': 'exists', exists: 'not empty', 'not exists': 'empty', before: 'before', after: 'after',
};

/** Conditions of Dify in ours. */
export function conditionsOf(source: unknown, step: StepDraft, context: DifyContext): { combine: string; conditions: Record<string, unknown>[] } {
  const conditions = readList(source, 'conditions').slice(0, 100).map((one) => {
    const operator = readText(one, 'comparison_operator') ?? 'is';
    if (!Object.hasOwn(OPERATORS, operator)) step.approximate(`The comparison “${operator.slice(0, 40)}” is not known here; it looks for equality.`);
    if (readRecord(one, 'sub_variable_condition') !== null) step.approximate('Conditions on parts of a file are not looked at.');
    const value = read(one, 'value');
    const right = typeof value === 'string' ? templateOf(context.parts(value, step)) : value ?? '';
    return { left: `{{ ${context.value(read(one, 'variable_selector'), step)} }}`, operator: OPERATORS[operator] ?? 'equals', right };
  });
  return { combine: readText(source, 'logical_operator') === 'or' ? 'or' : 'and', conditions };
}

export const mapIf: Mapper = (node, step, context) => {
  const listed = readList(node.data, 'cases').slice(0, 50);
  const cases = listed.length > 0 ? listed : [{ case_id: 'true', logical_operator: read(node.data, 'logical_operator'), conditions: read(node.data, 'conditions') }];
  step.add('logic.switch', { cases: cases.map((one) => ({ name: '', conditions: conditionsOf(one, step, context) })) });
  step.enter(node.id, 'input');
  for (const [index, one] of cases.entries()) step.exit(node.id, `case${index}`, readText(one, 'case_id') ?? readText(one, 'id') ?? String(index));
  step.exit(node.id, 'default', 'false');
};

export const mapDocuments: Mapper = (node, step) => {
  step.add('transform.template', { template: '{{ input.files.map(file => file.text).join("\\n\\n") }}' });
  step.approximate('It gives the text of all files that came with the message.');
  step.enter(node.id, 'input');
  step.exit(node.id, 'text');
};

/** Picks, sorts and cuts a list. */
export const mapListOperator: Mapper = (node, step, context) => {
  const set = step.add('transform.set', { fields: [{ name: 'list', value: `{{ ${context.value(read(node.data, 'variable'), step)} }}` }], keep: 'none', each: false }, 'list', 'list');
  const select = step.add('transform.select', { key: 'list' }, 'items', 'items');
  step.link(set, 'output', select, 'data');
  step.enter(set, 'input');
  let place = { node: select, port: 'value' };
  const then = (type: string, config: Record<string, unknown>, suffix: string, input: string, output: string): void => {
    const id = step.add(type, config, suffix, suffix);
    step.link(place.node, place.port, id, input);
    place = { node: id, port: output };
  };
  const filter = readRecord(node.data, 'filter_by');
  if (readFlag(filter, 'enabled')) {
    const conditions = readList(filter, 'conditions').slice(0, 50).map((one) => {
      const key = readText(one, 'key') ?? '';
      const value = read(one, 'value');
      return { left: key === '' ? '{{ item }}' : `{{ item[${quoted(key)}] }}`, operator: OPERATORS[readText(one, 'comparison_operator') ?? 'is'] ?? 'equals', right: typeof value === 'string' ? templateOf(context.parts(value, step)) : value ?? '' };
    });
    then('transform.filter', { conditions: { combine: 'and', conditions } }, 'filter', 'data', 'data');
  }
  const order = readRecord(node.data, 'order_by');
  if (readFlag(order, 'enabled')) then('transform.sort', { by: [{ field: readText(order, 'key') ?? '', direction: readText(order, 'value') === 'desc' ? 'descending' : 'ascending' }] }, 'sort', 'input', 'output');
  const limit = readRecord(node.data, 'limit');
  const nth = readRecord(node.data, 'extract_by');
  if (readFlag(nth, 'enabled')) step.approximate('Taking one by its number is left out.');
  then('transform.limit', { count: readFlag(limit, 'enabled') ? clampInt(readNumber(limit, 'size') ?? 10, 0, 10_000) : 10_000 }, '', 'input', 'output');
  step.mappedTo = 'transform.limit';
  step.exit(place.node, place.port);
};

export const mapHuman: Mapper = (node, step, context) => {
  step.add('human.approval', { question: templateOf(context.parts(readText(node.data, 'form_content') ?? readText(node.data, 'pause_reason') ?? '', step)).slice(0, 10_000) || literal('Shall this go on?') });
  step.approximate('A run that answers at once ends here and says what is to be decided.');
  step.enter(node.id, 'input');
  const actions = readList(node.data, 'user_actions').map((one) => readText(one, 'id') ?? '');
  for (const [index, id] of actions.entries()) step.exit(node.id, index === 0 ? 'approved' : 'rejected', id);
  step.exit(node.id, 'approved');
};

