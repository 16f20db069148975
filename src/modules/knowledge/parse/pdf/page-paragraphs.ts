import { pipeTable } from '../block-writer.ts';
import { joinLines } from './line-text.ts';
import { type Line, pageLines } from './page-lines.ts';
import type { Box, PageShapes, Rule } from './page-shapes.ts';
import { pageTables } from './page-tables.ts';
import { turned, type TextRun } from './page-text.ts';

/** Lines that belong together, in the order they are read. `size` is the font size in points. */
export interface Paragraph {
  text: string;
  size: number;
  lines: number;
  kind: 'text' | 'table';
  /** Set for a line at the upper or lower edge of the page, where running titles and page numbers stand: how far from it, in points. */
  edge: number | null;
  /** How it goes on from the paragraph before where only its place at the edge parts them. */
  glue: 'space' | 'line' | null;
}

/** Share of the page's height, from each end, in which running lines are looked for, and how many of them. */
const EDGE_SHARE = 0.12;
const EDGE_LINES_MAX = 2;

/** Text and tables of one page; `page` is its visible part. */
export function pageParagraphs(runs: readonly TextRun[], shapes: PageShapes, page: Box): Paragraph[] {
  const angle = mainAngle(runs);
  const level = runs.filter((run) => run.angle === angle);
  const lines = pageLines(runs, pageTables(level, turnedRules(shapes.rules, angle)));
  return paragraphs(lines, edgeLines(lines, angle, page));
}

function mainAngle(runs: readonly TextRun[]): number {
  const characters = new Map<number, number>();
  for (const run of runs) characters.set(run.angle, (characters.get(run.angle) ?? 0) + run.text.length);
  return [...characters].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
}

/** The lines as a reader sees them who has turned the page by this angle; none for odd angles. */
function turnedRules(rules: readonly Rule[], angle: number): Rule[] {
  if (angle === 0) return [...rules];
  if (angle % 90 !== 0) return [];
  return rules.map((rule) => {
    const [x0, y0] = turned(...(rule.vertical ? [rule.at, rule.from] as const : [rule.from, rule.at] as const), angle);
    const [x1, y1] = turned(...(rule.vertical ? [rule.at, rule.to] as const : [rule.to, rule.at] as const), angle);
    return Math.abs(x0 - x1) < Math.abs(y0 - y1)
      ? { vertical: true, at: x0, from: Math.min(y0, y1), to: Math.max(y0, y1) }
      : { vertical: false, at: y0, from: Math.min(x0, x1), to: Math.max(x0, x1) };
  });
}

/** The outermost lines near the upper and lower edge, with their distance to it. */
function edgeLines(lines: readonly Line[], angle: number, page: Box): Map<Line, number> {
  const edges = new Map<Line, number>();
  if (angle % 90 !== 0) return edges;
  const corners = [[page.left, page.bottom], [page.right, page.top]].map(([x = 0, y = 0]) => turned(x, y, angle)[1]);
  const [bottom, top] = [Math.min(...corners), Math.max(...corners)];
  const reach = (top - bottom) * EDGE_SHARE;
  const level = lines.filter((line) => line.angle === angle && line.table === null && line.text !== '');
  for (const [distance, near] of [[(line: Line) => top - line.baseline, level.toSorted((a, b) => b.baseline - a.baseline)], [(line: Line) => line.baseline - bottom, level.toSorted((a, b) => a.baseline - b.baseline)]] as const) {
    const baselines = [...new Set(near.map((line) => Math.round(line.baseline)))].slice(0, EDGE_LINES_MAX);
    for (const line of near) {
      if (distance(line) > reach || !baselines.includes(Math.round(line.baseline))) break;
      edges.set(line, Math.round(distance(line)));
    }
  }
  return edges;
}

/** Lines of one size that follow closely are one paragraph; lines at an edge stay by themselves until all pages are known. */
function paragraphs(lines: readonly Line[], edges: ReadonlyMap<Line, number>): Paragraph[] {
  const found: Paragraph[] = [];
  let group: Line[] = [];
  let glue: Paragraph['glue'] = null;
  const flush = (): void => {
    const [first] = group;
    if (first) found.push({ ...paragraphOf(group), kind: 'text', edge: edges.get(first) ?? null, glue });
    group = [];
    glue = null;
  };
  let previous: Line | null = null;
  for (const line of lines) {
    if (line.table) {
      flush();
      previous = null;
      found.push({ text: pipeTable(line.table.rows), size: line.table.size, lines: line.table.rows.length, kind: 'table', edge: null, glue: null });
      continue;
    }
    if (line.text === '') continue;
    const goesOn = previous !== null && follows(previous, line);
    if (!goesOn || edges.has(line) || (previous !== null && edges.has(previous))) {
      const parted = goesOn && group.length > 0 && previous !== null ? (wraps(previous, line, widthOf([...group, line])) ? 'space' : 'line') : null;
      flush();
      glue = parted;
    }
    group.push(line);
    previous = line;
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

const widthOf = (lines: readonly Line[]): number => Math.max(...lines.map((line) => line.end - line.start));

/** A line that fills the width was wrapped and goes on; a short one, or one of several cells, ended on purpose. */
const wraps = (previous: Line, line: Line, width: number): boolean =>
  previous.cells === 1 && line.cells === 1 && previous.end - previous.start >= width * 0.8;

function paragraphOf(lines: readonly Line[]): { text: string; size: number; lines: number } {
  const width = widthOf(lines);
  let text = '';
  let previous: Line | null = null;
  for (const line of lines) {
    text = previous === null ? line.text : wraps(previous, line, width) ? joinLines(text, line.text) : `${text}\n${line.text}`;
    previous = line;
  }
  return { text, size: Math.round((lines[0]?.size ?? 0) * 2) / 2, lines: lines.length };
}
