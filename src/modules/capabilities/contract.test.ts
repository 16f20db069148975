import { expect, test } from 'vitest';
import { z } from 'zod';
import { CATEGORIES, DeclaredCapabilities, ProductCapabilities, SUBCATEGORIES } from './contract.ts';
import { isRecord } from './merge-deep.ts';

interface Place { path: readonly string[]; schema: Record<string, unknown> }

/** Every object and leaf of a JSON Schema, with its path. */
const placesOf = (schema: unknown, path: readonly string[] = []): Place[] => {
  if (!isRecord(schema)) return [];
  const children = isRecord(schema.properties) ? Object.entries(schema.properties) : [];
  return [{ path, schema }, ...children.flatMap(([key, child]) => placesOf(child, [...path, key]))];
};

const nested = (path: readonly string[], value: unknown): unknown => path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);

const input = z.toJSONSchema(ProductCapabilities, { io: 'input' });
const places = placesOf(input);

test('a category alone makes complete capabilities that grant nothing', () => {
  for (const category of CATEGORIES) {
    const capabilities = ProductCapabilities.parse({ category });
    const missing = placesOf(z.toJSONSchema(ProductCapabilities))
      .filter(({ path }) => path.length > 0 && path[0] !== 'subcategory')
      .filter(({ path }) => path.reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), capabilities) === undefined);
    expect(missing.map(({ path }) => path.join('.'))).toEqual([]);
  }
  const granted = places.filter(({ path, schema }) => path.at(-1) === 'enabled' && schema.default !== false).map(({ path }) => path.join('.'));
  // Logs of runs are kept by default; without workflows there are no runs.
  expect(granted).toEqual(['configuration.workflowAdvanced.monitoring.logging.enabled']);
});

test('every field carries a title, a description and a widget through JSON Schema', () => {
  expect(places.length).toBeGreaterThan(250);
  for (const { path, schema } of places.slice(1)) {
    const where = path.join('.');
    expect(schema.title, where).toEqual(expect.any(String));
    expect(schema.description, where).toMatch(/^[A-Z].*\.$/);
    if (schema.type !== 'object') expect(schema.ui, where).toMatchObject({ widget: expect.any(String) });
  }
});

test('an unknown key is refused at every level, with its path', () => {
  const objects = places.filter(({ schema }) => schema.type === 'object');
  expect(objects.length).toBeGreaterThan(60);
  for (const { path } of objects) {
    for (const key of ['surprise', 'constructor', '__proto__']) {
      const hostile: unknown = JSON.parse(`{"category":"agent"${path.length === 0 ? `,"${key}":{}` : ''}}`);
      const body = path.length === 0 ? hostile : { category: 'agent', ...Object(nested(path, JSON.parse(`{"${key}":{"x":1}}`))) };
      const parsed = ProductCapabilities.safeParse(body);
      expect(parsed.error?.issues, `${path.join('.')} ${key}`).toEqual(expect.arrayContaining([expect.objectContaining({ code: 'unrecognized_keys', path: [...path], keys: [key] })]));
    }
  }
  expect(Object.hasOwn(Object.prototype, 'x')).toBe(false);
});

test('enumerations hold what the sources name, with the gaps closed', () => {
  const capabilities = {
    category: 'automation', subcategory: { automation: 'hybrid' }, tags: ['sales', 'marketing', 'support', 'hr', 'finance', 'ops', 'dev', 'general'],
    interfaces: {
      chat: { modes: ['text', 'voice', 'video'] }, widget: { types: ['floating', 'inline', 'fullpage', 'popup'] },
      api: { protocols: ['rest', 'graphql', 'websocket', 'mcp'], authentication: ['api_key', 'oauth2', 'jwt'] },
      integrations: { platforms: ['slack', 'teams', 'discord', 'whatsapp', 'telegram', 'email'] },
    },
    configuration: {
      rag: { sources: { documents: { formats: ['pdf', 'docx', 'txt', 'md', 'html', 'csv', 'xlsx'] }, websites: { refreshInterval: 'realtime' } } },
      workflowAdvanced: { data: { secrets: { encryption: 'kms' } }, monitoring: { alerts: { channels: ['pagerduty'] } } },
    },
    analytics: { usage: { metrics: ['executions'] }, alerts: { types: ['failure'] } },
  };
  expect(ProductCapabilities.safeParse(capabilities).error).toBeUndefined();
  expect(Object.values(SUBCATEGORIES).map((kinds) => kinds.length)).toEqual([4, 4, 7, 4]);
});

test('sizes are bounded and entries of a list are different', () => {
  const faults = (value: object) => ProductCapabilities.safeParse({ category: 'agent', ...value }).error?.issues.map((issue) => issue.path.join('.'));
  expect(faults({ tags: ['hr', 'hr'] })).toEqual(['tags']);
  expect(faults({ runtime: { dependencies: { models: Array.from({ length: 51 }, (_, index) => `m${index}`) } } })).toEqual(['runtime.dependencies.models']);
  expect(faults({ runtime: { dependencies: { services: ['x'.repeat(121)] } } })).toEqual(['runtime.dependencies.services.0']);
  expect(faults({ configuration: { rag: { retrieval: { search: { topK: 51 } } } } })).toEqual(['configuration.rag.retrieval.search.topK']);
  expect(faults({ runtime: { limits: { timeout: Number.NaN } } })).toEqual(['runtime.limits.timeout']);
  expect(faults({ configuration: { workflowAdvanced: { actions: { code: { sandboxed: false } } } } })).toEqual(['configuration.workflowAdvanced.actions.code.sandboxed']);
});

test('a declaration may be any part, is checked as strictly, and is not filled in', () => {
  const declared = { interfaces: { chat: { enabled: true } } };
  expect(DeclaredCapabilities.parse(declared)).toEqual(declared);
  expect(DeclaredCapabilities.parse({})).toEqual({});
  for (const { path } of places.filter(({ schema }) => schema.type === 'object')) {
    const parsed = DeclaredCapabilities.safeParse(nested(path, { surprise: 1 }));
    expect(parsed.error?.issues[0], path.join('.')).toMatchObject({ code: 'unrecognized_keys', path: [...path] });
  }
  expect(DeclaredCapabilities.safeParse({ interfaces: { chat: { enabled: 'yes' } } }).success).toBe(false);
});

test('a declaration keeps the words of every field in its JSON Schema', () => {
  const declared = placesOf(z.toJSONSchema(DeclaredCapabilities));
  expect(declared.map(({ path, schema }) => [path.join('.'), schema.title, schema.ui])).toEqual(places.map(({ path, schema }) => [path.join('.'), schema.title, schema.ui]));
});

test('ten thousand levels of nesting are refused without a crash', () => {
  let deep: unknown = 1;
  for (let level = 0; level < 10_000; level++) deep = { a: deep };
  expect(ProductCapabilities.safeParse({ category: 'agent', interfaces: deep }).success).toBe(false);
  expect(ProductCapabilities.safeParse(deep).success).toBe(false);
});
