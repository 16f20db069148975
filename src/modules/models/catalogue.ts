import type { ModelEntry } from './contract.ts';
import { OFFLINE_EMBEDDING_DIMENSIONS, OFFLINE_EMBEDDING_ID } from './offline/embedding.ts';
import { OFFLINE_CHAT_ID } from './offline/extractive-answer.ts';

/** A catalogue entry before it is known whether its provider is configured. */
export type CatalogueEntry = Omit<ModelEntry, 'available'>;

export type ProviderName = ModelEntry['provider'];

/** What the built-in catalogue does not say: vendors change it. */
const unknown = { dimensionsMin: null, contextTokens: null, price: null };

const chat = (provider: ProviderName, id: string, title: string, more: { remoteName?: string; images?: boolean; tools?: boolean } = {}): CatalogueEntry => ({
  ...unknown, id, title, kind: 'chat', provider, remoteName: more.remoteName ?? id, dimensions: null,
  features: { tools: more.tools ?? true, images: more.images ?? true, streaming: true },
});

const embedding = (provider: ProviderName, id: string, title: string, dimensions: number, dimensionsMin: number | null = null): CatalogueEntry => ({
  ...unknown, id, title, kind: 'embedding', provider, remoteName: id, dimensions, dimensionsMin,
  features: { tools: false, images: false, streaming: false },
});

const rerank = (provider: ProviderName, id: string, title: string): CatalogueEntry => ({
  ...unknown, id, title, kind: 'rerank', provider, remoteName: id, dimensions: null,
  features: { tools: false, images: false, streaming: false },
});

/** OpenAI shortens vectors to any length. Below this, so few numbers are left that a slip is likelier than a wish. */
const SHORTEST = 64;

/** What every installation has; operators add theirs by `MODELS`. */
export const defaultCatalogue: readonly CatalogueEntry[] = [
  chat('offline', OFFLINE_CHAT_ID, 'Built-in offline (quotes documents)', { tools: false, images: false }),
  embedding('offline', OFFLINE_EMBEDDING_ID, 'Built-in offline (keyword grade)', OFFLINE_EMBEDDING_DIMENSIONS),
  chat('openai', 'gpt-4o', 'GPT-4o'),
  chat('openai', 'gpt-4o-mini', 'GPT-4o mini'),
  chat('openai', 'gpt-4.1', 'GPT-4.1'),
  chat('openai', 'gpt-4.1-mini', 'GPT-4.1 mini'),
  chat('openai', 'gpt-4.1-nano', 'GPT-4.1 nano'),
  embedding('openai', 'text-embedding-3-small', 'OpenAI embedding 3 small', 1536, SHORTEST),
  embedding('openai', 'text-embedding-3-large', 'OpenAI embedding 3 large', 3072, SHORTEST),
  chat('anthropic', 'claude-opus-4', 'Claude Opus 4', { remoteName: 'claude-opus-4-20250514' }),
  chat('anthropic', 'claude-sonnet-4', 'Claude Sonnet 4', { remoteName: 'claude-sonnet-4-20250514' }),
  chat('anthropic', 'claude-3-5-sonnet', 'Claude 3.5 Sonnet', { remoteName: 'claude-3-5-sonnet-20241022' }),
  chat('anthropic', 'claude-3-5-haiku', 'Claude 3.5 Haiku', { remoteName: 'claude-3-5-haiku-20241022' }),
  embedding('cohere', 'embed-multilingual-v3.0', 'Cohere embed multilingual v3', 1024),
  embedding('cohere', 'embed-english-v3.0', 'Cohere embed English v3', 1024),
  rerank('cohere', 'rerank-v3.5', 'Cohere rerank 3.5'),
  rerank('cohere', 'rerank-multilingual-v3.0', 'Cohere rerank multilingual v3'),
  rerank('openai', 'bge-reranker-v2-m3', 'BGE reranker v2 m3 (own server)'),
];

/**
 * Names that flows and sellers write for models of the catalogue: older names, and the vendors' own spellings. Keys
 * are in the form {@link normalName} gives.
 */
const aliases: Readonly<Record<string, string>> = {
  'gpt-4': 'gpt-4o', 'gpt-4-turbo': 'gpt-4o', 'gpt-4-turbo-preview': 'gpt-4o', 'gpt-4v': 'gpt-4o', 'gpt-4-vision': 'gpt-4o',
  'gpt-4-vision-preview': 'gpt-4o', 'chatgpt-4o-latest': 'gpt-4o', 'gpt-4o-latest': 'gpt-4o',
  'gpt-3.5-turbo': 'gpt-4o-mini', 'gpt-3.5': 'gpt-4o-mini', 'gpt-3.5-turbo-16k': 'gpt-4o-mini',
  'claude-3.5-sonnet': 'claude-3-5-sonnet', 'claude-3.5': 'claude-3-5-sonnet', 'claude-3-sonnet': 'claude-3-5-sonnet',
  'claude-3-5-sonnet-latest': 'claude-3-5-sonnet', 'claude-3.5-haiku': 'claude-3-5-haiku', 'claude-3-haiku': 'claude-3-5-haiku',
  'claude-3-5-haiku-latest': 'claude-3-5-haiku', 'claude-3-opus': 'claude-opus-4', 'claude-4-sonnet': 'claude-sonnet-4',
  'claude-4-opus': 'claude-opus-4', 'claude-sonnet-4-0': 'claude-sonnet-4', 'claude-opus-4-0': 'claude-opus-4',
  'text-embedding-ada-002': 'text-embedding-3-small', 'ada-002': 'text-embedding-3-small',
  'cohere-v3': 'embed-multilingual-v3.0', 'openai-3-small': 'text-embedding-3-small', 'openai-3-large': 'text-embedding-3-large',
  'cohere-rerank': 'rerank-v3.5', 'bge-reranker': 'bge-reranker-v2-m3',
  'embed-multilingual-v3': 'embed-multilingual-v3.0', 'embed-english-v3': 'embed-english-v3.0',
};

/** The catalogue id a written model name means, or null. Dated releases (`gpt-4o-2024-08-06`) mean their family. */
export function findEntry(entries: ReadonlyMap<string, ModelEntry>, name: string, kind: ModelEntry['kind']): ModelEntry | null {
  for (const candidate of candidatesFor(name)) {
    const entry = entries.get(candidate);
    if (entry && entry.kind === kind) return entry;
  }
  for (const entry of entries.values()) if (entry.kind === kind && entry.remoteName === name) return entry;
  return null;
}

function candidatesFor(name: string): string[] {
  const plain = normalName(name);
  const undated = plain.replace(/-(\d{4}-\d{2}-\d{2}|\d{8}|\d{4})$/, '');
  const known = (id: string) => (Object.hasOwn(aliases, id) ? [aliases[id] ?? id] : []);
  return [name, plain, ...known(plain), undated, ...known(undated)];
}

/** Lower case, without a vendor prefix (`openai/`, `models/`), with hyphens for spaces. */
const normalName = (name: string): string =>
  name.trim().toLowerCase().replace(/^(openai|anthropic|cohere|models)[/:]/, '').replace(/[\s_]+/g, '-').slice(0, 200);
