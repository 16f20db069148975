import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { CodeError, type CodeCall, type CodeOutcome, type CodeRunner } from '#modules/flows/ports.ts';
import { createCodePool } from './code-pool.ts';

let pool: CodeRunner;
beforeAll(async () => {
  pool = createCodePool();
  await run('return 1'); // the first process starts
});
vi.setConfig({ testTimeout: 60_000 });
afterAll(async () => pool.close());

const signal = new AbortController().signal;
const run = async (code: string, parts: Partial<CodeCall> = {}, tenant = 'tenant'): Promise<CodeOutcome> =>
  pool.run(tenant, { language: 'javascript', code, globals: {}, timeoutMs: 10_000, ...parts }, signal);
const result = async (code: string, globals: CodeCall['globals'] = {}): Promise<unknown> => (await run(code, { globals })).value;
const failure = async (code: string, parts: Partial<CodeCall> = {}): Promise<{ code: string; line: number | null; message: string }> => {
  const error: unknown = await run(code, parts).then((outcome) => new Error(`ran: ${JSON.stringify(outcome).slice(0, 200)}`), (caught: unknown) => caught);
  if (!(error instanceof CodeError)) throw error;
  return { code: error.code, line: error.line, message: error.message };
};

test('code sees its globals, may wait, and gives plain JSON', async () => {
  expect(await result('return numbers.map((n) => n * factor)', { numbers: [1, 2], factor: 3 })).toEqual([3, 6]);
  expect(await result('await new Promise((done) => setTimeout(done, 20)); const bytes = btoa("hi"); return { bytes, back: atob(bytes), gone: undefined, when: new Date(0) }'))
    .toEqual({ bytes: 'aGk=', back: 'hi', when: '1970-01-01T00:00:00.000Z' });
  expect(await result('return')).toBe(null);
});

test('what code prints comes back, cut to a bound', async () => {
  expect((await run('console.log("a", { b: 1 }); console.error(new TypeError("c"))')).printed).toEqual(['a {"b":1}', 'TypeError: c']);
  const { printed } = await run('for (let i = 0; i < 300; i++) console.log("x".repeat(3e3))');
  expect(printed.length).toBeLessThanOrEqual(100);
  expect(printed.join('').length).toBeLessThanOrEqual(20_000);
});

test('an error names its line, whether thrown, misspelled or not parsed', async () => {
  expect(await failure('\nconst data = {};\nreturn data.missing.field')).toMatchObject({ code: 'code-error', line: 3, message: expect.stringContaining('TypeError') });
  expect(await failure('\n\nthrow new Error("out of stock")')).toEqual({ code: 'code-error', line: 3, message: 'out of stock' });
  expect(await failure('const a = 1;\nreturn a +* 2')).toMatchObject({ code: 'code-error', line: 2, message: expect.stringContaining('SyntaxError') });
  expect(await failure('throw { reason: 1 }')).toMatchObject({ code: 'code-error', message: '{"reason":1}' });
});

test.each([
  ['a loop without end', 'for (;;);'],
  ['microtasks without end', 'for (;;) await 1'],
  ['timers without end', 'const again = () => setTimeout(again, 1); again(); await new Promise(() => {})'],
  ['a regular expression that explodes', 'return /^(a+)+$/.test("a".repeat(60) + "b")'],
  ['a proxy that never answers while the result is written', 'return new Proxy({}, { ownKeys() { for (;;); } })'],
  ['a getter that never answers', 'return { get a() { for (;;); } }'],
])('%s is stopped at the time limit', async (_name, code) => {
  expect(await failure(code, { timeoutMs: 200 })).toEqual({ code: 'code-timeout', line: null, message: 'The code took longer than 0.2 seconds.' });
});

test.each([
  ['an array that grows', 'const all = []; for (;;) all.push(new Array(1e5).fill("x"))'],
  ['a buffer', 'return new Uint8Array(1e9).length'],
  ['a text of 1 GB', 'return "x".repeat(1e9)'],
  ['a text that explodes in a replacement', 'return "x".repeat(5e6).replace(/x/g, "y".repeat(30)).length'],
])('%s is stopped at the memory limit', async (_name, code) => {
  expect((await failure(code)).code).toBe('code-memory');
});

test('a result above the limit of output is refused', async () => {
  expect((await failure('return "x".repeat(2e6)')).code).toBe('code-output-too-large');
});

test('recursion without end is an error of the code', async () => {
  expect(await failure('const deeper = () => deeper() + 1; return deeper()')).toMatchObject({ code: 'code-error', message: 'The code calls itself too deeply.' });
  expect((await failure('let list = []; for (let i = 0; i < 1e5; i++) list = [list]; return list')).code).toBe('code-error');
  expect((await failure('let list = []; for (let i = 0; i < 300; i++) list = [list]; return list')).message).toContain('levels deep');
});

test('modules, WebAssembly, the process, the network and files are not there', async () => {
  expect((await failure('import fs from "node:fs"')).code).toBe('code-error');
  expect((await failure('return await import("node:fs")')).code).toBe('code-error');
  const names = ['process', 'require', 'module', 'fetch', 'WebAssembly', 'XMLHttpRequest', 'WebSocket', 'Worker', 'Deno', 'std', 'os'];
  expect(await result(`return ${JSON.stringify(names)}.map((name) => { try { return (0, eval)("typeof " + name) } catch { return "undefined" } })`)).toEqual(names.map(() => 'undefined'));
  expect(await result('return Function("return typeof process")() + typeof (async () => {}).constructor("return process")')).toBe('undefinedfunction');
});

test('timers left behind, and promises that never settle, neither delay the result nor hang', async () => {
  expect(await result('setTimeout(() => { for (;;); }, 0); setInterval(() => {}, 1); return 1')).toBe(1);
  expect((await failure('await new Promise(() => {})')).message).toBe('The code waits for something that never happens.');
});

test('nothing that code overwrites reaches the next run, or us', async () => {
  const hostile = `
    Object.prototype.polluted = 1; Array.prototype.map = null; JSON.stringify = () => '{"forged":true}'; Promise.prototype.then = null; globalThis.left = 1;
    return { ["__proto__"]: { polluted: 2 }, parsed: JSON.parse('{"__proto__":{"polluted":3},"\\\\u005f_proto__":{"polluted":4},"kept":5}') }`;
  expect(await result(hostile)).toEqual({ parsed: { kept: 5 } });
  expect(await result('return [typeof left, ({}).polluted ?? null, [1].map((n) => n)]')).toEqual(['undefined', null, [1]]);
  expect(Object.prototype).not.toHaveProperty('polluted');
});

test('a result is what the code says at that moment: getters, proxies and toJSON are read inside', async () => {
  expect(await result('return new Proxy({ a: 1 }, { get: (target, name) => (name === "a" ? 2 : target[name]) })')).toEqual({ a: 2 });
  expect(await result('return { get a() { return 3 }, b: { toJSON: () => 4 }, f() {} }')).toEqual({ a: 3, b: 4 });
  expect((await failure('const a = {}; a.a = a; return a')).code).toBe('code-error');
});

test('20 neighbours finish unharmed while others loop, fill memory and recurse', async () => {
  const bad = ['for (;;);', 'const all = []; for (;;) all.push(new Array(1e5).fill("x"))', 'const deeper = () => deeper() + 1; deeper()'].map(async (code, index) =>
    run(code, { timeoutMs: index === 0 ? 300 : 10_000 }, `bad-${index}`).then(() => 'ran', (error: unknown) => (error instanceof CodeError ? error.code : 'other')));
  const good = Array.from({ length: 20 }, async (_one, index) => (await run('return given * 2', { globals: { given: index } }, `good-${index % 5}`)).value);
  expect(await Promise.all(good)).toEqual(Array.from({ length: 20 }, (_one, index) => index * 2));
  const ends = await Promise.all(bad);
  expect(ends[0]).toBe('code-timeout');
  expect(ends.filter((end) => !end.startsWith('code-'))).toEqual([]);
});

test('an abort ends the code at once', async () => {
  const controller = new AbortController();
  const running = pool.run('aborting', { language: 'javascript', code: 'for (;;);', globals: {}, timeoutMs: 10_000 }, controller.signal);
  setTimeout(() => controller.abort(new Error('changed my mind')), 100);
  const started = performance.now();
  await expect(running).rejects.toThrow('changed my mind');
  expect(performance.now() - started).toBeLessThan(5_000);
});

test.skipIf(process.platform !== 'linux')('no process before the first call; tenants never share one; idle ones end, and all with the pool', async () => {
  const before = children().length;
  const own = createCodePool({ idleMs: 2_000 });
  const call = async (tenant: string): Promise<unknown> => (await own.run(tenant, { language: 'javascript', code: 'return 1', globals: {} }, signal)).value;
  const started = async (count: number): Promise<void> => vi.waitFor(() => expect(children().length - before).toBe(count), 10_000);
  expect(children().length).toBe(before);
  await call('a');
  await started(2); // that of a, and a fresh one
  await call('a');
  await started(2);
  await call('b');
  await started(3);
  await started(0);
  await call('a');
  await own.close();
  await started(0);
  await expect(call('a')).rejects.toMatchObject({ code: 'code-unavailable' });
});

test.skipIf(process.platform !== 'linux')('a child has no environment, may read only its engine, and has hard limits', async () => {
  await run('return 1');
  const [pid = ''] = children();
  const flags = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).toBe('');
  expect(flags).toContain('--permission');
  expect(flags.filter((flag) => /allow-(fs-write|child|worker|addons|wasi|net|inspector)/.test(flag))).toEqual([]);
  expect(flags.filter((flag) => flag.startsWith('--allow-fs-read')).every((flag) => /\/program$|node_modules\/(@jitl\/|quickjs-)/.test(flag))).toBe(true);
  expect(readFileSync(`/proc/${pid}/limits`, 'utf8')).toMatch(/Max file size\s+0\s/);
});

/** Ids of the processes this one started for code and that have not ended: one that is ending has no environment to be read. */
function children(): string[] {
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      readFileSync(`/proc/${name}/environ`);
      const parent = /\) \S (\d+)/.exec(readFileSync(`/proc/${name}/stat`, 'latin1'))?.[1];
      return parent === String(process.pid) && readFileSync(`/proc/${name}/cmdline`, 'latin1').includes('code-sandbox');
    } catch {
      return false; // ended meanwhile
    }
  });
}
