import { expect, test } from 'vitest';
import { defaultCatalogue } from './catalogue.ts';
import { CircuitBreaker, guardChatModel } from './circuit-breaker.ts';
import { modelDirectory } from './directory.ts';
import type { ModelChoice } from './directory.ts';
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
