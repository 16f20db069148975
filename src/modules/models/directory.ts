import { defaultCatalogue, findEntry } from './catalogue.ts';
import type { CatalogueEntry, ProviderName } from './catalogue.ts';
import { CircuitBreaker, guardChatModel, guardEmbeddingModel, guardRerankModel } from './circuit-breaker.ts';
import { embeddingName, readEmbeddingName, type ModelEntry } from './contract.ts';
import { offlineEmbedding, OFFLINE_EMBEDDING_ID } from './offline/embedding.ts';
import { offlineChatModel, OFFLINE_CHAT_ID } from './offline/extractive-answer.ts';
import { ModelError } from './ports.ts';
import type { ChatModel, EmbeddingModel, ModelDirectory, ModelProvider, RerankModel } from './ports.ts';

/** Which model serves a wanted name, and whether it is another one than asked for. */
export interface ModelChoice {
  /** With a shortened length, its id and title say so. */
  entry: ModelEntry;
  /** The name that was asked for; null for the default. */
  asked: string | null;
  /** Why another serves: the name is not in the catalogue, its provider has no credential here, or the model does not give vectors of that length. */
  substituted: 'unknown' | 'unavailable' | 'length' | null;
}

/** A model of the operator's, and who serves it. */
export interface AddedEntry {
  entry: CatalogueEntry;
  provider: ModelProvider;
  /** Where it is. Models of one server are paused together when it fails; nobody is shown this. */
  server: string;
}

export interface ModelDirectoryOptions {
  /** Providers that have a credential on this installation. The offline models are always there. */
  providers?: Partial<Record<Exclude<ProviderName, 'offline'>, ModelProvider>>;
  /** What the catalogue starts with; {@link defaultCatalogue} unless told. */
  catalogue?: readonly CatalogueEntry[];
  /** The operator's own models. Throws for one whose id is taken. */
  added?: readonly AddedEntry[];
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
  const { added = [] } = options;
  const sourceOf = sources(options);
  const entries = new Map<string, ModelEntry>();
  for (const entry of [...(options.catalogue ?? defaultCatalogue), ...added.map((model) => model.entry)]) {
    if (entries.has(entry.id)) throw new ModelError('not-configured', `The catalogue has a model called "${entry.id}" already.`, false);
    entries.set(entry.id, { ...entry, available: isServed(entry, sourceOf(entry)) });
  }
  const defaults = {
    chat: defaultEntry(entries, 'chat', options.defaultChat ?? null, OFFLINE_CHAT_ID),
    embedding: defaultEntry(entries, 'embedding', options.defaultEmbedding ?? null, OFFLINE_EMBEDDING_ID),
  };
  const choices = new Map<string, ModelChoice>();
  const choose = (id: string | null, kind: 'chat' | 'embedding'): ModelChoice => {
    if (id === null || id === '') return { entry: defaults[kind], asked: null, substituted: null };
    const known = choices.get(`${kind} ${id}`);
    if (known) return known;
    const found = findNamed(entries, id, kind);
    const choice: ModelChoice = found?.entry.available
      ? { entry: found.entry, asked: id, substituted: found.offered ? null : 'length' }
      : { entry: defaults[kind], asked: id, substituted: found ? 'unavailable' : 'unknown' };
    // Bounded: names come from imported files.
    if (choices.size < CHOICES_MAX) choices.set(`${kind} ${id}`, choice);
    if (choice.substituted) options.onSubstitution?.(choice);
    return choice;
  };
  const build = modelBuilder(sourceOf);
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

/** Who serves an entry; undefined where nobody does. The offline models need nobody. */
type SourceOf = (entry: CatalogueEntry) => Source | undefined;
interface Source { provider: ModelProvider; server: string; /** What people are told is failing. */ name: string }

function sources({ providers = {}, added = [] }: ModelDirectoryOptions): SourceOf {
  const own = new Map(added.map((model) => [model.entry.id, model]));
  return (entry) => {
    const model = own.get(readEmbeddingName(entry.id).model);
    if (model) return { ...model, name: model.entry.title };
    const provider = entry.provider === 'offline' ? undefined : providers[entry.provider];
    return provider && { provider, server: entry.provider, name: entry.provider };
  };
}

function isServed(entry: CatalogueEntry, source: Source | undefined): boolean {
  return entry.provider === 'offline' || source?.provider[entry.kind] !== undefined;
}

/** The entry a name means, of the length it asks for. `offered` is false where the model has no such vectors; the entry is then its own. */
export function findNamed(entries: ReadonlyMap<string, ModelEntry>, name: string, kind: ModelEntry['kind']): { entry: ModelEntry; offered: boolean } | null {
  const entry = findEntry(entries, name, kind);
  if (entry || kind !== 'embedding') return entry && { entry, offered: true };
  const { model, dimensions } = readEmbeddingName(name);
  const whole = dimensions === null ? null : findEntry(entries, model, 'embedding');
  if (!whole || dimensions === null) return null;
  if (dimensions === whole.dimensions) return { entry: whole, offered: true };
  const { dimensionsMin, dimensions: longest } = whole;
  if (dimensionsMin === null || longest === null || dimensions < dimensionsMin || dimensions > longest) return { entry: whole, offered: false };
  return { entry: { ...whole, id: embeddingName(whole.id, dimensions), title: `${whole.title}, ${dimensions} numbers`, dimensions }, offered: true };
}

/** The named default; else the first available entry that is not the offline one; else the offline one. */
function defaultEntry(entries: ReadonlyMap<string, ModelEntry>, kind: 'chat' | 'embedding', named: string | null, offlineId: string): ModelEntry {
  if (named !== null) {
    const found = findNamed(entries, named, kind);
    if (!found) throw new ModelError('not-configured', `The default ${kind} model "${named}" is not in the catalogue.`, false);
    const { entry, offered } = found;
    if (!offered) throw new ModelError('not-configured', `The default ${kind} model "${named}" names a length that "${entry.id}" does not give.`, false);
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

function modelBuilder(sourceOf: SourceOf) {
  const chats = new Map<string, ChatModel>([[OFFLINE_CHAT_ID, offlineChatModel]]);
  const embeddings = new Map<string, EmbeddingModel>([[OFFLINE_EMBEDDING_ID, offlineEmbedding]]);
  const rerankers = new Map<string, RerankModel>();
  const breakers = new Map<string, CircuitBreaker>();
  const breakerOf = ({ server, name }: Source) => {
    let breaker = breakers.get(server);
    if (!breaker) breakers.set(server, breaker = new CircuitBreaker(name));
    return breaker;
  };
  const missing = (entry: ModelEntry) => new ModelError('not-configured', `The model "${entry.id}" has no configured provider.`, false);
  return {
    chat(entry: ModelEntry): ChatModel {
      let model = chats.get(entry.id);
      if (model) return model;
      const source = sourceOf(entry);
      const made = source?.provider.chat?.(entry);
      if (!source || !made) throw missing(entry);
      chats.set(entry.id, model = guardChatModel(made, breakerOf(source)));
      return model;
    },
    rerank(entry: ModelEntry): RerankModel {
      let model = rerankers.get(entry.id);
      if (model) return model;
      const source = sourceOf(entry);
      const made = source?.provider.rerank?.(entry);
      if (!source || !made) throw missing(entry);
      rerankers.set(entry.id, model = guardRerankModel(made, breakerOf(source)));
      return model;
    },
    embedding(entry: ModelEntry): EmbeddingModel {
      let model = embeddings.get(entry.id);
      if (model) return model;
      const source = sourceOf(entry);
      const shortened = readEmbeddingName(entry.id).dimensions !== null;
      const made = entry.dimensions === null ? undefined : source?.provider.embedding?.({ ...entry, dimensions: entry.dimensions, shortened });
      if (!source || !made) throw missing(entry);
      embeddings.set(entry.id, model = guardEmbeddingModel(made, breakerOf(source)));
      return model;
    },
  };
}
