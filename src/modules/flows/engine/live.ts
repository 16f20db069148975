import type { TokenUsage } from '#modules/models/ports.ts';
import type { Flow } from '../contract.ts';
import type { NodeContext } from '../node-type.ts';
import { compileFlow } from './compile.ts';
import type { CompiledFlow } from './compiled-flow.ts';
import type { RunJournal } from './journal.ts';
import { configureFlow } from './parameters.ts';
import { Run } from './run.ts';
import type { RunError } from './run-error.ts';
import { DEFAULT_RUN_LIMITS } from './run-limits.ts';
import type { RunLimits } from './run-limits.ts';
import type { NodeTrace } from './run-trace.ts';

export interface RunResult {
  status: 'succeeded' | 'failed' | 'limited' | 'cancelled';
  /** The answer; what there was of it when the run did not succeed. */
  text: string;
  /** The answer as data, where the last output was data: for callers that are programs. */
  data: unknown;
  /** Variables at the end of the run. */
  state: ReadonlyMap<string, unknown>;
  error: RunError | null;
  trace: readonly NodeTrace[];
  usage: TokenUsage;
  startedAt: string;
  durationMs: number;
}

export interface LiveRun {
  /** The answer as it is produced. Throws {@link RunError} after the last piece when the run does not succeed. */
  output: AsyncIterable<string>;
  /** Settles when the run has ended, whether or not anybody reads `output`; never rejects. */
  done: Promise<RunResult>;
}

export interface RunOptions {
  limits?: Partial<RunLimits>;
  /** Makes the run durable: steps it remembers are not done again, others are kept before the next begins. */
  journal?: RunJournal;
}

/**
 * Runs a flow. Nodes start as soon as what they need is there; only nodes that outputs or effects depend on run. Ends at
 * the first failure that no step handles, at a limit, or within moments of `context.signal` aborting, even if a node
 * ignores it.
 *
 * `context.parameters` are applied first. Throws FlowError or ParameterError before anything runs.
 */
export function runLive(flow: Flow | CompiledFlow, context: NodeContext, options: RunOptions = {}): LiveRun {
  const compiled = 'configuredWith' in flow ? flow : compileFlow(flow);
  const configured = compiled.configuredWith === context.parameters || Object.keys(context.parameters).length === 0 ? compiled : configureFlow(compiled, context.parameters);
  const run = new Run(configured, context, { ...DEFAULT_RUN_LIMITS, ...options.limits }, options.journal ?? null);
  return { output: run.output, done: run.done };
}
