import { analyze } from '#modules/models/index.ts';
import { queryTerms } from './query-terms.ts';

const TEXT_CHARACTERS_MAX = 20_000;
const segmenter = new Intl.Segmenter(undefined, { granularity: 'sentence' });

/**
 * The stretch of a text, at most `charactersMax` long, that holds most of a question's words; of equals the first. Starts
 * at a sentence where it can; `…` marks what was cut. Spaces are collapsed, since it is for display.
 */
export function snippetFor(query: string, text: string, charactersMax = 240): string {
  const plain = text.slice(0, TEXT_CHARACTERS_MAX).toWellFormed();
  const whole = collapse(plain);
  if (whole.length <= charactersMax && plain.length === text.length) return whole;
  const pieces = sentencePieces(plain, charactersMax - 2);
  const groups = queryTerms(query);
  const matches = pieces.map((piece) => {
    const terms = new Set(analyze(piece));
    return groups.flatMap((group, index) => (group.some((term) => terms.has(term)) ? [index] : []));
  });
  const { from, to } = bestWindow(pieces, matches, charactersMax - 2);
  const body = collapse(pieces.slice(from, to).join(' '));
  const cutEnd = to < pieces.length || plain.length < text.length;
  return `${from > 0 ? '…' : ''}${body}${cutEnd ? '…' : ''}`;
}

/** Sentences; longer ones in pieces that end at a space where there is one. */
function sentencePieces(text: string, charactersMax: number): string[] {
  const pieces: string[] = [];
  for (const { segment } of segmenter.segment(text)) {
    let rest = collapse(segment);
    while (rest.length > charactersMax) {
      const cut = cutAt(rest, charactersMax);
      pieces.push(rest.slice(0, cut).trim());
      rest = rest.slice(cut).trim();
    }
    if (rest !== '') pieces.push(rest);
  }
  return pieces;
}

function cutAt(text: string, max: number): number {
  const space = text.lastIndexOf(' ', max);
  if (space > max / 2) return space;
  const high = text.charCodeAt(max - 1);
  return high >= 0xd800 && high <= 0xdbff ? max - 1 : max;
}

function bestWindow(pieces: readonly string[], matches: readonly (readonly number[])[], charactersMax: number): { from: number; to: number } {
  let best = { from: 0, to: Math.min(1, pieces.length), score: -1 };
  for (let from = 0; from < pieces.length; from++) {
    const found = new Set<number>();
    let length = 0;
    let to = from;
    while (to < pieces.length && length + (pieces[to]?.length ?? 0) + 1 <= charactersMax + 1) {
      for (const group of matches[to] ?? []) found.add(group);
      length += (pieces[to]?.length ?? 0) + 1;
      to++;
    }
    // A window that begins with a hit reads better than one that reaches the hit at its end.
    const score = found.size + ((matches[from]?.length ?? 0) > 0 ? 0.5 : 0);
    if (score > best.score && to > from) best = { from, to, score };
  }
  return best;
}

const collapse = (text: string): string => text.replace(/\s+/g, ' ').trim();
