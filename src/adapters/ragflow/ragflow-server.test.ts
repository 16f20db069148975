import { afterAll, test } from 'vitest';
import { createEgress } from '#platform/egress/egress.ts';
import { knowledgeEngineContract } from '#modules/knowledge/engine/knowledge-engine-suite.ts';
import { ragflowEngine } from './ragflow-engine.ts';

// oxlint-disable-next-line node/no-process-env -- where a real server is, only the environment of the test run can say
const { TEST_RAGFLOW_BASE_URL: baseUrl, TEST_RAGFLOW_API_KEY: apiKey = '' } = process.env;

if (baseUrl === undefined || apiKey === '') {
  test.skip('a real RAGFlow server (set TEST_RAGFLOW_BASE_URL and TEST_RAGFLOW_API_KEY)', () => undefined);
} else {
  const egress = createEgress([new URL(baseUrl).host]);
  afterAll(async () => { await egress.close(); });
  const at = (key: string) => ragflowEngine({ baseUrl: baseUrl.replace(/\/+$/, ''), apiKey: key, request: egress.request });

  // Parsing waits for a worker and an embedding model.
  knowledgeEngineContract(`a real RAGFlow server at ${baseUrl}`, async () => ({ engine: at(apiKey), stranger: at('ragflow-wrong'), parseMsMax: 300_000 }));
}
