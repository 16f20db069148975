import { Flow, ImportReport } from '../../contract.ts';
import type { ImportedOperation } from '../../contract.ts';
import { checkRunnable } from '../../engine/compile.ts';
import { cleanDefinition } from '../clean-definition.ts';
import type { FoundSecret } from '../clean-definition.ts';
import type { Importer } from '../import-outcome.ts';
import { bounded, distinct, mergeSecrets, nodesOf, strippedNotice } from '../report-parts.ts';
import { AGENT_TOOLS_MAX, agentEntryPoints, agentFlow, agentTraits, connectionTitle } from '../tools/agent-flow.ts';
import { instructionWarnings, readsLikeInstructions } from '../tools/tool-text.ts';
import type { ListedTool, McpEntry } from './mcp-entry.ts';
import { readEntries } from './read-entries.ts';
import { serverNode } from './server-node.ts';
import type { ServerNode } from './server-node.ts';
import { stripArguments } from './strip-arguments.ts';

/** Most tools that are taken without being asked for: those that only read, in the file's order. */
const CHOSEN_BY_DEFAULT_MAX = 40;

/** Imports a description of MCP servers or of their tools as an agent that may call them. */
export const importMcp: Importer = ({ document, sha256, fallbackName, operations: wanted }) => {
  const clean = cleanDefinition(document);
  const entries = readEntries(clean.value, fallbackName || 'MCP server');
  if (entries.length === 0) return { kind: 'refused', code: 'empty', message: 'This file describes no MCP server and no tool.' };
  const secrets = mergeSecrets(clean.secrets, [...stripArguments(clean.value), ...entries.flatMap(required)]);
  const offered = entries.flatMap((entry) => entry.tools.map((tool) => ({ entry, tool, id: entries.length > 1 ? `${entry.name}/${tool.name}` : tool.name })));
  const chosen = choose(offered, wanted);
  const taken = { ids: new Set<string>(), names: new Set(['instructions']), aliases: new Set<string>(), connections: new Set<string>() };
  const servers = entries.map((entry, index) => serverNode(entry, chosen.taken.filter((one) => one.entry === entry).map(({ tool }) => tool), index, taken));
  const [first] = entries;
  const title = entries.length === 1 && first ? first.title : fallbackName || `${entries.length} MCP servers`;
  // A server that has no address yet is part of the flow, which so says that it cannot run; so is one that cannot run, where there is no other.
  const tools = servers.filter(({ node }) => node.type === 'mcp.tools');
  const connected = tools.length > 0 ? tools : servers;
  const agent = agentFlow(title, connected.map(({ node }) => node), (node) => (node.type === 'mcp.tools' ? connected.find((server) => server.node === node)?.ports ?? [] : ['tool']));
  const draft = reportOf(entries, title, servers, offered.map((one) => ({ ...one, chosen: chosen.taken.includes(one) })), [...agent.parameters, ...servers.flatMap(({ parameters }) => parameters)], secrets);
  const flow = Flow.parse({
    nodes: [...agent.nodes, ...servers.filter((server) => !connected.includes(server)).map(({ node }) => node)], edges: agent.edges,
    parameters: draft.parameters, requires: draft.requires, origin: { format: 'mcp', version: draft.version, sha256 },
  });
  const report = ImportReport.parse({ ...draft, runnable: checkRunnable(flow).length === 0, warnings: bounded([...strippedNotice(secrets), ...clean.warnings, ...chosen.warnings, ...warningsOf(servers)]) });
  return { kind: 'imported', flow, report, definition: clean.value };
};

const required = ({ name, secrets }: McpEntry): FoundSecret[] => secrets.map((secret) => ({ name: secret, node: name.slice(0, 200), field: 'env', kind: 'required' }));

interface Offered { entry: McpEntry; tool: ListedTool; id: string }

function choose(offered: readonly Offered[], wanted: readonly string[] | undefined): { taken: Offered[]; warnings: string[] } {
  const warnings: string[] = [];
  if (wanted === undefined) {
    const reading = offered.filter(({ tool }) => tool.effect === 'read');
    const writing = offered.length - reading.length;
    if (reading.length > CHOSEN_BY_DEFAULT_MAX) warnings.push(`The first ${CHOSEN_BY_DEFAULT_MAX} of ${reading.length} tools that only read were taken. Choose others where these do not fit.`);
    if (writing > 0) warnings.push(`${writing === 1 ? 'One tool that may change something, or does not say that it only reads, was' : `${writing} tools that may change something, or do not say that they only read, were`} left out. Choose ${writing === 1 ? 'it' : 'them'} where the agent should have ${writing === 1 ? 'it' : 'them'}.`);
    return { taken: reading.slice(0, CHOSEN_BY_DEFAULT_MAX), warnings };
  }
  const asked = new Set(wanted);
  const found = offered.filter(({ id }) => asked.has(id));
  const unknown = [...asked].filter((id) => !found.some((one) => one.id === id));
  if (unknown.length > 0) warnings.push(`There is no tool ${unknown.slice(0, 5).map((id) => `“${id.slice(0, 80)}”`).join(', ')} in the file.`);
  if (found.length > AGENT_TOOLS_MAX) warnings.push(`An agent takes at most ${AGENT_TOOLS_MAX} tools; the first ${AGENT_TOOLS_MAX} of ${found.length} were taken.`);
  return { taken: found.slice(0, AGENT_TOOLS_MAX), warnings };
}

function reportOf(entries: readonly McpEntry[], title: string, servers: readonly ServerNode[], offered: readonly (Offered & { chosen: boolean })[], parameters: ImportReport['parameters'], secrets: FoundSecret[]): Omit<ImportReport, 'runnable' | 'warnings'> {
  const connections = servers.flatMap(({ entry, node, connections: own }) => own.map(({ key, title: words }) => ({ key, connector: 'http', title: connectionTitle(words, entry.remote?.url ?? ''), nodes: [node.id] })));
  const [first] = entries;
  return {
    format: 'mcp', version: entries.length === 1 && first ? first.version : null, name: title, description: entries.length === 1 && first ? first.description : '',
    nodes: nodesOf(servers.map(({ imported }) => imported)),
    secrets, parameters, entryPoints: agentEntryPoints, connections,
    operations: offered.map(({ id, tool, chosen }): ImportedOperation => ({ id, title: tool.title, method: 'tool', effect: tool.effect, chosen })),
    requires: {
      models: [], connections: connections.map(({ key }) => key), mcpServers: distinct(entries.map(({ name }) => name)),
      secrets: distinct(secrets.filter(({ kind }) => kind === 'required').map(({ name }) => name)),
    },
    code: [], traits: agentTraits(servers.flatMap(({ ports }) => ports).length),
  };
}

function warningsOf(servers: readonly ServerNode[]): string[] {
  const suspicious = servers.flatMap(({ entry }) => entry.tools.filter((tool) => readsLikeInstructions(JSON.stringify([tool.description, tool.schema]))).map(({ name }) => name));
  return [
    ...servers.flatMap(({ entry, imported }) => (imported.reason === null ? [] : [`${entry.title}: ${imported.reason}`])),
    ...instructionWarnings(suspicious, 'tool'),
  ];
}
