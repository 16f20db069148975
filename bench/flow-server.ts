/**
 * Serves one flow over HTTP for `bench/workflow.ts`: the engine behind a bare route, without keys, credits and metering,
 * as the peer it is measured beside has none. `JOURNAL=<database url>` records every run and step before it answers.
 */
import { randomUUID } from 'node:crypto';
import fastify from 'fastify';
import { createJournalStore, type JournalStore } from '#modules/automation/index.ts';
import { compileFlow, runLive } from '#modules/flows/index.ts';
import { connect } from '#platform/db/database.ts';
import { createLogger } from '#platform/log/logger.ts';
import { uuidv7 } from '#platform/crypto/ids.ts';
import { benchFlow } from './bench-flow.ts';

const { PORT = '0', JOURNAL } = process.env;
const flow = compileFlow(benchFlow);
const log = createLogger('error');
const database = JOURNAL ? connect(JOURNAL, { connectionsMax: 2 }) : null;
const journals: JournalStore | null = database ? createJournalStore({ database, log, now: () => new Date(), relaySoon: () => undefined }) : null;
const [tenant, subscriptionId, flowId] = [randomUUID(), randomUUID(), randomUUID()];
const unused = (): never => { throw new Error('this flow asks nobody'); };

const app = fastify();
app.post('/webhook/bench', async (request) => {
  const runId = uuidv7();
  const lease = { tenant, runId, token: randomUUID() };
  const journal = journals?.begin({ lease, subscriptionId, flowId, leaseUntil: new Date(Date.now() + 30_000), question: { channel: 'webhook', keyId: null, text: '', data: request.body, history: [], conversationId: null, visitor: null } });
  const run = runLive(flow, {
    input: { text: '', images: [], history: [], data: request.body }, instructions: '', parameters: {}, model: unused, searchKnowledge: unused, grounding: () => [],
    generation: { modelId: null, temperature: null, outputTokensMax: null }, fetch: unused, now: () => new Date(), countTokens: () => undefined, signal: new AbortController().signal, runId,
  }, journal ? { journal } : {});
  const result = await run.done;
  if (result.error) throw result.error;
  await journal?.end({ state: 'succeeded', answer: { text: result.text, data: result.data, citations: [], conversationId: null, tokensIn: 0, tokensOut: 0, credits: null }, errorCode: null, errorMessage: null, endedAt: new Date() });
  return result.data;
});
app.get('/healthz', async () => ({ ok: true }));
await app.listen({ port: Number(PORT), host: '127.0.0.1' });
