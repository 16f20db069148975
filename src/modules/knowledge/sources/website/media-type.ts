/** What is taken as a document, and the ending its file name gets. */
const EXTENSIONS: Readonly<Record<string, string>> = {
  'text/html': 'html', 'application/xhtml+xml': 'html', 'text/plain': 'txt', 'text/markdown': 'md', 'text/x-markdown': 'md', 'application/pdf': 'pdf',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': 'pptx',
  'application/vnd.oasis.opendocument.text': 'odt',
};
/** Servers that do not know a file say one of these; then its name decides. */
const UNKNOWN = new Set(['', 'application/octet-stream', 'binary/octet-stream', 'application/x-download', 'application/force-download', 'application/download', 'unknown/unknown']);
const BY_ENDING: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(EXTENSIONS).toReversed().map(([type, extension]) => [extension, type])),
  htm: 'text/html', xhtml: 'application/xhtml+xml', markdown: 'text/markdown',
};
/** Links that are not worth a request. */
const NEVER = new Set(('png jpg jpeg gif webp avif svg ico bmp tif tiff psd ai eps css js mjs map json xml rss atom woff woff2 ttf otf eot ' +
  'mp3 mp4 m4a m4v ogg ogv oga wav flac avi mov wmv webm mkv zip gz tgz bz2 xz 7z rar tar iso dmg exe msi deb rpm apk jar bin swf torrent ics vcf csv').split(' '));

/** The type of an answer, without its parameters; null if it is none that is taken as a document. */
export function documentType(header: string | null, url: URL): string | null {
  const named = (header ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const type = UNKNOWN.has(named) ? BY_ENDING[endingOf(url)] ?? (named === '' ? 'text/html' : '') : named;
  return Object.hasOwn(EXTENSIONS, type) ? type : null;
}

export const isPage = (type: string): boolean => type === 'text/html' || type === 'application/xhtml+xml';
export const isText = (type: string): boolean => type.startsWith('text/') && !isPage(type);

/** Pictures, scripts, archives and the like, told by the address. */
export const isNoDocument = (url: URL): boolean => NEVER.has(endingOf(url));

/** A file name for what an address holds, with the ending of its type. */
export function fileNameOf(url: URL, type: string): string {
  const extension = EXTENSIONS[type] ?? 'html';
  const stem = lastSegment(url).replace(/\.[a-z0-9]{1,8}$/i, '').slice(0, 100);
  return `${stem === '' ? 'index' : stem}.${extension}`;
}

/** What to call a page that names no title: the last part of its address, or its host. */
export const nameOf = (url: URL): string => lastSegment(url).slice(0, 200) || url.host;

function lastSegment(url: URL): string {
  const last = url.pathname.split('/').findLast((segment) => segment !== '') ?? '';
  try {
    return decodeURIComponent(last).replace(/[\\/\p{C}]/gu, '');
  } catch {
    return last; // percent signs that encode nothing
  }
}

const endingOf = (url: URL): string => /\.([a-z0-9]{1,8})$/i.exec(url.pathname)?.[1]?.toLowerCase() ?? '';
