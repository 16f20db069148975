/**
 * Runs Langflow flows on a real Langflow server and on our engine, both against the same loopback model, and prints where
 * they differ as a Markdown table: what the model was sent, which tools it was offered and which it called, the answer.
 *   node bench/compare-langflow.ts [folder with .json files] [part of a file name]
 * Needs what scripts/langflow-server.sh needs; starts and stops a server of its own unless TEST_LANGFLOW_URL names one
 * whose OPENAI_API_BASE is the loopback model at COMPARE_MODEL_PORT (18765 unless told).
 */
import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { langflowRuntime } from '#adapters/langflow/langflow-runtime.ts';
import { echoFlowFor } from '#adapters/langflow/testing/echo-flow.ts';
import { openaiCompatibleProvider } from '#adapters/models/openai-compatible.ts';
import { startLoopbackModelServer, type Reply, type SeenCall } from '#adapters/models/testing/loopback-model-server.ts';
import { importFlow, runLive } from '#modules/flows/index.ts';
import { runContext } from '#modules/flows/engine/testing/run-context.ts';
import { modelDirectory } from '#modules/models/index.ts';
import { createEgress } from '#platform/egress/egress.ts';

const root = path.resolve(import.meta.dirname, '..');
const [folder = path.resolve(process.env['CMP_SHARED_DATA'] ?? path.join(root, '../shared/data'), 'langflow'), only = ''] = process.argv.slice(2);
const script = path.join(root, 'scripts/langflow-server.sh');
const QUESTION = 'How long can I return a charger that cost 2 + 3 dollars?';
const RUN_MS = 120_000;
const MODEL_PORT = Number(process.env['COMPARE_MODEL_PORT'] ?? 18_765);
/** Where models are told to be, on both sides. */
const model = await startLoopbackModelServer(MODEL_PORT);
model.reply(answerTo);

interface Seen { answer: string; error: string | null; calls: readonly { messages: readonly string[]; tools: readonly string[]; settings: string }[] }

const server = startServer();
const egress = createEgress([new URL(server.url).host]);
const remote = langflowRuntime({ baseUrl: server.url, apiKey: server.key, request: egress.request });
const models = modelDirectory({ providers: { openai: openaiCompatibleProvider({ baseUrl: `${model.url}/v1`, apiKey: 'sk-loopback-0123456789', fetch }) } });

async function compareAll(): Promise<void> {
  try {
    // The first run of a server loads its components, which takes longer than any flow.
    await onLangflow(await echoFlowFor(server.url, server.key));
    const rows: string[] = [];
    const counts = { same: 0, differ: 0, 'not comparable': 0, 'not runnable here': 0 };
    for (const file of globSync('**/*.json', { cwd: folder }).toSorted().filter((name) => name.includes(only))) {
      const imported = await importFlow(readFileSync(path.join(folder, file)));
      if ('problem' in imported) continue;
      if (!imported.report.runnable) { counts['not runnable here'] += 1; continue; }
      const theirs = await watched(async () => onLangflow(imported.definition));
      const ours = await watched(async () => onOurs(imported.flow));
      const found = theirs.error === null ? differences(ours, theirs) : [`Langflow cannot run it here: ${theirs.error}`];
      const verdict = theirs.error !== null ? 'not comparable' : found.length === 0 ? 'same' : 'differ';
      counts[verdict] += 1;
      rows.push(`| ${file} | ${verdict} | ${found.join('<br>').replaceAll('|', '\\|').replaceAll('\n', ' ') || '–'} |`);
      console.error(`${verdict.padEnd(15)} ${file}`);
    }
    console.log(`Langflow ${(await remote.probe(AbortSignal.timeout(RUN_MS))).version ?? ''} and the built-in engine on the same model: ${Object.entries(counts).map(([name, count]) => `${count} ${name}`).join(', ')}.\n`);
    console.log(`| flow | verdict | where they differ (ours → Langflow) |\n| --- | --- | --- |\n${rows.join('\n')}`);
  } finally {
    await egress.close();
    await model.close();
    if (server.own) execFileSync(script, ['stop'], { env: { ...process.env, LANGFLOW_SERVER_NAME: 'compare' } });
  }
}

function startServer(): { url: string; key: string; own: boolean } {
  const { TEST_LANGFLOW_URL: url, TEST_LANGFLOW_API_KEY: key = '' } = process.env;
  if (url !== undefined) return { url, key, own: false };
  const env = { ...process.env, LANGFLOW_SERVER_NAME: 'compare', OPENAI_API_BASE: `${model.url}/v1` };
  const lines = execFileSync(script, ['start'], { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  const value = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(lines)?.[1] ?? '';
  return { url: value('TEST_LANGFLOW_URL'), key: value('TEST_LANGFLOW_API_KEY'), own: true };
}

/** Runs and notes what the model saw meanwhile. */
async function watched(run: () => Promise<{ answer: string; error: string | null }>): Promise<Seen> {
  model.calls.length = 0;
  const result = await run();
  return { ...result, calls: model.calls.filter((call) => call.path.endsWith('/chat/completions')).map(readCall) };
}

async function onOurs(flow: Parameters<typeof runLive>[0]) {
  const run = runLive(flow, runContext(QUESTION, { model: (id) => models.chat(id) }));
  const { text, error } = await run.done;
  return { answer: text, error: error?.message ?? null };
}

async function onLangflow(definition: unknown) {
  const signal = AbortSignal.timeout(RUN_MS);
  let reference = '';
  try {
    reference = await remote.deploy({ id: crypto.randomUUID(), name: 'compare', place: 'compare', definition: pointedAtModel(definition) }, signal);
    let answer = '';
    const question = { runId: crypto.randomUUID(), subscriptionId: null, text: QUESTION, sessionId: crypto.randomUUID(), inputNode: null, images: [], history: [], settings: [], instructions: '', passages: [], runToken: '' };
    for await (const event of remote.run(reference, question, signal)) if (event.type === 'text') answer += event.text;
    return { answer, error: null };
  } catch (error) {
    return { answer: '', error: (error instanceof Error ? error.message : String(error)).slice(0, 160) };
  } finally {
    if (reference !== '') await remote.remove(reference, AbortSignal.timeout(RUN_MS));
  }
}

/** The file with its models at the loopback; nothing else of it changes. */
function pointedAtModel(definition: unknown): unknown {
  const Row = z.record(z.string(), z.unknown());
  const copy: unknown = structuredClone(definition);
  const set = (template: Record<string, unknown>, name: string, value: unknown) => {
    const field = Row.safeParse(template[name]);
    if (field.success) template[name] = { ...field.data, value, load_from_db: false };
  };
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) { for (const item of value) visit(item); return; }
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      const template = key === 'template' ? Row.safeParse(inner) : null;
      if (template?.success === true) {
        const fields = inner as Record<string, unknown>; // parsed on the line above; changed in place
        set(fields, 'openai_api_base', `${model.url}/v1`);
        for (const name of ['api_key', 'openai_api_key']) set(fields, name, 'sk-loopback-0123456789');
        const chosen = Row.safeParse(fields['model']).data;
        if (chosen?.['_input_type'] === 'ModelInput') set(fields, 'model', [{ name: 'gpt-4o', provider: 'OpenAI' }]);
      }
      visit(inner);
    }
  };
  visit(copy);
  return copy;
}

const Message = z.looseObject({ role: z.string(), content: z.unknown(), tool_calls: z.array(z.looseObject({ function: z.looseObject({ name: z.string(), arguments: z.string() }) })).optional() });
const Tool = z.looseObject({ function: z.looseObject({ name: z.string(), parameters: z.looseObject({ properties: z.record(z.string(), z.unknown()).optional() }).optional() }) });

function readCall({ body }: SeenCall): Seen['calls'][number] {
  const messages = z.array(Message).parse(body['messages']).map(({ role, content, tool_calls: called }) =>
    `${role}: ${textIn(content).replace(/\s+/g, ' ').trim()}${called === undefined ? '' : ` → ${called.map((one) => `${one.function.name}(${one.function.arguments})`).join(', ')}`}`);
  return { messages, tools: z.array(Tool).catch([]).parse(body['tools']).map((tool) => tool.function.name), settings: JSON.stringify({ model: body['model'], temperature: body['temperature'] ?? null }) };
}

function textIn(content: unknown): string {
  if (typeof content === 'string') return content;
  return Array.isArray(content) ? content.map((part: unknown) => textIn(z.looseObject({ text: z.unknown() }).safeParse(part).data?.text)).join('') : '';
}

/** Calls a calculator once where one is offered; otherwise always says the same. */
function answerTo({ body }: SeenCall): Reply {
  const messages = z.array(Message).parse(body['messages']);
  const calculator = z.array(Tool).catch([]).parse(body['tools']).find((tool) => Object.hasOwn(tool.function.parameters?.properties ?? {}, 'expression'));
  if (calculator && !messages.some(({ role }) => role === 'tool')) return { toolCalls: [{ id: 'call_1', name: calculator.function.name, arguments: { expression: '2+3' } }] };
  return { text: `Within 30 days. (${messages.filter(({ role }) => role === 'tool').map(({ content }) => textIn(content).slice(0, 40)).join(', ') || 'no tool'})` };
}

function differences(ours: Seen, theirs: Seen): string[] {
  const found: string[] = [];
  const note = (what: string, a: string, b: string) => { if (a !== b) found.push(`${what}: \`${cut(a, b)}\` → \`${cut(b, a)}\``); };
  if (ours.error !== null) found.push(`ours failed: ${ours.error.slice(0, 160)}`);
  note('answer', ours.answer.replace(/\s+/g, ' ').trim(), theirs.answer.replace(/\s+/g, ' ').trim());
  note('model calls', String(ours.calls.length), String(theirs.calls.length));
  for (const [index, call] of ours.calls.entries()) {
    const other = theirs.calls[index];
    if (!other) break;
    note(`tools of call ${index + 1}`, call.tools.join(', '), other.tools.join(', '));
    note(`prompt of call ${index + 1}`, call.messages.join(' ¶ '), other.messages.join(' ¶ '));
    note(`settings of call ${index + 1}`, call.settings, other.settings);
  }
  return found;
}

/** The part of a text around the first place where it differs from the other. */
function cut(text: string, other: string): string {
  let at = 0;
  while (at < text.length && text[at] === other[at]) at++;
  const from = Math.max(0, at - 40);
  return `${from > 0 ? '…' : ''}${text.slice(from, from + 120)}${text.length > from + 120 ? '…' : ''}` || '(nothing)';
}

await compareAll();
