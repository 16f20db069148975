import type { FlowiseContext } from './flowise-context.ts';
import { modelNamed } from './flowise-context.ts';
import type { RawNode } from './read-flowise.ts';

/** Nodes that only lend themselves to others: what each becomes, and how that differs. */
const LENDERS: readonly { test(node: RawNode): boolean; becomes: string; differs: string | null }[] = [
  { test: (node) => /^Embeddings$/i.test(node.category) || /embedding/i.test(node.kind), becomes: 'model.embedding', differs: 'Documents are indexed by the platform’s own embedding model.' },
  { test: (node) => /^(?:Chat Models|LLMs)$/i.test(node.category) || node.baseClasses.some((one) => /^BaseChatModel|^BaseLLM/.test(one)), becomes: 'model.chat', differs: null },
  { test: (node) => /^Memory$/i.test(node.category), becomes: 'memory.history', differs: null },
  { test: (node) => /^Text Splitters$/i.test(node.category), becomes: 'knowledge.ingest', differs: 'Documents are cut by the platform.' },
  { test: (node) => /^Document Loaders$/i.test(node.category), becomes: 'knowledge.ingest', differs: 'The buyer’s own documents take the place of those loaded here.' },
  { test: (node) => /^(?:Vector Stores|Retrievers|Record Manager|Graph)$/i.test(node.category), becomes: 'knowledge.retrieve', differs: 'The buyer’s own knowledge takes the place of this store.' },
  { test: (node) => /^Output Parsers$/i.test(node.category), becomes: 'agent.each', differs: null },
  { test: (node) => /^Prompts$/i.test(node.category), becomes: 'transform.template', differs: null },
  { test: (node) => /^Response Synthesizer$/i.test(node.category), becomes: 'transform.template', differs: 'All passages go to the model at once instead of one after the other.' },
  { test: (node) => /^Moderation$/i.test(node.category), becomes: 'logic.if', differs: null },
  { test: (node) => /^Cache$/i.test(node.category), becomes: 'logic.pass', differs: 'Answers are not kept for later; every question is asked again.' },
  { test: (node) => /^(?:Speech|Text)[- ]?to[- ]?(?:Text|Speech)$/i.test(node.category), becomes: 'logic.pass', differs: 'Voices are a setting of the platform, not of the flow.' },
  { test: (node) => node.kind === 'analytic' || /^Analytic$/i.test(node.category), becomes: 'logic.pass', differs: 'Runs are traced by the platform itself.' },
];

/** Notes what became of every node that lends itself and was not mapped by who borrows it. */
export function absorbLenders(context: FlowiseContext): void {
  for (const node of context.flow.nodes) {
    const step = context.step(node.id);
    if (step.mappedTo !== null || step.refusal !== null) continue;
    const lender = LENDERS.find((one) => one.test(node));
    if (lender === undefined) continue;
    step.absorb(lender.becomes, lender.differs);
    const model = lender.becomes === 'model.chat' ? modelNamed(node.inputs) : null;
    if (model !== null) step.models.push(model);
  }
}
