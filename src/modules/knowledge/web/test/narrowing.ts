import { z } from 'zod';
import type { SearchFilters } from '#modules/knowledge/filter-contract.ts';

/** What a search is narrowed to, as the address holds it; anybody may have typed it. */
export const Narrowing = z.object({
  /** Ids of sources. */
  in: z.array(z.uuid()).or(z.uuid().transform((one) => [one])).catch([]),
  category: z.string().trim().max(80).catch(''),
  from: z.iso.date().or(z.literal('')).catch(''),
  to: z.iso.date().or(z.literal('')).catch(''),
  field: z.string().trim().max(80).catch(''),
  is: z.string().trim().max(200).catch(''),
});
export type Narrowing = z.output<typeof Narrowing>;

/** Which ways of narrowing the product offers. */
export interface Offered { bySource: boolean; byDate: boolean; byMetadata: boolean }

/** A text of an address is no number until it is tried as one: both are looked for. */
const valuesOf = (text: string): (string | number | boolean)[] => {
  if (text === 'true' || text === 'false') return [text, text === 'true'];
  return /^-?\d+(\.\d+)?$/.test(text) ? [text, Number(text)] : [text];
};

/** The filters of a search; undefined where nothing is narrowed, or nothing of it is offered. */
export function filtersOf({ in: sources, category, from, to, field, is }: Narrowing, { bySource, byDate, byMetadata }: Offered): SearchFilters | undefined {
  const filters: SearchFilters = {
    ...(bySource && sources.length > 0 ? { source_ids: sources } : {}),
    ...(byMetadata && category !== '' ? { categories: [category] } : {}),
    ...(byDate && (from !== '' || to !== '') ? { date: { ...(from === '' ? {} : { from }), ...(to === '' ? {} : { to }) } } : {}),
    ...(byMetadata && field !== '' ? { metadata: { [field]: is === '' ? { exists: true } : valuesOf(is) } } : {}),
  };
  return Object.keys(filters).length === 0 ? undefined : filters;
}
