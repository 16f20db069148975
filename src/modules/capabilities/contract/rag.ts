import { z } from 'zod';
import { anyOf, count, flag, label, names, oneOf } from './leaves.ts';

export const DOCUMENT_FORMATS = ['pdf', 'docx', 'txt', 'md', 'html', 'csv', 'xlsx', 'pptx', 'odt', 'epub', 'eml'] as const;
/** What a declaration that names no formats has always meant; it must not grow under products already sold. */
const DOCUMENT_FORMATS_DEFAULT = ['pdf', 'docx', 'txt', 'md', 'html', 'csv', 'xlsx'] as const;
export const REFRESH_INTERVALS = ['never', 'realtime', 'hourly', 'daily', 'weekly', 'monthly'] as const;
export const DATABASE_ENGINES = ['postgres', 'mysql', 'mongodb', 'snowflake'] as const;
export const API_AUTH_METHODS = ['api_key', 'oauth2', 'basic'] as const;
const QA_IMPORT_FORMATS = ['csv', 'json'] as const;
export const SEARCH_METHODS = ['vector', 'hybrid', 'keyword'] as const;
export const CHUNKING_STRATEGIES = ['fixed', 'semantic', 'hybrid'] as const;
export const CITATION_FORMATS = ['inline', 'footnote', 'none'] as const;
export const GROUNDING_FALLBACKS = ['refuse', 'general', 'escalate'] as const;
/** Bounds of what anybody may ask of retrieval; the buyer's form uses the same. */
export const TOP_K = { min: 1, max: 50 } as const;
export const CHUNK_SIZE = { min: 64, max: 4096 } as const;
export const CHUNK_OVERLAP = { min: 0, max: 1024 } as const;
export const HISTORY_TURNS = { min: 0, max: 50 } as const;

const whenOn = { when: { path: 'enabled', equals: true } };

const Sources = z.strictObject({
  documents: z.strictObject({
    enabled: flag('Documents', 'Buyers upload files.'),
    formats: anyOf(DOCUMENT_FORMATS, DOCUMENT_FORMATS_DEFAULT, 'Formats', 'The kinds of file accepted.', whenOn),
    maxFileSize: count({ min: 1, max: 1024, fallback: 50 }, 'Size of one file', 'Largest file accepted.', { unit: 'MB', ...whenOn }),
    maxTotalSize: count({ min: 0, max: 1_000_000, fallback: 500 }, 'Total size', 'Most storage for all files together.', { unit: 'MB', ...whenOn }),
    maxFiles: count({ min: 0, max: 100_000, fallback: 50 }, 'Files', 'Most files a buyer may keep.', whenOn),
  }).prefault({}).meta({ title: 'Documents', description: 'Uploaded files.' }),
  websites: z.strictObject({
    enabled: flag('Websites', 'Buyers name addresses to read.'),
    maxUrls: count({ min: 0, max: 100_000, fallback: 100 }, 'Pages', 'Most pages read.', whenOn),
    maxDepth: count({ min: 1, max: 10, fallback: 2 }, 'Depth', 'How many links away from the first page; 1 reads that page only.', whenOn),
    refreshInterval: oneOf(REFRESH_INTERVALS, 'weekly', 'Refresh', 'How often the pages are read again.', whenOn),
  }).prefault({}).meta({ title: 'Websites', description: 'Pages of the buyer’s site.' }),
  qaPairs: z.strictObject({
    enabled: flag('Questions and answers', 'Buyers write or import questions with their answers.'),
    maxPairs: count({ min: 0, max: 100_000, fallback: 1000 }, 'Pairs', 'Most pairs a buyer may keep.', whenOn),
    importFormats: anyOf(QA_IMPORT_FORMATS, QA_IMPORT_FORMATS, 'Import formats', 'The files pairs may come from.', whenOn),
  }).prefault({}).meta({ title: 'Questions and answers', description: 'Exact answers to known questions.' }),
  databases: z.strictObject({
    enabled: flag('Databases', 'Tables of a connected database. Enterprise plans only.'),
    connectors: anyOf(DATABASE_ENGINES, ['postgres'], 'Databases', 'The kinds of database.', whenOn),
    syncInterval: oneOf(REFRESH_INTERVALS, 'daily', 'Refresh', 'How often the tables are read again.', whenOn),
  }).prefault({}).meta({ title: 'Databases', description: 'Connected databases.', ui: { advanced: true } }),
  apis: z.strictObject({
    enabled: flag('APIs', 'Data of another service. Enterprise plans only.'),
    authMethods: anyOf(API_AUTH_METHODS, ['api_key'], 'Authentication', 'How the service is signed in to.', whenOn),
    syncInterval: oneOf(REFRESH_INTERVALS, 'daily', 'Refresh', 'How often the data is fetched again.', whenOn),
  }).prefault({}).meta({ title: 'APIs', description: 'Connected services.', ui: { advanced: true } }),
});

const Processing = z.strictObject({
  chunking: z.strictObject({
    strategy: oneOf(CHUNKING_STRATEGIES, 'hybrid', 'Splitting', 'How documents are cut into pieces.'),
    chunkSize: count({ ...CHUNK_SIZE, fallback: 512 }, 'Piece size', 'Length of a piece.', { unit: 'tokens' }),
    overlap: count({ ...CHUNK_OVERLAP, fallback: 50 }, 'Overlap', 'How much neighbouring pieces share.', { unit: 'tokens' }),
    customizable: flag('Buyers may change it', 'Buyers adjust how their documents are split.'),
  }).prefault({}).meta({ title: 'Chunking', description: 'How documents are split.' }),
  embedding: z.strictObject({
    model: label('Embedding model', 'Model id from the catalogue; empty uses the installation’s default.', { suggestions: 'embedding-models' }),
    dimensions: count({ min: 0, max: 16_000, fallback: 0 }, 'Dimensions', 'Numbers in a vector of the named model; fewer take less room and find a little less. 0 is the model’s own length.'),
    customizable: flag('Buyers may change it', 'Buyers choose the model. Enterprise plans only.'),
  }).prefault({}).meta({ title: 'Embedding', description: 'How meaning is compared.' }),
  metadata: z.strictObject({
    extractTitles: flag('Titles', 'Find the title of each document.'),
    extractDates: flag('Dates', 'Find the date of each document.'),
    extractAuthors: flag('Authors', 'Find the author of each document.'),
    customFields: flag('Custom fields', 'Buyers add fields of their own.'),
  }).prefault({}).meta({ title: 'Metadata', description: 'What is noted about each document.' }),
});

const Retrieval = z.strictObject({
  search: z.strictObject({
    method: oneOf(SEARCH_METHODS, 'hybrid', 'Search method', 'By meaning, by words, or both.'),
    topK: count({ ...TOP_K, fallback: 5 }, 'Results per question', 'How many passages an answer may rest on.'),
    customizable: flag('Buyers may change it', 'Buyers adjust method, number of results and reranking.'),
  }).prefault({}).meta({ title: 'Search', description: 'How passages are found.' }),
  reranking: z.strictObject({
    enabled: flag('Reranking', 'A second look puts the best passages first.'),
    model: label('Reranking model', 'Model id from the catalogue; empty uses the installation’s default.', { ...whenOn, suggestions: 'rerank-models' }),
  }).prefault({}).meta({ title: 'Reranking', description: 'The order of what was found.' }),
  filtering: z.strictObject({
    byMetadata: flag('By metadata', 'Searches may be narrowed by document fields.'),
    byDate: flag('By date', 'Searches may be narrowed by date.'),
    bySource: flag('By source', 'Searches may be narrowed by kind of source.'),
  }).prefault({}).meta({ title: 'Filters', description: 'How searches may be narrowed.' }),
  citations: z.strictObject({
    enabled: flag('Citations', 'Answers name the documents they rest on.'),
    format: oneOf(CITATION_FORMATS, 'inline', 'Form', 'Where sources appear.', whenOn),
    includeSnippets: flag('Excerpts', 'Sources show the passage used.', whenOn),
  }).prefault({}).meta({ title: 'Citations', description: 'How answers show their sources.' }),
});

const Generation = z.strictObject({
  model: z.strictObject({
    default: label('Model', 'Model id from the catalogue; empty uses the installation’s default.', { suggestions: 'chat-models' }),
    alternatives: names('Alternatives', 'Further models a buyer may pick.', { suggestions: 'chat-models' }),
    customizable: flag('Buyers may choose', 'Buyers pick among these models.'),
  }).prefault({}).meta({ title: 'Model', description: 'What writes the answer.' }),
  context: z.strictObject({
    maxTokens: count({ min: 256, max: 1_000_000, fallback: 4000 }, 'Context', 'Most passage text given to the model.', { unit: 'tokens' }),
    includeHistory: z.boolean().default(true).meta({ title: 'History', description: 'Earlier messages help to understand the question.', ui: { widget: 'switch' } }),
    historyTurns: count({ ...HISTORY_TURNS, fallback: 5 }, 'Turns', 'How many earlier messages are included.', { when: { path: 'includeHistory', equals: true } }),
  }).prefault({}).meta({ title: 'Context', description: 'What the model sees.' }),
  grounding: z.strictObject({
    strictMode: flag('Strict mode', 'Answer only from the buyer’s knowledge.'),
    fallbackBehavior: oneOf(GROUNDING_FALLBACKS, 'general', 'When nothing is found', 'Refuse, answer from general knowledge, or hand over to a person.'),
    confidenceThreshold: z.number().min(0).max(1).default(0.3).meta({ title: 'Confidence', description: 'Passages below this count as not found.', ui: { widget: 'slider', min: 0, max: 1, step: 0.05 } }),
  }).prefault({}).meta({ title: 'Grounding', description: 'How closely answers keep to the knowledge.' }),
});

/** Retrieval-augmented generation in its extended form: the one that decides. */
export const RagCapabilities = z.strictObject({
  enabled: flag('Let buyers add knowledge', 'Answers rest on content of the buyer’s own.'),
  sources: Sources.prefault({}).meta({ title: 'Sources', description: 'What buyers may add.', ui: whenOn }),
  limits: z.strictObject({
    maxChunks: count({ min: 0, max: 10_000_000, fallback: 50_000 }, 'Pieces', 'Most pieces of text kept for search.'),
  }).prefault({}).meta({ title: 'Limits', description: 'Bounds over all sources together.', ui: whenOn }),
  processing: Processing.prefault({}).meta({ title: 'Processing', description: 'How content is prepared.', ui: { ...whenOn, advanced: true } }),
  retrieval: Retrieval.prefault({}).meta({ title: 'Retrieval', description: 'How content is found.', ui: whenOn }),
  generation: Generation.prefault({}).meta({ title: 'Generation', description: 'How answers are written.', ui: whenOn }),
});
export type RagCapabilities = z.infer<typeof RagCapabilities>;
