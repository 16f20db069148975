import type { Glyph, TextRun } from './page-text.ts';

/** Share of the font size from which a gap between glyphs is a space. */
const SPACE_SHARE = 0.18;
const RTL_SPACE_SHARE = 0.14;
/** The dots between a title and its page number, which would fill chunks with nothing. */
const DOT_LEADER = ' … ';
const RTL_LETTER = /[\u0590-\u05ff\u0608\u060b\u060d\u061b-\u064a\u066d-\u066f\u0671-\u06d5\u06e5\u06e6\u06ee\u06ef\u06fa-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;
const LETTER = /[\p{L}]/u;
/** What keeps its left-to-right order inside right-to-left text: letters and digits of the West. */
const LTR = /[0-9]|(?![\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc])\p{L}/u;
const NUMBER = /^[0-9\u0660-\u0669\u06f0-\u06f9]+(?:[.,:/\u066b\u066c][0-9\u0660-\u0669\u06f0-\u06f9]*)*$|^[.,:/\u066b\u066c]$/;
const EASTERN_DIGIT = /[\u0660-\u0669\u06f0-\u06f9]/;

/** Words of one line in the order they are read. */
export function lineText(runs: readonly TextRun[]): string {
  if (runs.every((run) => run.glyphs === null)) return tidy(plainLine(runs));
  const rtl = isRightToLeft(runs);
  const text = tidy(mixedLine(runs, rtl));
  return rtl ? facingBrackets(text) : text;
}

/** Whether most letters of a text are written from right to left. */
export function isRightToLeft(runs: readonly TextRun[]): boolean {
  let rtl = 0;
  let all = 0;
  for (const run of runs) {
    for (const character of run.text) {
      if (!LETTER.test(character)) continue;
      all++;
      if (RTL_LETTER.test(character)) rtl++;
    }
  }
  return rtl * 2 > all;
}

/** In the order of the page: inside right-to-left tables the engine gives even Western words from the right. */
function plainLine(runs: readonly TextRun[]): string {
  let text = '';
  let previous: TextRun | null = null;
  const ordered = runs.every((run, index) => index === 0 || run.start >= (runs[index - 1]?.start ?? 0)) ? runs : runs.toSorted((a, b) => a.start - b.start);
  for (const run of ordered) {
    // Spaces were noted in the order of drawing.
    if (previous && ((run.space && ordered === runs) || gap(previous, run) > run.size * SPACE_SHARE)) text += ' ';
    text += run.text;
    previous = run;
  }
  return text;
}

const gap = (a: { start: number; end: number }, b: { start: number; end: number }): number => Math.max(b.start - a.end, a.start - b.end);

/**
 * A line with letters from right to left. What the page shows from left to right is put into the order of speech by the
 * positions of the glyphs, whatever order the file has them in: the inverse of the Unicode bidirectional algorithm, as
 * far as one line tells.
 */
function mixedLine(runs: readonly TextRun[], rtl: boolean): string {
  const size = Math.max(...runs.map((run) => run.size));
  const shown = numbersWhole(withMarks(runs.flatMap(piecesOf), size).sort((a, b) => a.start + a.end - b.start - b.end), size);
  const ordered = rtl ? turnStretches(shown.toReversed(), isLtr, isRtl) : turnStretches(shown, isRtl, isLtr);
  let text = '';
  let previous: Glyph | null = null;
  for (const piece of ordered) {
    if (previous && gap(previous, piece) > size * RTL_SPACE_SHARE) text += ' ';
    text += piece.text;
    previous = piece;
  }
  return text;
}

/** Digits of all scripts run from left to right; those that touch are one number. */
function numbersWhole(pieces: readonly Glyph[], size: number): Glyph[] {
  const whole: Glyph[] = [];
  for (const piece of pieces) {
    const last = whole.at(-1);
    if (last && NUMBER.test(last.text) && NUMBER.test(piece.text) && piece.start - last.end < size * RTL_SPACE_SHARE) {
      last.text += piece.text;
      last.end = piece.end;
    } else whole.push({ ...piece });
  }
  return whole;
}

/** Glyphs of a right-to-left run, those of one ligature as one; another run whole. */
function piecesOf(run: TextRun): Glyph[] {
  if (run.glyphs === null) return [{ text: run.text, start: run.start, end: run.end }];
  const pieces: Glyph[] = [];
  let group: Glyph[] = [];
  const flush = (): void => {
    const [first] = group;
    if (first) pieces.push({ ...first, text: ligature(group.map(({ text }) => text)) });
    group = [];
  };
  for (const glyph of run.glyphs) {
    const last = group.at(-1);
    if (last && (glyph.start !== last.start || glyph.end !== last.end)) flush();
    group.push(glyph);
  }
  flush();
  return pieces;
}

/**
 * The letters of one glyph. The engine turns those a file names around with the rest of the line, and leaves those of
 * Unicode's own ligatures in order. Lam and alef only ever stand in one order; long texts are always named by the file.
 */
function ligature(letters: readonly string[]): string {
  if (letters.length < 2 || !letters.some((letter) => RTL_LETTER.test(letter))) return letters.join('');
  const alef = letters.find((letter) => /[\u0622\u0623\u0625\u0627\u0671]/.test(letter));
  if (letters.length === 2 && alef && letters.includes('\u0644')) return `\u0644${alef}`;
  return letters.length > 3 ? letters.toReversed().join('') : letters.join('');
}

/** Vowel signs belong to the letter they stand above or below. */
function withMarks(pieces: readonly Glyph[], size: number): Glyph[] {
  const letters = pieces.filter(({ text }) => !/^\p{M}+$/u.test(text)).map((piece) => ({ ...piece }));
  for (const mark of pieces.filter(({ text }) => /^\p{M}+$/u.test(text))) {
    const centre = (mark.start + mark.end) / 2;
    const distance = (letter: Glyph): number => Math.max(0, letter.start - centre, centre - letter.end);
    const nearest = letters.reduce<Glyph | null>((best, letter) => (best === null || distance(letter) < distance(best) ? letter : best), null);
    if (nearest && distance(nearest) < size) nearest.text += mark.text;
    else letters.push({ ...mark });
  }
  return letters;
}

/** Of the pieces of a line, the stretches that run against it are turned around, with what stands between their pieces. */
function turnStretches(pieces: readonly Glyph[], runsAgainst: (piece: Glyph | undefined) => boolean, runsAlong: (piece: Glyph | undefined) => boolean): Glyph[] {
  const ordered: Glyph[] = [];
  for (let from = 0; from < pieces.length;) {
    if (!runsAgainst(pieces[from])) { push(ordered, pieces[from++]); continue; }
    let last = from;
    for (let to = from; to < pieces.length && !runsAlong(pieces[to]); to++) if (runsAgainst(pieces[to])) last = to;
    ordered.push(...pieces.slice(from, last + 1).reverse());
    from = last + 1;
  }
  return ordered;
}

function push(list: Glyph[], piece: Glyph | undefined): void {
  if (piece) list.push(piece);
}

const isLtr = (piece: Glyph | undefined): boolean => piece !== undefined && !RTL_LETTER.test(piece.text) && LTR.test(piece.text);
const isRtl = (piece: Glyph | undefined): boolean => piece !== undefined && (RTL_LETTER.test(piece.text) || EASTERN_DIGIT.test(piece.text) && !LTR.test(piece.text));

const MIRRORED: Readonly<Record<string, string>> = { '(': ')', ')': '(', '[': ']', ']': '[', '{': '}', '}': '{', '«': '»', '»': '«', '‹': '›', '›': '‹' };

/** Files name a bracket by its shape or by its role, even both on one line; the space around it tells which it is. */
const facingBrackets = (text: string): string => text.replace(BRACKET, (bracket, at: number) => {
  const before = at === 0 || OUTSIDE.test(text.charAt(at - 1));
  const after = at === text.length - 1 || OUTSIDE.test(text.charAt(at + 1));
  const opens = OPENING.includes(bracket);
  return before !== after && opens === after ? MIRRORED[bracket] ?? bracket : bracket;
});
const BRACKET = /[()[\]{}«»‹›]/g;
const OPENING = '([{«‹';
/** What stands outside brackets, beside the start and end of a line. */
const OUTSIDE = /[\s.,:;!?\u060c\u061b\u061f\u06d4]/;

/** Ligatures and the joined shapes of Arabic letters become the letters people search for (NFKC of those blocks only). */
const plainLetters = (text: string): string => text.replace(/[\ufb00-\ufdff\ufe70-\ufefc]+/g, (shapes) => shapes.normalize('NFKC'));

const tidy = (text: string): string =>
  plainLetters(text).replaceAll('\uf0b7', '•').replace(/[\u00a0 \t]+/g, ' ').replace(/(?:\. ?){5,}/g, DOT_LEADER).trim();

/** What stands between two lines of one paragraph: nothing after a hyphen (which then goes) or between ideographs, else a space. */
export function joinLines(text: string, next: string): string {
  if (text === '' || next === '') return text + next;
  if (/\p{Ll}[-\u00ad\u2010]$/u.test(text) && /^\p{Ll}/u.test(next)) return text.slice(0, -1) + next;
  if (/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}，。、；：]$/u.test(text) && /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(next)) return text + next;
  return `${text} ${next}`;
}
