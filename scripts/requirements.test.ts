import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';

/** What the documents claim is held against the project. */
const project = path.resolve(import.meta.dirname, '..');
const trees: string[] = [];

afterAll(() => {
  for (const tree of trees) rmSync(tree, { recursive: true, force: true });
});

function check(folder: string) {
  const run = spawnSync(process.execPath, [path.join(project, 'scripts/requirements-check.mjs')], { cwd: folder, encoding: 'utf8' });
  return { status: run.status, output: run.stdout + run.stderr };
}

/** A project of its own with these rows and one test file. */
function checkRows(...rows: string[]) {
  const tree = mkdtempSync(path.join(tmpdir(), 'requirements-'));
  trees.push(tree);
  mkdirSync(path.join(tree, 'docs'));
  const counts = ['done', 'partly', 'planned'].map((state) => `${rows.join('\n').split(`| ${state} |`).length - 1} ${state}`).join(', ');
  writeFileSync(path.join(tree, 'docs/requirements.md'), [`${counts}.`, '', '| ID | What | State | Shown by |', '| --- | --- | --- | --- |', ...rows].join('\n'));
  writeFileSync(path.join(tree, 'a.test.ts'), "test('a key works', () => {});\ntest.each([1])('it\\'s %s', () => {});\ntest.todo('later');\n// test('only a comment', () => {});\n");
  return check(tree);
}

test('every test the requirements name exists', () => {
  const { status, output } = check(project);
  expect(status, output).toBe(0);
});

test('rows that name real tests pass', () => {
  const { status, output } = checkRows('| AAA-01 | Keys | done | `a.test.ts`: “a key works” |', "| AAA-02 | More | partly | `a.test.ts`: “it's %s”; the rest is missing |", '| AAA-03 | Last | planned | not begun |');
  expect([status, output]).toEqual([0, 'requirements: 3 rows, 1 done, 1 partly, 1 planned, 0 problems\n']);
});

test.each([
  ['a test that does not exist', '| AAA-01 | Keys | done | `a.test.ts`: “a key sings” |', 'names a test that is not in a.test.ts'],
  ['a file that does not exist', '| AAA-01 | Keys | done | `b.test.ts`: “a key works” |', 'names a test that is not in b.test.ts'],
  ['a test that is only announced', '| AAA-01 | Keys | done | `a.test.ts`: “later” |', 'names a test that is not in a.test.ts'],
  ['a test in a comment', '| AAA-01 | Keys | done | `a.test.ts`: “only a comment” |', 'names a test that is not in a.test.ts'],
  ['done without a test', '| AAA-01 | Keys | done | surely |', 'is done but names no test'],
  ['an unknown state', '| AAA-01 | Keys | almost | soon |', 'unknown state "almost"'],
  ['partly without words', '| AAA-01 | Keys | partly | |', 'does not say what is missing'],
  ['an id twice', '| AAA-01 | Keys | planned | not begun |\n| AAA-01 | Keys | planned | not begun |', 'has more than one row'],
  ['no row at all', '', 'no rows found'],
  ['a count that is not right', '| AAA-01 | Keys | planned | not begun |\nOf 7: | planned | as said', 'the counts at the top are to be: 0 done, 0 partly, 1 planned.'],
])('%s is refused', (_name, rows, words) => {
  const { status, output } = checkRows(rows);
  expect([status, output]).toEqual([1, expect.stringContaining(words)]);
});

const settings = Array.from(readFileSync(path.join(project, 'src/config.ts'), 'utf8').matchAll(/^ {2}([A-Z][A-Z_]+): (?!string)/gm), (match) => match[1] ?? '');

test('the README and the example file list every setting', () => {
  expect(settings.length).toBeGreaterThan(20);
  const readme = readFileSync(path.join(project, 'README.md'), 'utf8');
  const example = readFileSync(path.join(project, '.env.example'), 'utf8');
  expect(settings.filter((name) => !readme.includes(`| \`${name}\` |`))).toEqual([]);
  expect(settings.filter((name) => !new RegExp(`^# ?${name}=`, 'm').test(example))).toEqual([]);
});

const pages = ['README.md', ...readdirSync(path.join(project, 'docs')).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`)];

test.each(pages)('every file that %s links to exists', (page) => {
  const text = readFileSync(path.join(project, page), 'utf8');
  // Pictures are made from the running product and may be missing in a fresh copy.
  const targets = Array.from(text.matchAll(/(?<!!)\[[^\]]*\]\(([^)#]+)(?:#[^)]*)?\)/g), (match) => match[1] ?? '').filter((target) => !/^[a-z]+:/.test(target));
  expect(targets.filter((target) => !existsSync(path.resolve(project, path.dirname(page), target)))).toEqual([]);
});
