import { callEndpoint } from '#web/api/call-endpoint.ts';
import type { PaletteHit } from '#web/shell/palette-source.ts';
import { publicPaths } from '#web/url/paths.ts';
import { cardEndpoints } from '#modules/catalog/card-contract.ts';

/** How many products the command palette offers at once. */
const HITS_MAX = 5;

/** Products of the marketplace for the command palette. */
export const searchProductHits = async (query: string, signal: AbortSignal): Promise<readonly PaletteHit[]> => {
  const { data } = await callEndpoint(cardEndpoints.searchProducts, { query: { search: query, limit: HITS_MAX } }, { organizationId: null, signal });
  return data.map(({ id, slug, name, provider }) => ({ id, label: name, description: provider.name, to: publicPaths.product(slug) }));
};
