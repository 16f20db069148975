/** A run of glyphs as the PDF library reports it: position of its baseline, size, text in logical order. */
export interface TextRun {
  str: string;
  dir: string;
  /** `[a, b, c, d, e, f]`: rotation and size, then the start of the baseline in points from the lower left. */
  transform: readonly number[];
  width: number;
  height: number;
  hasEOL: boolean;
}

/** Lines that belong together, in the order they are read. `size` is the font size in points. */
export interface Paragraph { text: string; size: number; lines: number }

interface Segment { runs: PlacedRun[]; start: number; end: number; baseline: number; size: number; angle: number }
interface PlacedRun { text: string; rtl: boolean; start: number; end: number; space: boolean }
interface Line { text: string; start: number; end: number; baseline: number; size: number; angle: number; /** Parts with wide gaps between them. */ cells: number }

/** Rows that must show two columns of prose before a page is re-sorted, and the share of all rows. */
const COLUMN_ROWS_MIN = 12;
const COLUMN_SHARE_MIN = 0.6;
const COLUMN_CHARACTERS_MIN = 22;
/** The dots between a title and its page number, which would fill chunks with nothing. */
const DOT_LEADER = ' … ';

/**
 * Paragraphs of one page. The order of the content stream is kept, since it is nearly always the reading order (columns
 * included); only where a writer went line by line across two columns of prose are the columns put back one after the other.
 */
export function pageParagraphs(runs: readonly TextRun[]): Paragraph[] {
  return paragraphs(linesOf(columnOrder(segmentsOf(runs))));
}

/** Runs on one baseline without a wide gap. */
function segmentsOf(runs: readonly TextRun[]): Segment[] {
  const segments: Segment[] = [];
  let current: Segment | null = null;
  let space = false;
  for (const run of runs) {
    if (run.str.trim() === '') {
      space ||= run.str !== '';
      if (run.hasEOL) space = true;
      continue;
    }
    const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = run.transform;
    const angle = Math.abs(b) < 1e-3 && a > 0 ? 0 : Math.round((Math.atan2(b, a) * 180) / Math.PI);
    const size = Math.hypot(c, d) || run.height || 1;
    const [along, across] = angle === 0 ? [e, f] : rotate(e, f, angle);
    const placed: PlacedRun = { text: run.str, rtl: run.dir === 'rtl', start: along, end: along + run.width, space };
    if (current && continues(current, placed, across, size, angle)) {
      placed.space ||= gapBetween(current, placed) > size * 0.18;
      current.runs.push(placed);
      current.start = Math.min(current.start, placed.start);
      current.end = Math.max(current.end, placed.end);
      current.size = Math.max(current.size, size);
    } else {
      current = { runs: [placed], start: placed.start, end: placed.end, baseline: across, size, angle };
      segments.push(current);
    }
    space = run.hasEOL;
  }
  return segments;
}

function rotate(x: number, y: number, degrees: number): [number, number] {
  const radians = (degrees * Math.PI) / 180;
  return [x * Math.cos(radians) + y * Math.sin(radians), y * Math.cos(radians) - x * Math.sin(radians)];
}

function continues(segment: Segment, run: PlacedRun, across: number, size: number, angle: number): boolean {
  return segment.angle === angle
    && Math.abs(segment.baseline - across) <= Math.max(segment.size, size) * 0.5
    && gapBetween(segment, run) <= Math.max(segment.size, size) * 2;
}

/** Distance between a segment and a run on its line, whichever comes first; negative where they overlap. */
const gapBetween = (segment: { start: number; end: number }, run: { start: number; end: number }): number =>
  Math.max(run.start - segment.end, segment.start - run.end);

/** See {@link pageParagraphs}. Tables look similar; their cells are short, which is why both sides must be prose. */
function columnOrder(segments: Segment[]): Segment[] {
  const rows = rowsOf(segments);
  const pairs = rows.filter((row) => row.length === 2 && row.every((segment) => segment.angle === 0));
  if (pairs.length < COLUMN_ROWS_MIN || pairs.length < rows.length * COLUMN_SHARE_MIN) return segments;
  const gutter = median(pairs.map(([left, right]) => ((left?.end ?? 0) + (right?.start ?? 0)) / 2));
  const split = pairs.filter(([left, right]) => left && right && left.end <= gutter && right.start >= gutter);
  const prose = split.filter((row) => row.every((segment) => charactersOf(segment) >= COLUMN_CHARACTERS_MIN));
  if (split.length < pairs.length * 0.9 || prose.length < split.length * 0.7) return segments;
  const first = rows.findIndex((row) => split.includes(row));
  const last = rows.findLastIndex((row) => split.includes(row));
  const middle = rows.slice(first, last + 1).flat();
  // A line across both columns inside the block would be torn out of its place: leave such pages alone.
  if (middle.some((segment) => segment.start < gutter && segment.end > gutter)) return segments;
  const left = middle.filter((segment) => segment.end <= gutter);
  const right = middle.filter((segment) => segment.start >= gutter);
  const rtl = middle.filter((segment) => segment.runs[0]?.rtl).length > middle.length / 2;
  return [...rows.slice(0, first).flat(), ...(rtl ? [...right, ...left] : [...left, ...right]), ...rows.slice(last + 1).flat()];
}

function rowsOf(segments: readonly Segment[]): Segment[][] {
  const rows: Segment[][] = [];
  for (const segment of segments) {
    const row = rows.at(-1);
    const head = row?.[0];
    if (row && head && sameRow(head, segment)) row.push(segment);
    else rows.push([segment]);
  }
  for (const row of rows) row.sort((a, b) => a.start - b.start);
  return rows;
}

const sameRow = (a: Segment, b: Segment): boolean =>
  a.angle === b.angle && Math.abs(a.baseline - b.baseline) <= Math.max(a.size, b.size) * 0.5;

const charactersOf = (segment: Segment): number => segment.runs.reduce((sum, run) => sum + run.text.length, 0);
const median = (values: number[]): number => values.toSorted((x, y) => x - y)[Math.floor(values.length / 2)] ?? 0;

/** Segments that follow each other on one row become one line: the row of a table. */
function linesOf(segments: readonly Segment[]): Line[] {
  const lines: Line[] = [];
  let row: Segment[] = [];
  const flush = (): void => {
    const head = row[0];
    if (head) {
      const runs = row.flatMap((segment, index) => segment.runs.map((run, at) => (index > 0 && at === 0 ? { ...run, space: true } : run)));
      lines.push({
        text: lineText(runs), baseline: head.baseline, angle: head.angle, cells: row.length, size: Math.max(...row.map((segment) => segment.size)),
        start: Math.min(...row.map((segment) => segment.start)), end: Math.max(...row.map((segment) => segment.end)),
      });
    }
    row = [];
  };
  for (const segment of segments) {
    if (row[0] && !sameRow(row[0], segment)) flush();
    row.push(segment);
  }
  flush();
  return lines;
}

/**
 * Text of one line in logical order. Each run already is; the runs of a right-to-left line are put from right to left,
 * except that neighbouring left-to-right runs (numbers, Latin words) keep their own order.
 */
function lineText(runs: readonly PlacedRun[]): string {
  const rtlCharacters = runs.reduce((sum, run) => sum + (run.rtl ? run.text.length : 0), 0);
  const all = runs.reduce((sum, run) => sum + run.text.length, 0);
  if (rtlCharacters * 2 <= all || runs.length === 1) return joinRuns(runs);
  const ordered: PlacedRun[] = [];
  let ltr: PlacedRun[] = [];
  for (const run of runs.toSorted((a, b) => b.end - a.end)) {
    if (run.rtl) {
      ordered.push(...ltr, run);
      ltr = [];
    } else ltr.unshift(run);
  }
  ordered.push(...ltr);
  return joinRuns(ordered.map((run, index) => ({ ...run, space: index > 0 && gapBetween(ordered[index - 1] ?? run, run) > 1 })));
}

const joinRuns = (runs: readonly PlacedRun[]): string =>
  plainLetters(runs.map((run, index) => (index > 0 && run.space ? ' ' : '') + run.text).join('')).replaceAll('\0', ' ').replace(/[\u00a0 \t]+/g, ' ').replace(/(?:\. ?){5,}/g, DOT_LEADER).trim();

/** Ligatures and the joined shapes of Arabic letters become the letters people search for (NFKC of those blocks only). */
const plainLetters = (text: string): string => text.replace(/[\ufb00-\ufdff\ufe70-\ufefc]+/g, (shapes) => shapes.normalize('NFKC'));

/** Lines of one size that follow closely are one paragraph. */
function paragraphs(lines: readonly Line[]): Paragraph[] {
  const found: Paragraph[] = [];
  let group: Line[] = [];
  const flush = (): void => {
    if (group.length > 0) found.push({ text: paragraphText(group), size: Math.round((group[0]?.size ?? 0) * 2) / 2, lines: group.length });
    group = [];
  };
  for (const line of lines) {
    if (line.text === '') continue;
    const previous = group.at(-1);
    if (previous && !follows(previous, line)) flush();
    group.push(line);
  }
  flush();
  return found;
}

function follows(previous: Line, line: Line): boolean {
  const step = previous.baseline - line.baseline;
  const size = Math.max(previous.size, line.size);
  return previous.angle === line.angle && step > -size * 0.5 && step < size * 1.75
    && Math.abs(previous.size - line.size) < size * 0.12;
}

/** A line that fills the width was wrapped and goes on; a short one, or the row of a table, ended on purpose. */
function paragraphText(lines: readonly Line[]): string {
  const width = Math.max(...lines.map((line) => line.end - line.start));
  let text = '';
  let previous: Line | null = null;
  for (const line of lines) {
    if (previous === null) text = line.text;
    else if (previous.cells > 1 || line.cells > 1 || previous.end - previous.start < width * 0.8) text += `\n${line.text}`;
    else if (/\p{Ll}[-\u00ad]$/u.test(text) && /^\p{Ll}/u.test(line.text)) text = text.slice(0, -1) + line.text;
    else if (/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}，。、；：]$/u.test(text) && /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(line.text)) text += line.text;
    else text += ` ${line.text}`;
    previous = line;
  }
  return text;
}
