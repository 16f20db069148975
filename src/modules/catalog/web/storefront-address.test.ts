import { expect, test } from 'vitest';
import { isNarrowed, SearchAddress, searchQuery } from './search-address.ts';
import { readSlugs } from './storefront-state.ts';

test('an address nobody meant shows everything instead of failing', () => {
  const address = SearchAddress.parse({ category: 'robots', price: '1; drop', sort: ['a', 'b'], search: { a: 1 } });
  expect(address).toMatchObject({ category: undefined, price: undefined, sort: 'popular', search: '' });
  expect(isNarrowed(address)).toBe(false);
  expect(searchQuery(address, 24)).toEqual({ search: undefined, category: undefined, subcategory: undefined, price: undefined, tag: undefined, sort: 'popular', limit: 24 });
});

test('a comparison takes four different products at most, and only what can be one', () => {
  expect(readSlugs('one,two,one,<script>,three,four,five')).toEqual(['one', 'two', 'three', 'four']);
  expect(readSlugs(['one'])).toEqual([]);
});
