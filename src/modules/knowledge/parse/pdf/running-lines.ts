import type { Paragraph } from './page-paragraphs.ts';

/** Pages a line must stand on, at one place, to be a running title. */
const PAGES_MIN = 3;
/** Points by which its place may differ. */
const PLACE = 4;
/** Nothing but a page number, alone or as "Page 3 of 10", "- 3 -", "3/10", "第 3 页". */
const PAGE_NUMBER = /^[\p{P}\s]*(?:\p{L}{1,8}\.?\s*)?[-–—|]?\s*(?:\d{1,5}|[ivxlc]{1,7})\s*(?:(?:\/|\||\p{L}{1,4})\s*\d{1,5})?\s*(?:\p{L}{1,2})?[\p{P}\s]*$/iu;

/**
 * The lines at the edges of pages that say the same, but for numbers, at the same place on several pages: running titles
 * and page numbers, which would stand in the middle of sentences. A running title stays where it first stands; page
 * numbers go.
 */
export function runningLines(pages: readonly { page: number; paragraphs: readonly Paragraph[] }[]): Set<Paragraph> {
  const groups = new Map<string, { page: number; paragraph: Paragraph }[]>();
  for (const { page, paragraphs } of pages) {
    for (const paragraph of paragraphs) {
      if (paragraph.edge === null) continue;
      const place = Math.round(paragraph.edge / PLACE);
      const text = paragraph.text.replace(/\d+/g, '#').replace(/\s+/g, '');
      // A place near the border of two counts as both, so that small differences do not part a title from itself.
      const key = [place, place - 1, place + 1].map((near) => `${near} ${text}`).find((near) => groups.has(near)) ?? `${place} ${text}`;
      groups.set(key, [...groups.get(key) ?? [], { page, paragraph }]);
    }
  }
  const dropped = new Set<Paragraph>();
  for (const group of groups.values()) {
    const number = PAGE_NUMBER.test(group[0]?.paragraph.text ?? '') && /\d|^\W*[ivxlc]+\W*$/i.test(group[0]?.paragraph.text ?? '');
    const onPages = new Set(group.map(({ page }) => page)).size;
    if (onPages < (number ? 2 : PAGES_MIN)) continue;
    for (const { paragraph } of number ? group : group.slice(1)) dropped.add(paragraph);
  }
  return dropped;
}
