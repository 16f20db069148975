import { Problem } from '#platform/http/problem.ts';
import { FlowError, ParameterError, RunError } from '#modules/flows/index.ts';
import { ModelError } from '#modules/models/index.ts';
import { RemoteError } from './ports.ts';
import { problems } from './problems.ts';

/** The code a failed run is recorded with. */
export const codeOf = (error: unknown): string => (error instanceof RunError ? (error.cause instanceof RemoteError ? `remote-${error.cause.code}` : error.code) : 'internal');

/** A failed run as its caller may see it: what happened in words, never a stack or a credential. */
export function asProblem(error: unknown, runId: string): Problem {
  if (error instanceof Problem) return error;
  const options = { extra: { run_id: runId }, cause: error };
  if (!(error instanceof RunError || error instanceof FlowError || error instanceof ParameterError)) return new Problem(problems['run-failed'], undefined, options);
  const model = error instanceof RunError && error.cause instanceof ModelError ? error.cause : null;
  if (model) return new Problem(problems['model-unavailable'], model.message, { ...options, headers: model.retryable ? { 'retry-after': '5' } : {} });
  if (error instanceof RunError && error.cause instanceof RemoteError) return remoteProblem(error.cause, options);
  return new Problem(error.code === 'limit-time' ? problems['run-too-long'] : problems['run-failed'], error.message, options);
}

/** A server that failed as its caller may see it: its own words only where they are about the answer. */
function remoteProblem(error: RemoteError, options: { extra: Record<string, unknown>; cause: unknown }): Problem {
  switch (error.code) {
    case 'timeout': return new Problem(problems['run-too-long'], error.message, options);
    case 'unreachable': case 'unauthorized': case 'refused': case 'flow-missing': return new Problem(problems['runtime-unavailable'], error.message, { ...options, headers: { 'retry-after': '10' } });
    case 'flow-failed': case 'bad-answer': return new Problem(problems['run-failed'], error.message, options);
  }
}
