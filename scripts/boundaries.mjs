/**
 * Checks who imports whom (`.dependency-cruiser.mjs`). A checker that reads nothing finds nothing, so this one also
 * fails when files or imports that are plainly there were not inspected. Works on the current folder.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { version as parserVersion } from '@swc/core';
import { cruise } from 'dependency-cruiser';
import configuration, { MODULES, TOP_FOLDERS } from '../.dependency-cruiser.mjs';

/** Share of the files on disk that must have been inspected. */
const INSPECTED_MIN = 0.95;

const files = sources('src');
const { output } = await cruise(['src', 'bench'].filter((folder) => existsSync(folder)), {
  ...configuration.options,
  ruleSet: { forbidden: configuration.forbidden },
  validate: true,
}, configuration.options.enhancedResolveOptions);

const inspected = new Map(output.modules.map((module) => [module.source, module.dependencies]));
const problems = [
  ...output.summary.violations.map(describe),
  ...unknownFolders('src', TOP_FOLDERS),
  ...unknownFolders('src/modules', MODULES),
  ...uninspected(),
];
for (const problem of problems) console.error(problem);
const edges = output.modules.reduce((sum, module) => sum + module.dependencies.length, 0);
console.log(`boundaries: ${files.length} files read with swc ${parserVersion}, ${edges} imports, ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`);
process.exitCode = problems.length === 0 ? 0 : 1;

function describe({ rule, from, to, cycle }) {
  const why = configuration.forbidden.find(({ name }) => name === rule.name)?.comment ?? '';
  const target = cycle ? cycle.map((step) => step.name ?? step).join(' -> ') : to;
  return `${from} -> ${target}\n  ${rule.name}: ${why}`;
}

function unknownFolders(parent, known) {
  if (!existsSync(parent)) return [];
  return readdirSync(parent, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !known.includes(entry.name))
    .map((entry) => `${parent}/${entry.name} is not in .dependency-cruiser.mjs, so no rule covers it`);
}

function uninspected() {
  const seen = files.filter((file) => inspected.has(file));
  const problems = [];
  if (files.length === 0 || seen.length < files.length * INSPECTED_MIN) {
    problems.push(`only ${seen.length} of ${files.length} files were inspected: the check does not work`);
  }
  for (const file of seen) {
    const known = new Set(inspected.get(file).map((dependency) => dependency.module));
    for (const specifier of ownImports(file)) {
      if (!known.has(specifier)) problems.push(`${file} imports '${specifier}', which the checker did not see`);
    }
  }
  return problems;
}

/** The imports of our own files that a plain reading finds; a second opinion on the parser, not a parser. */
function ownImports(file) {
  const text = readFileSync(file, 'utf8');
  const patterns = [/^(?:import|export)\s[^;'"`]*?from\s+'([#.][^']+)'/gm, /^import\s+'([#.][^']+)'/gm, /\bimport\('([#.][^']+)'\)/g];
  return patterns.flatMap((pattern) => Array.from(text.matchAll(pattern), (match) => match[1]));
}

function sources(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.name.endsWith('.d.ts'))
    .map((entry) => path.posix.join(...path.relative('.', path.join(entry.parentPath, entry.name)).split(path.sep)));
}
