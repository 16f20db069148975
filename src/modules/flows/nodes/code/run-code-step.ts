import { z } from 'zod';
import { resolve } from '../../expression/resolve.ts';
import { scopeFor } from '../../expression/scope-for.ts';
import type { CodeCall, NodeContext, Value } from '../../node-type.ts';
import { json } from '../define-node.ts';
import { itemsOf, listOf, madeOf, wholeOf } from '../items.ts';
import { NodeError } from '../node-error.ts';
import { isRow, type Row } from '../values.ts';
import { type Dialect, preludeOf } from './preludes.ts';

/** Settings that every step with code has. */
export const codeConfig = {
  code: z.string().min(1).max(200_000).default('').meta({ title: 'Code', ui: { widget: 'code' } }),
  /** Wall clock in ms. */
  timeoutMs: z.number().int().min(1).max(10_000).default(5_000).meta({ title: 'Time limit (ms)' }),
  /** Values the code gets by name; texts may be expressions. */
  arguments: z.record(z.string().max(100), z.unknown()).default({}).meta({ title: 'Arguments', ui: { widget: 'code' } }),
  /** Ids of the steps whose results the code reads; they run before it. */
  references: z.array(z.string()).max(200).default([]).meta({ title: 'Steps it reads' }),
  /** Names the code has for steps, to their ids. */
  names: z.record(z.string(), z.string()).default({}).meta({ title: 'Names of steps', ui: { widget: 'code' } }),
};

export interface CodeStep {
  language: CodeCall['language'];
  dialect: Dialect;
  code: string;
  each: boolean;
  timeoutMs: number;
  arguments: Row;
  references: readonly string[];
  names: Readonly<Record<string, string>>;
}

const Returned = z.object({ result: z.unknown().optional(), state: z.record(z.string(), z.unknown()).optional() });

/**
 * Runs the code of a step on what comes in. A list of items becomes a table, anything else JSON; variables of the run that
 * the code changed are kept; what it printed becomes notes.
 * @param given values by name, beside the configured arguments
 */
export async function runCodeStep(context: NodeContext, step: CodeStep, input: Value | undefined, given: Row = {}): Promise<Value> {
  if (!context.runCode) throw new NodeError('node-code-failed', 'Code cannot be run here.');
  const items = itemsOf(input);
  const whole = wholeOf(input);
  const scope = scopeFor(context, items, 0, whole);
  const resolved = resolve(step.arguments, scope);
  const { value, printed } = await context.runCode({
    language: step.language, prelude: preludeOf(step.language, step.dialect), timeoutMs: step.timeoutMs,
    // Dify's code only declares its function.
    code: step.dialect === 'dify' && step.language === 'javascript' ? `${step.code}\nreturn typeof main === 'function' ? main : undefined;` : step.code,
    globals: {
      __call: {
        // A list would travel twice.
        ...(Array.isArray(whole) || (input?.kind === 'table' && items.length !== 1) ? {} : { input: whole }),
        items, each: step.each, steps: stepsOf(context, step, scope.steps), names: step.names,
        parameters: context.parameters, state: Object.fromEntries(context.state ?? []), message: { text: context.input.text, data: context.input.data ?? null },
        run: { id: context.runId ?? '', flow: '' }, now: context.now().toISOString(), given: { ...(isRow(resolved) ? resolved : {}), ...given },
      },
    },
  });
  for (const line of printed) context.note?.(line);
  const returned = Returned.parse(value);
  keepState(context, returned.state ?? {});
  if (!Array.isArray(returned.result)) return json(returned.result ?? null);
  // Code copies what it hands on; as many items as came in are taken to be those.
  const isSame = returned.result.length === items.length;
  return listOf(returned.result.map((one: unknown, index) => (isSame ? madeOf(one, items[index]) : one)));
}

/** By id, and by the names the code has for them. */
function stepsOf(context: NodeContext, { references, names, dialect }: CodeStep, view: ReturnType<typeof scopeFor>['steps']): Row {
  const steps: Row = {};
  for (const id of references) {
    const step = view(id);
    if (!step) continue;
    steps[id] = dialect === 'plain' ? { items: step.items, text: step.text, json: step.json } : { items: step.items };
  }
  if (dialect === 'plain') for (const [name, id] of Object.entries(names)) if (Object.hasOwn(steps, id) && !Object.hasOwn(steps, name)) steps[name] = steps[id];
  return steps;
}

function keepState({ state }: NodeContext, returned: Row): void {
  if (!state) return;
  for (const [name, value] of Object.entries(returned)) {
    if (JSON.stringify(state.get(name)) !== JSON.stringify(value)) state.set(name, value);
  }
}
