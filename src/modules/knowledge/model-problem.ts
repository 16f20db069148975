import { Problem, problems as kernel } from '#platform/http/problem.ts';
import { ModelError } from '#modules/models/index.ts';

/** A provider that failed, as its caller is told; anything else as it is. */
export const modelProblem = (error: unknown): unknown =>
  (error instanceof ModelError ? new Problem(kernel.unavailable, 'The model cannot be reached at the moment. Try again shortly.', { cause: error, headers: { 'retry-after': '10' } }) : error);
