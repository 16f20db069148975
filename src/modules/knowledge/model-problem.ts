import { Problem, problems as kernel } from '#platform/http/problem.ts';
import { ModelError } from '#modules/models/index.ts';

/** A provider that failed, as its caller is told; anything else as it is. An answer that can never be used is described, since waiting does not help. */
export const modelProblem = (error: unknown): unknown =>
  (!(error instanceof ModelError) ? error
    : error.code === 'bad-answer' && !error.retryable ? new Problem(kernel.unavailable, error.message, { cause: error })
      : new Problem(kernel.unavailable, 'The model cannot be reached at the moment. Try again shortly.', { cause: error, headers: { 'retry-after': '10' } }));
