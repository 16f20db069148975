import type { SourceTest } from '../contract.ts';
import type { ConfluenceConfig, ConfluenceSecrets } from '../contract/confluence.ts';
import { basicAuthorization, createSourceHttp, headerValue, QUICK, requireEncrypted } from '../http/source-http.ts';
import { readingLimit } from '../reading-limit.ts';
import { SourceError, type Found, type ReadContext } from '../source-reader.ts';
import { readableText } from '../text/html-text.ts';
import { openConfluence, type ConfluenceApi, type ConfluencePage } from './confluence-api.ts';
import { storageHtml, type StorageHtml } from './storage-html.ts';

type Context = ReadContext<ConfluenceConfig, ConfluenceSecrets>;
type Tested = Omit<SourceTest, 'ok'>;

const SAMPLES = 3;
const SAMPLE_CHARACTERS = 400;
const TEST_MS_MAX = 20_000;
const NOTHING = 'There is no page that this token may read. Check the spaces, and what its owner may see.';
const HINTS = {
  401: 'The token is wrong or has expired. In the cloud it goes with the e-mail of its owner; on a server of your own it goes alone.',
  403: 'The token may not read this. Give it, or its owner, the right to read pages and spaces.',
  404: 'There is no Confluence at this address. In the cloud it ends with /wiki.',
};

/** Looks at the spaces within seconds. Throws {@link SourceError}. */
export async function testConfluence(context: Context): Promise<Tested> {
  const api = await open(context, { ...QUICK, signal: AbortSignal.any([context.signal, AbortSignal.timeout(TEST_MS_MAX)]) });
  const missing: string[] = [];
  const pages: ConfluencePage[] = [];
  for await (const page of api.pages(context.config.spaces, (key) => { missing.push(key); })) {
    pages.push(page);
    if (pages.length > SAMPLES) break;
  }
  const lost = missing.length === 0 ? '' : ` There is no space ${missing.slice(0, 5).join(', ')}, or the token may not read it.`;
  if (pages.length === 0) throw new SourceError('not-found', lost.trim() || NOTHING);
  const sample = [];
  for (const page of pages.slice(0, SAMPLES)) {
    const body = await api.body(page.id);
    sample.push({ title: page.title, url: page.url, text: body ? readableText(storageHtml(body.storage).html).slice(0, SAMPLE_CHARACTERS) : '' });
  }
  const more = pages.length > SAMPLES;
  return { message: `${more ? 'There are pages to read' : `There ${pages.length === 1 ? 'is 1 page' : `are ${pages.length} pages`} to read`}.${lost}`, found: more ? null : pages.length, sample };
}

/** Every page of the spaces. Throws {@link SourceError} when none can be read. */
export async function* readConfluence(context: Context): AsyncGenerator<Found> {
  const api = await open(context);
  const limit = readingLimit(context.config.pagesMax, context.documentsMax, 'pages');
  const missing: string[] = [];
  let count = 0;
  try {
    for await (const page of api.pages(context.config.spaces, (key) => { missing.push(key); })) {
      if (count >= limit.max) return yield { type: 'incomplete', reason: limit.reason };
      count += 1;
      const found = await readPage(context, api, page);
      if (found) yield found;
      yield { type: 'progress', done: count, total: null, message: 'Reading pages' };
    }
  } catch (error) {
    // What came so far is kept, and the next reading tries again.
    if (count === 0 || !(error instanceof SourceError)) throw error;
    return yield { type: 'incomplete', reason: error.message };
  }
  // A token that lost its rights is told, rather than that everything is gone.
  if (count === 0) throw new SourceError('not-found', missing.length > 0 ? `There is no space ${missing.slice(0, 5).join(', ')}, or the token may not read it.` : NOTHING);
  for (const key of missing) yield { type: 'problem', externalId: `space ${key}`, name: `Space ${key}`, message: 'There is no such space, or the token may not read it.' };
}

/** One page; null where it says nothing or may not be read. Throws {@link SourceError} only where going on is in vain. */
async function readPage(context: Context, api: ConfluenceApi, page: ConfluencePage): Promise<Found | null> {
  const { id, title, url, version, space } = page;
  const fingerprint = `v${version}`;
  if ((await context.known([id])).get(id) === fingerprint) return { type: 'unchanged', externalId: id };
  try {
    const body = await api.body(id);
    const content = body && storageHtml(body.storage);
    if (!body || !content || !saysSomething(content)) return null;
    const bytes = Buffer.from(documentOf(title, content.html));
    if (bytes.length > context.bytesMax) return { type: 'problem', externalId: id, name: title, message: `It is larger than ${Math.round(context.bytesMax / 1024 / 1024)} MB.` };
    const metadata = { ...(space === null ? {} : { space }), version, ...(body.labels.length === 0 ? {} : { labels: body.labels.slice(0, 50).join(', ') }), ...(content.attachments === 0 ? {} : { attachments: content.attachments }) };
    return { type: 'document', document: { externalId: id, title, content: { bytes, contentType: 'text/html', fileName: `${title.slice(0, 120)}.html` }, url, fingerprint, metadata } };
  } catch (error) {
    if (!(error instanceof SourceError) || error.retryable || error.code === 'refused') throw error;
    return { type: 'problem', externalId: id, name: title, message: error.message };
  }
}

async function open({ config, secrets, egress, signal, now }: Context, quick: { signal?: AbortSignal; triesMax?: number; answerMs?: number } = {}): Promise<ConfluenceApi> {
  const base = baseOf(config.url);
  requireEncrypted(base, 'the token');
  const authorization = config.user === '' ? `Bearer ${secrets.token}` : basicAuthorization(config.user, secrets.token);
  const http = createSourceHttp({ egress, signal, now, ...quick, secrets: () => [secrets.token, authorization.replace(/^\S+ /, '')], hints: HINTS });
  return openConfluence({ http, base, headers: { authorization: headerValue(authorization, 'The token') } });
}

/** Where Confluence itself is, from an address somewhere in it. */
export function baseOf(written: string): URL {
  const url = new URL(written);
  const path = url.hostname.endsWith('.atlassian.net') ? '/wiki' : url.pathname.replace(/\/(?:spaces|display|pages|rest|api|x|label|dashboard|login|index)(?:[/.].*)?$/, '');
  return new URL(`${url.origin}${path.replace(/\/+$/, '')}/`);
}

const saysSomething = ({ html }: StorageHtml): boolean => html.replace(/<[^>]{0,100}>/g, '').replace(/&nbsp;|&#160;/g, ' ').trim() !== '';

const documentOf = (title: string, html: string): string =>
  `<!doctype html><html><head><meta charset="utf-8"><title>${title.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</title></head><body>${html}</body></html>`;
