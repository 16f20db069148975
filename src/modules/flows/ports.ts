import type { CodeCall, CodeOutcome } from './node-type.ts';

export type { CodeCall, CodeOutcome };

/**
 * `code-unavailable`: nothing here runs this language now, e.g. Python is not installed. The others are the doing of the
 * code: it failed by itself, or was stopped at a limit.
 */
export type CodeErrorCode = 'code-timeout' | 'code-memory' | 'code-output-too-large' | 'code-error' | 'code-unavailable';

/** Code gave no result. The message is for people and may quote the code's own words; it holds nothing of this process. */
export class CodeError extends Error {
  readonly code: CodeErrorCode;
  /** Line of the code it failed in, from 1; null where that is not known. */
  readonly line: number | null;
  /** What the code had written to its console. */
  readonly printed: readonly string[];
  constructor(code: CodeErrorCode, message: string, { line = null, printed = [] }: { line?: number | null; printed?: readonly string[] } = {}) {
    super(message);
    this.name = 'CodeError';
    this.code = code;
    this.line = line;
    this.printed = printed;
  }
}

/** Runs code of sellers where it can harm nobody: not this process, not another tenant's run. */
export interface CodeRunner {
  /**
   * Throws {@link CodeError}, or the signal's reason once it aborts. Waits for its turn when many run; the time of the
   * call counts from its start.
   * @param tenant whose data the code sees; code of different tenants never shares a process
   */
  run(tenant: string, call: CodeCall, signal: AbortSignal): Promise<CodeOutcome>;
  /** Ends everything; calls under way and new ones fail. */
  close(): Promise<void>;
}
