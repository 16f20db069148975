/** `npm start`: builds the browser code if it changed, then runs the server on a Node that can. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';
import { become, environmentFor, requireNode24 } from './node24.mjs';

const main = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../src/main.ts');
const node = requireNode24();
try {
  await build();
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
// Small young generations keep an idle server small; the cache spares compiling the same files at every start.
become(node, ['--max-semi-space-size=8', main, ...process.argv.slice(2)], { ...environmentFor(node), NODE_COMPILE_CACHE: path.resolve(path.dirname(main), '../.cache/compile') });
