import { useMemo } from 'react';
import { useEndpoint } from '#web/api/use-endpoint.ts';
import { marketplaceEndpoints } from '#modules/catalog/contract.ts';

/** How a product greets people and what it proposes to ask, as its seller wrote it. */
export interface OwnWords { welcome: string; prompts: readonly string[] }

/**
 * What a product says where its buyer has set nothing. It is read from the product's listing; a product that is no longer
 * listed has none to show.
 */
export const useOwnWords = (productId: string): OwnWords => {
  const { data } = useEndpoint(marketplaceEndpoints.getProduct, { params: { productId } }, { staleMs: 300_000 });
  return useMemo(() => ({ welcome: data?.welcome_message ?? '', prompts: data?.suggested_prompts ?? [] }), [data]);
};
