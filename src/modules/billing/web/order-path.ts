/** The confirmation of an order. */
export const orderPath = (order: string): string => `/marketplace-order/${encodeURIComponent(order)}/`;
