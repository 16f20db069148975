/**
 * Builds what browsers load: the console (`dist/web`) and the chat widget (`dist/widget`). Does nothing when the
 * sources are those of the last build. As a command: `node scripts/build.mjs`.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, openSync, closeSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { environmentFor, requireNode24 } from './node24.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const inRoot = (...names) => path.join(root, ...names);
const HASH_FILE = inRoot('dist/.build-hash');
const LOCK_FILE = inRoot('dist/.build-lock');
/** How long to wait for another process that builds the same. */
const LOCK_WAIT_MS = 120_000;

const BUILDS = [
  { name: 'web', config: 'vite.config.ts', output: 'dist/web', command: [inRoot('node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'] },
  { name: 'widget', config: 'scripts/build-widget.mjs', output: 'dist/widget', command: [inRoot('scripts/build-widget.mjs')] },
];

/** Builds if anything changed, prints one line, and throws an Error with the tool's output when a build fails. */
export async function build() {
  const startedAt = Date.now();
  if (isFresh(sourcesHash())) return;
  const unlock = await lock();
  try {
    const hash = sourcesHash();
    if (isFresh(hash)) return; // Another process built it while this one waited.
    const builds = BUILDS.filter(({ config }) => existsSync(inRoot(config)));
    await Promise.all(builds.map(run));
    writeFileSync(HASH_FILE, `${hash}\n`);
    if (builds.length > 0) console.log(`built ${builds.map(({ name }) => name).join(' and ')} in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
  } finally {
    unlock();
  }
}

function isFresh(hash) {
  const outputs = BUILDS.filter(({ config }) => existsSync(inRoot(config)));
  return outputs.every(({ output }) => existsSync(inRoot(output))) && existsSync(HASH_FILE) && readFileSync(HASH_FILE, 'utf8').trim() === hash;
}

/** Everything a browser bundle can be made of: browser code, the contracts it shares with the server, the tools. */
function sourcesHash() {
  const hash = createHash('sha256');
  const files = [
    ...readdirSync(root).filter((name) => /^(package(-lock)?\.json|index\.html|tsconfig.*\.json|(vite|postcss)\.config\..+)$/.test(name)),
    ...listFiles('public'),
    'scripts/build-widget.mjs',
    ...listFiles('src').filter((file) => /^src\/web\/|\/(web|embed)\/|[/-]contract\.ts$|\/contract\//.test(file) && !/\.test\.tsx?$/.test(file)),
  ];
  for (const file of files.filter((name) => existsSync(inRoot(name))).sort((a, b) => (a < b ? -1 : 1))) {
    hash.update(`${file}\0`).update(readFileSync(inRoot(file))).update('\0');
  }
  return hash.digest('hex');
}

function listFiles(folder) {
  if (!existsSync(inRoot(folder))) return [];
  return readdirSync(inRoot(folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath ?? entry.path, entry.name)).split(path.sep).join('/'));
}

/** One build at a time, also between processes; a lock whose owner is gone is taken over. */
async function lock() {
  mkdirSync(path.dirname(LOCK_FILE), { recursive: true });
  for (const deadline = Date.now() + LOCK_WAIT_MS; ; ) {
    try {
      const file = openSync(LOCK_FILE, 'wx');
      writeFileSync(file, String(process.pid));
      closeSync(file);
      return () => rmSync(LOCK_FILE, { force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (!ownerLives()) rmSync(LOCK_FILE, { force: true });
    else if (Date.now() > deadline) throw new Error(`another build holds ${LOCK_FILE} for too long`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function ownerLives() {
  try {
    const owner = Number(readFileSync(LOCK_FILE, 'utf8'));
    if (owner) process.kill(owner, 0);
    return true; // Empty: its owner is just writing it.
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function run({ name, command }) {
  const node = requireNode24();
  if (!existsSync(command[0])) {
    throw new Error(`${path.relative(root, command[0])} is missing, so the ${name} cannot be built: run \`npm ci\` with development dependencies, or bring a dist folder built from these sources`);
  }
  return new Promise((resolve, reject) => {
    const child = spawn(node, command, { cwd: root, env: { ...environmentFor(node), NODE_ENV: 'production' }, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => { output += text; });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`the ${name} did not build (${signal ?? `exit code ${code}`}):\n${output}`));
    });
  });
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  build().catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
