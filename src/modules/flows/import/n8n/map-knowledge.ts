import { absorbed } from './fragment.ts';
import type { Mapper } from './mapper.ts';
import { mapKnowledgeTool } from './map-tools.ts';
import { StepBuilder } from './step-builder.ts';

const OWN = 'It searches the knowledge of the buyer, not the store of the seller.';

/** A vector store in each of its roles: filled, searched, lent to a retriever, or a tool of an agent. */
export const mapVectorStore: Mapper = (node, context) => {
  const step = new StepBuilder(node, context);
  const mode = step.fixed('mode') || (node.kind.endsWith('Insert') ? 'insert' : 'retrieve');
  if (mode === 'retrieve-as-tool') return mapKnowledgeTool(node, context);
  if (mode === 'insert' || mode === 'update') {
    step.add('knowledge.ingest', {});
    step.approximate('It stands for the knowledge of the buyer, which is filled by uploads and sources and not by the flow.');
    return step.fragment({ mappedTo: 'knowledge.ingest', inputPort: 'data', output: () => ({ node: node.id, port: 'passages' }) });
  }
  if (mode === 'load') {
    const topK = step.number('topK');
    const ask = step.add('transform.template', { template: step.text('prompt', '{{ item.chatInput ?? item.query ?? input.text }}') }, 'question', 'question');
    const search = step.add('knowledge.retrieve', { topK: topK === null || topK < 1 ? 4 : Math.min(100, Math.round(topK)) }, 'search', 'search');
    step.add('transform.map', { value: { document: { pageContent: '{{ item.text }}', metadata: { title: '{{ item.title }}', page: '{{ item.page }}', url: '{{ item.url }}' } }, score: '{{ item.score }}' } });
    step.link(ask, 'text', search, 'query');
    step.link(search, 'passages', node.id, 'input');
    step.approximate(OWN);
    return step.fragment({ mappedTo: 'knowledge.retrieve', input: () => ({ node: ask, port: 'input' }), outputPort: 'output' });
  }
  return absorbed('knowledge.retrieve', context.lending(node.id).length > 0 ? OWN : 'Nothing uses this store.');
};

