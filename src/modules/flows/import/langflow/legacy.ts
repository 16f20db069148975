import { templateVariables } from '../../nodes/prompt/template-text.ts';
import type { RawFlow, RawNode } from './raw-flow.ts';
import { tableName } from './store-names.ts';
import { graphOfFlow, textField } from './graph.ts';

const CHAINS: ReadonlySet<string> = new Set(['llmchain', 'conversationchain', 'agentinitializer']);
/** Names that chains before 1.0 gave to what the person writes, most usual first. */
const QUESTION_NAMES = ['input', 'text', 'question', 'query', 'human_input', 'user_input', 'message'];

/**
 * Flows before 1.0 have no chat nodes: the runtime asked the person for the open variable of the prompt, handed the
 * memory to the chain and showed the chain's answer. This writes those three facts out as nodes and edges.
 */
export function withLegacyWiring(flow: RawFlow): RawFlow {
  if (!flow.nodes.some((node) => CHAINS.has(tableName(node.type)))) return flow;
  const graph = graphOfFlow(flow);
  const nodes = [...flow.nodes];
  const edges = [...flow.edges];
  const warnings = [...flow.warnings];
  const ids = new Set(nodes.map((node) => node.id));
  let chatInput = nodes.find((node) => tableName(node.type) === 'chatinput')?.id;
  const inputId = (): string => {
    if (chatInput === undefined) {
      chatInput = freeId('chat-input', ids);
      nodes.push(addedNode(chatInput, 'ChatInput', 'Chat input'));
      warnings.push('The flow is from before Langflow 1.0 and has no chat input. One was added.');
    }
    return chatInput;
  };

  for (const chain of flow.nodes.filter((node) => CHAINS.has(tableName(node.type)))) {
    const prompt = graph.wiredTo(chain.id, ['prompt']);
    const memory = graph.wiredTo(chain.id, ['memory']);
    if (prompt === undefined) {
      if (!graph.incoming(chain.id).some((edge) => ['inputs', 'input', 'input_value'].includes(edge.field ?? ''))) {
        edges.push({ source: inputId(), output: 'message', target: chain.id, field: 'input_value', feedback: false });
      }
      continue;
    }
    const open = templateVariables(textField(prompt, 'template'), false).filter((name) => !graph.isWired(prompt.id, name) && textField(prompt, name) === '');
    const remembered = memory === undefined ? undefined : textField(memory, 'memory_key') || 'history';
    if (memory !== undefined && remembered !== undefined && open.includes(remembered)) {
      edges.push({ source: memory.id, output: null, target: prompt.id, field: remembered, feedback: false });
    }
    const questions = open.filter((name) => name !== remembered);
    const question = QUESTION_NAMES.find((name) => questions.includes(name)) ?? questions.at(-1);
    if (question !== undefined) edges.push({ source: inputId(), output: 'message', target: prompt.id, field: question, feedback: false });
  }
  return { ...flow, nodes, edges, warnings };
}

function freeId(wanted: string, ids: Set<string>): string {
  let id = wanted;
  for (let copy = 2; ids.has(id); copy += 1) id = `${wanted}~${copy}`;
  ids.add(id);
  return id;
}

/** A node the file does not have. */
const addedNode = (id: string, type: string, title: string): RawNode => ({
  id, type, title, fields: new Map(), outputs: [], baseClasses: [], module: '', toolMode: false, edited: false, code: null, position: undefined,
});
