import { Flow, ImportReport } from '../../contract.ts';
import type { ImportedOperation } from '../../contract.ts';
import { checkRunnable } from '../../engine/compile.ts';
import { cleanDefinition } from '../clean-definition.ts';
import type { ImportOutcome, Importer } from '../import-outcome.ts';
import { isRecord } from '../plain.ts';
import { bounded, distinct, nodesOf, strippedNotice } from '../report-parts.ts';
import { AGENT_TOOLS_MAX, agentEntryPoints, agentFlow, agentTraits, connectionTitle } from '../tools/agent-flow.ts';
import { instructionWarnings, readsLikeInstructions } from '../tools/tool-text.ts';
import { operationNode } from './operation-node.ts';
import type { OperationNode } from './operation-node.ts';
import { OPERATIONS_MAX, readApi } from './read-api.ts';
import type { Api, RawOperation } from './read-api.ts';
import { ApiSecurity } from './security.ts';
import { serverNodes } from './server-nodes.ts';

/** Most operations that are taken without being asked for: reading ones, in the document's order. */
const CHOSEN_BY_DEFAULT_MAX = 40;

/** Imports an OpenAPI document (2.0 to 3.1) as an agent whose tools are its operations. */
export const importOpenApi: Importer = ({ document, sha256, fallbackName, operations: wanted }) => {
  const clean = cleanDefinition(document);
  if (!isRecord(clean.value)) return damaged('The document is not an object.');
  const api = readApi(clean.value);
  if (!/^(?:2\.0|3\.[0-9])/.test(api.version)) return damaged(`This document says it is OpenAPI ${api.version || 'without a version'}. Versions 2.0 to 3.1 can be imported.`, 'openapi');
  if (api.operations.length === 0) {
    const message = api.webhooks > 0 ? 'This document only describes webhooks, which the API sends; there is nothing that can be called.'
      : api.refs.external.size > 0 ? `The operations of this document stand in other files (${[...api.refs.external].slice(0, 3).join(', ')}), and nothing is fetched. Import one document that holds everything.` : 'This document describes no operation that can be called.';
    return { kind: 'refused', code: 'empty', message, where: 'paths' };
  }
  const title = api.title || fallbackName || 'API';
  const chosen = choose(api.operations, wanted);
  const security = new ApiSecurity(api);
  const taken = { ids: new Set<string>(), names: new Set<string>() };
  const nodes = chosen.taken.map((operation, index) => operationNode(api, security, operation, index, taken));
  const servers = serverNodes(nodes);
  // What cannot be called stays beside the flow, where its author finds it; a flow of nothing else depends on it and says so.
  const callable = nodes.filter(({ server }) => server !== null);
  const connected = callable.length > 0 ? callable : nodes;
  const agent = agentFlow(title, connected.map(({ node }) => node));
  const origin: Flow['origin'] = { format: 'openapi', version: api.version, sha256 };
  const draft = reportOf(api, title, nodes, chosen.taken, [...agent.parameters, ...servers.parameters], security, clean.secrets);
  const flow = Flow.parse({
    nodes: [...agent.nodes, ...servers.nodes, ...nodes.filter((one) => !connected.includes(one)).map(({ node }) => node)],
    edges: [...agent.edges, ...servers.edges], parameters: draft.parameters, requires: draft.requires, origin,
  });
  const warnings = [...strippedNotice(clean.secrets), ...clean.warnings, ...chosen.warnings, ...warningsOf(api, nodes)];
  const report = ImportReport.parse({ ...draft, runnable: checkRunnable(flow).length === 0, warnings: bounded(warnings) });
  return { kind: 'imported', flow, report, definition: clean.value };
};

const damaged = (message: string, where?: string): ImportOutcome => ({ kind: 'refused', code: 'damaged', message, ...(where === undefined ? {} : { where }) });

/** The operations to take: those asked for, or the first reading ones that are not deprecated. */
function choose(operations: readonly RawOperation[], wanted: readonly string[] | undefined): { taken: RawOperation[]; warnings: string[] } {
  const warnings: string[] = [];
  if (wanted === undefined) {
    const reading = operations.filter((operation) => operation.effect === 'read' && !operation.deprecated);
    if (reading.length > CHOSEN_BY_DEFAULT_MAX) warnings.push(`The first ${CHOSEN_BY_DEFAULT_MAX} of ${reading.length} operations that only read were taken. Choose others where these do not fit.`);
    const writing = operations.filter((operation) => operation.effect === 'write').length;
    if (writing > 0) warnings.push(`${writing === 1 ? 'One operation that may change something was' : `${writing} operations that may change something were`} left out. Choose ${writing === 1 ? 'it' : 'them'} where the agent should be able to.`);
    return { taken: reading.slice(0, CHOSEN_BY_DEFAULT_MAX), warnings };
  }
  const asked = new Set(wanted);
  const found = operations.filter((operation) => asked.has(operation.id));
  const unknown = [...asked].filter((id) => !found.some((operation) => operation.id === id));
  if (unknown.length > 0) warnings.push(`There is no operation ${unknown.slice(0, 5).map((id) => `“${id.slice(0, 80)}”`).join(', ')} in the document.`);
  if (found.length > AGENT_TOOLS_MAX) warnings.push(`An agent takes at most ${AGENT_TOOLS_MAX} tools; the first ${AGENT_TOOLS_MAX} of ${found.length} were taken.`);
  return { taken: found.slice(0, AGENT_TOOLS_MAX), warnings };
}

function reportOf(api: Api, title: string, nodes: readonly OperationNode[], taken: readonly RawOperation[], parameters: ImportReport['parameters'], security: ApiSecurity, secrets: ImportReport['secrets']): Omit<ImportReport, 'runnable' | 'warnings'> {
  const ids = new Set(taken.map((operation) => operation.id));
  const keys = distinct(nodes.flatMap((node) => node.connections));
  return {
    format: 'openapi', version: api.version, name: title, description: api.description,
    nodes: nodesOf(nodes.map(({ imported }) => imported)),
    secrets, parameters,
    entryPoints: agentEntryPoints,
    connections: keys.map((key) => {
      const users = nodes.filter((node) => node.connections.includes(key));
      return { key, connector: 'http', title: connectionTitle(security.titleOf(key, title), users[0]?.server?.url ?? ''), nodes: users.map(({ node }) => node.id) };
    }),
    operations: api.operations.map(({ id, title: words, method, effect }): ImportedOperation => ({ id, title: words, method, effect, chosen: ids.has(id) })),
    requires: { models: [], connections: keys, secrets: [], mcpServers: [] },
    code: [],
    traits: agentTraits(nodes.filter(({ server }) => server !== null).length),
  };
}

function warningsOf(api: Api, nodes: readonly OperationNode[]): string[] {
  const suspicious = nodes.filter(({ operation }) => readsLikeInstructions(JSON.stringify(operation.raw))).map(({ operation }) => operation.id);
  return [
    ...distinct(nodes.flatMap(({ server }) => server?.remarks ?? [])),
    ...instructionWarnings(suspicious, 'operation'),
    ...(api.total > OPERATIONS_MAX ? [`The document has ${api.total.toLocaleString('en')} operations; the first ${OPERATIONS_MAX.toLocaleString('en')} are listed.`] : []),
    ...(api.webhooks > 0 ? [`${api.webhooks === 1 ? 'A webhook is' : `${api.webhooks} webhooks are`} described, which the API sends. They are not part of this import.`] : []),
    ...(api.refs.external.size > 0 ? [`Parts of the document stand in other files (${[...api.refs.external].slice(0, 3).join(', ')}) and were left out: nothing is fetched. Import one document that holds everything.`] : []),
    ...(api.refs.missing.size > 0 ? [`The document refers to parts it does not have (${[...api.refs.missing].slice(0, 3).join(', ')}). They were left open.`] : []),
  ];
}
