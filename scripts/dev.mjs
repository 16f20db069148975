/**
 * `npm run dev`: the server, restarted when its files change, and Vite's own server for the browser code with hot
 * reload. Ends both when one of them ends.
 */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { environmentFor, requireNode24 } from './node24.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const node = requireNode24();
const start = (args) => spawn(node, args, { cwd: root, stdio: 'inherit', env: environmentFor(node) });

const children = [
  start(['--watch', '--watch-preserve-output', 'src/main.ts']),
  start([path.join(root, 'node_modules/vite/bin/vite.js')]),
];
const stop = (signal) => {
  for (const child of children) if (child.exitCode === null) child.kill(signal);
};
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => stop(signal));
for (const child of children) {
  child.on('exit', (code) => {
    process.exitCode ??= code ?? 0;
    stop('SIGTERM');
  });
}
