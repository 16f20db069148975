import { graphOfFlow, numberField, reachable, textField } from './graph.ts';
import type { Graph } from './graph.ts';
import { mapped } from './mapping.ts';
import type { Mapper } from './mapping.ts';
import type { RawEdge, RawFlow, RawNode } from './raw-flow.ts';

/** Inputs by which documents enter a store. */
const INGEST_FIELDS: readonly string[] = ['ingest_data', 'vector_store_inputs', 'documents', 'input_df', 'input_value', 'inputs', 'add_documents'];
const QUERY_FIELDS: readonly string[] = ['search_query', 'search_input', 'search', 'query', 'lexical_terms'];
const DEFAULT_STORE = 'Your buyers’ knowledge base takes the place of this store. Nothing in the old store is read; buyers upload their own documents.';

const isIngestEdge = (edge: RawEdge, isStore: (node: RawNode | undefined) => boolean, graph: Graph): boolean =>
  edge.field !== null && INGEST_FIELDS.includes(edge.field) && isStore(graph.node(edge.target));

/**
 * Nodes that only prepare documents for a store. Many flows hold two separate halves: one that fills the store and one
 * that answers from it; the first has no part in an answer.
 */
export function ingestingNodes(flow: RawFlow, isStore: (node: RawNode | undefined) => boolean): Set<string> {
  const graph = graphOfFlow(flow);
  const ingestEdges = flow.edges.filter((edge) => isIngestEdge(edge, isStore, graph));
  const filled = new Set(ingestEdges.map((edge) => edge.target));
  const feeding = new Set(ingestEdges.map((edge) => edge.source));
  const upstream = (id: string): string[] => graph.incoming(id).map((edge) => edge.source);
  const towardsStore = reachable(feeding, upstream);

  const answeringEdges = Map.groupBy(flow.edges.filter((edge) => !isIngestEdge(edge, isStore, graph)), (edge) => edge.target);
  const hasOtherUse = new Set(flow.edges.filter((edge) => !isIngestEdge(edge, isStore, graph)).map((edge) => edge.source));
  const ends = flow.nodes.filter((node) => !hasOtherUse.has(node.id) && !feeding.has(node.id) && !filled.has(node.id));
  const answering = reachable(ends.map((node) => node.id), (id) => (answeringEdges.get(id) ?? []).map((edge) => edge.source));

  const onlyFilled = [...filled].filter((id) => !answering.has(id) && graph.outgoing(id).length === 0);
  return new Set([...towardsStore].filter((id) => !answering.has(id)).concat(onlyFilled));
}

/** A store by its wiring: filled, searched, or both (then it becomes two nodes). */
export const mapStore: Mapper = (node, { graph, ingesting }) => {
  const filled = graph.incoming(node.id).some((edge) => edge.field !== null && INGEST_FIELDS.includes(edge.field));
  const searched = graph.outgoing(node.id).length > 0 || graph.incoming(node.id).some((edge) => edge.field !== null && QUERY_FIELDS.includes(edge.field));
  const onlyFilled = (filled && !searched) || ingesting.has(node.id) || (!searched && textField(node, 'mode').toLowerCase() === 'ingest');
  if (onlyFilled) return ingest(node, 'Buyers fill their knowledge base by uploading documents, so this step has nothing to do during a run.');

  const toIngest = filled ? 'ingest/' : '';
  return mapped('knowledge.retrieve', {
    config: topK(node),
    inputs: {
      ...ports(QUERY_FIELDS, 'query'),
      ...ports(INGEST_FIELDS, filled ? `${toIngest}data` : null),
      embedding: filled ? 'ingest/embedding' : null,
      embedding_model: filled ? 'ingest/embedding' : null,
      text_splitter: null,
      knowledge_base: null,
    },
    output: 'passages',
    constants: ['search_query', 'search_input', 'search', 'query'],
    companions: filled ? [{ suffix: 'ingest', type: 'knowledge.ingest', name: node.title, config: {} }] : [],
    approximated: DEFAULT_STORE,
  });
};

const ingest = (node: RawNode, reason: string): ReturnType<Mapper> =>
  mapped('knowledge.ingest', {
    inputs: { ...ports(INGEST_FIELDS, 'data'), ...ports(QUERY_FIELDS, null), embedding: 'embedding', embedding_model: 'embedding', knowledge_base: null },
    output: 'passages',
    approximated: reason,
  });

/** `RetrieverTool`: hands a store to an agent. The store itself offers the tool here. */
export const mapRetrieverTool: Mapper = (node, { graph }) =>
  mapped('knowledge.retrieve', {
    config: topK(graph.wiredTo(node.id, ['retriever']) ?? node),
    inputs: { retriever: null },
    output: 'passages',
    approximated: DEFAULT_STORE,
  });

/** A file of the seller: prepares documents for a store, or is read into the answer. */
export const mapFile: Mapper = (node, { ingesting }) =>
  ingesting.has(node.id)
    ? ingest(node, 'The seller’s own file is not part of the product. Buyers upload their documents instead.')
    : mapped('knowledge.retrieve', {
        inputs: { path: null, file_path: null },
        outputs: { message: 'text', text: 'text', dataframe: 'passages', data: 'passages' },
        output: 'passages',
        approximated: 'The buyer’s uploaded documents stand in for the seller’s file: the passages that fit the question are used, not the whole file.',
      });

const ports = <T extends string | null>(fields: readonly string[], port: T): Record<string, T> => Object.fromEntries(fields.map((field) => [field, port]));

const TOP_K_MAX = 100;

function topK(node: RawNode): Record<string, unknown> {
  const results = numberField(node, 'number_of_results', 'top_k', 'k');
  return results === null || results < 1 ? {} : { topK: Math.min(TOP_K_MAX, Math.round(results)) };
}
