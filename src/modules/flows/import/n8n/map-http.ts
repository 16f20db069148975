import { isRecord, read, readList, readText } from '../plain.ts';
import type { Fragment } from './fragment.ts';
import { unsupported } from './fragment.ts';
import type { Mapper } from './mapper.ts';
import type { RawNode } from './raw-workflow.ts';
import { StepBuilder } from './step-builder.ts';
import { toolArguments, toolDescription, toolName } from './tool-settings.ts';
import { credentialOf } from './credentials.ts';

/** What `$response` and `$pageCount` mean while pages are fetched. */
const PAGING: ReadonlyMap<string, string> = new Map([['$response', 'loop.last'], ['$pageCount', 'loop.index']]);
const ROWS_MAX = 100;

/** Requests of every version, from `requestMethod` and parallel UI lists to `specifyBody`. */
export const mapHttpRequest: Mapper = (node, context) => {
  const step = new StepBuilder(node, context, { extra: PAGING, ...(node.isTool ? { fromAi: ({ name }) => `item[${JSON.stringify(name)}]` } : {}) });
  const body = node.version < 3 ? olderBody(step) : newerBody(step);
  if (body === null) return unsupported('It sends a file, which requests here do not.', 'A connector that stores files, or the address of the file.');
  const answer = answerOf(step);
  const config = {
    method: (node.version < 3 ? step.text('requestMethod', 'GET') : step.text('method', 'GET')).toUpperCase().replace(/^=/, ''), url: step.text('url'),
    query: parametersOf(step, 'query'), headers: parametersOf(step, 'headers'), ...body, credentials: credentialsOf(step), ...answer,
    pages: pagesOf(step), each: (context.incoming(node.id).length > 0 || node.isTool) && !node.executeOnce,
  };
  if (node.isTool) {
    step.add('http.each', { ...config, tool: { name: toolName(step), description: toolDescription(step, `Calls ${step.fixed('url') || 'a web address'}.`), parameters: toolArguments(step) ?? { type: 'object', properties: {} } } });
    return step.fragment({ mappedTo: 'http.each', offers: { node: node.id, port: 'tool' } });
  }
  step.add('http.each', config);
  if (config.url !== '' && !config.url.includes('{{')) step.parameter('url', `${node.name}: address`, 'text');
  return step.fragment({ mappedTo: 'http.each', inputPort: 'input', outputPort: 'response' });
};

const rowsAt = (step: StepBuilder, path: string): Record<string, unknown>[] => {
  const found = step.raw(path);
  return (Array.isArray(found) ? found : isRecord(found) ? [found] : []).filter(isRecord).slice(0, ROWS_MAX);
};

/** Rows of name and value; older and newer versions keep them at different places. */
function pairs(step: StepBuilder, ...paths: string[]): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const path of paths) {
    for (const row of rowsAt(step, path)) {
      const name = step.template(row['name']);
      if (name !== '') fields[name] = step.value(row['value'] ?? '');
    }
  }
  return fields;
}

function parametersOf(step: StepBuilder, what: 'query' | 'headers'): Record<string, unknown> {
  const [list, json, older, olderJson] = what === 'query' ? ['queryParameters', 'jsonQuery', 'queryParametersUi', 'queryParametersJson'] : ['headerParameters', 'jsonHeaders', 'headerParametersUi', 'headerParametersJson'];
  const switched = step.node.version >= 3 && step.raw(what === 'query' ? 'sendQuery' : 'sendHeaders') !== true;
  if (switched) return {};
  const named = pairs(step, `${list}.parameters`, `${older}.parameter`);
  const written = step.raw(step.node.version < 3 ? olderJson : json);
  if (written === undefined || Object.keys(named).length > 0) return named;
  const data = step.json(written);
  if (isRecord(data)) return data;
  if (data !== undefined) step.approximate(`The ${what === 'query' ? 'query' : 'headers'} written as one expression are left out.`);
  return {};
}

type Body = { bodyKind: 'none' | 'json' | 'form' | 'text'; body?: unknown; contentType?: string };

/** Null for a file. */
function newerBody(step: StepBuilder): Body | null {
  if (!step.flag('sendBody')) return { bodyKind: 'none' };
  const kind = step.fixed('contentType') || 'json';
  const named = pairs(step, 'bodyParameters.parameters');
  switch (kind) {
    case 'binaryData': return null;
    case 'raw': return { bodyKind: 'text', body: step.text('body'), contentType: step.fixed('rawContentType') };
    case 'form-urlencoded': return { bodyKind: 'form', body: step.fixed('specifyBody') === 'string' ? formOf(step.fixed('body')) : named };
    case 'multipart-form-data': {
      if (rowsAt(step, 'bodyParameters.parameters').some((row) => readText(row, 'parameterType') === 'formBinaryData')) return null;
      step.approximate('The fields are sent as a plain form instead of a multipart one.');
      return { bodyKind: 'form', body: named };
    }
    default: return { bodyKind: 'json', body: step.fixed('specifyBody') === 'json' || (Object.keys(named).length === 0 && step.raw('jsonBody') !== undefined) ? step.json(step.raw('jsonBody')) ?? {} : named };
  }
}

const formOf = (text: string): Record<string, string> => Object.fromEntries(new URLSearchParams(text.slice(0, 10_000)));

function olderBody(step: StepBuilder): Body | null {
  if (step.flag('sendBinaryData')) return null;
  const method = step.fixed('requestMethod') || 'GET';
  if (method === 'GET' || method === 'HEAD') return { bodyKind: 'none' };
  const kind = step.fixed('options.bodyContentType') || 'json';
  const json = step.flag('jsonParameters') ? step.json(step.raw('bodyParametersJson')) : undefined;
  const named = pairs(step, 'bodyParametersUi.parameter');
  const body = json ?? named;
  if (typeof body === 'object' && body !== null && Object.keys(body).length === 0) return { bodyKind: 'none' };
  if (kind === 'form-urlencoded' || kind === 'multipart-form-data') return { bodyKind: 'form', body };
  if (kind === 'raw') return { bodyKind: 'text', body: step.text('bodyParametersJson'), contentType: step.fixed('options.bodyContentCustomMimeType') };
  return { bodyKind: 'json', body };
}

function answerOf(step: StepBuilder): Record<string, unknown> {
  const newer = step.node.version >= 3;
  const format = newer ? step.fixed('options.response.response.responseFormat') || 'autodetect' : step.fixed('responseFormat') || 'json';
  if (format === 'file') step.approximate('The file arrives as text in the field data; pictures and other files are of no use then.');
  const field = newer ? step.fixed('options.response.response.outputPropertyName') : step.fixed('dataPropertyName');
  const full = step.flag(newer ? 'options.response.response.fullResponse' : 'options.fullResponse');
  return {
    answer: format === 'json' && newer ? 'json' : format === 'text' || format === 'string' || format === 'file' ? 'text' : 'auto', ...(field === '' ? {} : { field: field.slice(0, 200) }), ...(full ? { full } : {}),
    ...(step.flag('options.response.response.neverError') || step.flag('options.ignoreResponseCode') ? { anyStatus: true } : {}),
  };
}

function pagesOf(step: StepBuilder): Record<string, unknown> | null {
  const mode = step.fixed('options.pagination.pagination.paginationMode');
  const at = (path: string): string => `options.pagination.pagination.${path}`;
  const found = step.raw('options.pagination.pagination');
  if (!isRecord(found) || mode === 'off') return null;
  const max = step.flag(at('limitPagesFetched')) ? Math.min(100, Math.max(1, Math.round(step.number(at('maxRequests')) ?? 100))) : 100;
  const parameters = readList(read(found, 'parameters'), 'parameters').filter(isRecord).slice(0, 20).map((row) => ({
    in: readText(row, 'type') === 'body' ? 'body' : readText(row, 'type') === 'headers' ? 'header' : 'query', name: readText(row, 'name') ?? '', value: step.value(row['value'] ?? ''),
  }));
  const until = step.fixed(at('paginationCompleteWhen')) === 'other' ? step.text(at('completeExpression')) : '';
  return mode === 'responseContainsNextURL' ? { next: step.text(at('nextURL')), until, max } : { parameters, until, max };
}

/** Which account signs the request, and where its credential stands. */
function credentialsOf(step: StepBuilder): Record<string, unknown>[] {
  const how = step.fixed('authentication') || 'none';
  if (how === 'none' && step.node.credentials.length === 0) return [];
  const type = how === 'predefinedCredentialType' ? step.fixed('nodeCredentialType') : how === 'genericCredentialType' ? step.fixed('genericAuthType') : how === 'none' ? step.node.credentials[0] ?? '' : how;
  const credential = credentialOf(type || (step.node.credentials[0] ?? ''), step.node);
  if (credential === null) return [];
  step.connection(credential.connection, credential.title, credential.known ? credential.connection : 'http');
  if (credential.remark !== null) step.approximate(credential.remark);
  return [{ connection: credential.connection, place: credential.place, ...(credential.name === '' ? {} : { name: credential.name }), ...(credential.prefix === '' ? {} : { prefix: credential.prefix }) }];
}

/** A query of GraphQL: a request like any other. */
export const mapGraphql: Mapper = (node, context): Fragment => {
  const step = new StepBuilder(node, context);
  const variables = step.json(step.raw('variables'));
  const headers = pairs(step, 'headerParametersUi.parameter');
  step.add('http.each', {
    method: step.fixed('requestMethod') || 'POST', url: step.text('endpoint'), headers, bodyKind: 'json',
    body: { query: step.text('query'), ...(variables === undefined ? {} : { variables }), ...(step.fixed('operationName') === '' ? {} : { operationName: step.fixed('operationName') }) },
    credentials: credentialsOf(step), answer: 'json', each: context.incoming(node.id).length > 0,
  });
  return step.fragment({ mappedTo: 'http.each', inputPort: 'input', outputPort: 'response' });
};

/** A request an agent may make: parts in braces and open values are its arguments. */
export const mapToolHttpRequest: Mapper = (node: RawNode, context) => {
  const given = new Map<string, string>();
  const step = new StepBuilder(node, context, { fromAi: ({ name }) => `item[${JSON.stringify(name)}]` });
  const described = new Map(readList(node.parameters['placeholderDefinitions'], 'values').filter(isRecord).map((row) => [readText(row, 'name') ?? '', { description: readText(row, 'description') ?? '', type: readText(row, 'type') ?? 'string' }] as const));
  const open = (name: string): string => {
    given.set(name, described.get(name)?.description ?? '');
    return `{{ item[${JSON.stringify(name)}] }}`;
  };
  /** `{name}` in n8n's text is an argument; our own braces were written by us. */
  const filled = (template: string): string => template.replace(/(?<!\{)\{([A-Za-z_][\w-]{0,60})\}(?!\})/g, (_whole, name: string) => open(name));
  const valuesOf = (path: string): Record<string, unknown> => Object.fromEntries(rowsAt(step, path).flatMap((row) => {
    const name = readText(row, 'name') ?? '';
    const provider = readText(row, 'valueProvider') ?? 'modelRequired';
    return name === '' ? [] : [[name, provider === 'fieldValue' ? filled(step.template(row['value'])) : open(name)]];
  }));
  const sent = (what: string): boolean => step.flag(what);
  const part = (switched: string, specify: string, list: string, json: string): unknown => {
    if (!sent(switched)) return {};
    if (step.fixed(specify) === 'model') return `{{ item[${JSON.stringify(list)}] ?? {} }}`;
    if (step.fixed(specify) !== 'json') return valuesOf(`${list}.values`);
    const text = filled(step.text(json));
    return text.includes('{{') ? `{{ JSON.parse(\`${text.replaceAll('\\', '\\\\').replaceAll('`', '\\`').replace(/"\{\{ ([^{}]*) \}\}"/g, '${JSON.stringify($1)}').replace(/\{\{ ([^{}]*) \}\}/g, '${$1}')}\`) }}` : step.json(step.raw(json)) ?? {};
  };
  const query = part('sendQuery', 'specifyQuery', 'parametersQuery', 'jsonQuery');
  const headers = part('sendHeaders', 'specifyHeaders', 'parametersHeaders', 'jsonHeaders');
  const body = part('sendBody', 'specifyBody', 'parametersBody', 'jsonBody');
  for (const [name, value] of [['parametersQuery', query], ['parametersBody', body]] as const) if (typeof value === 'string' && value.includes(`item["${name}"]`)) given.set(name, 'Fields as an object.');
  const url = filled(step.text('url'));
  step.add('http.each', {
    method: (step.fixed('method') || 'GET').toUpperCase(), url, query: isRecord(query) ? query : {}, headers: isRecord(headers) ? headers : {}, ...(sent('sendBody') ? { bodyKind: 'json', body } : {}), credentials: credentialsOf(step),
    tool: {
      name: toolName(step), description: toolDescription(step, `Calls ${step.fixed('url')}.`),
      parameters: { type: 'object', properties: Object.fromEntries([...given].map(([name, description]) => [name, { type: jsonType(described.get(name)?.type, name), ...(description === '' ? {} : { description }) }])), required: [...given.keys()] },
    },
  });
  if (typeof query === 'string') step.approximate('The query written as one text is left out.');
  return step.fragment({ mappedTo: 'http.each', offers: { node: node.id, port: 'tool' } });
};

const jsonType = (type: string | undefined, name: string): string => (name.startsWith('parameters') || type === 'json' ? 'object' : type === 'number' || type === 'boolean' ? type : 'string');
