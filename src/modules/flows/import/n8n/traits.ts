import type { FlowNode, ImportReport } from '../../contract.ts';
import type { ConvertedWorkflow } from './convert.ts';
import { codeIn } from './map-code.ts';
import type { RawWorkflow } from './raw-workflow.ts';
import type { WorkflowContext } from './workflow-context.ts';

/** What the workflow visibly does, also where a step of it cannot run here. */
export function traitsOf(raw: RawWorkflow, context: WorkflowContext, { live }: ConvertedWorkflow, nodes: readonly FlowNode[]): ImportReport['traits'] {
  const kinds = raw.nodes.filter((node) => live.has(node.id)).map((node) => node.kind);
  const has = (type: string): boolean => nodes.some((node) => node.type === type);
  return {
    chat: has('input.chat') || has('output.chat'),
    streaming: nodes.some((node) => node.type === 'agent.tools'),
    knowledge: kinds.some((kind) => /^langchain\.(?:vectorStore|retriever|chainRetrievalQa|toolVectorStore)/.test(kind)),
    memory: kinds.some((kind) => kind.startsWith('langchain.memory')),
    tools: raw.nodes.some((node) => context.incoming(node.id, 'ai_tool').length > 0),
    files: kinds.some((kind) => /^base\.(?:extractFromFile|convertToFile|spreadsheetFile|readPDF|readWriteFile|readBinary|writeBinary|moveBinaryData)/.test(kind)),
    images: raw.nodes.some((node) => /^langchain\.(?:openAi|googleGemini|anthropic)$/.test(node.kind) && node.parameters['resource'] === 'image') || kinds.includes('base.editImage'),
    agents: kinds.filter((kind) => kind === 'langchain.agent' || kind === 'langchain.openAiAssistant').length,
    code: raw.nodes.some((node) => codeIn(node.parameters) !== null || node.kind === 'langchain.code'),
  };
}
