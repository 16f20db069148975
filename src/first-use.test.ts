import { spawnSync } from 'node:child_process';
import { beforeAll, expect, test } from 'vitest';
import { z } from 'zod';

/** A fresh process reads what the server reads to start, then uses some of it for the first time, and tells which files each took. */
const SCRIPT = `
  import { registerHooks } from 'node:module';
  let files = [];
  registerHooks({ load(url, context, next) { files.push(url); return next(url, context); } });
  const src = (file) => import(new URL(file, process.argv[1]).href);
  const took = async (work) => { files = []; await work(); return files; };
  console.log(JSON.stringify({
    start: await took(async () => Promise.all(['choose-adapters.ts', 'compose.ts', 'platform/db/migrate.ts'].map(src))),
    connector: await took(async () => (await src('connectors/registry.ts')).connectors.slack()),
    import: await took(async () => (await src('modules/flows/index.ts')).importFlow('{"nodes": []}')),
    request: await took(async () => (await src('platform/egress/egress.ts')).createEgress(['127.0.0.1:1']).fetch('http://127.0.0.1:1/').catch(() => undefined)),
    search: await took(async () => (await src('modules/models/index.ts')).embedLexically('Deliveries take three days.')),
  }));
`;
const Files = z.array(z.string());
const Taken = z.object({ start: Files, connector: Files, import: Files, request: Files, search: Files });
let taken: z.infer<typeof Taken>;

beforeAll(() => {
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', SCRIPT, new URL('.', import.meta.url).href], { encoding: 'utf8', maxBuffer: 16 * 1024 * 1024 });
  expect(stderr).toBe('');
  taken = Taken.parse(JSON.parse(stdout));
});

/** Packages and folders of ours that files belong to. */
const packagesOf = (files: readonly string[]) => new Set(files.flatMap((file) => file.split('/node_modules/').at(-1)?.match(/^(?:@[^/]+\/)?[^/:]+(?=\/)/)?.[0] ?? []));
const ours = (files: readonly string[], folder: string) => files.filter((file) => file.includes(`/src/${folder}/`) && !file.includes('/node_modules/'));

/** Large, and not needed by a server that nobody has asked anything yet. */
const LATER = [
  'acorn', 'cheerio', 'parse5', 'htmlparser2', 'undici', 'snowball-stemmers', 'franc-min', 'gpt-tokenizer', 'kysely', 'file-type', 'yauzl', 'mammoth', 'postal-mime', 'read-excel-file',
  '@embedpdf/pdfium', 'tesseract.js-core', 'isomorphic-git', 'mongodb', 'mysql2', 'pyodide', 'quickjs-emscripten-core', '@electric-sql/pglite',
];

test('a server starts without what only later work needs', () => {
  const packages = packagesOf(taken.start);
  // What is certainly loaded shows that the rest would be seen.
  expect([...packages]).toEqual(expect.arrayContaining(['fastify', 'zod', 'pg-boss', 'better-auth']));
  expect(LATER.filter((name) => packages.has(name))).toEqual([]);
});

test('connectors, importers of flows and readers of sources are not read at the start', () => {
  expect(ours(taken.start, 'connectors').map((file) => file.split('/src/').at(-1))).toEqual(['connectors/registry.ts']);
  expect(ours(taken.start, 'modules/flows/import').filter((file) => /\/(?:n8n|langflow|flowise|dify|openapi|mcp)\//.test(file))).toEqual([]);
  expect(ours(taken.start, 'modules/knowledge/sources').filter((file) => /\/(?:read-(?:rest|git|notion|confluence)|crawl)\.ts$/.test(file))).toEqual([]);
});

test('the first use of a connector reads that connector and no other', () => {
  expect(ours(taken.connector, 'connectors').map((file) => file.split('/src/').at(-1))).toEqual(['connectors/slack/manifest.ts']);
});

test('the first import, request and search read what they need', () => {
  expect(packagesOf(taken.import)).toContain('acorn');
  expect(packagesOf(taken.request)).toContain('undici');
  expect(packagesOf(taken.search)).toContain('snowball-stemmers');
});
