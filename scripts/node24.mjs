/**
 * Finds the Node this project runs on, because whoever starts it may only have an older one. Plain JavaScript that
 * older releases can read: keep it so.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const NODE_MAJOR = 24;

/** The path of a Node that is new enough: the running one, else the one installed with the dependencies; else null. */
export function findNode24() {
  if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR) return process.execPath;
  const system = process.platform === 'win32' ? 'win' : process.platform;
  try {
    const manifest = createRequire(import.meta.url).resolve(`node-${system}-${process.arch}/package.json`);
    const { bin } = JSON.parse(readFileSync(manifest, 'utf8'));
    const file = path.join(path.dirname(manifest), typeof bin === 'string' ? bin : bin.node);
    return existsSync(file) ? file : null;
  } catch {
    return null; // Not installed, or no package for this system: the caller says what to do.
  }
}

/** As `findNode24`, but ends the process with instructions when there is none. */
export function requireNode24() {
  const node = findNode24();
  if (node) return node;
  console.error(
    `This needs Node ${NODE_MAJOR} or newer; this is Node ${process.versions.node} on ${process.platform}-${process.arch}.\n` +
      'Run `npm ci` (without --omit=optional): it brings Node along on Linux and Windows.\n' +
      `On other systems install Node ${NODE_MAJOR} and try again.`,
  );
  process.exit(1);
}

/** The environment for child processes: tools started by name run on `node` as well. */
export function environmentFor(node) {
  return { ...process.env, PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH ?? ''}` };
}

/**
 * Becomes `node ...args` as far as anybody outside can tell: same streams, signals and exit code. Does not return.
 * Where the system can, the process is replaced, so that nothing stands between the server and who watches over it.
 */
export function become(node, args, env = process.env) {
  if (process.execve && process.platform !== 'win32') replace(node, args, env);
  const child = spawn(node, args, { stdio: 'inherit', env });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) {
    process.on(signal, () => {
      // Ctrl-C reaches the whole foreground group already; a second SIGINT would read as "at once".
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.on('error', (error) => {
    console.error(`${node} did not start: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    if (signal) {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    } else process.exit(code ?? 1);
  });
}

function replace(node, args, env) {
  process.removeAllListeners('warning'); // Node calls execve experimental on every start.
  process.on('warning', () => {});
  process.execve(node, [node, ...args], env);
}
