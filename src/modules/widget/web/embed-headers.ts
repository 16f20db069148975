/** What a site with a Content-Security-Policy adds to it for the widget of the installation at `origin`. */
export const policyFor = (origin: string, pictures: readonly (string | null)[]): string => {
  const hosts = new Set([origin, ...pictures.flatMap((picture) => (picture === null ? [] : [URL.parse(picture)?.origin ?? origin]))]);
  return [`script-src ${origin};`, `connect-src ${origin};`, `img-src ${[...hosts].join(' ')};`].join('\n');
};
