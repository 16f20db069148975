import type { PaletteSource } from '#web/shell/palette-source.ts';

/** Searches of the modules for the command palette (Ctrl-K), e.g. products of the marketplace. Import them lazily inside `search`. */
export const moduleSources: readonly PaletteSource[] = [
  { label: 'Marketplace', search: async (query, _session, signal) => (await import('#modules/catalog/web/product-hits.ts')).searchProductHits(query, signal) },
];
