import type { Passage } from '#modules/models/ports.ts';
import { BLANK, DIGIT } from './marker-digits.ts';

/**
 * Numbers in brackets as citations are written: `[1]`, `[1, 2]`, `[^1]`, and the brackets of other scripts. Every
 * quantifier is bounded.
 */
const MARKER = new RegExp(`[[［【]${BLANK}{0,3}\\^?${BLANK}{0,3}(${DIGIT}{1,6}(?:${BLANK}{0,3}[,;，、]${BLANK}{0,3}\\^?${DIGIT}{1,6}){0,20})(?:†[^\\]］】\\n]{0,60})?${BLANK}{0,3}[\\]］】]`, 'g');
const TITLE_CHARACTERS_MAX = 200;

/** Code, where brackets are part of a language. Unclosed code is text. */
const CODE = /(```[\s\S]{0,20000}?```|`[^`\n]{1,500}`)/;

/** A document's own numbers in brackets in round ones, so that they cannot pass for citations of ours. Code keeps its brackets. */
export const escapeMarkers = (text: string): string =>
  text.split(CODE).map((part, index) => (index % 2 === 0 ? part.replace(MARKER, '($1)') : part)).join('');

/** A passage as it may stand in a prompt of any form: nothing in it can pass for a citation, another passage or the end of this one. */
export const asMaterial = (passage: Passage): Passage => ({ ...passage, title: attribute(passage.title), text: escapeTags(escapeMarkers(passage.text)) });

/**
 * The passages as a numbered block for a prompt. Nothing in a passage can close its block, open another or imitate a
 * citation marker.
 */
export function promptContext(passages: readonly Passage[]): string {
  return passages.map((passage, index) => {
    const page = passage.page === null ? '' : ` page="${passage.page}"`;
    return `<passage id="${index + 1}" title="${attribute(passage.title)}"${page}>\n${escapeTags(escapeMarkers(passage.text))}\n</passage>`;
  }).join('\n\n');
}

const escapeTags = (text: string): string => text.replace(/<(?=\s{0,5}\/?\s{0,5}passage\b)/gi, '‹');
const attribute = (text: string): string =>
  escapeTags(escapeMarkers(text)).replace(/["<>]/g, "'").replace(/\s+/g, ' ').trim().slice(0, TITLE_CHARACTERS_MAX).toWellFormed();
