import { defaultCatalogue, findEntry } from './catalogue.ts';
import type { CatalogueEntry, ProviderName } from './catalogue.ts';
import { CircuitBreaker, guardChatModel, guardEmbeddingModel, guardRerankModel } from './circuit-breaker.ts';
import type { ModelEntry } from './contract.ts';
import { offlineEmbedding, OFFLINE_EMBEDDING_ID } from './offline/embedding.ts';
import { offlineChatModel, OFFLINE_CHAT_ID } from './offline/extractive-answer.ts';
import { ModelError } from './ports.ts';
import type { ChatModel, EmbeddingModel, ModelDirectory, ModelProvider, RerankModel } from './ports.ts';

/** Which model serves a wanted name, and whether it is another one than asked for. */
export interface ModelChoice {
  entry: ModelEntry;
  /** The name that was asked for; null for the default. */
  asked: string | null;
  /** Why another model serves: the name is not in the catalogue, or its provider has no credential here. */
  substituted: 'unknown' | 'unavailable' | null;
}

export interface ModelDirectoryOptions {
  /** Providers that have a credential on this installation. The offline models are always there. */
  providers?: Partial<Record<Exclude<ProviderName, 'offline'>, ModelProvider>>;
  /** The operator's catalogue; {@link defaultCatalogue} unless told. */
  catalogue?: readonly CatalogueEntry[];
  /** What serves when a flow names no model, or one that cannot serve. The best available unless told. */
  defaultChat?: string | null;
  defaultEmbedding?: string | null;
  /** Told once per name when another model than the one asked for serves. */
  onSubstitution?(choice: ModelChoice): void;
}

/** A {@link ModelDirectory} that also shows its catalogue. */
export interface InstalledModels extends ModelDirectory {
  entries(): readonly ModelEntry[];
  /** Which model {@link ModelDirectory.chat} and `embedding` would use for this name. */
  choose(id: string | null, kind: 'chat' | 'embedding'): ModelChoice;
}

/** The models of this installation by name. Models are made once and shared by all runs. */
export function modelDirectory(options: ModelDirectoryOptions = {}): InstalledModels {
  const providers = options.providers ?? {};
  const catalogue = options.catalogue ?? defaultCatalogue;
  const entries = new Map(catalogue.map((entry) => [entry.id, { ...entry, available: isServed(entry, providers) }]));
  const defaults = {
    chat: defaultEntry(entries, 'chat', options.defaultChat ?? null, OFFLINE_CHAT_ID),
    embedding: defaultEntry(entries, 'embedding', options.defaultEmbedding ?? null, OFFLINE_EMBEDDING_ID),
  };
  const choices = new Map<string, ModelChoice>();
  const choose = (id: string | null, kind: 'chat' | 'embedding'): ModelChoice => {
    if (id === null || id === '') return { entry: defaults[kind], asked: null, substituted: null };
    const known = choices.get(`${kind} ${id}`);
    if (known) return known;
    const found = findEntry(entries, id, kind);
    const choice: ModelChoice = found?.available
      ? { entry: found, asked: id, substituted: null }
      : { entry: defaults[kind], asked: id, substituted: found ? 'unavailable' : 'unknown' };
    // Bounded: names come from imported files.
    if (choices.size < CHOICES_MAX) choices.set(`${kind} ${id}`, choice);
    if (choice.substituted) options.onSubstitution?.(choice);
    return choice;
  };
  const build = modelBuilder(providers);
  return {
    chat: (id) => build.chat(choose(id, 'chat').entry),
    embedding: (id) => build.embedding(choose(id, 'embedding').entry),
    rerank: (id) => {
      const entry = id === null || id === '' ? defaultRerank(entries) : findEntry(entries, id, 'rerank');
      return entry?.available ? build.rerank(entry) : null;
    },
    choose,
    entries: () => [...entries.values()],
  };
}

const CHOICES_MAX = 10_000;

function isServed(entry: CatalogueEntry, providers: NonNullable<ModelDirectoryOptions['providers']>): boolean {
  if (entry.provider === 'offline') return true;
  const provider = providers[entry.provider];
  if (entry.kind === 'rerank') return provider?.rerank !== undefined;
  return entry.kind === 'chat' ? provider?.chat !== undefined : provider?.embedding !== undefined;
}

/** The named default; else the first available entry that is not the offline one; else the offline one. */
function defaultEntry(entries: ReadonlyMap<string, ModelEntry>, kind: 'chat' | 'embedding', named: string | null, offlineId: string): ModelEntry {
  if (named !== null) {
    const entry = findEntry(entries, named, kind);
    if (!entry) throw new ModelError('not-configured', `The default ${kind} model "${named}" is not in the catalogue.`, false);
    if (!entry.available) throw new ModelError('not-configured', `The default ${kind} model "${named}" needs the provider "${entry.provider}", which has no credential.`, false);
    return entry;
  }
  const served = [...entries.values()].filter((entry) => entry.kind === kind && entry.available);
  const entry = served.find((candidate) => candidate.provider !== 'offline') ?? served.find((candidate) => candidate.id === offlineId);
  if (!entry) throw new ModelError('not-configured', `No ${kind} model is available.`, false);
  return entry;
}

/** Cohere's; of other servers only what a product names, since not every one that speaks OpenAI's protocol reranks. */
const defaultRerank = (entries: ReadonlyMap<string, ModelEntry>): ModelEntry | null =>
  [...entries.values()].find(({ kind, provider, available }) => kind === 'rerank' && provider === 'cohere' && available) ?? null;

function modelBuilder(providers: NonNullable<ModelDirectoryOptions['providers']>) {
  const chats = new Map<string, ChatModel>([[OFFLINE_CHAT_ID, offlineChatModel]]);
  const embeddings = new Map<string, EmbeddingModel>([[OFFLINE_EMBEDDING_ID, offlineEmbedding]]);
  const rerankers = new Map<string, RerankModel>();
  const breakers = new Map<string, CircuitBreaker>();
  const breakerOf = (provider: string) => {
    let breaker = breakers.get(provider);
    if (!breaker) breakers.set(provider, breaker = new CircuitBreaker(provider));
    return breaker;
  };
  const missing = (entry: ModelEntry) => new ModelError('not-configured', `The model "${entry.id}" has no configured provider.`, false);
  return {
    chat(entry: ModelEntry): ChatModel {
      let model = chats.get(entry.id);
      if (model) return model;
      const made = entry.provider === 'offline' ? undefined : providers[entry.provider]?.chat?.(entry);
      if (!made) throw missing(entry);
      chats.set(entry.id, model = guardChatModel(made, breakerOf(entry.provider)));
      return model;
    },
    rerank(entry: ModelEntry): RerankModel {
      let model = rerankers.get(entry.id);
      if (model) return model;
      const made = entry.provider === 'offline' ? undefined : providers[entry.provider]?.rerank?.(entry);
      if (!made) throw missing(entry);
      rerankers.set(entry.id, model = guardRerankModel(made, breakerOf(entry.provider)));
      return model;
    },
    embedding(entry: ModelEntry): EmbeddingModel {
      let model = embeddings.get(entry.id);
      if (model) return model;
      const made = entry.provider === 'offline' || entry.dimensions === null ? undefined
        : providers[entry.provider]?.embedding?.({ ...entry, dimensions: entry.dimensions });
      if (!made) throw missing(entry);
      embeddings.set(entry.id, model = guardEmbeddingModel(made, breakerOf(entry.provider)));
      return model;
    },
  };
}
