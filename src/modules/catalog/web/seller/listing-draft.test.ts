import { expect, test } from 'vitest';
import { slugOf, ListingDraft } from './listing-draft.ts';

test('a name suggests an address of lower-case letters, digits and hyphens', () => {
  expect(slugOf('Über-Agent 2.0 — für alle')).toBe('uber-agent-2-0-fur-alle');
  expect(slugOf('  ')).toBe('');
  expect(slugOf('客服')).toBe('');
  expect(slugOf(`${'a'.repeat(79)} b`)).toMatch(/^a+$/);
});

test('an unfinished listing can be shown and edited', () => {
  expect(ListingDraft.parse({ name: 'A', tags: 'no list', departments: ['hr', 'moon'] })).toMatchObject({ name: 'A', tags: [], departments: [], logo: null, summary: '' });
});
