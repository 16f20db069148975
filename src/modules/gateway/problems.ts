import { problemTypes } from '#platform/http/problem.ts';

export const problems = problemTypes({
  'key-limit-reached': { status: 409, title: 'Too many API keys' },
  'api-not-included': { status: 403, title: 'This product has no API access' },
  'scope-not-publishable': { status: 422, title: 'A publishable key can only chat' },
  'trial-used-up': { status: 429, title: 'The try-outs of today are used up' },
  'demo-used-up': { status: 402, title: 'The demo messages are used up' },
  'demo-unavailable': { status: 404, title: 'This product has no demo' },
});
