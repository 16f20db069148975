import { isRightToLeft, joinLines, lineText } from './line-text.ts';
import type { Rule } from './page-shapes.ts';
import { type Segment, rowsOf, segmentsOf } from './page-lines.ts';
import type { TextRun } from './page-text.ts';
import { type Grid, gridsOf, type HeaderRule, headerRulesOf } from './rule-grids.ts';

/** A table and the words it is made of, which are not read again beside it. */
export interface PageTable { rows: string[][]; runs: TextRun[]; start: number; end: number; top: number; bottom: number; size: number }

/** Points by which a word may pass the line it should keep to. */
const SLACK = 2;
/** Cells of a grid that may be empty before it counts as a form or a drawing. */
const EMPTY_SHARE_MAX = 0.7;
/** Points beside a grid in which words belong to its lines, and the share of its lines that may have such words. */
const BESIDE = 14;
const FORM_SHARE_MAX = 0.2;
/** Rows that must agree on their columns where no line shows them, and how they look. */
const ALIGNED_ROWS_MIN = 3;
const ALIGNED_CELL_CHARACTERS_MAX = 40;
const ALIGNED_GAP_MIN = 6;
const PROSE_ROWS_MIN = 6;
const PROSE_CHARACTERS_MIN = 18;
const COLUMNS_MAX = 40;
const LIST_MARK = /^(?:[•◦▪■●○*·–—-]|\(?[\p{L}\p{N}]{1,4}[.):]|\[\d{1,3}\]|\d{1,3})$/u;

/**
 * Tables of a page: where drawn lines make a grid, where a line under a header row shows its columns, and where at least
 * three rows in a row keep to the same columns. All words must be level (one angle).
 */
export function pageTables(runs: readonly TextRun[], rules: readonly Rule[]): PageTable[] {
  const tables: PageTable[] = [];
  let rest = [...runs];
  const take = (table: PageTable | null): void => {
    if (!table) return;
    tables.push(table);
    const taken = new Set(table.runs);
    rest = rest.filter((run) => !taken.has(run));
  };
  if (rules.length > 0) {
    for (const grid of gridsOf(rules)) take(gridTable(grid, rest));
    const headers = headerRulesOf(rules);
    const lines = headers.length > 0 ? baselines(rest) : [];
    for (const rule of headers) take(ruledTable(rule, lines));
  }
  for (const table of alignedTables(rest)) take(table);
  return tables;
}

const centreOf = (run: TextRun): number => (run.start + run.end) / 2;
/** A line in the middle of the letters, so that a word on the border of two rows belongs to the one it stands in. */
const middleOf = (run: TextRun): number => run.baseline + run.size * 0.3;

function gridTable({ columns, rows }: Grid, runs: readonly TextRun[]): PageTable | null {
  const [left = 0] = columns;
  const right = columns.at(-1) ?? 0;
  const [top = 0] = rows;
  const bottom = rows.at(-1) ?? 0;
  const inside = runs.filter((run) => centreOf(run) > left && centreOf(run) < right && middleOf(run) < top && middleOf(run) > bottom);
  if (inside.length === 0 || isPartOfLines(inside, runs, left, right)) return null;
  const cells = rows.slice(1).map(() => columns.slice(1).map((): TextRun[] => []));
  for (const segment of segmentsOf(inside)) {
    for (const part of partsAt(segment, columns)) {
      const [first] = part;
      if (!first) continue;
      const column = indexAmong(columns, first.start + SLACK);
      const row = rows.findIndex((y, index) => index > 0 && middleOf(first) > y) - 1;
      cells[Math.max(0, row)]?.[column]?.push(...part);
    }
  }
  return tableOf(cells.map((row) => row.map(cellText)), inside, (filled, all) => filled >= all * (1 - EMPTY_SHARE_MAX));
}

/** Whether lines of text run into the grid from beside it: then it holds the boxes of a form, and its words need those outside. */
function isPartOfLines(inside: readonly TextRun[], all: readonly TextRun[], left: number, right: number): boolean {
  const own = new Set(inside);
  const rows = baselines(inside);
  const beside = all.filter((run) => !own.has(run) && ((run.end > left - BESIDE && run.start < left) || (run.start < right + BESIDE && run.end > right)));
  const met = rows.filter(([head]) => head && beside.some((run) => Math.abs(run.baseline - head.baseline) < head.size * 0.3)).length;
  return met > rows.length * FORM_SHARE_MAX;
}

/** A segment as it falls apart at the borders of columns it does not write across. */
function partsAt(segment: Segment, borders: readonly number[]): TextRun[][] {
  const parts: TextRun[][] = [];
  let last: TextRun | null = null;
  for (const run of segment.runs) {
    const between = last && borders.some((x) => (x >= (last?.end ?? 0) - SLACK && x <= run.start + SLACK) || (x >= run.end - SLACK && x <= (last?.start ?? 0) + SLACK));
    if (!last || between) parts.push([run]);
    else parts.at(-1)?.push(run);
    last = run;
  }
  return parts;
}

/** The last border at or before a place. */
const indexAmong = (borders: readonly number[], x: number): number => Math.min(borders.length - 2, Math.max(0, borders.findLastIndex((border) => border <= x)));

/** Words of one cell, line by line. */
function cellText(runs: readonly TextRun[]): string {
  return rowsOf(segmentsOf(runs.toSorted((a, b) => (Math.abs(a.baseline - b.baseline) > Math.max(a.size, b.size) * 0.5 ? b.baseline - a.baseline : 0))))
    .map((row) => lineText(row.flatMap((segment) => segment.runs)))
    .reduce((text, line) => joinLines(text, line), '');
}

/** A table whose header row has a line under it, in pieces as wide as the columns: down to the first line that leaves them. */
function ruledTable({ columns, at }: HeaderRule, lines: readonly TextRun[][]): PageTable | null {
  const within = (line: readonly TextRun[]): TextRun[] => line.filter((run) => run.end > (columns[0] ?? 0) - SLACK && run.start < (columns.at(-1) ?? 0) + SLACK);
  const below = lines.findIndex(([run]) => run !== undefined && run.baseline < at);
  const header = lines.slice(0, Math.max(0, below)).findLast((line) => within(line).length > 0);
  if (below < 0 || !header || !fits(header, columns) || (header[0]?.baseline ?? 0) - at > (header[0]?.size ?? 0) * 2.5) return null;
  const body: TextRun[][] = [];
  for (const all of lines.slice(below)) {
    const line = within(all);
    if (line.length === 0) continue;
    const above = (body.at(-1) ?? header)[0];
    const [run] = line;
    if (!run || !above || above.baseline - run.baseline > run.size * 4 || Math.abs(run.size - above.size) > run.size * 0.1 || !fits(line, columns)) break;
    body.push(line);
  }
  return columnTable([header], body, columns);
}

/** No word is written across the border of two columns, or beyond the table. */
const fits = (line: readonly TextRun[], columns: readonly number[]): boolean => line.every((run) =>
  run.start >= (columns[0] ?? 0) - SLACK && run.end <= (columns.at(-1) ?? 0) + SLACK && !columns.slice(1, -1).some((x) => run.start < x - SLACK && run.end > x + SLACK));

/** Words by lines, from the top. */
function baselines(runs: readonly TextRun[]): TextRun[][] {
  const lines: TextRun[][] = [];
  for (const run of runs.toSorted((a, b) => b.baseline - a.baseline)) {
    const line = lines.at(-1);
    const head = line?.[0];
    if (line && head && head.baseline - run.baseline <= Math.max(head.size, run.size) * 0.3) line.push(run);
    else lines.push([run]);
  }
  return lines;
}

/** A line whose first column has words begins a row; others go on with the row above, as wrapped and centred cells do. */
function columnTable(header: readonly TextRun[][], body: readonly TextRun[][], columns: readonly number[]): PageTable | null {
  const runs = [...header, ...body].flat();
  const rtl = isRightToLeft(runs);
  const lead = rtl ? columns.length - 2 : 0;
  const rows: TextRun[][][] = [];
  for (const line of [...header, ...body]) {
    const cells = columns.slice(1).map((_, index) => line.filter((run) => indexAmong(columns, centreOf(run)) === index));
    const row = rows.at(-1);
    if (row && rows.length > header.length && (cells[lead]?.length ?? 0) === 0) cells.forEach((cell, index) => row[index]?.push(...cell));
    else rows.push(cells);
  }
  return tableOf(rows.map((row) => row.map(cellText)), runs, (filled, all) => filled >= all * (1 - EMPTY_SHARE_MAX));
}

/** Without empty rows and columns; null where what is left is no table. */
function tableOf(cells: readonly (readonly string[])[], runs: readonly TextRun[], isTable: (filled: number, all: number) => boolean): PageTable | null {
  const rows = cells.filter((row) => row.some((cell) => cell !== ''));
  const used = (rows[0] ?? []).map((_, column) => column).filter((column) => rows.some((row) => row[column] !== ''));
  const kept = rows.map((row) => used.map((column) => row[column] ?? ''));
  const filled = kept.flat().filter((cell) => cell !== '').length;
  const shared = kept.filter((row) => row.filter((cell) => cell !== '').length > 1).length;
  if (kept.length < 2 || used.length < 2 || shared < 2 || shared < kept.length * 0.4 || !isTable(filled, kept.length * used.length)) return null;
  return {
    rows: isRightToLeft(runs) ? kept.map((row) => row.toReversed()) : kept, runs: [...runs],
    start: Math.min(...runs.map((run) => run.start)), end: Math.max(...runs.map((run) => run.end)),
    top: Math.max(...runs.map((run) => run.baseline)), bottom: Math.min(...runs.map((run) => run.baseline)), size: Math.max(...runs.map((run) => run.size)),
  };
}

/** Rows that follow each other and keep to common columns with clear space between them. */
function alignedTables(runs: readonly TextRun[]): PageTable[] {
  const rows = rowsOf(segmentsOf(runs));
  const tables: PageTable[] = [];
  for (let from = 0; from < rows.length;) {
    let to = from;
    while (to < rows.length && belongs(rows[to - 1], rows[to], to === from)) to++;
    const group = rows.slice(from, to);
    const table = group.length >= ALIGNED_ROWS_MIN ? alignedTable(group) : null;
    if (table) tables.push(table);
    from = Math.max(to, from + 1);
  }
  return tables;
}

function belongs(previous: readonly Segment[] | undefined, row: readonly Segment[] | undefined, first: boolean): boolean {
  const head = row?.[0];
  if (!row || !head || row.length < 2 || head.angle !== 0) return false;
  if (first) return true;
  const above = previous?.[0];
  return above !== undefined && above.baseline > head.baseline && above.baseline - head.baseline < head.size * 3.5 && Math.abs(above.size - head.size) < head.size * 0.2;
}

function alignedTable(rows: readonly Segment[][]): PageTable | null {
  const size = rows[0]?.[0]?.size ?? 0;
  const runs = rows.flat().flatMap((segment) => segment.runs);
  const columns = columnsBetween(runs, Math.max(ALIGNED_GAP_MIN, size * 0.8));
  if (columns.length < 3 || columns.length > COLUMNS_MAX) return null;
  const cells = rows.map((row) => columns.slice(1).map((_, index) => row.flatMap((segment) => segment.runs).filter((run) => indexAmong(columns, centreOf(run)) === index)));
  const texts = cells.map((row) => row.map(cellText));
  const filled = texts.flat().filter((text) => text !== '');
  const longest = filled.reduce((sum, text) => sum + text.length, 0) / Math.max(1, filled.length);
  const marks = texts.filter((row) => LIST_MARK.test(row[0] ?? '')).length;
  const isList = columns.length === 3 && marks >= texts.length * 0.5;
  if (isList || isProse(texts) || longest > ALIGNED_CELL_CHARACTERS_MAX || !texts.some((row) => row.some((text) => /\p{L}{2}/u.test(text)))) return null;
  return tableOf(texts, runs, (count, all) => count >= all * 0.6);
}

/** Columns of running text, line beside line: every one of them has many words. */
const isProse = (texts: readonly (readonly string[])[]): boolean => texts.length >= PROSE_ROWS_MIN
  && (texts[0] ?? []).every((_, column) => texts.reduce((sum, row) => sum + (row[column]?.length ?? 0), 0) >= texts.length * PROSE_CHARACTERS_MIN);

/** Left end, the middles of the gaps no word reaches into, right end. */
function columnsBetween(runs: readonly TextRun[], gapMin: number): number[] {
  const sorted = runs.toSorted((a, b) => a.start - b.start);
  const borders = [(sorted[0]?.start ?? 0) - SLACK];
  let reach = sorted[0]?.end ?? 0;
  for (const run of sorted) {
    if (run.start - reach >= gapMin) borders.push((run.start + reach) / 2);
    reach = Math.max(reach, run.end);
  }
  return [...borders, reach + SLACK];
}
