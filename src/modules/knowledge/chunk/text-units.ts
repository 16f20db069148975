import type { ParsedBlock, ParsedDocument } from '../parse/parsed-document.ts';
import type { TokenCounter } from './token-counter.ts';

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
const SENTENCES_FROM_CHARACTERS = 160;
/** Up to 64 spaces and 24 characters with what combines with the last: bounded, and never inside a surrogate pair. */
const WORD = /\s{0,64}(?:\S{1,24}[\p{M}\u200d]{0,16})?/gu;
/** Text of many tokens for its length (emoji, rare scripts) goes in smaller pieces. */
const DENSE_TOKENS = 12;
const DENSE_PIECE = /\s{0,64}(?:\S{1,4}[\p{M}\u200d]?)?/gu;
const sentences = new Intl.Segmenter(undefined, { granularity: 'sentence' });

/** The whole text of a document; chunk positions refer to it. */
export const documentText = (document: ParsedDocument): string => document.blocks.map((block) => block.text).join(BETWEEN_BLOCKS);

/** Words with the space before them, as units. */
export function wordUnits(blocks: readonly ParsedBlock[], tokens: TokenCounter): Unit[] {
  return blockRanges(blocks).flatMap(({ text, start, block }) => wordsOf(text, start, block, tokens));
}

/** The words of a unit; the first is as good a place to cut as the unit was. */
export const unitWords = (text: string, unit: Unit | undefined, tokens: TokenCounter): Unit[] =>
  (unit ? wordsOf(text.slice(unit.start, unit.end), unit.start, unit.block, tokens).map((word, index) => (index === 0 ? { ...word, cut: unit.cut } : word)) : []);

/** Sentences, table rows or short paragraphs as units; those above `tokensMax` in pieces of words. */
export function sentenceUnits(blocks: readonly ParsedBlock[], tokensMax: number, tokens: TokenCounter): Unit[] {
  return blockRanges(blocks).flatMap(({ text, start, block }) => {
    const first: Unit['cut'] = startsSection(blocks, block) ? 'section' : 'paragraph';
    if (text.length < SENTENCES_FROM_CHARACTERS) {
      const all = tokens.estimate(start, start + text.length);
      if (all <= tokensMax) return [{ start, end: start + text.length, tokens: all, block, cut: first }];
    }
    const units: Unit[] = pieces(text, blocks[block]?.kind ?? 'text').flatMap(({ from, to }) => {
      const all = tokens.estimate(start + from, start + to);
      if (all <= tokensMax) return [{ start: start + from, end: start + to, tokens: all, block, cut: 'sentence' as const }];
      return fit(wordsOf(text.slice(from, to), start + from, block, tokens), tokensMax);
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

function wordsOf(text: string, offset: number, block: number, counter: TokenCounter): Unit[] {
  const units: Unit[] = [];
  for (const match of text.matchAll(WORD)) {
    const from = offset + match.index;
    const tokens = counter.estimate(from, from + match[0].length);
    const parts = tokens > DENSE_TOKENS ? match[0].match(DENSE_PIECE) ?? [] : [match[0]];
    let start = from;
    for (const part of parts) {
      if (part === '') continue;
      units.push({ start, end: start + part.length, tokens: parts.length > 1 ? counter.estimate(start, start + part.length) : tokens, block, cut: 'word' });
      start += part.length;
    }
  }
  return units;
}

/** Rows of a table, else sentences. */
function pieces(text: string, kind: ParsedBlock['kind']): { from: number; to: number }[] {
  const starts: number[] = [];
  if (kind === 'table') {
    const row = text.trimEnd().includes('\n\n') ? /\n\n/g : /\n/g;
    starts.push(0);
    for (const match of text.matchAll(row)) starts.push(match.index + match[0].length);
  } else {
    for (const { index } of sentences.segment(text)) starts.push(index);
  }
  return starts.filter((start) => start < text.length)
    .map((start, index, all) => ({ from: start, to: all[index + 1] ?? text.length }));
}

/** The words of one sentence or row as one unit, or as several where they exceed the maximum. */
function fit(words: readonly Unit[], tokensMax: number): Unit[] {
  const units: Unit[] = [];
  let current: Unit | null = null;
  for (const word of words) {
    if (current && current.tokens + word.tokens <= tokensMax) {
      current.tokens += word.tokens;
      current.end = word.end;
    } else {
      current = { ...word, cut: current ? 'word' : 'sentence' };
      units.push(current);
    }
  }
  return units;
}
