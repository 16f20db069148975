import type { FlowNode, FlowParameter, ImportedNode } from '../../contract.ts';
import { toolPort } from '../../nodes/mcp/tools.ts';
import type { PinnedTool } from '../../nodes/mcp/tools.ts';
import { parameterName, titleOf, unique } from '../naming.ts';
import { importedTool, toolPosition } from '../tools/agent-flow.ts';
import { LocalRefs } from '../tools/local-refs.ts';
import { boundedSchema, toolSchema } from '../tools/tool-schema.ts';
import { plainText, TOOL_DESCRIPTION_CHARS_MAX, toolName } from '../tools/tool-text.ts';
import type { ListedTool, McpEntry, RemoteServer } from './mcp-entry.ts';

/** What became of one server of the file. */
export interface ServerNode {
  entry: McpEntry;
  node: FlowNode;
  imported: ImportedNode;
  /** Ports its tools leave by. */
  ports: readonly string[];
  connections: readonly { key: string; title: string }[];
  parameters: readonly FlowParameter[];
}

interface Taken { ids: Set<string>; names: Set<string>; aliases: Set<string>; connections: Set<string> }

const HOW_ELSE = 'A remote server with the same tools (an https address), or offer the product on a server of your own, where it can be started.';

/** Turns a server into a node with the chosen tools, or into an unsupported one that says why. */
export function serverNode(entry: McpEntry, chosen: readonly ListedTool[], index: number, taken: Taken): ServerNode {
  const id = unique(`mcp-${parameterName(entry.name || 'server')}`.slice(0, 100), taken.ids);
  const type = entry.kind === 'remote' ? 'remote MCP server' : `MCP server (${entry.kind})`;
  if (!entry.remote && entry.tools.length === 0) {
    const reason = entry.problem ?? 'It cannot be reached from here.';
    return {
      entry, ports: [], connections: [], parameters: [],
      node: { id, type: 'unsupported', name: entry.title.slice(0, 200), config: { originalType: type, reason }, position: toolPosition(index) },
      imported: importedTool(id, type, entry.title, { support: 'unsupported', mappedTo: null, reason, substitute: HOW_ELSE }),
    };
  }
  const tools = chosen.map((tool) => pinned(tool, taken.aliases));
  const connections = credentialsOf(entry, taken.connections);
  const config = {
    server: entry.title.slice(0, 200), url: entry.remote?.url ?? '', transport: entry.remote?.transport ?? 'streamable-http', revision: entry.remote?.revision ?? null,
    variables: Object.fromEntries(entry.remote?.variables.map(({ name, initial }) => [name, initial]) ?? []),
    headers: { ...entry.remote?.headers, ...Object.fromEntries(entry.remote?.headerGaps.map(({ name, initial }) => [name, initial]) ?? []) },
    credentials: connections.map(({ credential }) => credential),
    tools,
  };
  return {
    entry, connections: connections.map(({ credential, title }) => ({ key: credential.connection, title })),
    ports: tools.map(({ alias }) => toolPort(alias)),
    parameters: parametersOf(id, entry.remote, taken.names),
    node: { id, type: 'mcp.tools', name: entry.title.slice(0, 200), config, position: toolPosition(index) },
    imported: importedTool(id, type, entry.title, became(entry, tools)),
  };
}

function became({ remote, problem, tools: listed }: McpEntry, tools: readonly PinnedTool[]): Pick<ImportedNode, 'support' | 'mappedTo' | 'reason' | 'substitute'> {
  if (!remote) return { support: 'unsupported', mappedTo: null, reason: problem, substitute: 'Set the https address of a server that has these tools.' };
  const differences = [...remote.remarks];
  if (listed.length === 0) differences.push('The file does not list its tools. List them from the server and choose those the agent may call; until then it has none.');
  else if (tools.some(({ pin }) => pin === null)) differences.push('The file does not hold the whole definition of its tools. List them from the server and choose them again; until then they are off.');
  return { support: differences.length === 0 ? 'supported' : 'approximated', mappedTo: 'mcp.tools', reason: differences.length === 0 ? null : differences.join(' '), substitute: null };
}

function pinned({ name, description, schema, effect, pin }: ListedTool, aliases: Set<string>): PinnedTool {
  const refs = new LocalRefs(schema);
  return {
    name, effect, pin, alias: unique(toolName(name), aliases),
    description: plainText(description, TOOL_DESCRIPTION_CHARS_MAX),
    // An object, whatever the file says: arguments have names.
    parameters: { ...boundedSchema((bounds) => toolSchema({ ...schema, type: 'object' }, refs, bounds)) },
  };
}

function credentialsOf({ name, title, remote }: McpEntry, taken: Set<string>) {
  const prefix = parameterName(name.split('/').at(-1) ?? name);
  return (remote?.credentials ?? []).map(({ title: words, ...place }, index) => ({
    credential: { connection: unique(index === 0 ? prefix : `${prefix}_${parameterName(place.name || words)}`.slice(0, 90), taken), ...place },
    title: `${title}: ${words}`.slice(0, 120),
  }));
}

function parametersOf(node: string, remote: RemoteServer | null, names: Set<string>): FlowParameter[] {
  const setting = (name: string, title: string, path: string, exposed: boolean, more: { initial: string; description: string; choices: string[] }): FlowParameter => ({
    name: unique(parameterName(name), names), title: title.slice(0, 120), description: more.description.slice(0, 500), kind: more.choices.length > 1 ? 'choice' : 'text',
    choices: more.choices, default: more.initial, node, path, exposed,
  });
  return [
    setting('server_url', 'Address of the MCP server', 'url', false, { initial: remote?.url ?? '', description: 'Where the server is reached, beginning with https://.', choices: [] }),
    ...(remote?.variables ?? []).map((gap) => setting(gap.name, titleOf(gap.name), `variables.${gap.name}`, true, gap)),
    ...(remote?.headerGaps ?? []).filter(({ name }) => !name.includes('.')).map((gap) => setting(gap.name, titleOf(gap.name), `headers.${gap.name}`, true, gap)),
  ];
}
