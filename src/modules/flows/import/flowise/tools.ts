import { scalarText } from '../../nodes/values.ts';
import { isRecord, read, readText } from '../plain.ts';
import type { PlainRecord } from '../plain.ts';
import type { Place, StepDraft } from '../steps/step-draft.ts';
import { accountOf, toolInput, toolName, toolService } from '../steps/tool-services.ts';
import { parsed } from './flowise-context.ts';

/** A tool of a Flowise agent: its own node, or one that is set inside an agent. */
interface ToolSource { kind: string; label: string; inputs: PlainRecord }

/** Why a tool cannot be had, and what comes closest. */
interface NoTool { reason: string; substitute: string | null }

const CODE_CHARS_MAX = 200_000;
const CLOSEST = 'A tool of a connector, an imported API, or code for agents.';
const DESCRIPTION_MAX = 2_000;

/** Adds the tool as a node that offers it. Nothing is added where it cannot be had. */
export function addTool(step: StepDraft, { kind, label, inputs }: ToolSource, suffix = ''): Place | NoTool {
  const add = (type: string, config: Record<string, unknown>): Place => ({ node: step.add(type, config, suffix, suffix === '' ? '' : label), port: 'tool' });
  switch (kind) {
    case 'calculator': return add('tool.calculator', {});
    case 'currentDateTime': return add('tool.current-date', {});
    case 'retrieverTool': case 'queryEngineToolLlamaIndex': case 'knowledge': return knowledge(step, inputs, add);
    case 'webBrowser': case 'webScraperTool': case 'web-browser':
      step.approximate('It reads the pages it is given; it follows no links by itself.');
      return add('http.fetch-pages', {});
    case 'requestsGet': case 'requestsPost': case 'requestsPut': case 'requestsDelete': return request(kind, inputs, add);
    case 'customTool': case 'agentAsTool': case 'chatflowTool': case 'ChatflowTool': return ownCode(step, kind, label, inputs, add);
    case 'openAPIToolkit': return { reason: 'The API’s document is not in the file, or only inside Flowise.', substitute: 'Import the OpenAPI document itself; its operations become tools of agents.' };
    case 'customMCP': return mcp(step, label, inputs);
  }
  const service = toolService(kind, label);
  if (service === undefined) {
    if (kind.endsWith('MCP')) return mcp(step, label, inputs);
    return { reason: `The tool “${label}” (${kind}) is not known here.`, substitute: CLOSEST };
  }
  const account = accountOf(service);
  if (account !== null) step.connection(account.key, account.title);
  if (service.differs !== undefined) step.approximate(service.differs);
  return add('connector.tool', { connector: service.connector, action: service.action, input: toolInput(service, settingsOf(inputs)).input });
}

/** Settings of a tool that are fixed; an agent is asked for what it looks for. */
const settingsOf = (inputs: PlainRecord): PlainRecord => Object.fromEntries(Object.entries(inputs).filter(([name, value]) => ['maxResults', 'max_results', 'search_depth'].includes(name) && typeof value === 'number'));

function knowledge(step: StepDraft, inputs: PlainRecord, add: (type: string, config: Record<string, unknown>) => Place): Place {
  step.approximate('It searches the buyer’s own knowledge instead of the documents that Flowise had stored.');
  const k = Number(read(inputs, 'topK'));
  return add('knowledge.retrieve', { topK: Number.isInteger(k) && k > 0 && k <= 100 ? k : null });
}

function request(kind: string, inputs: PlainRecord, add: (type: string, config: Record<string, unknown>) => Place): Place {
  const method = kind.replace('requests', '').toUpperCase();
  const url = [readText(inputs, 'url'), readText(inputs, 'requestsGetUrl'), readText(inputs, 'requestsPostUrl'), readText(inputs, 'requestsPutUrl'), readText(inputs, 'requestsDeleteUrl')].find((one) => one !== null && one !== '') ?? '';
  const headers = [read(inputs, 'headers'), ...['Get', 'Post', 'Put', 'Delete'].map((one) => read(inputs, `requests${one}Headers`))].map(parsed).find(isRecord) ?? {};
  return add('http.request', { method, url: url.slice(0, 2_000), headers: Object.fromEntries(Object.entries(headers).slice(0, 50).map(([name, value]) => [name, scalarText(value).slice(0, 4_000)])) });
}

/** Modules and network do not exist for code here. */
export function codeProblem(code: string): string | null {
  const modules = [...code.matchAll(/\brequire\(\s*['"`]([^'"`]{1,100})['"`]\s*\)/g), ...code.matchAll(/^[ \t]{0,100}import\b.{0,200}?\bfrom[ \t]{0,10}['"]([^'"]{1,100})['"]/gm)].map((match) => match[1] ?? '');
  if (modules.length > 0) return `Its code uses ${[...new Set(modules)].slice(0, 5).map((name) => `“${name}”`).join(', ')}; code runs without modules here.`;
  return /\bfetch\s*\(|\baxios\b/.test(code) ? 'Its code calls other servers; code runs without a network here.' : null;
}

const JSON_TYPES: Readonly<Record<string, string>> = { string: 'string', number: 'number', boolean: 'boolean', date: 'string' };

function ownCode(step: StepDraft, kind: string, label: string, inputs: PlainRecord, add: (type: string, config: Record<string, unknown>) => Place): Place | NoTool {
  const code = readText(inputs, 'customToolFunc') ?? readText(inputs, 'func') ?? '';
  if (kind !== 'customTool') return { reason: 'It asks another flow of the seller’s Flowise server, which is not in the file.', substitute: 'Import that flow as a product of its own, or put its steps into this one.' };
  if (code.trim() === '') return { reason: 'The file names the tool only by its number; its code is kept on the seller’s Flowise server.', substitute: 'Code for agents, with the code copied from Flowise.' };
  step.carries('javascript', code);
  const problem = codeProblem(code);
  if (problem !== null) return { reason: problem, substitute: 'A request over HTTP or a connector as the tool.' };
  const rows = parsed(read(inputs, 'customToolSchema') ?? read(inputs, 'schema'));
  const properties = Object.fromEntries((Array.isArray(rows) ? rows : []).slice(0, 50).flatMap((row) => {
    const name = readText(row, 'property');
    return name === null || name === '' ? [] : [[name, { type: JSON_TYPES[readText(row, 'type') ?? ''] ?? 'string', description: readText(row, 'description') ?? '' }] as const];
  }));
  const required = (Array.isArray(rows) ? rows : []).filter((row) => read(row, 'required') === true).map((row) => readText(row, 'property')).filter((name) => name !== null);
  return add('code.tool', {
    code: code.slice(0, CODE_CHARS_MAX), language: 'javascript', dialect: 'flowise', name: toolName(readText(inputs, 'customToolName') ?? label, 'custom_tool'),
    description: (readText(inputs, 'customToolDesc') ?? '').slice(0, DESCRIPTION_MAX), parameters: { type: 'object', properties, required },
  });
}

function mcp(step: StepDraft, label: string, inputs: PlainRecord): NoTool {
  const config = parsed(read(inputs, 'mcpServerConfig'));
  const url = readText(config, 'url');
  step.mcpServers.push(url === null ? label : url.replace(/[?#].*$/, '').slice(0, 200));
  return { reason: `It takes tools from the MCP server “${label}”, which the file does not list.`, substitute: 'Import the MCP server by itself and choose its tools.' };
}

export const isPlace = (found: Place | NoTool): found is Place => 'node' in found;
