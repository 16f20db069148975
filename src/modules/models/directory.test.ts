import { expect, test } from 'vitest';
import { defaultCatalogue, type CatalogueEntry } from './catalogue.ts';
import { CircuitBreaker, guardChatModel } from './circuit-breaker.ts';
import { modelDirectory } from './directory.ts';
import type { ModelChoice } from './directory.ts';
import { objectionTo } from './objection.ts';
import { ModelError } from './ports.ts';
import type { ChatModel, ModelProvider } from './ports.ts';

const provider: ModelProvider = {
  chat: ({ id, features }) => ({ id, features, async *stream() { yield { type: 'finish', reason: 'stop', usage: { inputTokens: 0, outputTokens: 0 } }; } }),
  embedding: ({ id, dimensions }) => ({ id, dimensions, embed: async (texts) => texts.map(() => new Float32Array(dimensions)) }),
};

test('without any provider the offline models serve everything, and the substitution is reported once', () => {
  const seen: ModelChoice[] = [];
  const models = modelDirectory({ onSubstitution: (choice) => { seen.push(choice); } });
  expect(models.chat(null).id).toBe('offline-extractive');
  expect(models.embedding(null).id).toBe('offline-embedding');
  expect(models.chat('gpt-4o').id).toBe('offline-extractive');
  models.chat('gpt-4o');
  expect(seen).toMatchObject([{ asked: 'gpt-4o', substituted: 'unavailable' }]);
  expect(models.choose('mystery-9000', 'chat').substituted).toBe('unknown');
});

test('an entry is available exactly when its provider is configured', () => {
  const models = modelDirectory({ providers: { openai: provider } });
  const available = new Set(models.entries().filter((entry) => entry.available).map((entry) => entry.provider));
  expect(available).toEqual(new Set(['offline', 'openai']));
  expect(models.chat(null).id).toBe('gpt-4o');
  expect(models.embedding(null)).toMatchObject({ id: 'text-embedding-3-small', dimensions: 1536 });
});

test.each([
  ['gpt-4', 'gpt-4o'], ['GPT-4V', 'gpt-4o'], ['gpt-4o-2024-08-06', 'gpt-4o'], ['openai/gpt-4o-mini', 'gpt-4o-mini'], ['gpt-3.5-turbo-0125', 'gpt-4o-mini'],
  ['claude-3.5-sonnet', 'claude-3-5-sonnet'], ['Claude 3.5 Sonnet', 'claude-3-5-sonnet'], ['claude-3-5-sonnet-20240620', 'claude-3-5-sonnet'],
])('the name %s means %s', (name, id) => {
  const models = modelDirectory({ providers: { openai: provider, anthropic: provider } });
  expect(models.choose(name, 'chat')).toMatchObject({ entry: { id }, substituted: null });
});

test('names such as __proto__ are unknown, not a crash', () => {
  for (const name of ['__proto__', 'constructor', 'toString', '', ' ']) expect(modelDirectory().chat(name).id).toBe('offline-extractive');
});

test('a default that cannot serve is refused at start, naming it', () => {
  expect(() => modelDirectory({ defaultChat: 'gpt-4o' })).toThrow(/"gpt-4o" needs the provider "openai"/);
  expect(() => modelDirectory({ defaultChat: 'nope' })).toThrow(/"nope" is not in the catalogue/);
});

test('a length behind a name is a model of its own, made for that length', () => {
  const asked: object[] = [];
  const models = modelDirectory({ providers: { openai: { embedding: (entry) => { asked.push(entry); return { id: entry.id, dimensions: entry.dimensions, embed: async () => [] }; } } } });
  expect(models.embedding('text-embedding-3-large@1024')).toMatchObject({ id: 'text-embedding-3-large@1024', dimensions: 1024 });
  expect(models.embedding('openai-3-small@512')).toMatchObject({ id: 'text-embedding-3-small@512', dimensions: 512 });
  expect(models.embedding('text-embedding-3-small@1536')).toBe(models.embedding('text-embedding-3-small'));
  expect(asked).toMatchObject([{ remoteName: 'text-embedding-3-large', dimensions: 1024, shortened: true }, { dimensions: 512, shortened: true }, { dimensions: 1536, shortened: false }]);
  expect(models.choose('text-embedding-3-small@512', 'embedding').entry.title).toBe('OpenAI embedding 3 small, 512 numbers');
});

test('a length that a model does not give is reported, and its own serves', () => {
  const seen: ModelChoice[] = [];
  const models = modelDirectory({ providers: { openai: provider, cohere: provider }, onSubstitution: (choice) => { seen.push(choice); } });
  expect(models.embedding('cohere-v3@1536').id).toBe('embed-multilingual-v3.0');
  expect(models.embedding('text-embedding-3-small@4096').id).toBe('text-embedding-3-small');
  expect(seen.map(({ substituted }) => substituted)).toEqual(['length', 'length']);
  expect(models.choose('mystery@512', 'embedding').substituted).toBe('unknown');
  expect(() => modelDirectory({ providers: { cohere: provider }, defaultEmbedding: 'cohere-v3@9' })).toThrow(/a length that "embed-multilingual-v3.0" does not give/);
  expect(modelDirectory({ providers: { openai: provider }, defaultEmbedding: 'text-embedding-3-small@512' }).embedding(null).id).toBe('text-embedding-3-small@512');
});

const own: CatalogueEntry = {
  id: 'nomic-embed', title: 'Nomic Embed', kind: 'embedding', provider: 'openai-compatible', remoteName: 'nomic-embed-text', dimensions: 768, dimensionsMin: 64,
  contextTokens: 8192, price: null, features: { tools: false, images: false, streaming: false },
};

test("an operator's model serves by its id and by the name its server knows, also shortened, and is the default where nothing else is", () => {
  const models = modelDirectory({ added: [{ entry: own, provider, server: 'http://a' }] });
  expect(models.entries().find(({ id }) => id === 'nomic-embed')).toMatchObject({ available: true, contextTokens: 8192 });
  for (const name of ['nomic-embed', 'nomic-embed-text']) expect(models.embedding(name)).toMatchObject({ id: 'nomic-embed', dimensions: 768 });
  expect(models.embedding('nomic-embed@256')).toMatchObject({ id: 'nomic-embed@256', dimensions: 256 });
  expect(models.embedding(null).id).toBe('nomic-embed');
  expect(() => modelDirectory({ added: [{ entry: { ...own, id: 'gpt-4o' }, provider, server: 'http://a' }] })).toThrow(/"gpt-4o" already/);
});

test("an operator's server that fails is paused without the others", async () => {
  const broken: ModelProvider = { embedding: ({ id, dimensions }) => ({ id, dimensions, embed: async () => { throw new ModelError('unavailable', 'down', true); } }) };
  const models = modelDirectory({ added: [
    { entry: own, provider: broken, server: 'http://a' }, { entry: { ...own, id: 'same-server' }, provider: broken, server: 'http://a' }, { entry: { ...own, id: 'other-server' }, provider, server: 'http://b' },
  ] });
  for (let i = 0; i < 5; i++) await expect(models.embedding('nomic-embed').embed(['x'])).rejects.toThrow('down');
  await expect(models.embedding('same-server').embed(['x'])).rejects.toThrow('The model provider "Nomic Embed" is failing');
  expect(await models.embedding('other-server').embed(['x'])).toHaveLength(1);
});

test('what is wrong with a name is said in words, with what may be chosen', () => {
  const models = modelDirectory({ providers: { openai: provider }, added: [{ entry: own, provider, server: 'http://a' }] });
  const say = (name: string, dimensions = 0) => objectionTo(models, { kind: 'embedding', name, dimensions })?.message ?? null;
  expect([say('text-embedding-3-small'), say('text-embedding-3-small', 512), say('openai-3-large@256'), say('nomic-embed', 64)]).toEqual([null, null, null, null]);
  expect(say('mystery')).toBe('There is no embedding model “mystery” here. Choose one of: offline-embedding, text-embedding-3-small, text-embedding-3-large, nomic-embed.');
  expect(say('cohere-v3')).toBe('Cohere embed multilingual v3 (embed-multilingual-v3.0) has no key on this installation, so another model serves in its place.');
  expect(say('cohere-v3', 512)).toBe('Cohere embed multilingual v3 (embed-multilingual-v3.0) gives vectors of 1024 numbers only; “cohere-v3@512” asks for others.');
  expect(say('text-embedding-3-small', 3072)).toBe('OpenAI embedding 3 small (text-embedding-3-small) gives vectors of 64 to 1536 numbers; “text-embedding-3-small@3072” asks for others.');
  expect(objectionTo(models, { kind: 'chat', name: 'text-embedding-3-small' })?.code).toBe('unknown');
});

test('the catalogue has unique ids and a length for every embedding', () => {
  expect(new Set(defaultCatalogue.map((entry) => entry.id)).size).toBe(defaultCatalogue.length);
  for (const entry of defaultCatalogue) expect(entry.dimensions === null).toBe(entry.kind !== 'embedding');
});

test('models are made once and shared', () => {
  const models = modelDirectory({ providers: { openai: provider } });
  expect(models.chat('gpt-4o')).toBe(models.chat('gpt-4o'));
});

test('five failures in a row pause a provider, and one success after the pause resumes it', async () => {
  let now = 0;
  let calls = 0;
  let broken = true;
  const flaky: ChatModel = {
    id: 'flaky', features: { tools: false, images: false },
    async *stream() {
      calls++;
      if (broken) throw new ModelError('unavailable', 'down', true);
      yield { type: 'finish', reason: 'stop', usage: { inputTokens: 0, outputTokens: 0 } };
    },
  };
  const model = guardChatModel(flaky, new CircuitBreaker('p', () => now));
  const call = async () => { for await (const _ of model.stream({ messages: [] }, new AbortController().signal)); };
  for (let i = 0; i < 8; i++) await expect(call()).rejects.toThrow(ModelError);
  expect(calls).toBe(5);
  now += 15_001;
  broken = false;
  await call();
  await call();
  expect(calls).toBe(7);
});
