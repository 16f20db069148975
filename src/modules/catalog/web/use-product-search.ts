import { keepPreviousData, useInfiniteQuery, type QueryKey } from '@tanstack/react-query';
import type { Output } from '#platform/contract/endpoint.ts';
import { callEndpoint } from '#web/api/call-endpoint.ts';
import type { ApiProblem } from '#web/api/problem.ts';
import { cardEndpoints } from '#modules/catalog/card-contract.ts';
import { searchQuery, type SearchAddress } from './search-address.ts';

type Answer = Output<typeof cardEndpoints.searchProducts>;

/** Cards fetched at once: full rows of three, two and one. */
export const PAGE_SIZE = 24;

/**
 * Products that fit, page by page. The products of the filter before stay on screen (`stale`) until the new ones are
 * there, so that nothing flickers. The storefront is the same for everybody, so it is asked for no organization.
 */
export const useProductSearch = (address: SearchAddress) => {
  const query = searchQuery(address, PAGE_SIZE);
  const result = useInfiniteQuery<Answer, ApiProblem, { pages: Answer[] }, QueryKey, string | null>({
    queryKey: ['pages', `GET ${cardEndpoints.searchProducts.path}`, null, {}, query],
    queryFn: ({ pageParam, signal }) =>
      callEndpoint(cardEndpoints.searchProducts, { query: { ...query, ...(pageParam === null ? {} : { cursor: pageParam }) } }, { organizationId: null, signal }),
    initialPageParam: null,
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  const pages = result.data?.pages;
  return {
    cards: pages?.flatMap((page) => page.data), total: pages?.[0]?.total, facets: pages?.[0]?.facets,
    stale: result.isPlaceholderData, error: result.isError ? result.error : null, retry: () => { void result.refetch(); },
    more: result.hasNextPage ? () => { void result.fetchNextPage(); } : null, loadingMore: result.isFetchingNextPage,
  };
};
export type ProductSearch = ReturnType<typeof useProductSearch>;
