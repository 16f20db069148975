import type { FlowNode, ImportedNode } from '../../contract.ts';
import { parameterName, unique } from '../naming.ts';
import { importedTool, toolPosition } from '../tools/agent-flow.ts';
import { plainText, TOOL_DESCRIPTION_CHARS_MAX, toolName } from '../tools/tool-text.ts';
import { argumentsOf } from './arguments.ts';
import type { Api, RawOperation } from './read-api.ts';
import type { ApiSecurity } from './security.ts';
import { serverOf } from './servers.ts';
import type { ApiServer } from './servers.ts';

/** What became of one chosen operation. */
export interface OperationNode {
  operation: RawOperation;
  node: FlowNode;
  imported: ImportedNode;
  /** Null where it cannot be called. */
  server: ApiServer | null;
  connections: readonly string[];
}

/** Turns an operation into a tool node, or into an unsupported one that says why. */
export function operationNode(api: Api, security: ApiSecurity, operation: RawOperation, index: number, taken: { ids: Set<string>; names: Set<string> }): OperationNode {
  const name = unique(toolName(operation.id.includes(' /') ? `${operation.method.toLowerCase()}_${operation.path}` : operation.id), taken.names).slice(0, 64);
  const id = unique(`op-${parameterName(name)}`, taken.ids);
  const type = `${operation.method} ${operation.path}`;
  const title = operation.title.slice(0, 200);
  const refuse = (problem: string): OperationNode => ({
    operation, server: null, connections: [],
    node: { id, type: 'unsupported', name: title, config: { originalType: type, reason: problem }, position: toolPosition(index) },
    imported: importedTool(id, type, title, { support: 'unsupported', mappedTo: null, reason: problem, substitute: 'Call it in a step “HTTP request”, or offer the product on a server of your own.' }),
  });
  if (operation.method === 'TRACE') return refuse('TRACE requests are for diagnosing networks and are not sent.');
  const asked = security.of(operation);
  if ('problem' in asked) return refuse(asked.problem);
  const read = argumentsOf(api, operation, asked.credentials);
  if ('problem' in read) return refuse(read.problem);
  const server = serverOf(api, operation);
  const differences = [...read.differences, ...server.remarks.filter((remark) => remark.startsWith('The document names http:'))];
  const config = {
    name,
    description: plainText(`${operation.description}${operation.deprecated ? ' (deprecated)' : ''}`, TOOL_DESCRIPTION_CHARS_MAX),
    effect: operation.effect, method: operation.method,
    server: server.kind === 'fixed' ? server.url : '',
    path: `${server.basePath}${operation.path}`,
    parameters: read.parameters, body: read.body, arguments: read.schema, credentials: asked.credentials,
  };
  const became = differences.length === 0 ? { support: 'supported' as const, reason: null } : { support: 'approximated' as const, reason: differences.join(' ') };
  return {
    operation, server, connections: asked.credentials.map(({ connection }) => connection),
    node: { id, type: 'openapi.tool', name: title, config, position: toolPosition(index) },
    imported: importedTool(id, type, title, { ...became, mappedTo: 'openapi.tool', substitute: null }),
  };
}
