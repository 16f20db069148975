import type { Citation } from '#modules/knowledge/citation-contract.ts';
import { generalText, sourceWords } from './standing-words.ts';

/** The list of sources under an answer with footnotes, as plain lines, so that it can be read in every channel. Empty without sources. */
export function sourceList(citations: readonly Citation[], language: string | null): string {
  if (citations.length === 0) return '';
  const { sources, page } = sourceWords(language);
  return `\n\n${sources}:\n${citations.map((citation) => `[${citation.id}] ${[plain(citation.title), ...(citation.page === null ? [] : [page(citation.page)]), ...(citation.url === null ? [] : [address(citation.url)])].join(', ')}`).join('\n')}`;
}

/** What is said under an answer that the knowledge does not hold. */
export const generalNote = (language: string | null): string => `\n\n${generalText(language)}`;

/** Titles are written by strangers: on one line, and without what would become a link, a picture, a tag or code. */
const plain = (title: string): string => title.replace(/[\s\p{Cc}]+/gu, ' ').replace(/[[\]<>`]/g, (mark) => ROUND[mark] ?? ' ').trim();
const ROUND: Readonly<Record<string, string>> = { '[': '(', ']': ')', '<': '‹', '>': '›', '`': "'" };

/** An address as it stands in running text: nothing in it ends it early. */
const address = (url: string): string => url.replace(/[\s<>[\]()"'`\\]/g, (mark) => `%${(mark.codePointAt(0) ?? 32).toString(16).toUpperCase().padStart(2, '0')}`);
