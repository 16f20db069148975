import { isRecord, read, readList, readRecord, readText } from './plain.ts';

/** What a file turned out to be, judged by its content and never by its name. */
export type DetectedFormat = { format: 'langflow'; flows: readonly unknown[] } | ForeignFormat;

export type ForeignFormat = { format: 'n8n' | 'flowise' | 'dify' | 'openapi' | 'mcp'; title: string } | { format: 'unknown' };

/** Recognises a parsed JSON document. */
export function detectFormat(document: unknown): DetectedFormat {
  const bundle = bundleOf(document);
  const first = bundle[0];
  if (!isRecord(first)) return { format: 'unknown' };
  if (bundle.every(isLangflow)) return { format: 'langflow', flows: bundle };
  if (isOpenApi(first)) return { format: 'openapi', title: 'OpenAPI' };
  if (isMcp(first)) return { format: 'mcp', title: 'MCP' };
  if (isDify(first)) return { format: 'dify', title: 'Dify' };
  if (isFlowise(first)) return { format: 'flowise', title: 'Flowise' };
  if (isN8n(first)) return { format: 'n8n', title: 'n8n' };
  return bundle.some(isLangflow) ? { format: 'langflow', flows: bundle.filter(isLangflow) } : { format: 'unknown' };
}

/** Recognises the usual YAML exports by their first keys, to name the format in the refusal; YAML is not parsed. */
export function detectYaml(text: string): ForeignFormat {
  const head = text.slice(0, 20_000);
  if (/^(?:openapi|swagger):\s*["']?[\d.]+/m.test(head)) return { format: 'openapi', title: 'OpenAPI' };
  if (/^kind:\s*["']?app\b/m.test(head) || (/^app:\s*$/m.test(head) && /^\s+mode:\s*\S/m.test(head))) return { format: 'dify', title: 'Dify' };
  return { format: 'unknown' };
}

/** One flow, a list of flows, or `{flows: […]}`. */
function bundleOf(document: unknown): readonly unknown[] {
  if (Array.isArray(document)) return document;
  const flows = read(document, 'flows');
  return Array.isArray(flows) ? flows : [document];
}

/** `{data: {nodes, edges}}`, or the inner part alone. An envelope whose nodes are damaged still counts, to be refused as damaged. */
function isLangflow(value: unknown): boolean {
  const data = readRecord(value, 'data');
  if (data !== null && (Object.hasOwn(data, 'nodes') || Object.hasOwn(data, 'edges'))) {
    return !readList(data, 'nodes').some(isFlowiseNode);
  }
  return readList(value, 'nodes').some((node) => readRecord(readRecord(node, 'data'), 'node') !== null);
}

const isOpenApi = (value: unknown): boolean => readText(value, 'openapi') !== null || readText(value, 'swagger') !== null;

function isMcp(value: unknown): boolean {
  if (readRecord(value, 'mcpServers') !== null || readText(value, 'jsonrpc') === '2.0') return true;
  if (readRecord(readRecord(value, 'mcp'), 'servers') !== null) return true;
  const servers = readRecord(value, 'servers');
  if (servers !== null && Object.values(servers).some((server) => readText(server, 'command') !== null || readText(server, 'url') !== null)) return true;
  if (readList(value, 'tools').some(isMcpTool) || readList(read(value, 'result'), 'tools').some(isMcpTool) || isMcpTool(value)) return true;
  if (readList(value, 'servers').some((server) => readRecord(server, 'version_detail') !== null || readList(server, 'packages').length > 0)) return true;
  return (readText(value, '$schema') ?? '').includes('modelcontextprotocol');
}

const isMcpTool = (tool: unknown): boolean =>
  readText(tool, 'name') !== null && readText(tool, 'description') !== null && (readRecord(tool, 'inputSchema') !== null || Array.isArray(read(tool, 'arguments')));

function isDify(value: unknown): boolean {
  if (readText(value, 'kind') === 'app' && readRecord(value, 'app') !== null) return true;
  return readRecord(value, 'app') !== null && (readRecord(value, 'workflow') !== null || readRecord(value, 'model_config') !== null);
}

const isFlowiseNode = (node: unknown): boolean => {
  const data = readRecord(node, 'data');
  return data !== null && (Array.isArray(data['inputAnchors']) || Array.isArray(data['inputParams']) || Array.isArray(data['outputAnchors']));
};

const isFlowise = (value: unknown): boolean => readList(value, 'nodes').some(isFlowiseNode);

const isN8n = (value: unknown): boolean =>
  Array.isArray(read(value, 'nodes')) && readRecord(value, 'connections') !== null;
