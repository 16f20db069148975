import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const project = path.resolve(import.meta.dirname, '..');
const trees: string[] = [];

afterAll(() => {
  for (const tree of trees) rmSync(tree, { recursive: true, force: true });
});

/** Lays the files out as a project of their own and runs the check there. */
function check(files: Record<string, string>) {
  const tree = mkdtempSync(path.join(tmpdir(), 'boundaries-'));
  trees.push(tree);
  symlinkSync(path.join(project, 'node_modules'), path.join(tree, 'node_modules'), 'junction');
  const aliases = Object.fromEntries(['platform', 'modules', 'adapters', 'connectors', 'web'].map((name) => [`#${name}/*`, `./src/${name}/*`]));
  writeFileSync(path.join(tree, 'package.json'), JSON.stringify({ type: 'module', imports: aliases, dependencies: { zod: '*' } }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(tree, name)), { recursive: true });
    writeFileSync(path.join(tree, name), text);
  }
  const run = spawnSync(process.execPath, [path.join(project, 'scripts/boundaries.mjs')], { cwd: tree, encoding: 'utf8' });
  return { status: run.status, output: run.stdout + run.stderr };
}

const lawful = {
  'src/main.ts': "import { disk } from '#adapters/disk/disk.ts';\nimport { join } from '#modules/identity/index.ts';\nexport const app = [disk, join];\n",
  'src/platform/yin.ts': "import type { Yang } from './yang.ts';\nexport interface Yin { yang: Yang }\n",
  'src/platform/yang.ts': "import { type Yin } from './yin.ts';\nexport interface Yang { yin: Yin }\n",
  'src/platform/clock.ts': 'export const now = () => 0;\n',
  'src/platform/contract/endpoint.ts': "import { z } from 'zod';\nexport const Id = z.uuid();\n",
  'src/testing/app.ts': "import { disk } from '#adapters/disk/disk.ts';\nexport const app = disk;\n",
  'src/modules/identity/index.ts': "export { join } from './members/service.ts';\n",
  'src/modules/identity/contract.ts': "import { z } from 'zod';\nimport { Id } from '#platform/contract/endpoint.ts';\nexport const Member = z.object({ id: Id });\n",
  'src/modules/identity/members/service.ts': "import { now } from '#platform/clock.ts';\nexport const join = () => now();\n",
  'src/modules/models/ports.ts': 'export interface Disk { read(): string }\n',
  'src/modules/models/testing/disk-suite.ts': "import { test } from 'vitest';\nexport const suite = test;\n",
  'src/modules/flows/service.ts': "import type { Disk } from '#modules/models/ports.ts';\nimport { join } from '#modules/identity/index.ts';\nexport const run = (disk: Disk) => [disk, join];\n",
  'src/modules/flows/service.test.ts': "import { app } from '../../testing/app.ts';\nimport { run } from './service.ts';\nexport const used = [app, run];\n",
  'src/modules/flows/web/flow-page.tsx': "import { Member } from '#modules/identity/contract.ts';\nimport { Button } from '#web/button.tsx';\nexport const FlowPage = () => <Button>{String(Member)}</Button>;\n",
  'src/adapters/disk/disk.ts': "import type { Disk } from '#modules/models/ports.ts';\nimport { readFileSync } from 'node:fs';\nexport const disk: Disk = { read: () => readFileSync('x', 'utf8') };\n",
  'src/adapters/disk/disk.test.ts': "import { suite } from '#modules/models/testing/disk-suite.ts';\nexport const used = suite;\n",
  'src/adapters/s3/s3.ts': 'export const s3 = 1;\n',
  'src/connectors/slack/actions.ts': "import { kit } from '#modules/connections/index.ts';\nexport const send = kit;\n",
  'src/modules/connections/index.ts': 'export const kit = 1;\n',
  'src/web/button.tsx': "import type { ReactNode } from 'react';\nexport const Button = (props: { children: ReactNode }) => <b>{props.children}</b>;\n",
};

const violations: { file: string; text: string; rule: string }[] = [
  { rule: 'identity-comes-earlier', file: 'src/modules/identity/reach.ts', text: "import type { Disk } from '#modules/models/ports.ts';\nexport type Reach = Disk;\n" },
  { rule: 'enter-by-the-door', file: 'src/modules/flows/reach.ts', text: "import { join } from '#modules/identity/members/service.ts';\nexport const reach = join;\n" },
  { rule: 'enter-by-the-door-from-outside', file: 'src/reach.ts', text: "export { join } from '#modules/identity/members/service.ts';\n" },
  { rule: 'platform-knows-nothing-else', file: 'src/platform/reach.ts', text: "export * from '#modules/identity/contract.ts';\n" },
  { rule: 'only-main-picks-adapters', file: 'src/modules/flows/lazy.ts', text: "export class Lazy { load() { return import('#adapters/disk/disk.ts'); } }\n" },
  { rule: 'modules-are-handed-the-rest', file: 'src/modules/flows/up.ts', text: "import { app } from '../../main.ts';\nexport const up = app;\n" },
  { rule: 'adapters-see-platform-and-ports', file: 'src/adapters/disk/reach.ts', text: "import { join } from '#modules/identity/index.ts';\nexport const reach = join;\n" },
  { rule: 'adapters-see-platform-and-ports', file: 'src/adapters/disk/neighbour.ts', text: "import { s3 } from '#adapters/s3/s3.ts';\nexport const neighbour = s3;\n" },
  { rule: 'adapter-tests-see-ports-and-suites', file: 'src/adapters/disk/reach.test.ts', text: "import { run } from '#modules/flows/service.ts';\nexport const used = run;\n" },
  { rule: 'connectors-see-the-kit', file: 'src/connectors/slack/reach.ts', text: "import { join } from '#modules/identity/index.ts';\nexport const reach = join;\n" },
  { rule: 'only-tests-see-test-code', file: 'src/modules/flows/testish.ts', text: "import { app } from '../../testing/app.ts';\nexport const testish = app;\n" },
  { rule: 'browser-sees-browser-and-contracts', file: 'src/modules/flows/web/server.tsx', text: "import { run } from '../service.ts';\nexport const Server = () => <i>{String(run)}</i>;\n" },
  { rule: 'browser-has-no-node', file: 'src/modules/widget/embed/node.ts', text: "import { readFileSync } from 'node:fs';\nexport const read = readFileSync;\n" },
  { rule: 'server-sees-no-browser-code', file: 'src/modules/flows/page.ts', text: "import { FlowPage } from './web/flow-page.tsx';\nexport const page = FlowPage;\n" },
  { rule: 'contracts-import-zod-and-contracts', file: 'src/modules/flows/run-contract.ts', text: "import { now } from '#platform/clock.ts';\nexport const run = now;\n" },
  { rule: 'resolves', file: 'src/modules/flows/ghost.ts', text: "import { ghost } from '#modules/identity/ghost.ts';\nexport const seen = ghost;\n" },
  { rule: 'no-cycle', file: 'src/platform/chicken.ts', text: "import { egg } from './egg.ts';\nexport const chicken = () => egg;\n" },
];
const egg = { 'src/platform/egg.ts': "import { chicken } from './chicken.ts';\nexport const egg = () => chicken;\n" };

test('a tree that keeps every rule passes', () => {
  const { status, output } = check(lawful);
  expect(output).toMatch(/boundaries: 20 files read with swc [\d.]+, \d+ imports, 0 problems/);
  expect(status).toBe(0);
});

test('a folder that no rule covers is refused', () => {
  const { status, output } = check({ ...lawful, 'src/utils/text.ts': 'export const text = 1;\n', 'src/modules/extras/index.ts': 'export const extra = 1;\n' });
  expect(status).toBe(1);
  expect(output).toContain('src/utils is not in .dependency-cruiser.mjs');
  expect(output).toContain('src/modules/extras is not in .dependency-cruiser.mjs');
});

test('an empty tree is refused, because nothing was checked', () => {
  const { status, output } = check({});
  expect(status).toBe(1);
  expect(output).toContain('the check does not work');
});

let found: { status: number | null; output: string };
beforeAll(() => {
  found = check({ ...lawful, ...egg, ...Object.fromEntries(violations.map(({ file, text }) => [file, text])) });
});

test.each(violations)('$file breaks $rule', ({ file, rule }) => {
  expect(found.status).toBe(1);
  const broken = found.output.split('\n').flatMap((line, index, lines) => (line.startsWith(`${file} -> `) ? [lines[index + 1]?.trim().split(':')[0]] : []));
  expect(broken).toContain(rule);
});
