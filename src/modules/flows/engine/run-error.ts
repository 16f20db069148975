import { ModelError } from '#modules/models/ports.ts';
import { NodeError } from '../nodes/node-error.ts';

export interface FlowProblem {
  code: 'cycle' | 'no-output' | 'node-duplicate' | 'node-type-unknown' | 'node-config-invalid' | 'node-unsupported' | 'edge-dangling' | 'port-unknown' | 'input-missing';
  /** The node concerned; null for the flow as a whole. */
  node: string | null;
  /** In words for the seller. */
  message: string;
}

/** A flow cannot be compiled: its graph or a configuration is wrong. */
export class FlowError extends Error {
  readonly code = 'flow-invalid';
  readonly problems: readonly FlowProblem[];
  constructor(problems: readonly FlowProblem[]) {
    super(problems.map((problem) => problem.message).join(' '));
    this.name = 'FlowError';
    this.problems = problems;
  }
}

/** A value was given for a parameter that does not exist, is not open to buyers, or does not take it. */
export class ParameterError extends Error {
  readonly code: 'parameter-not-allowed' | 'parameter-invalid';
  readonly parameter: string;
  constructor(code: ParameterError['code'], parameter: string, message: string) {
    super(message);
    this.name = 'ParameterError';
    this.code = code;
    this.parameter = parameter;
  }
}

/** A run reached one of its limits. */
export class RunLimitError extends Error {
  readonly code: 'limit-steps' | 'limit-time' | 'limit-output';
  constructor(limit: 'steps' | 'time' | 'output', message: string) {
    super(message);
    this.name = 'RunLimitError';
    this.code = `limit-${limit}`;
  }
}

/** Why a run ended without success. `cause` is the original error, for the log and not for the person. */
export class RunError extends Error {
  /** A code of NodeError or RunLimitError, `model-…` for a provider's failure, `cancelled`, or `node-failed` for a bug. */
  readonly code: string;
  /** The node it happened in; null for limits and cancellation. */
  readonly nodeId: string | null;
  constructor(code: string, nodeId: string | null, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'RunError';
    this.code = code;
    this.nodeId = nodeId;
  }

  /** Names any error of a node; what is not meant for people becomes a plain sentence. */
  static from(error: unknown, nodeId: string | null): RunError {
    if (error instanceof RunError) return error;
    if (error instanceof NodeError) return new RunError(error.code, nodeId, error.message, { cause: error });
    if (error instanceof RunLimitError) return new RunError(error.code, nodeId, error.message, { cause: error });
    if (error instanceof ModelError) return new RunError(`model-${error.code}`, nodeId, error.message, { cause: error });
    return new RunError('node-failed', nodeId, 'A step failed unexpectedly.', { cause: error });
  }
}
