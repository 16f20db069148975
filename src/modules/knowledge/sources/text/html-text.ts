import { load } from 'cheerio';
import { htmlBlocks } from '../../parse/html-blocks.ts';

/**
 * A text longer, or with more tags, than this stays as it is: it is read in the server's own process, and each element that is
 * never closed makes the parser's work on all after it longer.
 */
const HTML_CHARACTERS_MAX = 500_000;
const HTML_TAGS_MAX = 20_000;
const MARKUP = /<\/?(?:a|b|blockquote|br|code|div|em|h[1-6]|hr|i|img|li|ol|p|pre|section|span|strong|table|tbody|td|th|tr|u|ul)(?:\s[^<>]{0,2000})?\/?>/i;
const ENTITY = /&(?:amp|lt|gt|quot|apos|nbsp|#\d{1,6}|#x[0-9a-f]{1,5});/i;

/**
 * A value of an API as readable Markdown: where it is HTML, its text with headings, lists and tables, without scripts and
 * markup. Takes a fraction of a second at most, whatever the text is.
 */
export function readableText(value: string): string {
  if (value.length > HTML_CHARACTERS_MAX || !(MARKUP.test(value) || ENTITY.test(value)) || value.split('<').length > HTML_TAGS_MAX) return value.trim();
  const page = load(value, { xml: { xmlMode: false, decodeEntities: true } });
  return htmlBlocks(page.root()).map(({ kind, text, heading }) => (kind === 'heading' ? `${'#'.repeat(Math.min(6, heading.length + 3))} ${text}` : text)).join('\n\n').trim();
}
