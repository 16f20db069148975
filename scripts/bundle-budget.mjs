/**
 * Adds up what a browser loads before the marketplace shows: the entry, the screen, and every chunk they import at once.
 * Fails above the budget and names the largest chunks. As a command: `node scripts/bundle-budget.mjs`. (The widget's
 * budgets are kept by its own build.)
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from './build.mjs';

const web = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../dist/web');
const FIRST_LOAD_GZIP_MAX = 220 * 1024;
/** Keys of Vite's manifest. */
const ENTRIES = ['index.html', 'routes/storefront.tsx'];
/** Stands beside the bundle; see src/web/index.html. */
const BESIDE = 'boot.js';
const NAMED = 5;

await build();
const manifest = JSON.parse(readFileSync(path.join(web, '.vite/manifest.json'), 'utf8'));
const sizes = [BESIDE, ...filesOf(ENTRIES)].map((file) => ({ file, gzip: gzipSync(readFileSync(path.join(web, file)), { level: 9 }).length })).sort((a, b) => b.gzip - a.gzip);
const all = sizes.reduce((sum, { gzip }) => sum + gzip, 0);
const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;
console.log(`bundle: the marketplace first loads ${kilobytes(all)} of JavaScript (gzip, ${sizes.length} files) of at most ${kilobytes(FIRST_LOAD_GZIP_MAX)}`);
if (all > FIRST_LOAD_GZIP_MAX) {
  for (const { file, gzip } of sizes.slice(0, NAMED)) console.error(`  ${file}  ${kilobytes(gzip)}`);
  process.exitCode = 1;
}

/** Scripts of the named chunks and of all they import statically, each once. Throws for a chunk the build does not have. */
function filesOf(keys) {
  const seen = new Set();
  const waiting = [...keys];
  for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
    if (seen.has(key)) continue;
    if (!manifest[key]) throw new Error(`the build has no chunk ${key}: name the marketplace's screen in ${path.basename(import.meta.filename)}`);
    seen.add(key);
    waiting.push(...(manifest[key].imports ?? []));
  }
  return Array.from(seen, (key) => manifest[key].file).filter((file) => file.endsWith('.js'));
}
