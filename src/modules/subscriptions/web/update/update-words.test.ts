import { expect, test } from 'vitest';
import { flowWords, priceChangeWords } from './update-words.ts';

const flow = (more: object = {}) => ({ steps: { added: [], removed: [], changed: [] }, models: { before: [], after: [] }, hosts: { before: [], after: [] }, services: { before: [], after: [] }, ...more });

test('a flow that does the same needs no words', () => {
  expect(flowWords(flow({ models: { before: ['a'], after: ['a'] } }))).toEqual([]);
});

test('steps, models and where data goes are said one by one', () => {
  expect(flowWords(flow({
    steps: { added: [{ name: 'Look up', kind: 'HTTP request' }], removed: [], changed: [{ name: 'Prompt', kind: 'Prompt', settings: ['template', 'defaults'] }] },
    models: { before: ['small'], after: ['large'] }, hosts: { before: [], after: ['api.example.com'] },
  }))).toEqual([
    'New steps: Look up (HTTP request).', 'Prompt works differently: template, defaults.', 'Your questions now also go to the model: large.', 'No longer asks the model: small.',
    'Data now also goes to or comes from: api.example.com.',
  ]);
});

test('a price says when it begins', () => {
  expect(priceChangeWords({ what: 'message', before: 1, after: 3, currency: null, higher: true, effective_at: null })).toBe('A message: 1 credit now, 3 credits from the moment you accept.');
  expect(priceChangeWords({ what: 'monthly', before: 2_900, after: 3_900, currency: 'USD', higher: true, effective_at: '2026-03-01T00:00:00.000Z' })).toMatch(/^A month: .29\.00 now, .39\.00 from .*2026\.$/);
});
