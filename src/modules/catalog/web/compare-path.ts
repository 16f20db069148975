/** The address of a comparison; products by id or by the last part of their address. */
export const comparePath = (products: readonly string[]): string => `/marketplace/compare/?ids=${products.map(encodeURIComponent).join(',')}`;
