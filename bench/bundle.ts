/**
 * What browsers load, compressed: the widget before and after it is opened, and the first visit of the marketplace
 * (everything its page names, and everything those files import, with the chunk of the first screen).
 *   node bench/bundle.ts
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { ROOT } from './machine.ts';
import { report, shown, table } from './report.ts';

/** The lazy chunk of the screen at `/`, by the name of its source file. */
const FIRST_SCREEN = 'storefront';
const KIB = 1024;
const BARS = { loader: 15, widget: 45, marketplace: 220 };

execFileSync(process.execPath, [path.join(ROOT, 'scripts/build.mjs')], { stdio: ['ignore', 'ignore', 'inherit'] });
const web = path.join(ROOT, 'dist/web');
const widget = path.join(ROOT, 'dist/widget');
const gzipped = (file: string): number => gzipSync(readFileSync(file), { level: 9 }).length;

/** Files a script imports at its beginning; `import(…)` does not count. */
function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/(?:\bfrom|\bimport)\s*["'](\.{1,2}\/[^"']+\.js)["']/g)].map((match) => path.resolve(path.dirname(file), match[1] ?? ''));
}

function withImports(entries: readonly string[]): string[] {
  const seen = new Set(entries);
  for (const file of seen) for (const other of importsOf(file)) seen.add(other);
  return [...seen];
}

const page = readFileSync(path.join(web, 'index.html'), 'utf8');
const named = [...page.matchAll(/(?:src|href)="(\/[^"]+\.(?:js|css))"/g)].map((match) => path.join(web, match[1] ?? ''));
const screen = readdirSync(path.join(web, 'assets')).find((name) => new RegExp(`^${FIRST_SCREEN}-[\\w-]{8}\\.js$`).test(name));
if (!screen) throw new Error(`the chunk of ${FIRST_SCREEN} is not in dist/web/assets`);
const scripts = withImports([...named.filter((file) => file.endsWith('.js')), path.join(web, 'assets', screen)]);
const styles = named.filter((file) => file.endsWith('.css'));
const sum = (files: readonly string[]): number => files.reduce((total, file) => total + gzipped(file), 0) / KIB;

const loader = sum([path.join(widget, 'widget.js')]);
const chat = sum([path.join(widget, 'widget-chat.js')]);
const marketplace = sum(scripts);
const largest = scripts.map((file) => ({ file: path.relative(web, file), kib: gzipped(file) / KIB })).sort((a, b) => b.kib - a.kib).slice(0, 8);
report('bundle', [
  table(['what', 'files', 'KiB gzip', 'bar'], [
    ['widget before it is opened', 1, shown(loader), BARS.loader],
    ['widget in all', 2, shown(loader + chat), BARS.widget],
    ['marketplace, scripts of the first visit', scripts.length, shown(marketplace), BARS.marketplace],
    ['marketplace, styles of the first visit', styles.length, shown(sum(styles)), '-'],
  ]),
  table(['largest scripts of the first visit', 'KiB gzip'], largest.map(({ file, kib }) => [file, shown(kib)])),
], { loader, widget: loader + chat, marketplace, styles: sum(styles), largest });
