import { problemTypes } from '#platform/http/problem.ts';

export const problems = problemTypes({
  'run-over': { status: 409, title: 'This run has ended' },
  'request-key-used': { status: 422, title: 'This key was used for another request' },
});
