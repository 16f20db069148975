/**
 * `npm test`: every check there is, then a summary whose last line counts them. What a machine lacks is skipped and
 * said so. `npm test -- --only static,unit,http,pg,e2e` runs some of the stages.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { findChromium } from './chromium.mjs';
import { become, environmentFor, requireNode24 } from './node24.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const reports = path.join(root, '.cache/test-reports');
const bin = (file) => path.join(root, 'node_modules', file);
const node = requireNode24();
/** A stage that takes longer hangs; it is ended and counts as failed. */
const STAGE_MS = 20 * 60_000;
/** How long a program that is asked to end may take to clean up. */
const END_MS = 8_000;
/** Static checks at a time: they use one core each, more or less. */
const STATIC_AT_ONCE = 2;

const STATIC_CHECKS = [
  { name: 'types of the server', args: [bin('typescript/bin/tsc'), '-p', 'tsconfig.json'] },
  { name: 'types of the web', args: [bin('typescript/bin/tsc'), '-p', 'tsconfig.web.json'] },
  { name: 'types of the browser tests', args: [bin('typescript/bin/tsc'), '-p', 'tsconfig.e2e.json'] },
  { name: 'lint', args: [bin('oxlint/bin/oxlint'), '--type-aware'] },
  { name: 'boundaries', args: ['scripts/boundaries.mjs'] },
  { name: 'dead code', args: [bin('knip/bin/knip.js'), '--no-progress'] },
  { name: 'migrations', args: ['scripts/migrations.mjs', '--check'] },
  { name: 'bundle budget', args: ['scripts/bundle-budget.mjs'] },
];
const STAGES = { static: runStaticChecks, unit: () => runVitest('unit', 'unit'), http: () => runVitest('http', 'http'), pg: runOnPostgres, e2e: runBrowserTests };

const results = [];
/** What failed, told once more at the end, where a log that is cut still shows it. */
const failures = [];
/** Failures that are told in full, and the letters of each. */
const FAILURES_TOLD = 12;
const FAILURE_LETTERS = 900;
const running = new Set();
let aborted = false;

if (node !== process.execPath) become(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], environmentFor(node));
else await main();

async function main() {
  const chosen = chosenStages();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, abort);
  rmSync(reports, { recursive: true, force: true });
  mkdirSync(reports, { recursive: true });
  const startedAt = Date.now();
  for (const stage of chosen) {
    if (aborted) break;
    try {
      await STAGES[stage]();
    } catch (error) {
      console.error(error);
      record(stage, { failed: 1 });
    }
  }
  summarize(Date.now() - startedAt);
  if (aborted) process.exitCode = 130;
}

function abort() {
  aborted = true;
  for (const child of running) end(child);
}

function chosenStages() {
  const at = process.argv.findIndex((arg) => arg === '--only' || arg.startsWith('--only='));
  if (at < 0) return Object.keys(STAGES);
  const names = (process.argv[at].split('=')[1] ?? process.argv[at + 1] ?? '').split(',');
  if (names.every((name) => name in STAGES)) return names;
  console.error(`--only takes ${Object.keys(STAGES).join(', ')}`);
  process.exit(2);
}

async function runStaticChecks() {
  heading('static checks');
  const queue = [...STATIC_CHECKS];
  const worker = async () => {
    for (let check = queue.shift(); check && !aborted; check = queue.shift()) {
      const startedAt = Date.now();
      const { ok, output } = await run(check.args, { captured: true });
      record(check.name, { [ok ? 'passed' : 'failed']: 1 }, startedAt);
      if (!ok) failures.push({ test: check.name, reason: output });
      console.log(`${ok ? 'ok    ' : 'FAILED'} ${check.name}${ok ? '' : `\n${output.trimEnd()}\n`}`);
    }
  };
  await Promise.all(Array.from({ length: STATIC_AT_ONCE }, worker));
}

async function runVitest(name, project, env = { TEST_DATABASE_URL: undefined, TEST_DATABASE_ADMIN_URL: undefined }) {
  heading(`${name} tests`);
  const startedAt = Date.now();
  const report = path.join(reports, `${name}.json`);
  const args = [bin('vitest/vitest.mjs'), 'run', '--project', project, '--passWithNoTests', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { ok } = await run(args, { env });
  record(`${name} tests`, countVitest(name, report, ok), startedAt);
}

function countVitest(stage, report, ok) {
  if (!existsSync(report)) return { failed: ok ? 0 : 1 };
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
  for (const { name, status, message, assertionResults } of testResults) {
    const failed = assertionResults.filter((test) => test.status === 'failed');
    for (const test of failed) failures.push({ test: `${stage}: ${path.relative(root, name)} > ${test.fullName}`, reason: test.failureMessages.join('\n') });
    if (status === 'failed' && failed.length === 0) failures.push({ test: `${stage}: ${path.relative(root, name)}`, reason: message });
  }
  // A file that fails before its first test has no failed test to show for it.
  const brokenFiles = testResults.filter(({ status, assertionResults }) => status === 'failed' && assertionResults.every((test) => test.status !== 'failed')).length;
  const failed = numFailedTests + brokenFiles;
  return { passed: numPassedTests, failed: ok ? failed : Math.max(1, failed), skipped: numPendingTests + numTodoTests };
}

/** The tests that use a database once more, on a real PostgreSQL: the given one, or a throwaway. */
async function runOnPostgres() {
  const given = process.env.TEST_DATABASE_URL;
  if (given) return runVitest('pg', 'http', {});
  if (process.platform !== 'linux') return skip('tests on PostgreSQL', 'set TEST_DATABASE_URL and TEST_DATABASE_ADMIN_URL to run them here');
  const script = path.join(root, 'scripts/test-pg.sh');
  const wasRunning = (await run([script, 'status'], { captured: true, program: 'bash' })).ok;
  try {
    const { ok, output } = await run([script, 'start'], { captured: true, program: 'bash' });
    if (!ok) return skip('tests on PostgreSQL', /^test-pg: (.+)$/m.exec(output)?.[1] ?? 'scripts/test-pg.sh did not start one');
    await runVitest('pg', 'http', Object.fromEntries(Array.from(output.matchAll(/^(TEST_\w+)=(.+)$/gm), (match) => [match[1], match[2]])));
  } finally {
    if (!wasRunning) await run([script, 'stop'], { captured: true, program: 'bash' });
  }
}

async function runBrowserTests() {
  if (!existsSync(path.join(root, 'e2e'))) return skip('browser tests', 'there is no folder e2e');
  if (!findChromium()) return skip('browser tests', 'no Chromium found; install one or set CHROMIUM_PATH');
  heading('browser tests');
  const startedAt = Date.now();
  const report = path.join(reports, 'e2e.json');
  const dataDir = mkdtempSync(path.join(tmpdir(), 'e2e-'));
  try {
    const env = { E2E_REPORT: report, E2E_DATA_DIR: dataDir, E2E_PORT: String(await freePort()) };
    const { ok } = await run([bin('@playwright/test/cli.js'), 'test'], { env });
    record('browser tests', countPlaywright(report, ok), startedAt);
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function countPlaywright(report, ok) {
  if (!existsSync(report)) return { failed: 1 };
  const { stats, suites } = JSON.parse(readFileSync(report, 'utf8'));
  for (const { file, line, title, tests } of suites.flatMap(specsOf)) {
    const reasons = tests.filter((test) => test.status === 'unexpected').flatMap((test) => test.results.flatMap((result) => result.errors.map((error) => error.message)));
    if (reasons.length > 0) failures.push({ test: `e2e/${file}:${line} > ${title}`, reason: reasons.join('\n') });
  }
  return { passed: stats.expected + stats.flaky, failed: ok ? stats.unexpected : Math.max(1, stats.unexpected), skipped: stats.skipped };
}

function specsOf(suite) {
  return [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(specsOf)];
}

/** Runs a program in a process group of its own, so that nothing it started outlives it. `undefined` in env unsets. */
function run(args, { captured = false, program = node, env = {} } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: root, detached: process.platform !== 'win32', stdio: ['ignore', captured ? 'pipe' : 'inherit', captured ? 'pipe' : 'inherit'],
      env: { ...environmentFor(node), ...env },
    });
    running.add(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text) => { output += text; });
    const deadline = setTimeout(() => {
      output += `\nended after ${STAGE_MS / 60_000} minutes`;
      end(child);
    }, STAGE_MS);
    const finish = (ok) => {
      clearTimeout(deadline);
      running.delete(child);
      resolve({ ok, output });
    };
    child.on('error', (error) => { output += error.message; finish(false); });
    child.on(captured ? 'close' : 'exit', (code) => finish(code === 0));
  });
}

/** Asks the program and everything it started to end, and insists a little later. */
function end(child) {
  signalGroup(child, 'SIGINT');
  setTimeout(() => signalGroup(child, 'SIGKILL'), END_MS).unref();
}

function signalGroup(child, signal) {
  try {
    if (process.platform === 'win32') child.kill();
    else process.kill(-child.pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error; // It has ended by itself.
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function heading(text) {
  console.log(`\n== ${text}`);
}

function record(name, { passed = 0, failed = 0, skipped = 0 }, startedAt = Date.now()) {
  results.push({ name, passed, failed, skipped, ms: Date.now() - startedAt });
}

function skip(name, reason) {
  console.log(`\nskipped: ${name} (${reason})`);
  results.push({ name, passed: 0, failed: 0, skipped: 1, ms: 0, reason });
}

function summarize(ms) {
  const seconds = (value) => `${(value / 1000).toFixed(1)} s`.padStart(9);
  const row = (name, passed, failed, skipped, time) => `${name.padEnd(28)}${String(passed).padStart(7)}${String(failed).padStart(7)}${String(skipped).padStart(8)}${time}`;
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  if (failures.length > 0) heading('what failed');
  for (const { test, reason } of failures.slice(0, FAILURES_TOLD)) console.log(`FAILED ${test}\n${stripVTControlCharacters(reason).trim().slice(0, FAILURE_LETTERS)}\n`);
  for (const { test } of failures.slice(FAILURES_TOLD)) console.log(`FAILED ${test}`);
  heading('summary');
  console.log(row('', 'passed', 'failed', 'skipped', '     time'));
  for (const { name, passed, failed, skipped, ms: spent } of results) console.log(row(name, passed, failed, skipped, seconds(spent)));
  console.log(row('all', sum('passed'), sum('failed'), sum('skipped'), seconds(ms)));
  for (const { name, reason } of results) if (reason) console.log(`skipped: ${name} (${reason})`);
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`);
  process.exitCode = sum('failed') === 0 ? 0 : 1;
}
