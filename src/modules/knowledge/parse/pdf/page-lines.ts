import { isRightToLeft, lineText } from './line-text.ts';
import type { PageTable } from './page-tables.ts';
import type { TextRun } from './page-text.ts';

/** Runs on one baseline without a wide gap; or, in the place where it is read, a table. */
export interface Segment { runs: TextRun[]; start: number; end: number; baseline: number; size: number; angle: number; table: PageTable | null }

/** A line of text, or a table. */
export interface Line {
  text: string;
  start: number;
  end: number;
  baseline: number;
  size: number;
  angle: number;
  /** Parts with wide gaps between them. */
  cells: number;
  table: PageTable | null;
}

/** Rows that must show columns of prose before a page is re-sorted, and the share of all rows. */
const COLUMN_ROWS_MIN = 12;
const COLUMN_SHARE_MIN = 0.6;
const COLUMN_CHARACTERS_MIN = 18;
const COLUMNS_MAX = 6;

/**
 * Lines of a page in the order they are read. The order of drawing is kept, since it is nearly always that of reading
 * (columns included); only where a writer went line by line across columns of prose are they put one after the other.
 */
export function pageLines(runs: readonly TextRun[], tables: readonly PageTable[]): Line[] {
  return linesOf(columnOrder(segmentsOf(runs, tables), COLUMNS_MAX));
}

/** See {@link Segment}. A table stands where its first word was drawn. */
export function segmentsOf(runs: readonly TextRun[], tables: readonly PageTable[] = []): Segment[] {
  const tableOf = new Map(tables.flatMap((table) => table.runs.map((run) => [run, table] as const)));
  const placed = new Set<PageTable>();
  const segments: Segment[] = [];
  let current: Segment | null = null;
  for (const run of runs) {
    const table = tableOf.get(run);
    if (table) {
      if (!placed.has(table)) segments.push({ runs: [], start: table.start, end: table.end, baseline: table.top, size: run.size, angle: run.angle, table });
      placed.add(table);
      current = null;
    } else if (current && continues(current, run)) {
      current.runs.push(run);
      current.start = Math.min(current.start, run.start);
      current.end = Math.max(current.end, run.end);
      current.size = Math.max(current.size, run.size);
    } else {
      current = { runs: [run], start: run.start, end: run.end, baseline: run.baseline, size: run.size, angle: run.angle, table: null };
      segments.push(current);
    }
  }
  return segments;
}

const continues = (segment: Segment, run: TextRun): boolean =>
  segment.angle === run.angle
  && Math.abs(segment.baseline - run.baseline) <= Math.max(segment.size, run.size) * 0.5
  && Math.max(run.start - segment.end, segment.start - run.end) <= Math.max(segment.size, run.size) * 2;

/** See {@link pageLines}. Tables look similar; their cells are short, which is why both sides must be prose. */
function columnOrder(segments: Segment[], columnsMax: number): Segment[] {
  const rows = rowsOf(segments);
  const wide = rows.filter((row) => row.length >= 2 && row.every((segment) => segment.table === null));
  if (columnsMax < 2 || wide.length < COLUMN_ROWS_MIN || wide.length < rows.length * COLUMN_SHARE_MIN) return segments;
  const gutter = gutterOf(wide);
  if (gutter === null) return segments;
  const sides = (row: readonly Segment[]): boolean => row.length >= 2 && !row.some((segment) => crosses(segment, gutter)) && row.some((segment) => segment.end <= gutter) && row.some((segment) => segment.start >= gutter);
  const split = wide.filter(sides);
  const prose = split.filter((row) => row.every((segment) => charactersOf(segment) >= COLUMN_CHARACTERS_MIN));
  if (split.length < COLUMN_ROWS_MIN || split.length < wide.length * 0.8 || prose.length < split.length * 0.6) return segments;
  return rows.reduce<Segment[][][]>((blocks, row) => {
    // A line across both columns parts what is above it from what is below.
    const across = row.some((segment) => crosses(segment, gutter));
    const block = blocks.at(-1);
    if (across || !block || block[0]?.some((segment) => crosses(segment, gutter))) blocks.push([row]);
    else block.push(row);
    return blocks;
  }, []).flatMap((block) => oneAfterTheOther(block.flat(), gutter, columnsMax));
}

function oneAfterTheOther(segments: Segment[], gutter: number, columnsMax: number): Segment[] {
  if (segments.some((segment) => crosses(segment, gutter))) return segments;
  const left = columnOrder(segments.filter((segment) => segment.end <= gutter), columnsMax - 1);
  const right = columnOrder(segments.filter((segment) => segment.start >= gutter), columnsMax - 1);
  return isRightToLeft(segments.flatMap((segment) => segment.runs)) ? [...right, ...left] : [...left, ...right];
}

const crosses = (segment: Segment, x: number): boolean => segment.start < x && segment.end > x;

/** The place that lies between segments in the most rows. */
function gutterOf(rows: readonly (readonly Segment[])[]): number | null {
  const gaps = rows.flatMap((row) => row.slice(1).map((segment, index) => ({ from: row[index]?.end ?? 0, to: segment.start })));
  let best: { x: number; rows: number } | null = null;
  const middles = gaps.map(({ from, to }) => (from + to) / 2).toSorted((a, b) => a - b);
  for (let index = 0; index < middles.length; index += Math.max(1, Math.floor(middles.length / 40))) {
    const x = middles[index] ?? 0;
    const covered = gaps.filter(({ from, to }) => from <= x && to >= x).length;
    if (best === null || covered > best.rows) best = { x, rows: covered };
  }
  return best?.x ?? null;
}

/** Segments that follow each other on one baseline, from left to right. */
export function rowsOf(segments: readonly Segment[]): Segment[][] {
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
  a.table === null && b.table === null && a.angle === b.angle && Math.abs(a.baseline - b.baseline) <= Math.max(a.size, b.size) * 0.5;

const charactersOf = (segment: Segment): number => segment.runs.reduce((sum, run) => sum + run.text.length, 0);

/** Gaps that set parts of a line apart; segments drawn in an odd order may close each other's. */
function wideGaps(row: readonly Segment[]): number {
  let gaps = 0;
  let reach = row[0]?.end ?? 0;
  for (const segment of row) {
    if (segment.start - reach > segment.size * 2) gaps++;
    reach = Math.max(reach, segment.end);
  }
  return gaps;
}

/** Segments that follow each other on one row become one line. */
function linesOf(segments: readonly Segment[]): Line[] {
  const lines: Line[] = [];
  let row: Segment[] = [];
  const flush = (): void => {
    const head = row[0];
    if (head) {
      row.sort((a, b) => a.start - b.start);
      const runs = row.flatMap((segment, index) => segment.runs.map((run, at) => (index > 0 && at === 0 ? { ...run, space: true } : run)));
      lines.push({
        text: lineText(runs), baseline: head.baseline, angle: head.angle, cells: 1 + wideGaps(row), size: Math.max(...row.map((segment) => segment.size)),
        start: Math.min(...row.map((segment) => segment.start)), end: Math.max(...row.map((segment) => segment.end)), table: head.table,
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
