/**
 * Checks `docs/requirements.md`: every id once, a known state, and for each test it names a file that holds a test with
 * that sentence. A row that claims `done` names at least one, and the counts at the top are right. Works on the current folder.
 */
import { existsSync, readFileSync } from 'node:fs';

const FILE = 'docs/requirements.md';
const STATES = ['done', 'partly', 'planned'];
const ROW = /^\|\s*([A-Z]{2,3}-\d{2})\s*\|/;
const PROOF = /`([^`]+)`: “([^”]+)”/g;
/** The title of a test; not of one that is only announced. */
const TITLE = /^\s*(?:test|it)(?:\.(?!todo|skip\()\w+)*\s*\(/;

const texts = new Map();
const rows = readFileSync(FILE, 'utf8').split('\n').map((line, index) => ({ line, number: index + 1 })).filter(({ line }) => ROW.test(line));
const counts = STATES.map((state) => `${rows.filter(({ line }) => cells(line)[2] === state).length} ${state}`).join(', ');
const said = readFileSync(FILE, 'utf8').includes(`${counts}.`) ? [] : [`${FILE}: the counts at the top are to be: ${counts}.`];
const problems = rows.length === 0 ? [`${FILE}: no rows found`] : [...rows.flatMap(problemsOf), ...repeated(), ...said];
for (const problem of problems) console.error(problem);
console.log(`requirements: ${rows.length} rows, ${counts}, ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`);
process.exitCode = problems.length === 0 ? 0 : 1;

function problemsOf({ line, number }) {
  const at = `${FILE}:${number}`;
  const found = cells(line);
  if (found.length !== 4) return [`${at}: a row has four cells, this one has ${found.length}`];
  const [id, what, state, shown] = found;
  const proofs = Array.from(shown.matchAll(PROOF), ([, file, sentence]) => ({ file, sentence }));
  return [
    ...(what === '' ? [`${at}: ${id} does not say what it is`] : []),
    ...(STATES.includes(state) ? [] : [`${at}: ${id} has the unknown state "${state}"`]),
    ...(state === 'done' && proofs.length === 0 ? [`${at}: ${id} is done but names no test`] : []),
    ...(state !== 'done' && shown === '' ? [`${at}: ${id} is ${state} but does not say what is missing`] : []),
    ...proofs.filter(({ file, sentence }) => !holds(file, sentence)).map(({ file, sentence }) => `${at}: ${id} names a test that is not in ${file}: ${sentence}`),
  ];
}

function repeated() {
  const ids = rows.map(({ line }) => cells(line)[0]);
  return ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${FILE}: ${id} has more than one row`);
}

/** Whether a test file has a test of this name. A name made from a table is written as it stands in the file. */
function holds(file, sentence) {
  if (!/\.(test|spec)\.tsx?$/.test(file) || !existsSync(file)) return false;
  if (!texts.has(file)) texts.set(file, readFileSync(file, 'utf8').split('\n'));
  const titles = ["'", '"', '`'].map((quote) => `${quote}${sentence.replaceAll(quote, `\\${quote}`)}${quote}`);
  return texts.get(file).some((line) => TITLE.test(line) && titles.some((title) => line.includes(title)));
}

function cells(line) {
  return line.trim().replace(/^\||\|$/g, '').split('|').map((cell) => cell.trim());
}
