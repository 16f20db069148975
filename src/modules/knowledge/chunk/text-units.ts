import type { ParsedBlock, ParsedDocument } from '../parse/parsed-document.ts';
import { countWordTokens } from './count-tokens.ts';

/** A stretch of the document's text that is not cut without need. Units follow each other without gaps. */
export interface Unit {
  start: number;
  end: number;
  tokens: number;
  /** Index of the block it lies in. */
  block: number;
  /** How good a place to cut its beginning is. */
  cut: 'section' | 'paragraph' | 'sentence' | 'word';
}

const BETWEEN_BLOCKS = '\n\n';
/** Shorter paragraphs stay one unit: their sentences would gain nothing. */
const SENTENCES_FROM_TOKENS = 40;
/** Up to 64 spaces and 24 characters with what combines with the last: bounded, and never inside a surrogate pair. */
const WORD = /\s{0,64}(?:\S{1,24}[\p{M}\u200d\ufe0f]*)?/gu;
const sentences = new Intl.Segmenter(undefined, { granularity: 'sentence' });

/** The whole text of a document; chunk positions refer to it. */
export const documentText = (document: ParsedDocument): string => document.blocks.map((block) => block.text).join(BETWEEN_BLOCKS);

/** Words with the space before them, as units. */
export function wordUnits(blocks: readonly ParsedBlock[]): Unit[] {
  return blockRanges(blocks).flatMap(({ text, start, block }) => wordsOf(text, start, block));
}

/** Sentences, table rows or short paragraphs as units; those above `tokensMax` in pieces of words. */
export function sentenceUnits(blocks: readonly ParsedBlock[], tokensMax: number): Unit[] {
  return blockRanges(blocks).flatMap(({ text, start, block }) => {
    const words = wordsOf(text, start, block);
    const tokens = sum(words);
    const first: Unit['cut'] = startsSection(blocks, block) ? 'section' : 'paragraph';
    if (tokens < SENTENCES_FROM_TOKENS && tokens <= tokensMax) return [{ start, end: start + text.length, tokens, block, cut: first }];
    let next = 0;
    const units = pieces(text, blocks[block]?.kind ?? 'text', start).flatMap(({ from, to }) => {
      const begin = next;
      while ((words[next]?.end ?? Infinity) <= to) next++;
      return fit(words.slice(begin, next), text.slice(from - start, to - start), from, tokensMax, block);
    });
    return units.map((unit, index) => (index === 0 ? { ...unit, cut: first } : unit));
  });
}

export const sum = (units: readonly { tokens: number }[]): number => units.reduce((total, unit) => total + unit.tokens, 0);

/** A heading, or a block whose path differs from the one before. */
export function startsSection(blocks: readonly ParsedBlock[], index: number): boolean {
  const block = blocks[index];
  const previous = blocks[index - 1];
  if (!block || !previous) return true;
  if (block.kind === 'heading') return true;
  const path = previous.kind === 'heading' ? [...previous.heading, previous.text] : previous.heading;
  return block.heading.length !== path.length || block.heading.some((title, level) => !sameTitle(title, path[level]));
}

/** Paths hold long titles shortened. */
const sameTitle = (a: string, b: string | undefined): boolean => b !== undefined && (a === b || (a.length >= 300 && b.startsWith(a)));

/** Each block with the separator behind it, so that the ranges cover the text. */
function blockRanges(blocks: readonly ParsedBlock[]): { text: string; start: number; block: number }[] {
  let start = 0;
  return blocks.map((block, index) => {
    const text = index < blocks.length - 1 ? block.text + BETWEEN_BLOCKS : block.text;
    const range = { text, start, block: index };
    start += text.length;
    return range;
  });
}

function wordsOf(text: string, offset: number, block: number): Unit[] {
  const units: Unit[] = [];
  for (const match of text.matchAll(WORD)) {
    if (match[0] === '') continue;
    const start = offset + match.index;
    units.push({ start, end: start + match[0].length, tokens: countWordTokens(match[0]), block, cut: 'word' });
  }
  return units;
}

/** Rows of a table, else sentences. Positions are of the whole text. */
function pieces(text: string, kind: ParsedBlock['kind'], offset: number): { from: number; to: number }[] {
  const starts: number[] = [];
  if (kind === 'table') {
    const row = text.trimEnd().includes('\n\n') ? /\n\n/g : /\n/g;
    starts.push(0, ...[...text.matchAll(row)].map((match) => match.index + match[0].length));
  } else {
    for (const { index } of sentences.segment(text)) starts.push(index);
  }
  return starts.filter((start) => start < text.length)
    .map((start, index, all) => ({ from: offset + start, to: offset + (all[index + 1] ?? text.length) }));
}

/**
 * One unit for a piece of text, or several where its words exceed the maximum. `words` are those that end in it; one that
 * reaches over a border counts on one side only, so that the sum over all units stays right.
 */
function fit(words: readonly Unit[], text: string, from: number, tokensMax: number, block: number): Unit[] {
  const to = from + text.length;
  const tokens = words.length > 0 ? sum(words) : countWordTokens(text);
  if (tokens <= tokensMax) return [{ start: from, end: to, tokens, block, cut: 'sentence' }];
  const units: Unit[] = [];
  let current: Unit | null = null;
  for (const word of words) {
    if (current && current.tokens + word.tokens <= tokensMax) {
      current.tokens += word.tokens;
      current.end = word.end;
    } else {
      current = { start: current ? word.start : from, end: word.end, tokens: word.tokens, block, cut: current ? 'word' : 'sentence' };
      units.push(current);
    }
  }
  const last = units.at(-1);
  if (last) last.end = to;
  return units;
}
