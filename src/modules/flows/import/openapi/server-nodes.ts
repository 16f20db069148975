import type { FlowEdge, FlowNode, FlowParameter } from '../../contract.ts';
import { parameterName, titleOf, unique } from '../naming.ts';
import type { OperationNode } from './operation-node.ts';
import type { ApiServer } from './servers.ts';

export interface ServerNodes { nodes: FlowNode[]; edges: FlowEdge[]; parameters: FlowParameter[] }

/** One node for each address that is a setting, wired to the operations that use it, so that it is given once. */
export function serverNodes(operations: readonly OperationNode[]): ServerNodes {
  const byServer = new Map<string, { server: ApiServer; users: string[] }>();
  for (const { server, node } of operations) {
    if (server?.kind !== 'setting') continue;
    const key = JSON.stringify([server.url, server.variables.map((variable) => variable.name)]);
    const known = byServer.get(key);
    if (known) known.users.push(node.id);
    else byServer.set(key, { server, users: [node.id] });
  }
  const result: ServerNodes = { nodes: [], edges: [], parameters: [] };
  const names = new Set<string>();
  [...byServer.values()].forEach(({ server, users }, index) => {
    const id = index === 0 ? 'api-server' : `api-server-${index + 1}`;
    const variables = Object.fromEntries(server.variables.map(({ name, initial }) => [name, initial]));
    result.nodes.push({ id, type: 'openapi.server', name: 'Address of the API', config: { url: server.url, variables }, position: { x: 0, y: 120 + index * 90 } });
    for (const target of users) result.edges.push({ source: id, sourcePort: 'server', target, targetPort: 'server' });
    result.parameters.push(...parametersOf(id, server, names));
  });
  return result;
}

function parametersOf(node: string, server: ApiServer, names: Set<string>): FlowParameter[] {
  const address: FlowParameter = {
    name: unique('server_url', names), title: 'Address of the API', description: 'Where the API is reached, beginning with https://.',
    kind: server.choices.length > 1 ? 'choice' : 'text', choices: [...server.choices], default: server.url, node, path: 'url',
    // A buyer gives the address only where the document cannot; otherwise it is the seller's to choose.
    exposed: server.url === '',
  };
  return [address, ...server.variables.filter(({ name }) => /^[\w-]{1,80}$/.test(name)).map((variable): FlowParameter => ({
    name: unique(parameterName(variable.name), names), title: titleOf(variable.name).slice(0, 120), description: variable.description.slice(0, 500),
    kind: variable.choices.length > 1 ? 'choice' : 'text', choices: variable.choices, default: variable.initial, node, path: `variables.${variable.name}`, exposed: true,
  }))];
}
