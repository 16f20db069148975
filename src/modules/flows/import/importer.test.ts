import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { Flow, ImportReport } from '../contract.ts';
import { chatFlow, cpuMs, lfFlow, lfNode } from './flow-fixtures.ts';
import { importFlow } from './importer.ts';
import type { ImportFailure, ImportOptions, ImportResult } from './importer.ts';

const ok = (source: string | Uint8Array, options?: ImportOptions): ImportResult => {
  const result = importFlow(source, options);
  if ('problem' in result) throw new Error(result.problem.message);
  return result;
};
const refused = (source: string | Uint8Array, options?: ImportOptions): ImportFailure['problem'] => {
  const result = importFlow(source, options);
  if (!('problem' in result)) throw new Error('was imported');
  return result.problem;
};

test('a flow is imported from bytes or text, with the hash of the original', () => {
  const bytes = new TextEncoder().encode(`\ufeff${chatFlow()}`);
  const { flow, report, alternatives } = ok(bytes);
  expect(Flow.parse(flow)).toEqual(flow);
  expect(ImportReport.parse(report)).toEqual(report);
  expect(flow.origin).toEqual({ format: 'langflow', version: '1.10.1', sha256: createHash('sha256').update(bytes).digest('hex') });
  expect(report).toMatchObject({ format: 'langflow', version: '1.10.1', name: 'Test flow', description: 'For a test.', runnable: true });
  expect(alternatives).toEqual(['Test flow']);
  expect(ok(chatFlow()).flow.nodes).toEqual(flow.nodes);
});

test('of a bundle or a list the first flow is imported with a notice, or the one that is picked', () => {
  const flows = ['One', 'Two'].map((name): unknown => ({ ...JSON.parse(chatFlow()), name }));
  for (const text of [JSON.stringify(flows), JSON.stringify({ flows })]) {
    const first = ok(text);
    expect(first.report.name).toBe('One');
    expect(first.alternatives).toEqual(['One', 'Two']);
    expect(first.report.warnings[0]).toContain('“Two”');
    const second = ok(text, { pick: 1 });
    expect(second.report.name).toBe('Two');
    expect(second.definition).toMatchObject({ name: 'Two' });
    expect(refused(text, { pick: 2 }).code).toBe('empty');
  }
});

test('a flow without its envelope is imported and named after the file, whose name is only text', () => {
  const { data } = JSON.parse(chatFlow());
  expect(ok(JSON.stringify(data), { fileName: '../../etc/My \u202eflow.json' }).report.name).toBe('My  flow');
  expect(ok(JSON.stringify(data)).report.name).toBe('Untitled flow');
});

test('wrong JSON is refused with line and column', () => {
  expect(refused('{"data": {\n  "nodes": [,]\n}}')).toMatchObject({ code: 'not-json', where: 'line 2, column 13' });
  expect(refused(new Uint8Array([0x50, 0x4b, 3, 4, 0xff, 0xfe])).code).toBe('not-json');
  expect(refused('  \n').code).toBe('empty');
});

test.each([
  ['flowise', { nodes: [{ id: 'a', data: { inputAnchors: [], inputParams: [] } }], edges: [] }],
  ['dify', { kind: 'app', app: { mode: 'advanced-chat' }, workflow: { graph: { nodes: [{ id: 'a', data: { type: 'start' } }], edges: [] } } }],
])('a file of %s is recognised by what is in it', (format, document) => {
  expect(ok(JSON.stringify(document)).report.format).toBe(format);
});

test('JSON with comments, commas at the end and forgotten braces is read; other faults are named as before', () => {
  const written = '// For clients\n{\n  /* one "server" */ "mcpServers": { "a": { "url": "https://mcp.example.com/a,}", }, },\n}';
  expect(ok(written).flow.nodes.find((node) => node.type === 'mcp.tools')?.config).toMatchObject({ url: 'https://mcp.example.com/a,}' });
  expect(ok('"mcpServers": {\n  "git": { "command": "uvx", "args": ["mcp-server-git"] }\n}').report.name).toBe('git');
  expect(refused('{"mcpServers": {"a": ,}}').code).toBe('not-json');
  expect(refused('{"a": /* never ends').code).toBe('not-json');
  expect(cpuMs(() => { refused(`{"a": [${'/*'.repeat(300_000)}`); refused(`[${',\n'.repeat(500_000)}`); })).toBeLessThan(2_000);
});

test('YAML is read like JSON, and refused with line and column', () => {
  expect(refused('app:\n  mode: chat\nkind: app\n').code).toBe('damaged');
  expect(refused('openapi: 3.0.0\ninfo: {}\n')).toMatchObject({ code: 'empty', where: 'paths' });
  expect(refused('app:\n  mode: "chat\nkind: app\n')).toMatchObject({ code: 'not-json', where: expect.stringMatching(/^line \d+, column \d+$/) });
  expect(refused('hello world').code).toBe('not-json');
});

test('YAML that would grow beyond any memory is refused within a moment', () => {
  const bomb = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]', ...Array.from({ length: 12 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array.from({ length: 10 }, () => `*a${i}`).join(', ')}]`)].join('\n');
  expect(cpuMs(() => {
    expect(refused(bomb).code).toBe('too-large');
    expect(refused(`a: ${'['.repeat(20_000)}`).code).toMatch(/too-large|not-json/);
  })).toBeLessThan(2_000);
});

test('what is no flow, is damaged or empty is refused in words', () => {
  expect(refused('{"hello": 1}').code).toBe('unknown-format');
  expect(refused('[]').code).toBe('empty');
  for (const text of ['null', '{"flows": []}', '7', '"x"']) expect(refused(text).code).toBe('unknown-format');
  expect(refused('{"constructor": 1, "toString": 2}').code).toBe('unknown-format');
  expect(refused('{"data": {"nodes": 5, "edges": []}}')).toMatchObject({ code: 'damaged', where: 'data.nodes' });
  expect(refused('{"data": {"nodes": [], "edges": []}}').code).toBe('empty');
  expect(refused(lfFlow([{ id: 'n', type: 'noteNode', data: { type: 'note', node: { description: 'Hi' } } }])).code).toBe('empty');
});

test('50 MB are refused before they are read', () => {
  const bytes = new Uint8Array(50 * 1024 * 1024);
  expect(cpuMs(() => expect(refused(bytes).code).toBe('too-large'))).toBeLessThan(200);
});

test('100,000 nodes are refused within two seconds, naming the count', () => {
  const text = lfFlow(Array.from({ length: 100_000 }, (_, index) => ({ id: `n${index}`, type: 'genericNode', data: { type: 'ChatInput', node: { template: {} } } })));
  const refusal = expect.objectContaining({ code: 'too-many-nodes', message: expect.stringContaining('100,000') });
  const heap = process.memoryUsage().heapUsed;
  expect(cpuMs(() => expect(refused(text)).toEqual(refusal))).toBeLessThan(2000);
  expect(process.memoryUsage().heapUsed - heap).toBeLessThan(400 * 1024 * 1024);
});

test('nesting without end is refused', () => {
  expect(refused('['.repeat(1_000_000)).code).toBe('too-large');
  expect(refused('{"data":{"nodes":['.repeat(1000)).code).toBe('too-large');
});

test('a large flow, connected in circles, is imported in time and not called runnable', () => {
  const nodes = Array.from({ length: 1499 }, (_, index) => lfNode(`n${index}`, index % 3 === 0 ? 'File' : index % 3 === 1 ? 'Chroma' : 'Pass', { ingest_data: '', search_query: '', input_message: '' }));
  const edges = Array.from({ length: 9_990 }, (_, index) => `n${index % 1499}.x > n${(index * 7 + 1) % 1499}.${['ingest_data', 'search_query', 'input_message'][index % 3]}`);
  const text = lfFlow([...nodes, lfNode('out', 'ChatOutput', { input_value: '' })], [...edges, 'n2.x > n5.input_message', 'n5.x > n2.input_message', 'n2.x > out.input_value']);
  expect(cpuMs(() => ok(text))).toBeLessThan(5000);
  const { report } = ok(text);
  expect(report.nodes.total).toBe(1500);
  expect(report.runnable).toBe(false);
  expect(report.warnings.join()).toContain('circle');
  expect(report.warnings.length).toBeLessThanOrEqual(201);
});

test('keys that reach a prototype are dropped and named, and nothing is polluted', () => {
  const text = chatFlow().replace('"persona_name":', '"__proto__": {"polluted": true, "value": "x"}, "constructor": {"value": "y"}, "persona_name":');
  const { report, definition, flow } = ok(text);
  expect(report.warnings.join(' ')).toContain('__proto__');
  expect(report.warnings.join(' ')).toContain('constructor');
  expect(JSON.stringify([definition, flow])).not.toMatch(/__proto__|polluted/);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

test('a prompt variable named like a prototype key is harmless', () => {
  const { flow } = ok(chatFlow({ template: { value: '{__proto__} {constructor} {toString} {question}' } }));
  expect(flow.nodes.find((node) => node.id === 'prompt')?.config['defaults']).toEqual({});
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

test('characters the database refuses are removed with a notice', () => {
  const { flow, report } = ok(chatFlow({ persona_name: 'A\u0000d\ud800a' }));
  expect(flow.nodes.find((node) => node.id === 'prompt')?.config['defaults']).toEqual({ persona_name: 'Ad\ufffda' });
  expect(report.warnings.join(' ')).toContain('cannot be stored');
});

test('credentials are taken out of the flow and the stored copy, and the place is named', () => {
  const secret = ['sk-', 'proj-', 'a1B2c3D4e5F6g7H8i9J0'].join('');
  const password = 'correct horse battery';
  const { flow, definition, report } = ok(chatFlow(
    { template: { value: `Call with ${secret} and https://anna:s3cret@example.com. {question}` } },
    { api_key: { value: password, password: true }, headers: { type: 'table', value: [{ key: 'X-Api-Key', value: 'zxcvbnm123' }] } },
  ));
  const everything = JSON.stringify([flow, definition, report]);
  for (const value of [secret, password, 's3cret', 'zxcvbnm123']) expect(everything).not.toContain(value);
  const stripped = report.secrets.filter((found) => found.kind === 'stripped').map(({ node, field }) => `${node}.${field}`);
  expect(stripped.toSorted()).toEqual(['model.api_key', 'model.headers', 'prompt.template']);
  expect(report.warnings[0]).toContain('3 credentials');
});

test('a credential kept in Langflow’s variables is required by name', () => {
  const { report, definition } = ok(chatFlow());
  expect(report.secrets).toEqual([{ name: 'OPENAI_API_KEY', node: 'model', field: 'api_key', kind: 'required' }]);
  expect(report.requires).toEqual({ models: ['gpt-4o-mini'], connections: [], secrets: ['OPENAI_API_KEY'], mcpServers: [] });
  expect(JSON.stringify(definition)).toContain('OPENAI_API_KEY');
  // A value that only claims to be a name is a value.
  const claimed = ok(chatFlow({}, { api_key: { value: 'q8Zx7Vn3Kp1Lm5Rt9Wy2Bc4Df6Gh', password: true, load_from_db: true } }));
  expect(claimed.report.secrets.map((found) => found.kind)).toEqual(['stripped']);
});

test('whatever the bytes, the answer is a result or a problem', () => {
  const text = chatFlow();
  for (let cut = 0; cut < text.length; cut += 101) expect(importFlow(text.slice(0, cut))).toHaveProperty('problem');
  const document: unknown = JSON.parse(text);
  for (const replacement of [null, 5, 'x', [], {}]) {
    for (const path of pathsOf(document)) {
      const result = importFlow(JSON.stringify(replaced(document, path, replacement)));
      if ('problem' in result) expect(result.problem.message).not.toBe('');
      else expect(result.report.nodes.all).toHaveLength(result.report.nodes.total);
    }
  }
});

function pathsOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return [path, ...entries.flatMap(([key, item]) => pathsOf(item, [...path, key]))];
}

function replaced(value: unknown, path: readonly string[], replacement: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return replacement;
  if (Array.isArray(value)) return value.map((item: unknown, index) => (String(index) === key ? replaced(item, rest, replacement) : item));
  return Object.fromEntries(Object.entries(value ?? {}).map(([name, item]) => [name, name === key ? replaced(item, rest, replacement) : item]));
}
