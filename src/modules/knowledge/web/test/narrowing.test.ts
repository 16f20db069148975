import { expect, test } from 'vitest';
import { SearchFilters } from '../../filter-contract.ts';
import { filtersOf, Narrowing } from './narrowing.ts';

const all = { bySource: true, byDate: true, byMetadata: true };
const id = '0198a000-0000-7000-8000-000000000001';

test('what the address says becomes filters the search takes', () => {
  const filters = filtersOf(Narrowing.parse({ in: id, category: 'Prices', from: '2026-01-01', field: 'year', is: '2026' }), all);
  expect(filters).toEqual({ source_ids: [id], categories: ['Prices'], date: { from: '2026-01-01' }, metadata: { year: ['2026', 2026] } });
  expect(SearchFilters.parse(filters)).toEqual(filters);
  expect(filtersOf(Narrowing.parse({ field: 'year' }), all)).toEqual({ metadata: { year: { exists: true } } });
  expect(filtersOf(Narrowing.parse({ field: 'public', is: 'true' }), all)).toEqual({ metadata: { public: ['true', true] } });
});

test('what means nothing, or is not offered, narrows nothing', () => {
  expect(filtersOf(Narrowing.parse({ in: 'nonsense', from: 'yesterday' }), all)).toBeUndefined();
  expect(filtersOf(Narrowing.parse({ in: [id], category: 'Prices', to: '2026-02-01' }), { bySource: false, byDate: false, byMetadata: false })).toBeUndefined();
});
