import { problemTypes } from '#platform/http/problem.ts';

export const problems = problemTypes({
  'insufficient-credits': { status: 402, title: 'Not enough credits' },
  'quota-exceeded': { status: 402, title: 'The messages of this period are used up' },
  'subscription-inactive': { status: 403, title: 'This subscription is not active' },
  'not-provisioned': { status: 503, title: 'This product is still being set up' },
  'not-allowed-by-plan': { status: 403, title: 'The plan does not include this' },
  'conversation-unknown': { status: 404, title: 'Not found' },
  'flow-not-ready': { status: 409, title: 'This flow cannot run yet' },
  'run-failed': { status: 502, title: 'The product could not answer' },
  'model-unavailable': { status: 503, title: 'The model cannot be reached right now' },
  'run-too-long': { status: 504, title: 'The answer took too long' },
  'runtime-unavailable': { status: 503, title: 'The server this product runs on cannot be used right now' },
  'too-many-servers': { status: 409, title: 'This organization has as many servers as it may have' },
  'message-too-long': { status: 413, title: 'The message is too long' },
  'file-unreadable': { status: 422, title: 'A file could not be read' },
  'message-missing': { status: 422, title: 'There is no message to answer' },
  'busy': { status: 429, title: 'Too many requests at the same time' },
});
