import { expect, test } from 'vitest';
import { CATEGORY_DEFAULTS, withCategoryDefaults } from './category-defaults.ts';
import { CATEGORIES, DeclaredCapabilities } from './contract.ts';

test('the defaults of every category are valid declarations', () => {
  for (const category of CATEGORIES) expect(DeclaredCapabilities.safeParse(CATEGORY_DEFAULTS[category]).error).toBeUndefined();
});

test('agents converse, learn and are reached by widget and API', () => {
  const agent = withCategoryDefaults('agent', 'single', {});
  expect(agent.subcategory).toEqual({ agent: 'single' });
  expect(agent.interfaces.chat).toMatchObject({ enabled: true, modes: ['text'], features: { multiTurn: true, streaming: true, fileUpload: false } });
  expect(agent.interfaces.api.protocols).toEqual(['rest', 'mcp']);
  expect(agent.configuration.rag).toMatchObject({
    enabled: true, limits: { maxChunks: 50_000 },
    sources: { documents: { enabled: true, maxFiles: 50, maxTotalSize: 500 }, websites: { enabled: true, maxUrls: 100 }, databases: { enabled: false } },
    retrieval: { search: { topK: 5, method: 'hybrid' }, reranking: { enabled: true }, citations: { enabled: true } },
  });
  expect(agent.configuration.knowledge).toMatchObject({ enabled: true, sources: { documents: true, websites: true, qaFiles: true } });
  expect(agent.analytics.usage.metrics).toEqual(['messages', 'sessions', 'users']);
});

test('apps and automations do not chat, automations have the advanced workflow', () => {
  const app = withCategoryDefaults('app', null, {});
  expect([app.interfaces.chat.enabled, app.interfaces.integrations.platforms, app.configuration.workflow.options.schedule]).toEqual([false, ['slack', 'teams'], false]);
  const automation = withCategoryDefaults('automation', 'scheduled', {});
  expect(automation.configuration.workflowAdvanced).toMatchObject({
    enabled: true, triggers: { schedule: { enabled: true } }, flow: { loops: { parallelExecution: true }, subWorkflows: { enabled: false } }, actions: { code: { enabled: false } },
  });
  expect(automation.analytics).toMatchObject({ usage: { metrics: ['api_calls', 'compute_time', 'executions'] }, alerts: { types: ['error_rate', 'latency', 'failure'] } });
});

test('only assistants for general work have knowledge from the start', () => {
  const on = (...kind: Parameters<typeof withCategoryDefaults>) => withCategoryDefaults(...kind).configuration.rag.enabled;
  expect(on('assistant', 'general', {})).toBe(true);
  expect(on('assistant', null, { subcategory: { assistant: 'general' } })).toBe(true);
  expect(on('assistant', 'writer', {})).toBe(false);
  expect(on('assistant', null, {})).toBe(false);
  expect(on('app', 'tool', {})).toBe(false);
});

test('a seller who switches knowledge on gets sensible sources with it', () => {
  const { rag } = withCategoryDefaults('assistant', 'writer', { configuration: { knowledge: { enabled: true } } }).configuration;
  expect(rag).toMatchObject({ enabled: true, sources: { documents: { enabled: true, maxFiles: 50 } } });
});

test('the declaration lies over the defaults: objects merge, arrays replace', () => {
  const merged = withCategoryDefaults('agent', 'single', {
    category: 'app',
    interfaces: { api: { protocols: ['graphql'] }, chat: { features: { streaming: false } } },
    configuration: { rag: { sources: { documents: false }, limits: { maxDocuments: 10 } } },
  });
  expect(merged.category).toBe('agent');
  expect(merged.interfaces.api).toMatchObject({ enabled: true, protocols: ['graphql'], authentication: ['api_key'] });
  expect(merged.interfaces.chat.features).toMatchObject({ streaming: false, multiTurn: true });
  expect(merged.configuration.rag.sources).toMatchObject({ documents: { enabled: false, maxFiles: 10, maxTotalSize: 500 }, websites: { enabled: true } });
});

test('results share nothing with the defaults', () => {
  withCategoryDefaults('agent', 'single', {}).interfaces.api.protocols.push('websocket');
  withCategoryDefaults('agent', 'single', {}).configuration.rag.sources.documents.formats.pop();
  const fresh = withCategoryDefaults('agent', 'single', {});
  expect(fresh.interfaces.api.protocols).toEqual(['rest', 'mcp']);
  expect(fresh.configuration.rag.sources.documents.formats).toHaveLength(7);
});

test('a declaration that names no formats takes those it always took; the newer ones are taken where they are named', () => {
  const formatsOf = (declared: unknown) => withCategoryDefaults('agent', 'single', declared).configuration.rag.sources.documents.formats;
  expect(formatsOf({})).toEqual(['pdf', 'docx', 'txt', 'md', 'html', 'csv', 'xlsx']);
  expect(formatsOf({ configuration: { rag: { sources: { documents: { formats: ['pptx', 'epub', 'eml', 'odt'] } } } } })).toEqual(['pptx', 'epub', 'eml', 'odt']);
});

test('a subcategory of another category and a declaration that is no object are refused', () => {
  expect(() => withCategoryDefaults('agent', 'writer', {})).toThrow();
  for (const declared of [null, 5, 'text', []]) expect(() => withCategoryDefaults('agent', 'single', declared)).toThrow();
});

test('hostile keys and depth are refused and touch nothing', () => {
  for (const text of ['{"__proto__":{"x":1}}', '{"interfaces":{"__proto__":{"x":1}}}', '{"interfaces":{"chat":{"constructor":{"prototype":{"x":1}}}}}'])
    expect(() => withCategoryDefaults('agent', 'single', JSON.parse(text)), text).toThrow();
  let deep: unknown = 1;
  for (let level = 0; level < 10_000; level++) deep = { interfaces: deep };
  expect(() => withCategoryDefaults('agent', 'single', deep)).toThrow(/Unrecognized/);
  expect(Object.hasOwn(Object.prototype, 'x')).toBe(false);
});
