import { z } from 'zod';
import { EngineError, type EngineChunk, type EnginePassage, type EngineQuery, type KnowledgeEngine } from '#modules/knowledge/ports.ts';
import { PAGE, PAGES_MAX, ragflowClient, SERVER, type RagflowClient, type RagflowOptions } from './ragflow-client.ts';
import { addDocument, listDocuments, parseDocuments, removeDocuments } from './ragflow-documents.ts';

/** Parsing takes it from a moment to minutes. */
const PAUSES_MS = [200, 500, 1_000, 2_000, 4_000];

/** Keeps, cuts and searches documents on a RAGFlow server, over its HTTP API (v1, as of RAGFlow 0.17 and newer). */
export function ragflowEngine(options: RagflowOptions & { close?: () => Promise<void> }): KnowledgeEngine {
  const client = ragflowClient(options);
  return {
    title: SERVER, pausesMs: PAUSES_MS,
    async probe(signal) {
      const { total_datasets: datasets } = await client.call({ method: 'GET', path: '/datasets?page=1&page_size=1', answer: Datasets }, signal);
      return { datasets: datasets ?? null };
    },
    ensureDataset: async (name, signal) => await findDataset(client, name, signal) ?? createDataset(client, name, signal),
    findDataset: async (name, signal) => findDataset(client, name, signal),
    async removeDataset(name, signal) {
      const id = await findDataset(client, name, signal);
      if (id !== null) await deleteDataset(client, id, signal);
    },
    addDocument: async (dataset, file, signal) => addDocument(client, dataset, file, signal),
    parse: async (dataset, documents, signal) => parseDocuments(client, dataset, documents, signal),
    documents: async (dataset, signal) => listDocuments(client, dataset, signal),
    removeDocuments: async (dataset, documents, signal) => removeDocuments(client, dataset, documents, signal),
    search: async (query, signal) => search(client, query, signal),
    chunks: async (dataset, document, signal) => chunks(client, dataset, document, signal),
    close: async () => { await options.close?.(); },
  };
}

const Dataset = z.looseObject({ id: z.string().min(1), name: z.string() });
const Datasets = z.looseObject({ data: z.array(Dataset), total_datasets: z.number().nullish() });

/** The filter may match more than the name, so what comes back is compared. A name that matches nothing is an error there. */
async function findDataset(client: RagflowClient, name: string, signal: AbortSignal): Promise<string | null> {
  try {
    const { data } = await client.call({ method: 'GET', path: `/datasets?page=1&page_size=${PAGE}&name=${encodeURIComponent(name)}`, answer: Datasets }, signal);
    return data.find((dataset) => dataset.name === name)?.id ?? null;
  } catch (error) {
    if (error instanceof EngineError && error.code === 'not-found') return null;
    throw error;
  }
}

async function createDataset(client: RagflowClient, name: string, signal: AbortSignal): Promise<string> {
  let made: z.infer<typeof Dataset> | null = null;
  try {
    made = (await client.call({ method: 'POST', path: '/datasets', body: { name, permission: 'me' }, answer: z.looseObject({ data: Dataset }) }, signal)).data;
  } catch (error) {
    // Older servers refuse a name that somebody else made meanwhile; it is there then.
    const found = error instanceof EngineError && error.code === 'failed' ? await findDataset(client, name, signal) : null;
    if (found === null) throw error;
    return found;
  }
  if (made.name === name) return made.id;
  // Newer ones give the second of two that are made at once another name.
  await deleteDataset(client, made.id, signal);
  const found = await findDataset(client, name, signal);
  if (found === null) throw new EngineError('bad-answer', `${SERVER} gave the dataset another name.`);
  return found;
}

/** Always with an id: older servers take a call without ids for all datasets. */
const deleteDataset = async (client: RagflowClient, id: string, signal: AbortSignal): Promise<void> => {
  await client.call({ method: 'DELETE', path: '/datasets', body: { ids: [id] }, answer: z.unknown() }, signal);
};

const Chunk = z.looseObject({ id: z.string().min(1), content: z.string(), document_id: z.string().min(1), positions: z.unknown().optional() });
const Found = z.looseObject({ data: z.looseObject({ chunks: z.array(Chunk.extend({ similarity: z.number(), dataset_id: z.unknown().optional() })) }) });
const Listed = z.looseObject({ data: z.looseObject({ chunks: z.array(Chunk) }) });

async function search(client: RagflowClient, { dataset, query, topK, similarityMin, vectorWeight, documents }: EngineQuery, signal: AbortSignal): Promise<EnginePassage[]> {
  // Without ids the server would search them all.
  if (documents?.length === 0) return [];
  const { data } = await client.call({
    method: 'POST', path: '/retrieval', answer: Found, timeout: 'searchMs', repeatable: true,
    body: {
      question: query, dataset_ids: [dataset], page: 1, page_size: topK, similarity_threshold: similarityMin,
      ...(vectorWeight === undefined ? {} : { vector_similarity_weight: vectorWeight }), ...(documents === undefined ? {} : { document_ids: documents }),
    },
  }, signal);
  return data.chunks.filter((chunk) => typeof chunk.dataset_id !== 'string' || chunk.dataset_id === dataset).slice(0, topK)
    .map((chunk) => ({ ...pieceOf(chunk), similarity: Math.min(1, Math.max(0, chunk.similarity)) }));
}

async function chunks(client: RagflowClient, dataset: string, document: string, signal: AbortSignal): Promise<EngineChunk[]> {
  const all: EngineChunk[] = [];
  for (let page = 1; page <= PAGES_MAX; page++) {
    const { data } = await client.call({ method: 'GET', path: `/datasets/${encodeURIComponent(dataset)}/documents/${encodeURIComponent(document)}/chunks?page=${page}&page_size=${PAGE}`, answer: Listed }, signal);
    all.push(...data.chunks.map(pieceOf));
    if (data.chunks.length < PAGE) return all;
  }
  throw new EngineError('bad-answer', `${SERVER} lists more pieces of a document than there can be.`);
}

const pieceOf = ({ id, document_id: document, content: text, positions }: z.infer<typeof Chunk>): EngineChunk => ({ id, document, text, page: pageOf(positions) });

/** The page of the first place: `[[page, left, right, top, bottom], …]`, empty or `[""]` where there is none. */
const pageOf = (positions: unknown): number | null => {
  const places = z.tuple([z.tuple([z.int().min(1)], z.unknown())], z.unknown()).safeParse(positions);
  return places.success ? places.data[0][0] : null;
};
