import { z } from 'zod';
import { CATEGORY_SLUGS } from '#modules/catalog/card-contract.ts';

/** The orders a list of products can have, with the words for them. */
export const SORTS = {
  popular: 'Most popular', newest: 'Newest', rating: 'Best rated', price: 'Lowest price', name: 'Name',
} as const;
export type Sort = keyof typeof SORTS;

export const PRICES = { free: 'Credits only', paid: 'Monthly price' } as const;

/**
 * What the marketplace shows, as its address says it. Anybody can type an address, so what makes no sense counts as not
 * given.
 */
export const SearchAddress = z.object({
  search: z.string().trim().max(200).catch(''),
  category: z.enum(CATEGORY_SLUGS).optional().catch(undefined),
  type: z.string().max(40).catch(''),
  price: z.enum(['free', 'paid']).optional().catch(undefined),
  tag: z.string().max(40).catch(''),
  sort: z.enum(['popular', 'newest', 'rating', 'price', 'name']).catch('popular'),
});
export type SearchAddress = z.output<typeof SearchAddress>;

/** The filters taken away; search, category and order stay. */
export const NO_FILTERS = { type: '', price: undefined, tag: '' } as const;

/** Whether anything narrows the list beside the category. */
export const isNarrowed = ({ search, type, price, tag }: SearchAddress): boolean => search !== '' || type !== '' || price !== undefined || tag !== '';

const given = (text: string): string | undefined => (text === '' ? undefined : text);

/** The same as the endpoint wants it. `limit` is the number of products of one page. */
export const searchQuery = ({ search, category, type, price, tag, sort }: SearchAddress, limit: number) => ({
  search: given(search), category, subcategory: given(type), price, tag: given(tag), sort, limit,
});
