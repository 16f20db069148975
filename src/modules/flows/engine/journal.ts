import type { Value } from '../node-type.ts';
import type { NodeTrace } from './run-trace.ts';

/** The result of a step as a journal keeps it: by output port, without streams and tools. Null for a step that was skipped. */
export type StepResult = Readonly<Record<string, Value>> | null;

/**
 * Remembers the steps of a durable run. A step whose result is in the journal is not done again; every other is kept
 * before the steps after it begin.
 */
export interface RunJournal {
  /** What the step produced in an earlier life of the run; undefined when it has to be done. `path` is stable for a step and pass. */
  recall(path: string): StepResult | undefined;
  /** Resolves when the result will survive a crash. */
  keep(step: { path: string; result: StepResult; trace: NodeTrace }): Promise<void>;
}
