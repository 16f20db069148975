import { load } from 'cheerio';
import { htmlBlocks } from '../../parse/html-blocks.ts';

/** A tree is built of no more than this; of longer texts the tags are only cut out. */
const TREE_CHARACTERS_MAX = 200_000;

/** The words of a piece of HTML: paragraphs, list items and table rows on lines of their own, scripts and styles left out. */
export function htmlText(html: string): string {
  if (html.length > TREE_CHARACTERS_MAX) return html.replace(/<[^<>]*>/g, ' ').replace(/[ \t]+/g, ' ').trim();
  return htmlBlocks(load(html, { scriptingEnabled: false }, false).root()).map(({ text }) => text).join('\n\n').trim();
}
