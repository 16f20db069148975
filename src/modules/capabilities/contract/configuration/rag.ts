import { z } from 'zod';
import {
  CHUNKING_STRATEGIES, CHUNK_OVERLAP, CHUNK_SIZE, CITATION_FORMATS, GROUNDING_FALLBACKS, HISTORY_TURNS, SEARCH_METHODS, TOP_K,
} from '../rag.ts';
import { section } from './section.ts';
import { choice, onOff, share, whole } from './values.ts';

const chunkingFields = {
  strategy: choice(CHUNKING_STRATEGIES, 'Splitting', 'How your documents are cut into pieces.'),
  chunkSize: whole(CHUNK_SIZE, 'Piece size', 'Length of a piece.', { unit: 'tokens', step: 64 }),
  overlap: whole(CHUNK_OVERLAP, 'Overlap', 'How much neighbouring pieces share.', { unit: 'tokens', step: 10 }),
};

export const rag = section({
  key: 'rag',
  title: 'Knowledge settings',
  description: 'How answers are drawn from your knowledge.',
  fields: {
    topK: whole(TOP_K, 'Results per question', 'How many passages an answer may rest on.'),
    method: choice(SEARCH_METHODS, 'Search method', 'By meaning (vector), by words (keyword), or both (hybrid).'),
    reranking: onOff('Reranking', 'A second look puts the best passages first.'),
    strictMode: onOff('Strict mode', 'Answer only from your knowledge.'),
    fallback: choice(GROUNDING_FALLBACKS, 'When nothing is found', 'Refuse, answer from general knowledge, or hand over to a person.'),
    confidenceThreshold: share('Confidence', 'Passages below this count as not found.', { advanced: true }),
    citations: choice(CITATION_FORMATS, 'Citations', 'Where sources appear in an answer.'),
    includeSnippets: onOff('Show excerpts', 'Sources show the passage used.'),
    chunking: z.strictObject(chunkingFields).meta({ title: 'Chunking', description: 'How your documents are split. A change takes effect as they are indexed again.', ui: { advanced: true } }),
    historyTurns: whole(HISTORY_TURNS, 'Remembered messages', 'How many earlier messages help to understand a question.', { advanced: true }),
  },
  initial: ({ configuration: { rag: { retrieval, generation, processing } } }) => ({
    topK: retrieval.search.topK,
    method: retrieval.search.method,
    reranking: retrieval.reranking.enabled,
    strictMode: generation.grounding.strictMode,
    fallback: generation.grounding.fallbackBehavior,
    confidenceThreshold: generation.grounding.confidenceThreshold,
    citations: retrieval.citations.enabled ? retrieval.citations.format : 'none',
    includeSnippets: retrieval.citations.enabled && retrieval.citations.includeSnippets,
    chunking: { strategy: processing.chunking.strategy, chunkSize: processing.chunking.chunkSize, overlap: processing.chunking.overlap },
    historyTurns: generation.context.includeHistory ? generation.context.historyTurns : 0,
  }),
  open: ({ configuration: { rag: { enabled, retrieval, generation, processing } } }) => ({
    topK: enabled && retrieval.search.customizable,
    method: enabled && retrieval.search.customizable,
    reranking: enabled && retrieval.search.customizable && retrieval.reranking.enabled,
    strictMode: enabled,
    fallback: enabled,
    confidenceThreshold: enabled,
    citations: enabled && retrieval.citations.enabled,
    includeSnippets: enabled && retrieval.citations.enabled,
    chunking: enabled && processing.chunking.customizable,
    historyTurns: enabled && generation.context.includeHistory,
  }),
  narrowed: ({ configuration: { rag: { processing: { chunking } } } }) => ({
    chunking: z.strictObject({
      strategy: chunkingFields.strategy.default(chunking.strategy),
      chunkSize: chunkingFields.chunkSize.default(chunking.chunkSize),
      overlap: chunkingFields.overlap.default(chunking.overlap),
    }).refine(({ chunkSize, overlap }) => overlap < chunkSize, { path: ['overlap'], message: 'The overlap must be smaller than the piece.' }),
  }),
});
