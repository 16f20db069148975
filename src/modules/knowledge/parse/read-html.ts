import { load, type CheerioAPI } from 'cheerio';
import { type DomNode, isElement, isText } from './dom-node.ts';
import { decodeText, markupCharset } from './encoding.ts';
import { htmlBlocks } from './html-blocks.ts';
import { dateOf } from './file-date.ts';
import { ParseError, type ReadContent } from './parsed-document.ts';

const BOILERPLATE = [
  'nav', 'aside', 'footer', 'form[role=search]', 'dialog', '[role=navigation]', '[role=banner]', '[role=contentinfo]', '[role=search]',
  '[role=complementary]', '[role=dialog]', '[hidden]', '[aria-hidden=true]', '[aria-modal=true]', 'body > header', '#cookie-banner', '.cookie-banner',
  '.breadcrumb', '.breadcrumbs', '.skip-link', '.visually-hidden', '.sr-only',
].join(',');

const PUBLISHED = ['meta[property="article:published_time"]', 'meta[name=date]', 'meta[name="dc.date" i]', 'meta[name="dcterms.created" i]', 'meta[itemprop=datePublished]'];

/** A web page: its main content as blocks, without navigation and scripts. Nothing it refers to is fetched. `charset` is what its server said. */
export function readHtml(bytes: Uint8Array, charset: string | null = null): ReadContent {
  const { text, warning } = decodeText(bytes, markupCharset(bytes), charset);
  const $ = load(text, { scriptingEnabled: false });
  const root = mainContent($);
  const skip = new Set<DomNode>([...$(BOILERPLATE).toArray().filter((node) => !isMostOf(node, root)), ...hiddenElements($)]);
  let blocks = htmlBlocks($(root), skip);
  // A page that is nothing but menu and footer still has its words.
  if (blocks.length === 0) blocks = htmlBlocks($('body'));
  return {
    format: 'html',
    title: firstOf($('meta[property="og:title"]').attr('content'), $('title').first().text(), $('h1').first().text()),
    author: firstOf($('meta[name=author]').attr('content'), $('meta[name="dc.creator" i], meta[name="dcterms.creator" i]').attr('content'), $('[rel=author]').first().text()),
    createdAt: dateOf(firstOf(...PUBLISHED.map((selector) => $(selector).attr('content')), $('time[datetime][pubdate], time[itemprop=datePublished]').attr('datetime'))),
    language: $('html').attr('lang')?.split(/[-_]/)[0]?.toLowerCase() ?? null,
    blocks,
    warnings: warning ? [warning] : [],
    metadata: Object.fromEntries(['description', 'keywords'].map((name) => [name, $(`meta[name=${name}]`).attr('content') ?? null])),
  };
}

/** What its own style hides from readers: words that are there for machines alone. */
export const hiddenElements = ($: CheerioAPI): Set<DomNode> => new Set($('[style]').toArray().filter(({ attribs }) => HIDING.test(attribs.style ?? '')));
const HIDING = /(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:\.0+)?(?:[a-z%]{1,4})?\s*(?:;|!|$)|opacity\s*:\s*0(?:\.0+)?\s*(?:;|!|$))/i;

/** `main` or the one `article` where they hold most of the words; else the whole body. */
function mainContent($: CheerioAPI): DomNode {
  const body: DomNode | undefined = $('body')[0] ?? $.root()[0];
  if (!body) throw new ParseError('empty', 'This page contains no text. Check that the right file was chosen.');
  const whole = wordsBelow(body);
  for (const selector of ['main', '[role=main]', 'article', '#content', '#main-content', '.main-content', '#main']) {
    const found = $(selector);
    const only = found.get(0);
    if (found.length === 1 && only && wordsBelow(only) * 4 > whole) return only;
  }
  return body;
}

/** Something marked as boilerplate that holds most of the text is content under a wrong mark. */
const isMostOf = (node: DomNode, root: DomNode): boolean => wordsBelow(node) * 2 > wordsBelow(root);

/** Characters outside links: menus are links. */
const wordsBelow = (node: DomNode): number => {
  let characters = 0;
  const stack: DomNode[] = [node];
  for (let next = stack.pop(); next; next = stack.pop()) {
    if (isText(next)) characters += next.data.trim().length;
    else if (isElement(next) ? next.name !== 'a' && next.name !== 'noscript' : 'children' in next && !('attribs' in next)) stack.push(...next.children);
  }
  return characters;
};

function firstOf(...candidates: (string | undefined)[]): string | null {
  for (const candidate of candidates) {
    const clean = candidate?.replace(/\s+/g, ' ').trim();
    if (clean) return clean.slice(0, 500);
  }
  return null;
}
