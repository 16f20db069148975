import type { TokenUsage } from '#modules/models/ports.ts';
import type { Flow } from '../contract.ts';
import type { NodeContext } from '../node-type.ts';
import { NodeError } from '../nodes/node-error.ts';
import { compileFlow } from './compile.ts';
import type { CompiledFlow } from './compiled-flow.ts';
import type { RunResult } from './live.ts';

/** The run that a flow is run inside of. */
export interface OuterRun {
  context: NodeContext;
  signal: AbortSignal;
  usage: TokenUsage;
  /** Starts a run that ends with the outer one, and counts its steps there. */
  start(flow: CompiledFlow, context: NodeContext): Promise<RunResult>;
}

/**
 * Runs a flow inside a step of another: with variables of its own, without parameters, its tokens counted in the outer run.
 * Throws FlowError where it cannot be compiled, and NodeError `node-flow-failed` with what it failed of.
 */
export async function runInside({ context, signal, usage, start }: OuterRun, flow: Flow, { text, data }: { text: string; data: unknown }): Promise<{ text: string; data: unknown }> {
  const { history, images, files, filesApart } = context.input;
  const result = await start(compileFlow(flow), {
    ...context, input: { text, data, history, images, ...(files ? { files } : {}), ...(filesApart ? { filesApart } : {}) }, parameters: {}, state: new Map(), signal,
    countTokens: (spent) => {
      usage.inputTokens += spent.inputTokens;
      usage.outputTokens += spent.outputTokens;
      context.countTokens(spent);
    },
  });
  if (result.error) throw new NodeError('node-flow-failed', result.error.message, { cause: result.error });
  return { text: result.text, data: result.data };
}
