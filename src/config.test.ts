import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { connect } from '#platform/db/database.ts';
import { createLogger } from '#platform/log/logger.ts';
import { chooseAdapters } from './choose-adapters.ts';
import { loadConfig } from './config.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'config-'));
afterAll(() => { rmSync(folder, { recursive: true, force: true }); });
const file = (name: string, text: string): string => {
  writeFileSync(path.join(folder, name), text);
  return path.join(folder, name);
};
const base = { NODE_ENV: 'test', DATA_DIR: folder, SECRET_KEY: 's'.repeat(32) };
const embed = { id: 'house-embed', name: 'House Embed', kind: 'embedding', baseUrl: 'http://models.internal:8000/v1/', dimensions: 768 };
/** Nobody connects to it: choosing adapters opens nothing. */
const database = connect('postgres://nobody@127.0.0.1:9/none');
afterAll(async () => database.close());
const start = (more: NodeJS.ProcessEnv) => chooseAdapters(loadConfig({ ...base, ...more }), { database, databaseUrl: '', embedded: false }, createLogger('silent'));
const refusal = (models: unknown, more: NodeJS.ProcessEnv = {}): string => {
  try {
    loadConfig({ ...base, MODELS: typeof models === 'string' ? models : JSON.stringify(models), ...more });
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : 'something else';
  }
  return 'taken';
};

test("an operator's models come from a variable or a file, their keys from variables or files of their own", () => {
  const list = [{ ...embed, keyVariable: 'HOUSE_KEY', dimensionsMin: 64 }, { id: 'house-llm', name: 'House LLM', kind: 'chat', baseUrl: 'https://llm.example.com/v1', contextTokens: 32_768, price: { currency: 'EUR', input: 15, output: 60 } }];
  const { models } = loadConfig({ ...base, MODELS_FILE: file('models.json', JSON.stringify(list)), HOUSE_KEY_FILE: file('key', 'secret-from-a-file\n') });
  expect(models).toMatchObject([
    { id: 'house-embed', baseUrl: 'http://models.internal:8000/v1', dimensions: 768, dimensionsMin: 64, key: 'secret-from-a-file' },
    { id: 'house-llm', kind: 'chat', contextTokens: 32_768, tools: false, images: false, key: null },
  ]);
  expect(loadConfig(base).models).toEqual([]);
});

test.each([
  ['not JSON', 'MODELS: is not JSON'],
  [{ ...embed }, 'MODELS: Invalid input: expected array, received object'],
  [[{ ...embed, dimensions: undefined }], 'MODELS.0.dimensions: Invalid input: expected number, received undefined'],
  [[{ ...embed, dimensionsMin: 1024 }], 'MODELS.0.dimensionsMin: must not be more than dimensions'],
  [[embed, { ...embed, id: 'House Embed' }], 'MODELS.1.id: must be 2 to 80 lower-case letters, digits, dots and hyphens'],
  [[embed, embed], 'MODELS.1.id: another model of this list is called house-embed too'],
  [[{ ...embed, baseUrl: 'ftp://models' }], 'MODELS.0.baseUrl: must be an http or https address'],
  [[{ ...embed, baseUrl: 'https://user:secret@models/v1' }], 'MODELS.0.baseUrl: must not hold credentials, ? or #'],
  [[{ ...embed, apiKey: 'sk-secret' }], 'MODELS.0: Unrecognized key: "apiKey"'],
  [[{ ...embed, kind: 'chat' }], 'MODELS.0: Unrecognized key: "dimensions"'],
  [[{ ...embed, keyVariable: 'HOUSE_KEY' }], 'MODELS.0.keyVariable: the variable HOUSE_KEY is not set'],
])('models that cannot be are refused by place and reason, never with a value: %o', (models, message) => {
  expect(refusal(models)).toBe(`ConfigError: ${message}`);
});

test('a model whose id is taken and a default that cannot serve keep the server from starting', async () => {
  expect(() => start({ MODELS: JSON.stringify([{ ...embed, id: 'gpt-4o' }]) })).toThrow('The catalogue has a model called "gpt-4o" already.');
  expect(() => start({ MODELS: JSON.stringify([embed]), DEFAULT_EMBEDDING_MODEL: 'house-embed@64' })).toThrow('names a length that "house-embed" does not give');
  expect(() => start({ DEFAULT_CHAT_MODEL: 'gpt-4o' })).toThrow('needs the provider "openai", which has no credential');
  const adapters = start({ MODELS: JSON.stringify([{ ...embed, dimensionsMin: 64 }]), DEFAULT_EMBEDDING_MODEL: 'house-embed@256' });
  expect(adapters.models.choose(null, 'embedding').entry).toMatchObject({ id: 'house-embed@256', provider: 'openai-compatible', dimensions: 256 });
  await adapters.code.close();
  await adapters.egress.close();
});

test("a server of the operator's models is reached by models only, not by what others ask to fetch", async () => {
  const adapters = start({ MODELS: JSON.stringify([{ ...embed, baseUrl: 'http://127.0.0.1:9/v1' }]) });
  await expect(adapters.egress.fetch('http://127.0.0.1:9/v1/models')).rejects.toThrow('cannot be reached from here');
  // Nothing listens there: the call is made and fails, it is not refused.
  await expect(adapters.models.embedding('house-embed').embed(['x'])).rejects.toMatchObject({ code: 'unavailable' });
  await adapters.code.close();
  await adapters.egress.close();
});
