import { afterAll, describe, expect, test, vi } from 'vitest';
import { createEgress } from '#platform/egress/egress.ts';
import { startLoopbackModelServer } from '#adapters/models/testing/loopback-model-server.ts';
import { allEvents, remoteFailure, remoteQuestion, remoteRuntimeContract, saidIn } from '#modules/runtime/remote-runtime-suite.ts';
import { langflowRuntime } from './langflow-runtime.ts';
import { echoFlowFor, modelFlowFor } from './testing/echo-flow.ts';

// oxlint-disable-next-line node/no-process-env -- where a real server is, only the environment of the test run can say
const { TEST_LANGFLOW_URL: url, TEST_LANGFLOW_API_KEY: apiKey = '' } = process.env;

if (url === undefined) {
  test.skip('a real Langflow server (start one with scripts/langflow-server.sh and set TEST_LANGFLOW_URL)', () => undefined);
} else {
  // A server that was just started loads components at its first runs.
  vi.setConfig({ testTimeout: 120_000 });
  const egress = createEgress([new URL(url).host]);
  const model = await startLoopbackModelServer();
  afterAll(async () => { await egress.close(); await model.close(); });
  // It runs beside everything else that is tested, and waits half a minute for a lock of its own database.
  const at = (key: string) => langflowRuntime({ baseUrl: url, apiKey: key, request: egress.request, timeouts: { manageMs: 90_000 } });
  const definition = await echoFlowFor(url, apiKey);
  const never = new AbortController().signal;

  remoteRuntimeContract(`a real Langflow server at ${url}`, async () => ({ runtime: at(apiKey), stranger: at('sk-wrong'), definition, keepsFlows: true, streams: false }));

  describe('a real Langflow server with a model', () => {
    const runtime = at(apiKey);
    const deploy = async () => runtime.deploy({ id: crypto.randomUUID(), name: 'Model', place: 'tenant_one_two', definition: await modelFlowFor(url, apiKey, `${model.url}/v1`) }, never);

    test('its answer arrives once, in pieces, with the tokens it counted', async () => {
      model.reply({ text: 'The parcel leaves the warehouse on Tuesday.' });
      const events = await allEvents(runtime.run(await deploy(), remoteQuestion('When?'), never));
      expect(saidIn(events)).toBe('The parcel leaves the warehouse on Tuesday.');
      expect(events.length).toBeGreaterThan(3);
    });

    test('a setting that is sent reaches the model', async () => {
      model.calls.length = 0;
      const reference = await deploy();
      await allEvents(runtime.run(reference, remoteQuestion('When?', { settings: [{ name: 'role', node: 'OpenAIModel-m0d3l', field: 'system_message', value: 'You sell parcels.' }] }), never));
      expect(JSON.stringify(model.calls.at(-1)?.body['messages'])).toContain('You sell parcels.');
    });

    test('a model that refuses is told in words, without the key', async () => {
      model.fail({ kind: 'status', status: 401, body: JSON.stringify({ error: { message: 'Incorrect API key provided: sk-loopback-0123456789', type: 'invalid_request_error', code: 'invalid_api_key' } }) });
      const error = await remoteFailure(allEvents(runtime.run(await deploy(), remoteQuestion('When?'), never)));
      expect(error.code).toBe('flow-failed');
      expect(error.message).toContain('Incorrect API key provided');
      expect(error.message).not.toContain('sk-loopback-0123456789');
      model.fail(null);
    });
  });
}
