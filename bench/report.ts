import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import path from 'node:path';
import { CACHE, machine } from './machine.ts';

export const median = (values: readonly number[]): number => percentile(values, 50);

/** The smallest value that at least `share` percent do not exceed. NaN for no values. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((share / 100) * sorted.length) - 1)] ?? Number.NaN;
}

/** A figure for a table: whole from a hundred on, a dash for none. */
export const shown = (value: number, digits = 1): string => (Number.isFinite(value) ? (Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(digits)) : '-');

export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Prints the tables and keeps the figures behind them as `.cache/bench/<name>.json`. */
export function report(name: string, tables: readonly string[], figures: object): void {
  const about = { at: new Date().toISOString(), machine: machine(), load: loadavg() };
  writeFileSync(path.join(CACHE, `${name}.json`), JSON.stringify({ ...about, figures }, null, 1));
  console.log([`${about.at}, ${about.machine}, load ${about.load.map((value) => value.toFixed(1)).join(' ')}`, ...tables].join('\n\n'));
}

/** Options written as `--name=value`; a bare `--name` is `1`. */
export function optionsOf(args: readonly string[] = process.argv.slice(2)): ReadonlyMap<string, string> {
  return new Map(args.map((arg) => {
    const [name = '', value = '1'] = arg.replace(/^--/, '').split(/=(.*)/s);
    return [name, value];
  }));
}
