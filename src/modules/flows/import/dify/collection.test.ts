import { afterAll, describe, expect, test } from 'vitest';
import { createCodePool } from '#adapters/code-sandbox/code-pool.ts';
import { expectMapped, expectRunnable, readCollection } from '../steps/testing/collection.ts';
import { runImported } from '../steps/testing/run-imported.ts';

const collection = readCollection('Dify', 'dify', '*.yml');

const pool = createCodePool({ cacheDir: 'node_modules/.cache/code' });
afterAll(async () => pool.close());

describe.skipIf(collection.files.length === 0)('flows that other people published', () => {
  test('at least four of five nodes are mapped, each of the others with a reason in words', () => {
    expectMapped(collection, 0.8);
  });

  test('the report of the import and the engine agree on what can run, and three of five can', () => {
    expectRunnable(collection, 0.6);
  });

  test.each(collection.runnable)('%s answers', async (_file, result) => {
    const { status, error, text } = await runImported(result, pool);
    // Who has to be asked is not there; the run ends with the question.
    if (error?.message.includes('A person must decide') === true) return;
    // Code of an author may expect other data than any double can guess; everything else has to work.
    if (error?.code === 'node-code-failed') return;
    expect({ status, error: error?.message ?? null }).toEqual({ status: 'succeeded', error: null });
    expect(text.length).toBeGreaterThan(3);
  });
});
