import { expect, test } from 'vitest';
import { joinPieces } from './join-pieces.ts';

test('what two neighbouring pieces share is read once', () => {
  expect(joinPieces(['Goods may be returned within 30 days.', 'returned within 30 days. Shipping is free.', 'Nothing in common.'])).toEqual(['Goods may be returned within 30 days.', ' Shipping is free.', 'Nothing in common.']);
});

test('a few letters that happen to agree stay', () => {
  expect(joinPieces(['the end', 'end of it'])).toEqual(['the end', 'end of it']);
});
