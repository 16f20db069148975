import type { FlowEdge, FlowNode } from '../../contract.ts';
import { read, readText } from '../plain.ts';
import type { ConvertedWorkflow } from './convert.ts';
import { isTrigger } from './kinds.ts';
import type { RawNode } from './raw-workflow.ts';
import type { WorkflowContext } from './workflow-context.ts';

const CHAT: ReadonlySet<string> = new Set(['langchain.chatTrigger', 'langchain.manualChatTrigger']);
/** What the chat of n8n shows of an item: its answer under the names that steps give it, else the item. */
const SHOWN = '{{ items[0]?.output ?? items[0]?.text ?? items[0]?.response?.text ?? items[0]?.response ?? items[0]?.message?.content ?? items[0] }}';

/**
 * Adds what a person or program gets back. n8n shows the last steps' items to who chats; a webhook that waits for the last
 * step gives its items. Steps that answer by themselves have done so already. Returns the added nodes and edges.
 */
export function answerNodes(context: WorkflowContext, { nodes, fragments, live }: ConvertedWorkflow): { nodes: FlowNode[]; edges: FlowEdge[] } {
  const made: { nodes: FlowNode[]; edges: FlowEdge[] } = { nodes: [], edges: [] };
  const starts = context.workflow.nodes.filter((node) => isTrigger(node) && live.has(node.id));
  // A chat that waits for a step that responds is answered by that step alone.
  const chats = starts.filter((node) => CHAT.has(node.kind) && !(readText(read(node.parameters, 'options'), 'responseMode') ?? '').startsWith('responseNode'));
  const waiting = starts.filter((node) => node.kind === 'base.webhook' && readText(node.parameters, 'responseMode') === 'lastNode');
  for (const end of endsAfter(chats, context)) addEnd(end, 'output.chat');
  for (const end of endsAfter(waiting, context)) addEnd(end, 'output.text');
  linkUnsupported();
  return made;

  function addEnd(end: RawNode, type: 'output.chat' | 'output.text'): void {
    const fragment = fragments.get(end.id);
    if (fragment?.kind !== 'steps' || nodes.some((node) => node.type.startsWith('output.') && node.id.startsWith(`${end.id}:`)) || made.nodes.some((node) => node.id === `${end.id}:answer`)) return;
    const from = fragment.output(0) ?? fragment.output(1);
    if (from === null) return;
    const output = { id: `${end.id}:answer`, type, name: 'Answer', config: {} };
    made.nodes.push(output);
    if (fragment.mappedTo === 'agent.tools') made.edges.push({ source: from.node, sourcePort: from.port, target: output.id, targetPort: 'input' });
    else if (type === 'output.text' && everyItem(context)) made.edges.push({ source: from.node, sourcePort: from.port, target: output.id, targetPort: 'input' });
    else {
      const config = type === 'output.chat' ? { template: SHOWN } : { template: '{{ items[0] }}' };
      made.nodes.push({ id: `${end.id}:words`, type: 'transform.template', name: 'Words of the answer', config });
      made.edges.push({ source: from.node, sourcePort: from.port, target: `${end.id}:words`, targetPort: 'input' }, { source: `${end.id}:words`, sourcePort: 'text', target: output.id, targetPort: 'input' });
    }
  }

  /** A step that cannot run here must keep the flow from counting as runnable, also where nothing follows it. */
  function linkUnsupported(): void {
    const ends = context.workflow.nodes.filter((node) => live.has(node.id) && fragments.get(node.id)?.kind === 'unsupported' && context.lending(node.id).length === 0);
    if (ends.length === 0) return;
    const output = [...nodes, ...made.nodes].find((node) => node.type === 'output.chat') ?? [...nodes, ...made.nodes].find((node) => node.type === 'output.text');
    const id = output?.id ?? 'end:of the workflow';
    if (output === undefined) made.nodes.push({ id, type: 'logic.pass', name: 'End', config: {} });
    for (const end of ends) made.edges.push({ source: end.id, sourcePort: 'output', target: id, targetPort: 'input' });
  }
}

const everyItem = (context: WorkflowContext): boolean => context.workflow.nodes.some((node) => node.kind === 'base.webhook' && read(node.parameters, 'responseData') === 'allEntries');

/** Steps that items reach from these starts and that nothing follows. */
function endsAfter(starts: readonly RawNode[], context: WorkflowContext): RawNode[] {
  const reached = context.afterAll(starts.map((start) => start.id));
  return [...reached].flatMap((id) => context.node(id) ?? []).filter((node) => context.outgoing(node.id).length === 0 || context.outgoing(node.id).every((edge) => edge.target === node.id));
}
