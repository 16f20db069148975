import { useState } from 'react';
import { useRawSearch, useSetSearch } from '#web/url/search-state.ts';

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

export interface TableState {
  q: string;
  /** `created_at` or `-created_at` for descending; empty for the server's own order. */
  sort: string;
  cursor: string;
  filters: Readonly<Record<string, string>>;
  /** The row whose drawer is open. */
  peek: string;
  setQuery: (q: string) => void;
  setSort: (sort: string) => void;
  setFilter: (name: string, value: string) => void;
  clear: () => void;
  next: (cursor: string) => void;
  /** Null on the first page. */
  back: (() => void) | null;
  setPeek: (key: string) => void;
  /** For the endpoint's `query`: only what is set. */
  query: { q?: string; sort?: string; cursor?: string } & Record<string, string | undefined>;
}

/**
 * What a table shows, kept in the address: search, sort, filters, page, open row. `filters` names the parameters;
 * `prefix` tells two tables of one page apart.
 */
export const useTableState = ({ filters = [], sort: usual = '', prefix = '' }: { filters?: readonly string[]; sort?: string; prefix?: string } = {}): TableState => {
  const raw = useRawSearch();
  const set = useSetSearch();
  const at = (name: string) => `${prefix}${name}`;
  // Pages come by cursor, so the way back is remembered here; after a reload it leads to the first page.
  const [trail, setTrail] = useState<readonly string[]>([]);
  const q = text(raw[at('q')]);
  const sort = text(raw[at('sort')]) || usual;
  const cursor = text(raw[at('cursor')]);
  const chosen = Object.fromEntries(filters.map((name) => [name, text(raw[at(name)])]));
  const change = (patch: Record<string, string>, push = false) => {
    setTrail([]);
    set({ ...patch, [at('cursor')]: '' }, { push });
  };
  const given = (value: string) => (value === '' ? undefined : value);
  return {
    q, sort, cursor, filters: chosen, peek: text(raw[at('peek')]),
    setQuery: (next) => { change({ [at('q')]: next }); },
    setSort: (next) => { change({ [at('sort')]: next === usual ? '' : next }); },
    setFilter: (name, value) => { change({ [at(name)]: value }, true); },
    clear: () => { change(Object.fromEntries([...filters, 'q'].map((name) => [at(name), '']))); },
    next: (to) => { setTrail([...trail, cursor]); set({ [at('cursor')]: to }, { push: true }); },
    back: cursor === '' ? null : () => { set({ [at('cursor')]: trail.at(-1) ?? '' }, { push: true }); setTrail(trail.slice(0, -1)); },
    setPeek: (key) => { set({ [at('peek')]: key }, { push: key !== '' }); },
    query: { ...Object.fromEntries(filters.map((name) => [name, given(chosen[name] ?? '')])), q: given(q), sort: given(sort), cursor: given(cursor) },
  };
};
