import { Button, NativeSelect, Text } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { formatNumber } from '#web/kit/format.ts';
import { isNarrowed, PRICES, SORTS, type SearchAddress } from './search-address.ts';
import { titled } from './price-words.ts';
import type { ProductSearch } from './use-product-search.ts';
import classes from './marketplace.module.css';

interface Facet { value: string; count: number }

/** Choices of a facet; the chosen one stays on the list even where nothing fits it any more. */
const options = (facets: readonly Facet[] | undefined, chosen: string, all: string) => {
  const known = facets ?? [];
  const listed = chosen === '' || known.some(({ value }) => value === chosen) ? known : [{ value: chosen, count: 0 }, ...known];
  return [{ value: '', label: all }, ...listed.map(({ value, count }) => ({ value, label: `${titled(value)} (${count})` }))];
};

/** Narrows and orders the list; every choice is a step that Back undoes. */
export const ProductFilters = ({ address, search, onChange, onClear }: {
  address: SearchAddress; search: ProductSearch; onChange: (patch: Partial<SearchAddress>) => void; onClear: () => void;
}) => (
  <div className={classes.filters} role="group" aria-label="Filters">
    <NativeSelect
      aria-label="Type" size="xs" value={address.type} data={options(search.facets?.subcategories, address.type, 'All types')} data-active={address.type !== '' || undefined}
      onChange={(event) => { onChange({ type: event.currentTarget.value }); }} className={classes.filter}
    />
    <NativeSelect
      aria-label="Price" size="xs" value={address.price ?? ''} data={[{ value: '', label: 'Any price' }, ...Object.entries(PRICES).map(([value, label]) => ({ value, label }))]}
      data-active={address.price !== undefined || undefined} className={classes.filter}
      onChange={(event) => { const { value } = event.currentTarget; onChange({ price: value === 'free' || value === 'paid' ? value : undefined }); }}
    />
    <NativeSelect
      aria-label="Tag" size="xs" value={address.tag} data={options(search.facets?.tags, address.tag, 'All tags')} data-active={address.tag !== '' || undefined}
      onChange={(event) => { onChange({ tag: event.currentTarget.value }); }} className={classes.filter}
    />
    {isNarrowed(address) && <Button size="xs" variant="subtle" color="gray" leftSection={<IconX size={14} />} onClick={onClear} className={classes.clear}>Clear</Button>}
    <div className={classes.order}>
      <Text c="dimmed" size="xs" className={`${classes.count} tabular`} role="status">{search.total === undefined ? '' : `${formatNumber(search.total)} ${search.total === 1 ? 'product' : 'products'}`}</Text>
      <NativeSelect
        aria-label="Sort by" size="xs" value={address.sort} data={Object.entries(SORTS).map(([value, label]) => ({ value, label }))} className={classes.filter}
        onChange={(event) => { const next = SORT_NAMES.find((name) => name === event.currentTarget.value); if (next !== undefined) onChange({ sort: next }); }}
      />
    </div>
  </div>
);

const SORT_NAMES = ['popular', 'newest', 'rating', 'price', 'name'] as const;
