import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createCodePool } from '#adapters/code-sandbox/code-pool.ts';
import { checkRunnable, compileFlow } from '../../engine/compile.ts';
import { runLive } from '../../engine/live.ts';
import type { RunResult } from '../../engine/live.ts';
import { passage, runContext, scriptedModel } from '../../engine/testing/run-context.ts';
import { NodeError } from '../../nodes/node-error.ts';
import { importFlow } from '../importer.ts';
import type { ImportResult } from '../importer.ts';
import { isRecord, read, readList, readText } from '../plain.ts';

const projectRoot = path.resolve(import.meta.dirname, '../../../../..');
const folder = path.join(process.env['CMP_SHARED_DATA'] ?? path.resolve(projectRoot, '../shared/data'), 'n8n');
const files = existsSync(folder) ? globSync('*.json', { cwd: folder }).toSorted() : [];
if (files.length === 0) console.log(`skipped: no n8n files at ${folder}`);

const imported = new Map(files.map((file) => {
  const result = importFlow(readFileSync(path.join(folder, file)), { fileName: file });
  if (!('flow' in result)) throw new Error(`${file}: ${result.problem.message}`);
  return [file, result] as const;
}));
const runnable = [...imported].filter(([, { report }]) => report.runnable);

/** How the runs of this file ended. */
const ended: string[] = [];

const pool = createCodePool();
afterAll(async () => pool.close());

/** Any data that a schema takes, so that a form of answer is met. */
function example(schema: unknown, depth = 0): unknown {
  const choices = readList(schema, 'enum');
  if (choices.length > 0) return choices[0];
  if (depth > 8) return 'x';
  switch (readText(schema, 'type')) {
    case 'array': return [example(read(schema, 'items'), depth + 1)];
    case 'number': case 'integer': return 1;
    case 'boolean': return true;
    case 'object': { const properties = read(schema, 'properties'); return isRecord(properties) ? Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, example(one, depth + 1)])) : {}; }
    default: return 'An answer.';
  }
}

/** Answers in words, or in the form that is asked for. */
const model = scriptedModel((request) => {
  const form = /JSON Schema:\n(\{[^\n]*\})/.exec(request.messages.map(({ content }) => content).join('\n'))?.[1];
  return form === undefined ? 'An answer.' : JSON.stringify(example(JSON.parse(form)));
});

/** Answers of services with something for everybody. */
const ANSWER = { id: '7', name: 'A thing', text: 'Words from outside.', title: 'A thing', data: { items: [], media: {} }, rows: [], keywords: [], results: [], result: { content: [{ text: '{"after":{"displayValue":"1"}}' }], points: [] }, column_values: [], fields: { created: '2026-01-01T00:00:00Z', reporter: { self: 'https://example.com' } } };

async function run({ flow, report }: ImportResult): Promise<RunResult> {
  // Pauses are settings of the flow; nobody waits for them here.
  const nodes = flow.nodes.map((node) => (node.type === 'logic.wait' ? { ...node, config: { seconds: 0 } } : node));
  const asks = report.traits.chat || report.entryPoints.some(({ kind }) => kind === 'chat');
  const context = runContext(asks ? 'How are you?' : '', {
    model: () => model, knowledge: [passage('a', 'Parcels leave on Tuesdays.')], state: new Map(),
    fetch: async () => ({ status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(ANSWER) }),
    outsideAction: (_connector, action) => ({ title: action, description: action, effect: 'read', input: { type: 'object', properties: {} } }),
    callOutside: async () => ANSWER,
    runCode: async (call) => pool.run('tenant', call, new AbortController().signal).catch((error: unknown) => {
      throw error instanceof Error && error.name === 'CodeError' ? new NodeError('node-code-failed', error.message, { cause: error }) : error;
    }),
  });
  return runLive(compileFlow({ ...flow, nodes }), context, { limits: { wallClockMs: 15_000 } }).done;
}

describe.skipIf(files.length === 0)('workflows that other people published', () => {
  test('at least four of five steps are mapped, each of the others with a reason in words and what comes closest', () => {
    const reports = [...imported.values()].map(({ report }) => report);
    const total = reports.reduce((sum, { nodes }) => sum + nodes.total, 0);
    const mapped = reports.reduce((sum, { nodes }) => sum + nodes.supported + nodes.approximated, 0);
    const missing = Map.groupBy(reports.flatMap(({ nodes }) => nodes.all.filter(({ support }) => support === 'unsupported')), ({ type }) => type);
    console.log(`n8n: ${mapped} of ${total} steps mapped (${reports.reduce((sum, { nodes }) => sum + nodes.supported, 0)} of them exactly), ${runnable.length} of ${files.length} workflows runnable; not mapped: ${[...missing].map(([type, nodes]) => `${type.split('.').at(-1) ?? type} ${nodes.length}`).join(', ')}`);
    expect(mapped / total).toBeGreaterThanOrEqual(0.8);
    for (const node of reports.flatMap(({ nodes }) => nodes.all)) {
      if (node.support !== 'supported') expect({ node: node.name, reason: node.reason }).toEqual({ node: node.name, reason: expect.stringMatching(/\w{3,}.*\.$/s) });
    }
  });

  test('the report of the import and the engine agree on what can run, and three of five can', () => {
    for (const [file, { flow, report }] of imported) expect({ file, runnable: checkRunnable(flow).length === 0 }).toEqual({ file, runnable: report.runnable });
    expect(runnable.length / files.length).toBeGreaterThanOrEqual(0.6);
  });

  test.each(runnable)('%s runs to its end', async (_file, result) => {
    const { status, error } = await run(result);
    ended.push(status);
    // Code of an author may expect other data than any double can guess; everything else has to work.
    if (error?.code !== 'node-code-failed') expect({ status, error: error?.message ?? null }).toEqual({ status: 'succeeded', error: null });
  });

  test('three of five of all workflows have run to their end', () => {
    const succeeded = ended.filter((status) => status === 'succeeded').length;
    console.log(`n8n: ${succeeded} of ${ended.length} runs succeeded; in the others code of the author expected other data`);
    expect(succeeded / files.length).toBeGreaterThanOrEqual(0.6);
  });

  test.each(globSync('malformed/*.json', { cwd: folder }))('%s is refused in words, or imported with a warning', (file) => {
    const result = importFlow(readFileSync(path.join(folder, file)));
    if ('problem' in result) expect(result.problem.message).toMatch(/not valid JSON|no list/);
    else expect(result.report.warnings.join(' ')).toContain('Connections name');
  });
});
