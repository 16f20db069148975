import { scalarText } from '../../nodes/values.ts';
import { isRecord, read, readRecord, readText } from '../plain.ts';
import { templateOf } from '../steps/expression-text.ts';
import type { Place, StepDraft } from '../steps/step-draft.ts';
import { accountOf, toolInput, toolName, toolService } from '../steps/tool-services.ts';
import type { ToolService } from '../steps/tool-services.ts';
import { wholeExpression } from './dify-context.ts';
import type { DifyContext } from './dify-context.ts';
import type { Mapper } from './mapper.ts';

interface NoTool { reason: string; substitute: string | null }

/** Tools of a provider that do something else than the one we have. */
const OTHERS = /translate|_img|image|video|_ai$|chat|statistic|analytics|news|tickers/i;

const lastPart = (provider: string): string => provider.split('/').at(-1) ?? '';

/** The service behind a tool, by its provider and its own name. */
function serviceOf(tool: unknown): ToolService | undefined {
  const provider = lastPart(readText(tool, 'provider_name') ?? readText(tool, 'provider_id') ?? '');
  const name = readText(tool, 'tool_name') ?? '';
  if (OTHERS.test(name) && !/dalle|gpt.?image/i.test(`${provider} ${name}`)) return undefined;
  if (provider === 'jina' && /search/i.test(name)) return toolService('jinasearch');
  return toolService(provider, name);
}

function reasonFor(tool: unknown): NoTool {
  const label = readText(tool, 'tool_label') ?? readText(tool, 'tool_name') ?? readText(tool, 'provider_name') ?? 'tool';
  switch (readText(tool, 'provider_type') ?? readText(tool, 'type')) {
    case 'workflow': return { reason: `“${label}” is another workflow of the seller’s Dify, which is not in the file.`, substitute: 'Import that workflow as a product of its own, or put its steps into this one.' };
    case 'api': return { reason: `“${label}” is an API whose document is not in the file.`, substitute: 'Import the OpenAPI document itself.' };
    case 'mcp': return { reason: `“${label}” is a tool of an MCP server, which is not in the file.`, substitute: 'Import the MCP server itself.' };
    default: return /translate/i.test(readText(tool, 'tool_name') ?? '') ? { reason: `“${label}” translates with a service that is not known here.`, substitute: 'A model step that translates.' } : { reason: `The tool “${label}” is not known here.`, substitute: 'A connector, a request over HTTP, or code.' };
  }
}

export const mapTool: Mapper = (node, step, context) => {
  const provider = lastPart(readText(node.data, 'provider_name') ?? readText(node.data, 'provider_id') ?? '');
  const name = readText(node.data, 'tool_name') ?? '';
  const given = settingsOf(node.data, step, context);
  if (provider === 'time' || /current_time|currenttime/i.test(name)) return addClock(step);
  if (provider === 'webscraper') return addReader(step, scalarText(given['url']));
  if (/^(?:code|simple_code)$/.test(provider) || name === 'simple_code') return addCode(step, given);
  if (/sql_query|sql_execute|database/i.test(name)) return addQuery(step, given);
  const service = serviceOf(node.data);
  if (service === undefined || /^(?:workflow|api|mcp)$/.test(readText(node.data, 'provider_type') ?? '')) {
    const { reason, substitute } = reasonFor(node.data);
    return step.refuse(reason, substitute);
  }
  const { input } = toolInput(service, given);
  const account = accountOf(service);
  if (account !== null) step.connection(account.key, account.title);
  if (service.differs !== undefined) step.approximate(service.differs);
  step.add(service.writes ? 'connector.action' : 'connector.query', { connector: service.connector, action: service.action, input });
  step.enter(node.id, 'input');
  step.exit(node.id, 'result');
};

/** Parameters and settings of a tool as templates. */
function settingsOf(data: unknown, step: StepDraft, context: DifyContext): Record<string, unknown> {
  const rows = [...Object.entries(readRecord(data, 'tool_configurations') ?? {}), ...Object.entries(readRecord(data, 'tool_parameters') ?? {})].slice(0, 200);
  return Object.fromEntries(rows.filter(([name]) => name !== '__proto__').map(([name, setting]) => {
    const [type, value] = isRecord(setting) && Object.hasOwn(setting, 'value') ? [readText(setting, 'type') ?? 'mixed', setting['value']] : ['constant', setting];
    if (type === 'variable') return [name, `{{ ${context.value(value, step)} }}`];
    if (typeof value !== 'string' || value === '') return [name, value];
    const parts = context.parts(value, step);
    const only = parts.length === 1 && parts[0] !== undefined && 'expression' in parts[0];
    return [name, only ? `{{ ${wholeExpression(parts)} }}` : templateOf(parts)];
  }));
}

function addClock(step: StepDraft): void {
  step.add('transform.template', { template: '{{ now.format("yyyy-MM-dd HH:mm:ss") }}' });
  step.approximate('The time is given in UTC.');
  step.enter(step.id, 'input');
  step.exit(step.id, 'text');
}

function addReader(step: StepDraft, url: string): void {
  const asked = step.add('transform.template', { template: url }, 'address', 'address');
  step.add('http.fetch-pages', {});
  step.mappedTo = 'http.fetch-pages';
  step.link(asked, 'text', step.id, 'urls');
  step.enter(asked, 'input');
  step.exit(step.id, 'text');
}

function addCode(step: StepDraft, given: Readonly<Record<string, unknown>>): void {
  const code = scalarText(given['code']);
  if (code.trim() === '' || code.includes('{{')) return step.refuse('Its code is worked out while the flow runs.', 'Code that is written in the step.');
  const isPython = /python/i.test(scalarText(given['language']) || 'python3');
  step.carries(isPython ? 'python' : 'javascript', code);
  step.add(isPython ? 'code.python' : 'code.javascript', { code });
  step.approximate('What its code prints is not its result; it has to return one.');
  step.enter(step.id, 'input');
  step.exit(step.id, 'result');
}

function addQuery(step: StepDraft, given: Readonly<Record<string, unknown>>): void {
  const sql = scalarText(given['query_sql'] ?? given['query'] ?? given['sql']);
  if (sql === '' || sql.includes('{{')) return step.refuse('Its query is put together while the flow runs, which could be misused.', 'A database step whose values stand apart from the query.');
  step.connection('postgres', 'PostgreSQL');
  step.add('connector.query', { connector: 'postgres', action: 'query', input: { sql } });
  step.approximate('It queries a PostgreSQL database that has to be bound.');
  step.enter(step.id, 'input');
  step.exit(step.id, 'result');
}

/** A tool of an agent. Nothing is added where it cannot be had. */
export function addAgentTool(step: StepDraft, tool: unknown, suffix: string): Place | NoTool {
  const provider = lastPart(readText(tool, 'provider_name') ?? readText(tool, 'provider_id') ?? '');
  const name = readText(tool, 'tool_name') ?? provider;
  const add = (type: string, config: Record<string, unknown>): Place => ({ node: step.add(type, config, suffix, name), port: 'tool' });
  if (provider === 'time') return add('tool.current-date', {});
  if (provider === 'webscraper') return add('http.fetch-pages', {});
  if (/^(?:maths|calculator)$/.test(provider)) return add('tool.calculator', {});
  if (/dataset|knowledge/i.test(provider) || read(tool, 'dataset') !== undefined) return add('knowledge.retrieve', { topK: null });
  const service = /^(?:workflow|api|mcp)$/.test(readText(tool, 'provider_type') ?? readText(tool, 'type') ?? '') ? undefined : serviceOf(tool);
  if (service === undefined) return reasonFor(tool);
  const account = accountOf(service);
  if (account !== null) step.connection(account.key, account.title);
  return add('connector.tool', { connector: service.connector, action: service.action, name: toolName(name), description: (readText(readRecord(tool, 'extra'), 'description') ?? '').slice(0, 2_000), input: { ...service.fixed } });
}

export const isPlace = (found: Place | NoTool): found is Place => 'node' in found;
