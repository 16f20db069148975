import { expect, test } from 'vitest';
import { ProductCapabilities } from './contract.ts';
import { foldCapabilities, normalizeCapabilities } from './normalize-capabilities.ts';

const withConfiguration = (configuration: unknown) => normalizeCapabilities({ category: 'agent', configuration }).configuration;

test('the short form of rag becomes the extended one', () => {
  const { rag } = withConfiguration({
    rag: {
      enabled: true,
      sources: { documents: true, websites: true, qaPairs: true, databases: false, apis: false },
      limits: { maxDocuments: 7, maxSizeMB: 70, maxUrls: 17, maxChunks: 700 },
      retrieval: { topK: 9, method: 'keyword', reranking: true, citations: true },
      grounding: { strictMode: true, fallback: 'escalate' },
    },
  });
  expect(rag.sources.documents).toMatchObject({ enabled: true, maxFiles: 7, maxTotalSize: 70 });
  expect(rag.sources.websites).toMatchObject({ enabled: true, maxUrls: 17 });
  expect([rag.sources.qaPairs.enabled, rag.sources.databases.enabled]).toEqual([true, false]);
  expect(rag.limits).toEqual({ maxChunks: 700 });
  expect(rag.retrieval.search).toMatchObject({ topK: 9, method: 'keyword' });
  expect([rag.retrieval.reranking.enabled, rag.retrieval.citations.enabled]).toEqual([true, true]);
  expect(rag.generation.grounding).toMatchObject({ strictMode: true, fallbackBehavior: 'escalate' });
});

test('the extended form wins where both speak', () => {
  const { rag } = withConfiguration({
    rag: {
      sources: { documents: { enabled: true, maxFiles: 3 } }, limits: { maxDocuments: 99 },
      retrieval: { topK: 9, search: { topK: 2 } }, grounding: { strictMode: true }, generation: { grounding: { strictMode: false } },
    },
  });
  expect(rag.sources.documents).toMatchObject({ enabled: true, maxFiles: 3 });
  expect(rag.retrieval.search.topK).toBe(2);
  expect(rag.generation.grounding.strictMode).toBe(false);
});

test('knowledge is folded into rag, and rag wins', () => {
  const knowledge = { enabled: true, sources: { documents: true, qaFiles: true }, limits: { maxDocuments: 4, maxSizeMB: 40, maxUrls: 5 } };
  const folded = withConfiguration({ knowledge }).rag;
  expect(folded.enabled).toBe(true);
  expect(folded.sources.documents).toMatchObject({ enabled: true, maxFiles: 4, maxTotalSize: 40 });
  expect(folded.sources.qaPairs.enabled).toBe(true);
  const contested = withConfiguration({ knowledge, rag: { enabled: false, sources: { documents: { maxFiles: 8 } } } }).rag;
  expect(contested.enabled).toBe(false);
  expect(contested.sources.documents).toMatchObject({ enabled: true, maxFiles: 8, maxTotalSize: 40 });
});

test('afterwards knowledge says what rag says', () => {
  const { knowledge } = withConfiguration({ knowledge: { enabled: true }, rag: { enabled: false, sources: { websites: true } } });
  expect(knowledge).toMatchObject({ enabled: false, sources: { websites: true, documents: false } });
});

test('the short form of workflowAdvanced becomes the extended one', () => {
  const { workflowAdvanced } = withConfiguration({
    workflowAdvanced: {
      enabled: true,
      triggers: { webhook: true, schedule: false, event: true, manual: true, api: true },
      flow: { conditionals: true, loops: true, parallelExecution: true, subWorkflows: false, errorHandling: true },
      actions: { http: true, database: true, ai: true, messaging: true, storage: true, transform: true, code: false },
      data: { variables: true, secrets: true, statePersistence: true },
    },
  });
  expect(workflowAdvanced.triggers.webhook.enabled).toBe(true);
  expect(workflowAdvanced.triggers.schedule.enabled).toBe(false);
  expect(workflowAdvanced.flow.loops).toMatchObject({ enabled: true, parallelExecution: true });
  expect(workflowAdvanced.actions.transform.enabled).toBe(true);
  expect(workflowAdvanced.data.state.persistence).toBe(true);
});

test('normalizing twice changes nothing', () => {
  const once = normalizeCapabilities({ category: 'agent', configuration: { knowledge: { enabled: true, sources: { documents: true } }, rag: { retrieval: { topK: 3 } } } });
  expect(normalizeCapabilities(once)).toEqual(once);
  expect(ProductCapabilities.parse(once)).toEqual(once);
});

test.each([
  { knowledge: { enabled: 'yes' } },
  { knowledge: { surprise: 1 } },
  { knowledge: 5 },
  { rag: { sources: { surprise: true } } },
  { rag: { limits: { surprise: 1 } } },
  { rag: { limits: 5 } },
  { rag: { grounding: { surprise: 1 } } },
  { rag: { grounding: 5 } },
  { rag: { retrieval: { topK: 'many' } } },
  { rag: null },
  { workflowAdvanced: { flow: { surprise: true } } },
  { workflowAdvanced: { data: { statePersistence: 'yes' } } },
])('folding hides no fault: %j', (configuration) => {
  expect(() => withConfiguration(configuration)).toThrow();
});

test('keys that reach for prototypes are refused and touch nothing', () => {
  for (const path of ['{"__proto__":{"x":1}}', '{"knowledge":{"__proto__":{"enabled":true}}}', '{"rag":{"sources":{"__proto__":{"x":1}}}}', '{"rag":{"limits":{"__proto__":{"x":1}}}}', '{"workflowAdvanced":{"flow":{"constructor":{"x":1}}}}'])
    expect(() => withConfiguration(JSON.parse(path)), path).toThrow();
  expect(Object.hasOwn(Object.prototype, 'x')).toBe(false);
});

test.each([[null], [5], ['text'], [[]], [{ configuration: [] }]])('what is not capabilities is left for the schema to refuse: %j', (input) => {
  expect(foldCapabilities(input)).toEqual(input);
  expect(() => normalizeCapabilities(input)).toThrow();
});
