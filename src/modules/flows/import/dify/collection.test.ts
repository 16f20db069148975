import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createCodePool } from '#adapters/code-sandbox/code-pool.ts';
import { checkRunnable } from '../../engine/compile.ts';
import { importFlow } from '../importer.ts';
import { runImported } from '../steps/testing/run-imported.ts';

const projectRoot = path.resolve(import.meta.dirname, '../../../../..');
const folder = path.join(process.env['CMP_SHARED_DATA'] ?? path.resolve(projectRoot, '../shared/data'), 'dify');
const files = existsSync(folder) ? globSync('*.yml', { cwd: folder }).toSorted() : [];
if (files.length === 0) console.log(`skipped: no Dify files at ${folder}`);

const imported = new Map(files.map((file) => {
  const result = importFlow(readFileSync(path.join(folder, file)), { fileName: file });
  if (!('flow' in result)) throw new Error(`${file}: ${result.problem.message}`);
  return [file, result] as const;
}));
const runnable = [...imported].filter(([, { report }]) => report.runnable);

const pool = createCodePool();
afterAll(async () => pool.close());

describe.skipIf(files.length === 0)('flows that other people published', () => {
  test('at least four of five nodes are mapped, each of the others with a reason in words', () => {
    const reports = [...imported.values()].map(({ report }) => report);
    const total = reports.reduce((sum, { nodes }) => sum + nodes.total, 0);
    const mapped = reports.reduce((sum, { nodes }) => sum + nodes.supported + nodes.approximated, 0);
    console.log(`Dify: ${mapped} of ${total} nodes mapped (${reports.reduce((sum, { nodes }) => sum + nodes.supported, 0)} of them exactly), ${runnable.length} of ${files.length} flows runnable`);
    expect(mapped / total).toBeGreaterThanOrEqual(0.8);
    for (const node of reports.flatMap(({ nodes }) => nodes.all)) {
      if (node.support !== 'supported') expect({ node: node.name, reason: node.reason }).toEqual({ node: node.name, reason: expect.stringMatching(/\w{3,}.*\.$/s) });
    }
  });

  test('the report of the import and the engine agree on what can run, and three of five can', () => {
    for (const [file, { flow, report }] of imported) expect({ file, runnable: checkRunnable(flow).length === 0 }).toEqual({ file, runnable: report.runnable });
    expect(runnable.length / files.length).toBeGreaterThanOrEqual(0.6);
  });

  test.each(runnable)('%s answers', async (_file, result) => {
    const { status, error, text } = await runImported(result, pool);
    // Who has to be asked is not there; the run ends with the question.
    if (error?.message.includes('A person must decide') === true) return;
    // Code of an author may expect other data than any double can guess; everything else has to work.
    if (error?.code === 'node-code-failed') return;
    expect({ status, error: error?.message ?? null }).toEqual({ status: 'succeeded', error: null });
    expect(text.length).toBeGreaterThan(3);
  });
});
