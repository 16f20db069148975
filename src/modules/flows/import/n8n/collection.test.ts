import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createCodePool } from '#adapters/code-sandbox/code-pool.ts';
import type { RunResult } from '../../engine/live.ts';
import { importFlow } from '../importer.ts';
import type { ImportResult } from '../importer.ts';
import { expectMapped, expectRunnable, readCollection } from '../steps/testing/collection.ts';
import { runImported } from '../steps/testing/run-imported.ts';

const collection = readCollection('n8n', 'n8n', '*.json');

/** How the runs of this file ended. */
const ended: string[] = [];

const pool = createCodePool();
afterAll(async () => pool.close());

/** Answers of services with something for everybody. */
const ANSWER = { id: '7', name: 'A thing', text: 'Words from outside.', title: 'A thing', data: { items: [], media: {} }, rows: [], keywords: [], results: [], result: { content: [{ text: '{"after":{"displayValue":"1"}}' }], points: [] }, column_values: [], fields: { created: '2026-01-01T00:00:00Z', reporter: { self: 'https://example.com' } } };

async function run({ flow, report }: ImportResult): Promise<RunResult> {
  // Pauses are settings of the flow; nobody waits for them here.
  const nodes = flow.nodes.map((node) => (node.type === 'logic.wait' ? { ...node, config: { seconds: 0 } } : node));
  const asks = report.traits.chat || report.entryPoints.some(({ kind }) => kind === 'chat');
  return runImported({ flow: { ...flow, nodes } }, pool, {
    text: asks ? 'How are you?' : '', answer: ANSWER,
    outsideAction: async (_connector, action) => ({ title: action, description: action, effect: 'read', input: { type: 'object', properties: {} } }),
  });
}

describe.skipIf(collection.files.length === 0)('workflows that other people published', () => {
  test('at least four of five steps are mapped, each of the others with a reason in words and what comes closest', () => {
    expectMapped(collection, 0.8);
  });

  test('the report of the import and the engine agree on what can run, and three of five can', () => {
    expectRunnable(collection, 0.6);
  });

  test.each(collection.runnable)('%s runs to its end', async (_file, result) => {
    const { status, error } = await run(result);
    ended.push(status);
    // Code of an author may expect other data than any double can guess; everything else has to work.
    if (error?.code !== 'node-code-failed') expect({ status, error: error?.message ?? null }).toEqual({ status: 'succeeded', error: null });
  });

  test('three of five of all workflows have run to their end', () => {
    const succeeded = ended.filter((status) => status === 'succeeded').length;
    console.log(`n8n: ${succeeded} of ${ended.length} runs succeeded; in the others code of the author expected other data`);
    expect(succeeded / collection.files.length).toBeGreaterThanOrEqual(0.6);
  });

  test.each(globSync('malformed/*.json', { cwd: collection.folder }))('%s is refused in words, or imported with a warning', (file) => {
    const result = importFlow(readFileSync(path.join(collection.folder, file)));
    if ('problem' in result) expect(result.problem.message).toMatch(/not valid JSON|no list/);
    else expect(result.report.warnings.join(' ')).toContain('Connections name');
  });
});
