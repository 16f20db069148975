/**
 * Writes docs/imports.md: what becomes of every node type in the published files of each format.
 *   node scripts/imports-doc.ts [folder of the files]
 * The folder is CMP_SHARED_DATA or ../shared/data beside the project unless told.
 */
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { importFlow, type ImportResult } from '../src/modules/flows/import/importer.ts';
import { nodeTypes } from '../src/modules/flows/nodes/registry.ts';

const root = path.resolve(import.meta.dirname, '..');
const folder = process.argv[2] ?? process.env['CMP_SHARED_DATA'] ?? path.resolve(root, '../shared/data');
if (!existsSync(folder)) {
  console.error(`There are no files at ${folder}.`);
  process.exit(1);
}

const FORMATS = [
  { name: 'Langflow', files: 'langflow/**/*.json' }, { name: 'n8n', files: 'n8n/*.json' }, { name: 'Flowise', files: 'flowise/**/*.json' }, { name: 'Dify', files: 'dify/*.yml' },
  { name: 'OpenAPI', files: 'openapi/*.{json,yaml,yml}' }, { name: 'MCP', files: 'mcp/{docker-registry/**/*.{yaml,json},registry-servers.json,client-configs/*}' },
] as const;

interface Kind { count: number; supported: number; approximated: number; becomes: Set<string>; reasons: Map<string, number> }
interface Tally { files: number; refused: string[]; flows: number; runnable: number; total: number; mapped: number; kinds: Map<string, Kind> }

const tallies = FORMATS.map(({ name, files }) => ({ name, tally: tallyOf(globSync(files, { cwd: folder }).toSorted().filter((file) => !file.endsWith('.md'))) }));
writeFileSync(path.join(root, 'docs/imports.md'), documentOf());

function tallyOf(files: readonly string[]): Tally {
  const tally: Tally = { files: files.length, refused: [], flows: 0, runnable: 0, total: 0, mapped: 0, kinds: new Map() };
  for (const file of files) {
    const bytes = readFileSync(path.join(folder, file));
    const first = importFlow(bytes, { fileName: path.basename(file) });
    if ('problem' in first) {
      tally.refused.push(`\`${file}\`: ${first.problem.message}`);
      continue;
    }
    for (let pick = 0; pick < first.alternatives.length; pick++) {
      const result = pick === 0 ? first : importFlow(bytes, { fileName: path.basename(file), pick });
      if ('problem' in result) tally.refused.push(`\`${file}\`, flow ${pick + 1}: ${result.problem.message}`);
      else count(tally, result);
    }
  }
  return tally;
}

function count(tally: Tally, { report }: ImportResult): void {
  tally.flows += 1;
  if (report.runnable) tally.runnable += 1;
  tally.total += report.nodes.total;
  tally.mapped += report.nodes.supported + report.nodes.approximated;
  for (const node of report.nodes.all) {
    const kind = tally.kinds.get(node.type) ?? { count: 0, supported: 0, approximated: 0, becomes: new Set(), reasons: new Map() };
    kind.count += 1;
    if (node.support === 'supported') kind.supported += 1;
    if (node.support === 'approximated') kind.approximated += 1;
    if (node.mappedTo !== null) kind.becomes.add(node.mappedTo);
    if (node.reason !== null) kind.reasons.set(node.reason, (kind.reasons.get(node.reason) ?? 0) + 1);
    tally.kinds.set(node.type, kind);
  }
}

function documentOf(): string {
  const lines = [
    '# What can be imported', '',
    'Made by `node scripts/imports-doc.ts` from published files of each tool; never edited by hand. A node is *supported* when its step here does the same,',
    '*approximated* when it runs with a difference that the report names, and *unsupported* otherwise. A flow is *runnable* when the built-in engine can run it to its',
    'end once its accounts are connected. Whatever is not supported is named with its reason when the file is imported; such a flow can still be sold on a server of the tool itself.', '',
    '| format | files | refused | flows | runnable | nodes | mapped |', '| --- | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...tallies.map(({ name, tally }) => `| ${name} | ${tally.files} | ${tally.refused.length} | ${tally.flows} | ${tally.runnable} (${percent(tally.runnable, tally.flows)}) | ${tally.total} | ${tally.mapped} (${percent(tally.mapped, tally.total)}) |`),
  ];
  for (const { name, tally } of tallies) lines.push('', ...sectionOf(name, tally));
  lines.push('', '## Steps of the built-in engine', '', '| type | what it does |', '| --- | --- |', ...[...nodeTypes.values()].filter((type) => type.type !== 'unsupported').toSorted((a, b) => (a.type < b.type ? -1 : 1)).map((type) => `| \`${type.type}\` | ${cell(type.description)} |`));
  return `${lines.join('\n')}\n`;
}

function sectionOf(name: string, tally: Tally): string[] {
  const kinds = [...tally.kinds].toSorted(([a, one], [b, two]) => two.count - one.count || (a < b ? -1 : 1));
  return [
    `## ${name}`, '', '| node type | files hold | becomes | support | remarks |', '| --- | ---: | --- | --- | --- |',
    ...kinds.map(([type, kind]) => `| ${cell(type)} | ${kind.count} | ${[...kind.becomes].toSorted().map((one) => `\`${one}\``).join(', ') || '—'} | ${supportOf(kind)} | ${cell(remarksOf(kind))} |`),
    ...(tally.refused.length > 0 ? ['', 'Refused as a whole:', '', ...tally.refused.map((line) => `- ${line}`)] : []),
  ];
}

function supportOf({ count: all, supported, approximated }: Kind): string {
  const parts = [[supported, 'supported'], [approximated, 'approximated'], [all - supported - approximated, 'unsupported']] as const;
  const present = parts.filter(([number]) => number > 0);
  return present.length === 1 ? (present[0]?.[1] ?? '') : present.map(([number, word]) => `${number} ${word}`).join(', ');
}

/** The commonest reason, and how many others there are. */
function remarksOf({ reasons }: Kind): string {
  const [first] = [...reasons].toSorted(([, a], [, b]) => b - a);
  if (!first) return '';
  return `${first[0].slice(0, 300)}${reasons.size > 1 ? ` (and ${reasons.size - 1} other remarks)` : ''}`;
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '—' : `${((part / whole) * 100).toFixed(1)} %`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
