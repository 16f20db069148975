import { RunLimitError } from './run-error.ts';

export interface RunLimits {
  /** Nodes a run may execute, each pass of a loop counted anew. */
  steps: number;
  wallClockMs: number;
  /** UTF-8 bytes of the answer, and of any single node's text. */
  outputBytes: number;
}

export const DEFAULT_RUN_LIMITS: RunLimits = { steps: 10_000, wallClockMs: 120_000, outputBytes: 1_048_576 };

export const tooMuchOutput = ({ outputBytes }: RunLimits): RunLimitError => new RunLimitError('output', `The run produced more than ${outputBytes} bytes of text.`);
export const tooManySteps = ({ steps }: RunLimits): RunLimitError => new RunLimitError('steps', `The run needs more than ${steps} steps.`);
export const tookTooLong = ({ wallClockMs }: RunLimits): RunLimitError => new RunLimitError('time', `The run took longer than ${wallClockMs / 1_000} seconds.`);

/** Throws when a node's text is larger than the run may produce. */
export function measureText(text: string, limits: RunLimits): void {
  if (text.length > limits.outputBytes || (text.length * 3 > limits.outputBytes && Buffer.byteLength(text) > limits.outputBytes)) throw tooMuchOutput(limits);
}
