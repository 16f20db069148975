/** Where a host shows the files of a branch, by the host's name. */
const PLACES: ReadonlyMap<string, (branch: string) => string> = new Map([
  ['github.com', (branch) => `blob/${branch}`], ['gitlab.com', (branch) => `-/blob/${branch}`], ['bitbucket.org', (branch) => `src/${branch}`], ['codeberg.org', (branch) => `src/branch/${branch}`],
]);

/** The address under which people may open a file; null for hosts we do not know. Without a branch, of the default one. */
export function fileAddress(repository: URL, branch: string | null, path: string): string | null {
  const place = PLACES.get(repository.hostname.toLowerCase());
  const name = repository.pathname.replace(/\/+$/, '').replace(/\.git$/, '');
  if (!place || !/^\/[^/]+\/.+/.test(name)) return null;
  return `https://${repository.hostname.toLowerCase()}${name}/${place(segments(branch ?? 'HEAD'))}/${segments(path)}`;
}

const segments = (path: string): string => path.split('/').map((part) => encodeURIComponent(part)).join('/');
