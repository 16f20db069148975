import type { RawNode } from './raw-flow.ts';

/** A component name as the table spells it: lower case, without the suffix some versions carry. */
export const tableName = (type: string): string => type.toLowerCase().replace(/[\s_-]+/g, '').replace(/component$/, '');

/** Vector stores and knowledge bases; all of them become the buyer's knowledge base. */
const STORES: ReadonlySet<string> = new Set([
  'astradb', 'astradbgraph', 'astravectorstore', 'astradbvectorstore', 'astradbsearch', 'cassandra', 'cassandragraph', 'chroma', 'chromadb', 'chromasearch',
  'clickhouse', 'couchbase', 'elasticsearch', 'faiss', 'graphrag', 'hcd', 'localdb', 'milvus', 'mongodbatlasvector', 'mongodbatlas', 'opensearch',
  'opensearchvectorstore', 'opensearchvectorstoremultimodalmultiembedding', 'pgvector', 'pgvectorstore', 'pinecone', 'qdrant', 'qdrantvectorstore', 'redis',
  'redisvectorstore', 'supabase', 'supabasevectorstore', 'upstash', 'vectara', 'vectararag', 'vectaraselfquery', 'vectorstore', 'weaviate',
  'weaviatevectorstore', 'needle', 'needleretriever', 'amazonkendra', 'knowledge', 'knowledgebase', 'knowledgeingestion', 'knowledgeretrieval', 'kbingestion', 'kbretrieval', 'oracledb',
]);

/** By name, or for stores newer than this list by what the component says it is. */
export const isStoreNode = (node: RawNode | undefined): boolean =>
  node !== undefined && (STORES.has(tableName(node.type)) || node.baseClasses.includes('VectorStore') || (node.outputs.some((output) => output.name === 'search_results') && node.fields.has('ingest_data')));
