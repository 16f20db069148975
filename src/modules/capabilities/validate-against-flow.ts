import { isOfferableName } from './contract/configuration/parameters.ts';
import type { Finding } from './contract/finding.ts';
import type { FlowShape, ImportReportShape } from './contract/flow-shape.ts';
import type { ProductCapabilities } from './contract/product-capabilities.ts';
import { flowFacts, takesMessages } from './flow-facts.ts';
import type { FlowFacts } from './flow-facts.ts';

export interface FlowEvidence {
  flow: FlowShape;
  /** Null for a flow that was not imported from a file. */
  report: ImportReportShape | null;
}

/**
 * Compares what a product declares with what its flow does: what the flow cannot deliver, and what it does or needs
 * without the declaration saying so. Errors come first. Empty when both agree.
 */
export const validateAgainstFlow = (capabilities: ProductCapabilities, evidence: FlowEvidence): readonly Finding[] => {
  const subject: Subject = { capabilities, ...evidence, engine: capabilities.runtime.engine.kind, facts: flowFacts(evidence.flow, evidence.report) };
  return CHECKS.flatMap((check) => [...check(subject)]).sort((a, b) => RANK[a.severity] - RANK[b.severity]);
};

interface Subject extends Required<FlowEvidence> {
  capabilities: ProductCapabilities;
  /** A remote one may run nodes that ours cannot. */
  engine: ProductCapabilities['runtime']['engine']['kind'];
  facts: FlowFacts;
}

/** Servers that take our message whatever their flow begins with, and are handed what the knowledge says. */
const takesOurMessage = ({ engine }: Subject): boolean => engine === 'n8n' || engine === 'http';

type Check = (subject: Subject) => Iterable<Finding>;

const RANK = { error: 0, warning: 1, hint: 2 } as const;
const NODES_LISTED_MAX = 50;

const error = (path: string, message: string): Finding => ({ severity: 'error', path, message });
const warning = (path: string, message: string): Finding => ({ severity: 'warning', path, message });
const hint = (path: string, message: string): Finding => ({ severity: 'hint', path, message });

function* reachability({ capabilities }: Subject): Iterable<Finding> {
  const { chat, widget, api, integrations } = capabilities.interfaces;
  const { enabled, triggers } = capabilities.configuration.workflowAdvanced;
  const triggered = enabled && Object.values(triggers).some((trigger) => trigger.enabled);
  if (![chat, widget, api, integrations].some((way) => way.enabled) && !triggered)
    yield error('interfaces', 'Buyers have no way to use this product. Offer chat, a widget, API access or a trigger.');
  if (api.enabled && api.protocols.length === 0) yield error('interfaces.api.protocols', 'API access is offered without a protocol. Choose at least one.');
  if (widget.enabled && widget.types.length === 0) yield error('interfaces.widget.types', 'A widget is offered without a type. Choose at least one.');
  if (chat.enabled && chat.modes.length === 0) yield error('interfaces.chat.modes', 'Chat is offered without a mode. Choose at least one.');
}

function* chat(subject: Subject): Iterable<Finding> {
  const { capabilities, facts } = subject;
  const { chat, widget } = capabilities.interfaces;
  const messages = takesMessages(facts.entries) || takesOurMessage(subject);
  if (chat.enabled && !messages) yield error('interfaces.chat.enabled', 'Chat is offered, but the flow has no chat or text input.');
  if (chat.enabled && !facts.answers && facts.fullyKnown && !takesOurMessage(subject))
    yield error('interfaces.chat.enabled', 'Chat is offered, but the flow has no output that could be the answer.');
  if (!chat.enabled && messages && capabilities.category !== 'automation')
    yield hint('interfaces.chat.enabled', 'The flow can hold a conversation. You could offer chat.');
  if (widget.enabled && !messages && !facts.takesFiles)
    yield warning('interfaces.widget.enabled', 'A widget is offered, but the flow takes no message or file from a person.');
}

function* chatFeatures({ capabilities, facts }: Subject): Iterable<Finding> {
  const { chat } = capabilities.interfaces;
  if (!chat.enabled) return;
  const { streaming, imageInput, fileUpload } = chat.features;
  if (streaming && !facts.generates && facts.fullyKnown)
    yield warning('interfaces.chat.features.streaming', 'Streaming is declared, but no node of the flow writes text with a model.');
  if (imageInput && !facts.seesImages) yield warning('interfaces.chat.features.imageInput', 'Image input is declared, but nothing in the flow looks at images.');
  if (fileUpload && !facts.takesFiles) yield warning('interfaces.chat.features.fileUpload', 'File upload is declared, but nothing in the flow reads files.');
  for (const mode of chat.modes)
    if (mode !== 'text' && !facts.hears) yield warning('interfaces.chat.modes', `The mode ${mode} is declared, but no node of the flow handles speech.`);
}

function* knowledge(subject: Subject): Iterable<Finding> {
  const { capabilities, flow, facts, engine } = subject;
  const { rag } = capabilities.configuration;
  if (rag.enabled && engine === 'langflow' && !flow.parameters.some(({ name }) => name === 'rag_context'))
    yield warning('configuration.rag.enabled', 'On a Langflow server the buyer’s knowledge reaches the flow only through a prompt variable called rag_context, which this flow does not have.');
  else if (rag.enabled && !facts.retrieves && engine === 'builtin')
    yield facts.mentionsKnowledge
      ? warning('configuration.rag.enabled', 'The flow stores knowledge but no node searches it for an answer.')
      : error('configuration.rag.enabled', 'Buyers could add knowledge that no answer uses: the flow never searches it.');
  if (!rag.enabled && facts.retrieves && engine === 'builtin')
    yield warning('configuration.rag.enabled', 'The flow searches knowledge, but buyers may not add any. It would always find nothing.');
  if (rag.enabled && !Object.values(rag.sources).some((source) => source.enabled))
    yield error('configuration.rag.sources', 'Knowledge is offered without a source. Allow at least one.');
}

function* persona({ capabilities, facts }: Subject): Iterable<Finding> {
  if (capabilities.configuration.persona.enabled && !facts.generates && facts.fullyKnown)
    yield warning('configuration.persona.enabled', 'Buyers could shape a persona, but no node of the flow writes text with a model.');
}

function* dependencies({ capabilities, flow }: Subject): Iterable<Finding> {
  const { models, services, mcpServers } = capabilities.runtime.dependencies;
  const missing = (needed: readonly string[], declared: readonly string[]) => [...new Set(needed)].filter((name) => !declared.includes(name));
  for (const name of missing(flow.requires.models, models)) yield warning('runtime.dependencies.models', `The flow names the model "${name}", which is not declared.`);
  for (const name of missing(flow.requires.connections, services)) yield warning('runtime.dependencies.services', `The flow needs a connection to "${name}", which is not declared.`);
  for (const name of missing(flow.requires.mcpServers, mcpServers)) yield error('runtime.dependencies.mcpServers', `The flow calls the MCP server "${name}", which is not declared.`);
}

function* parameters({ flow }: Subject): Iterable<Finding> {
  const nodes = new Set(flow.nodes.map((node) => node.id));
  const seen = new Set<string>();
  for (const parameter of flow.parameters.filter((candidate) => candidate.exposed)) {
    const path = `flow.parameters.${parameter.name}`;
    if (!isOfferableName(parameter.name)) yield error(path, `The parameter "${parameter.name}" cannot be offered under this name. Rename it: lower-case letters, digits and underscores.`);
    if (seen.has(parameter.name)) yield error(path, `Two parameters offered to buyers are called "${parameter.name}". Rename one.`);
    if (!nodes.has(parameter.node)) yield error(path, `The parameter "${parameter.name}" belongs to a node that is not in the flow.`);
    if (parameter.kind === 'choice' && parameter.choices.length === 0) yield warning(path, `The parameter "${parameter.name}" is a choice without choices; buyers will see a text field.`);
    seen.add(parameter.name);
  }
}

function* triggers({ capabilities, facts }: Subject): Iterable<Finding> {
  const { enabled, triggers } = capabilities.configuration.workflowAdvanced;
  if (facts.entries.has('webhook') && !(enabled && triggers.webhook.enabled))
    yield warning('configuration.workflowAdvanced.triggers.webhook.enabled', 'The flow starts from a webhook, which is not declared.');
  if (facts.entries.has('schedule') && !(enabled && triggers.schedule.enabled))
    yield warning('configuration.workflowAdvanced.triggers.schedule.enabled', 'The flow starts by the clock, which is not declared.');
}

function* runnability({ facts, engine, capabilities, flow }: Subject): Iterable<Finding> {
  const listed = facts.unsupported.slice(0, NODES_LISTED_MAX);
  if (engine !== 'builtin') {
    if (capabilities.runtime.engine.server === '') yield error('runtime.engine', 'Choose the server it runs on, and test the connection.');
    if (engine === 'langflow' && flow.origin?.format !== 'langflow') yield error('runtime.engine', 'Only a flow that was imported from Langflow can run on a Langflow server.');
    if (engine !== 'langflow' && capabilities.runtime.engine.server === 'operator') yield error('runtime.engine', 'Only Langflow is run by this marketplace itself. Choose a server of yours.');
    if (listed.length > 0) yield hint('runtime.deployment', `Steps that only the chosen server can run: ${facts.unsupported.length}.`);
    return;
  }
  if (!facts.runnable)
    yield error('runtime.deployment', 'This flow cannot be published on the built-in runtime. Replace the unsupported nodes, or choose a remote runtime.');
  const finding = facts.runnable ? warning : error;
  for (const node of listed) yield finding(`flow.nodes.${node.id}`, `${node.type} is not supported on the built-in runtime: ${node.reason}`);
  if (facts.unsupported.length > listed.length) yield finding('flow.nodes', `Further nodes that are not supported: ${facts.unsupported.length - listed.length}.`);
}

function* contents({ capabilities, report, engine }: Subject): Iterable<Finding> {
  const custom = report?.code.filter((piece) => piece.custom).length ?? 0;
  const { enabled, actions } = capabilities.configuration.workflowAdvanced;
  if (custom > 0 && engine === 'builtin' && !(enabled && actions.code.enabled))
    yield warning('configuration.workflowAdvanced.actions.code.enabled', `The file carries custom code (${custom} in all). It is kept for review and does not run.`);
  const stripped = [...new Set(report?.secrets.filter((secret) => secret.kind === 'stripped').map((secret) => secret.name))];
  if (stripped.length > 0) yield hint('flow.requires.secrets', `Credentials found in the file were removed: ${stripped.slice(0, 10).join(', ')}. Change them where they were issued.`);
}

const CHECKS: readonly Check[] = [
  runnability, reachability, chat, chatFeatures, knowledge, persona, dependencies, parameters, triggers, contents,
];
