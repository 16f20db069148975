import type { createCodePool } from '#adapters/code-sandbox/code-pool.ts';
import type { ChatRequest } from '#modules/models/ports.ts';
import { compileFlow } from '../../../engine/compile.ts';
import { runLive } from '../../../engine/live.ts';
import type { RunResult } from '../../../engine/live.ts';
import { passage, runContext, scriptedModel } from '../../../engine/testing/run-context.ts';
import { NodeError } from '../../../nodes/node-error.ts';
import type { NodeContext } from '../../../node-type.ts';
import type { ImportResult } from '../../importer.ts';
import { isRecord, read, readList, readText } from '../../plain.ts';

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
    default: return isRecord(read(schema, 'properties')) || schema === undefined ? {} : 'An answer.';
  }
}

/** The answer of a model that gives any form it is asked for, takes the first way of a choice, and otherwise says what it was asked. */
function obligingAnswer(request: ChatRequest): string {
  const said = request.messages.map(({ content }) => content).join('\n');
  const form = /JSON Schema:\n(\{[^\n]*\})/.exec(said)?.[1];
  if (form !== undefined) return JSON.stringify(example(JSON.parse(form)));
  if (said.includes('Answer with the name or the number of one way')) return '1';
  return `Answer to: ${String(request.messages.at(-1)?.content).slice(0, 400)}`;
}

/** Answers of services with something for everybody. */
const ANSWER = { id: '7', title: 'A thing', text: 'Words from outside.', url: 'https://example.com/1', data: [{ title: 'A thing' }], results: [{ title: 'A thing', url: 'https://example.com/1' }], images: [], choices: [] };

interface Doubles extends Partial<NodeContext> { text?: string; answer?: Record<string, unknown>; calls?: { connector: string; action: string; input: unknown }[] }

/** Runs an imported flow without anything outside: a scripted model, services and web addresses that answer the same, real code children. */
export async function runImported({ flow }: Pick<ImportResult, 'flow'>, pool: ReturnType<typeof createCodePool>, { text = 'How are you?', answer = ANSWER, calls, ...parts }: Doubles = {}): Promise<RunResult> {
  const model = scriptedModel(obligingAnswer);
  const context = runContext(text, {
    model: () => model, knowledge: [passage('a', 'Parcels leave on Tuesdays.')], state: new Map(),
    fetch: async () => ({ status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(answer) }),
    outsideAction: async (_connector, action) => ({ title: action, description: action, effect: /send|post|create/.test(action) ? 'write' : 'read', input: { type: 'object', properties: {} } }),
    callOutside: async ({ connector, action, input }) => { calls?.push({ connector, action, input }); return answer; },
    runCode: async (call) => pool.run('tenant', call, new AbortController().signal).catch((error: unknown) => {
      throw error instanceof Error && error.name === 'CodeError' ? new NodeError('node-code-failed', error.message, { cause: error }) : error;
    }),
    ...parts,
  });
  return runLive(compileFlow(flow), context, { limits: { wallClockMs: 60_000 } }).done;
}
