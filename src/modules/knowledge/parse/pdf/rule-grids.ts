import type { Rule } from './page-shapes.ts';

/** Borders of columns from left to right and of rows from top to bottom. */
export interface Grid { columns: number[]; rows: number[] }
/** A line under a header row and the borders its pieces show. */
export interface HeaderRule { columns: number[]; at: number }

/** Points by which lines may miss each other and still meet. */
const MEETING = 3;
const SAME_PLACE = 2;
const RULES_MAX = 4000;
/** Pieces that make a line under a header row, and how wide a column is at least. */
const HEADER_PIECES_MIN = 2;
const COLUMN_MIN = 8;

/** Grids of lines that cross: at least two columns and two rows. */
export function gridsOf(rules: readonly Rule[]): Grid[] {
  if (rules.length > RULES_MAX) return [];
  const lines = merged(rules);
  const horizontal = lines.filter((rule) => !rule.vertical);
  const vertical = lines.filter((rule) => rule.vertical);
  const groups = new Groups(lines.length);
  horizontal.forEach((h, i) => vertical.forEach((v, j) => { if (meet(h, v)) groups.join(i, horizontal.length + j); }));
  const ordered = [...horizontal, ...vertical];
  return [...Map.groupBy(ordered.keys(), (index) => groups.of(index)).values()].flatMap((members) => {
    const own = members.flatMap((index) => ordered[index] ?? []);
    const columns = places(own.filter((rule) => rule.vertical).map((rule) => rule.at));
    const rows = places(own.filter((rule) => !rule.vertical).map((rule) => rule.at)).reverse();
    return columns.length >= 3 && rows.length >= 3 ? [{ columns, rows }] : [];
  });
}

const meet = (h: Rule, v: Rule): boolean =>
  v.at >= h.from - MEETING && v.at <= h.to + MEETING && h.at >= v.from - MEETING && h.at <= v.to + MEETING;

/** Lines whose pieces touch end to end, as writers draw the border of each cell by itself. Corners may be pieces too. */
export function headerRulesOf(rules: readonly Rule[]): HeaderRule[] {
  const found: HeaderRule[] = [];
  for (const pieces of Map.groupBy(rules.filter((rule) => !rule.vertical), (rule) => Math.round(rule.at)).values()) {
    const wide = pieces.filter((piece) => piece.to - piece.from >= COLUMN_MIN).toSorted((a, b) => a.from - b.from);
    let chain: Rule[] = [];
    const flush = (): void => {
      if (chain.length >= HEADER_PIECES_MIN) found.push({ columns: [chain[0]?.from ?? 0, ...chain.slice(1).map((piece) => piece.from), chain.at(-1)?.to ?? 0], at: chain[0]?.at ?? 0 });
      chain = [];
    };
    for (const piece of wide) {
      const last = chain.at(-1);
      if (last && Math.abs(piece.from - last.to) > SAME_PLACE) flush();
      if (!last || piece.from > last.from + COLUMN_MIN / 2) chain.push(piece);
    }
    flush();
  }
  return found.sort((a, b) => b.at - a.at);
}

/** Pieces of one line as one. */
function merged(rules: readonly Rule[]): Rule[] {
  const lines: Rule[] = [];
  for (const rule of rules.toSorted((a, b) => Number(a.vertical) - Number(b.vertical) || a.at - b.at || a.from - b.from)) {
    const last = lines.findLast((line, index) => index >= lines.length - 8 && line.vertical === rule.vertical && Math.abs(line.at - rule.at) <= 1.5 && rule.from <= line.to + MEETING && rule.to >= line.from - MEETING);
    if (last) {
      last.from = Math.min(last.from, rule.from);
      last.to = Math.max(last.to, rule.to);
    } else lines.push({ ...rule });
  }
  return lines;
}

/** Distinct places, smallest first. */
function places(values: readonly number[]): number[] {
  const distinct: number[] = [];
  for (const value of values.toSorted((a, b) => a - b)) if (value - (distinct.at(-1) ?? -Infinity) > MEETING) distinct.push(value);
  return distinct;
}

/** Disjoint sets. */
class Groups {
  readonly #parent: number[];

  constructor(size: number) {
    this.#parent = Array.from({ length: size }, (_, index) => index);
  }

  of(index: number): number {
    let root = index;
    while ((this.#parent[root] ?? root) !== root) root = this.#parent[root] ?? root;
    this.#parent[index] = root;
    return root;
  }

  join(a: number, b: number): void {
    this.#parent[this.of(a)] = this.of(b);
  }
}
