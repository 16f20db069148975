import { z } from 'zod';
import type { Value } from '../node-type.ts';
import type { NodeTrace } from './run-trace.ts';

/** The journal could not be written, or belongs to somebody else now: the run must stop here and leave everything as it is. */
export class JournalError extends Error {
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'JournalError';
  }
}

/** The result of a step as a journal keeps it: by output port, without streams and tools. Null for a step that was skipped. */
export type StepResult = Readonly<Record<string, Value>> | null;

const isValue = (value: unknown): value is Value => typeof value === 'object' && value !== null && 'kind' in value && value.kind !== 'stream' && value.kind !== 'tool';

/** Reads a kept result back. */
export const StepResult: z.ZodType<StepResult> = z.record(z.string(), z.custom<Value>(isValue)).nullable();

export interface JournalledStep {
  /** Stable for a step and the passes around it, e.g. `loop#2/send`. */
  path: string;
  result: StepResult;
  /** Variables of the run after the step, where it may have changed them; null otherwise. */
  state: Readonly<Record<string, unknown>> | null;
  trace: NodeTrace;
  /** Doing it again changes and costs nothing. */
  isRepeatable: boolean;
}

/**
 * Remembers the steps of a durable run. A step whose result is in the journal is not done again; one that acts or costs
 * is kept before the steps after it begin.
 */
export interface RunJournal {
  /** What the step produced in an earlier life of the run; undefined when it has to be done. */
  recall(path: string): StepResult | undefined;
  /** The latest variables that were kept; null when there are none. */
  recallState(): Readonly<Record<string, unknown>> | null;
  /** Resolves when the result will survive a crash; at once for a step that may be repeated. Rejects when the run must not go on. */
  keep(step: JournalledStep): Promise<void>;
}
