import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openaiCompatibleProvider } from '#adapters/models/openai-compatible.ts';
import { startLoopbackModelServer } from '#adapters/models/testing/loopback-model-server.ts';
import { modelDirectory } from '#modules/models/index.ts';
import { outsideDouble } from '#modules/connections/testing/outside-double.ts';
import { connectors } from '../../../connectors/registry.ts';
import { importFlow } from '../import/importer.ts';
import { checkRunnable, compileFlow } from './compile.ts';
import { runLive } from './live.ts';
import { passage, runContext } from './testing/run-context.ts';
import { sharedFiles } from '../../../testing/shared-data.ts';

const { folder, files } = sharedFiles('Langflow', 'langflow', '*/*.json');

const server = await startLoopbackModelServer();
afterAll(() => server.close());
beforeEach(() => {
  server.calls.length = 0;
  server.reply({ text: 'An answer from the loopback model.' });
});

const models = modelDirectory({ providers: { openai: openaiCompatibleProvider({ baseUrl: `${server.url}/v1`, apiKey: 'k', fetch }) } });
const knowledge = [passage('a', 'Parcels leave on Tuesdays.'), passage('b', 'A charger can be returned within 30 days.')];
const outside = outsideDouble(connectors);
const context = () => runContext('How long can I return a charger?', {
  knowledge,
  model: (id) => models.chat(id),
  outsideAction: outside.outsideAction,
  callOutside: outside.callOutside,
  runCode: async () => ({ value: 'A result of the code.', printed: [] }),
  fetch: async () => ({ status: 200, headers: { 'content-type': 'text/html' }, body: '<title>Page</title><body><nav>Menu</nav><p>Web words.</p></body>' }),
});
const imported = (file: string) => {
  const result = importFlow(readFileSync(path.join(folder, file)));
  if (!('flow' in result)) throw new Error(`${file}: ${result.problem.message}`);
  return result;
};
const runnable = files.filter((file) => imported(file).report.runnable);

/** Data of the form that a flow asks its model for. */
function sampleOf(schema: unknown): unknown {
  const { type, properties, items } = z.object({ type: z.string().default('string'), properties: z.record(z.string(), z.unknown()).default({}), items: z.unknown().optional() }).parse(schema ?? {});
  if (type === 'object') return Object.fromEntries(Object.entries(properties).map(([name, inner]) => [name, sampleOf(inner)]));
  if (type === 'array') return [sampleOf(items)];
  return type === 'number' || type === 'integer' ? 1 : type === 'boolean' ? true : 'x';
}

describe.skipIf(files.length === 0)('flows made with Langflow', () => {
  test('the report of the import and the engine agree on what can run', () => {
    for (const file of files) expect({ file, runnable: checkRunnable(imported(file).flow).length === 0 }).toEqual({ file, runnable: imported(file).report.runnable });
  });

  test.each(runnable)('%s answers through a model server', async (file) => {
    const { flow } = imported(file);
    const structured = flow.nodes.find((node) => node.type === 'transform.structured-output');
    if (structured) server.reply({ text: JSON.stringify(sampleOf(structured.config['schema'])) });
    const result = await runLive(compileFlow(flow), context()).done;
    expect(result.error).toBeNull();
    expect(result.text).not.toBe('');
    expect(result.status).toBe('succeeded');
    if (result.trace.some((node) => node.type === 'model.chat')) expect(result.usage.outputTokens).toBeGreaterThan(0);
  });

  test.each(files.filter((file) => file.includes('vector-store-rag')))('%s brings numbered passages and the question to the model', async (file) => {
    await runLive(imported(file).flow, context()).done;
    const sent = JSON.stringify(server.calls.at(-1)?.body['messages']);
    expect(sent).toContain('A charger can be returned within 30 days.');
    expect(sent).toMatch(/\[2\]/);
    expect(sent).toContain('How long can I return a charger?');
  });

  test.each(files.filter((file) => file.includes('vector-store-rag')))('%s answers without any provider, quoting and citing', async (file) => {
    const offline = modelDirectory();
    const result = await runLive(imported(file).flow, { ...context(), model: (id) => offline.chat(id) }).done;
    expect(result.text).toContain('“A charger can be returned within 30 days.” [2]');
  });
});
