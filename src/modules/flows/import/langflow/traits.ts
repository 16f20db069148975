import type { ImportReport } from '../../contract.ts';
import type { Answer } from './answer.ts';
import type { ConvertedFlow } from './convert.ts';
import { TOOL_OUTPUTS } from './mapping.ts';
import { isStoreNode, tableName } from './store-names.ts';

const STREAMING: ReadonlySet<string> = new Set(['model.chat', 'agent.tools']);

/** What the flow visibly does. Counts what the author built, also where it cannot run here. */
export function traitsOf(converted: ConvertedFlow, answer: Answer, code: ImportReport['code']): ImportReport['traits'] {
  const { raw } = converted;
  const names = raw.nodes.map((node) => tableName(node.type));
  const types = new Map(answer.nodes.map((node) => [node.id, node.type]));
  const has = (type: string): boolean => answer.nodes.some((node) => node.type === type);
  return {
    chat: has('input.chat') || has('output.chat'),
    streaming: answer.edges.some((edge) => (types.get(edge.target) ?? '').startsWith('output.') && answer.part.has(edge.target) && STREAMING.has(types.get(edge.source) ?? '')),
    knowledge: raw.nodes.some(isStoreNode) || has('knowledge.retrieve') || has('knowledge.ingest'),
    memory: has('memory.history') || names.some((name) => name.endsWith('memory')) || has('agent.tools'),
    tools: raw.edges.some((edge) => edge.field === 'tools' || (edge.output !== null && TOOL_OUTPUTS.has(edge.output))),
    files: names.some((name) => ['file', 'directory', 'readfile'].includes(name)),
    images: names.some((name) => /image|dalle|vision/.test(name)),
    agents: names.filter((name) => name.endsWith('agent') || name === 'agentinitializer').length,
    code: code.some((piece) => piece.custom),
  };
}
