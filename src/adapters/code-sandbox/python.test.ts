import { createServer, type Server } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { CodeError, type CodeCall, type CodeOutcome, type CodeRunner } from '#modules/flows/ports.ts';
import { createCodePool } from './code-pool.ts';
import { isInstalled } from './language.ts';

const installed = isInstalled('python');
if (!installed) console.log('skipped: Python code steps (the package pyodide is not installed)');

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });
const signal = new AbortController().signal;
const cacheDir = mkdtempSync(path.join(tmpdir(), 'python-'));
let pool: CodeRunner;
let server: Server;
let knocks = 0;
let port = 0;
beforeAll(async () => {
  pool = createCodePool({ cacheDir });
  server = createServer((socket) => { knocks++; socket.end(); });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const address = server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});
afterAll(async () => {
  await pool.close();
  server.close();
  rmSync(cacheDir, { recursive: true, force: true });
});

const run = async (code: string, parts: Partial<CodeCall> = {}, on = pool, tenant = 'tenant'): Promise<CodeOutcome> =>
  on.run(tenant, { language: 'python', code, globals: {}, timeoutMs: 10_000, ...parts }, signal);
const failure = async (code: string, parts: Partial<CodeCall> = {}): Promise<{ code: string; line: number | null; message: string }> => {
  const error: unknown = await run(code, parts).then((outcome) => new Error(`ran: ${JSON.stringify(outcome).slice(0, 200)}`), (caught: unknown) => caught);
  if (!(error instanceof CodeError)) throw error;
  return { code: error.code, line: error.line, message: error.message };
};

/** Attempts that must fail, each with what came of it. */
const attempts = `
import gc, os, socket, subprocess, threading, urllib.request
done = {}
def attempt(name, work):
    try:
        done[name] = repr(work())
    except BaseException as error:
        done[name] = 'refused'
attempt('file', lambda: open(secret).read())
attempt('proc', lambda: open('/proc/self/environ').read())
attempt('loopback', lambda: socket.create_connection(('127.0.0.1', port), 1))
attempt('http', lambda: urllib.request.urlopen(f'http://127.0.0.1:{port}/', timeout=1).read())
attempt('metadata', lambda: socket.create_connection(('169.254.169.254', 80), 1))
attempt('program', lambda: subprocess.run(['ls']))
attempt('thread', lambda: threading.Thread(target=print).start())
# The interpreter runs in a JavaScript host; these go for it.
import pyodide_js
host = pyodide_js
attempt('code', lambda: host._module.print.constructor('return process')())
attempt('mount', lambda: (host.FS.mkdir('/h'), host.FS.mount(host._module.FS.filesystems.NODEFS, {'root': os.path.dirname(secret)}, '/h'), open('/h/secret').read()))
return {'done': done, 'environment': sorted(value for name, value in os.environ.items() if '/tmp' in value or '/work' in value or secret in value)}
`;

describe.skipIf(!installed)('Python', () => {
  test('code sees its globals, prints, and gives plain JSON', async () => {
    const code = 'import datetime\nprint("hi")\nasync def later():\n  return 7\nreturn {"sum": a + 1, "list": (1, {2}), "day": datetime.date(2026, 1, 2), "odd": float("nan"), "later": await later()}';
    expect(await run(code, { globals: { a: 1 } })).toEqual({ value: { sum: 2, list: [1, [2]], day: '2026-01-02', odd: null, later: 7 }, printed: ['hi'] });
  });

  test('an error names its line; a module that is not there is named', async () => {
    const [divided, unparsed, absent] = await Promise.all([failure('x = 1\n\nreturn x / 0'), failure('x = 1\nreturn ('), failure('import pandas')]);
    expect(divided).toEqual({ code: 'code-error', line: 3, message: 'ZeroDivisionError: division by zero' });
    expect(unparsed).toMatchObject({ code: 'code-error', line: 2 });
    expect(absent.message).toBe("ModuleNotFoundError: No module named 'pandas'. Only the standard library is there.");
  });

  test('a loop and an exploding regular expression are killed at the time limit, and a neighbour is unharmed', async () => {
    const [loop, regex, neighbour] = await Promise.all([
      failure('while True: pass', { timeoutMs: 300 }), failure('import re\nreturn bool(re.match("(a+)+$", "a" * 60 + "b"))', { timeoutMs: 300 }),
      run('return 1 + 1', {}, pool, 'neighbour'),
    ]);
    expect([loop.code, regex.code, neighbour.value]).toEqual(['code-timeout', 'code-timeout', 2]);
  });

  test('memory, output and recursion have their limits', async () => {
    const [buffer, text, output, deep] = await Promise.all([
      failure('return len(bytearray(10 ** 9))'), failure('return "x" * 10 ** 9'), failure('return "x" * 2_000_000'), failure('def deeper(n):\n  return deeper(n + 1)\nreturn deeper(0)'),
    ]);
    expect([buffer.code, text.code, output.code]).toEqual(['code-memory', 'code-memory', 'code-output-too-large']);
    expect(deep).toMatchObject({ code: 'code-error', message: 'The code calls itself too deeply.' });
  });

  test('files, environment, network, programs and the host process are out of reach, and each run starts anew', async () => {
    const secret = path.join(cacheDir, 'secret');
    writeFileSync(secret, 'the secret');
    const { value } = await run(attempts, { globals: { secret, port } });
    const refused = Object.fromEntries(['file', 'proc', 'loopback', 'http', 'metadata', 'program', 'thread', 'code', 'mount'].map((name) => [name, 'refused']));
    expect(JSON.stringify(value)).not.toContain('the secret');
    expect(value).toMatchObject({ environment: [] });
    expect(value).toHaveProperty('done', { ...refused, ...halfOpen(value) });
    expect(knocks).toBe(0);
    const once = 'import builtins, random\nleft = hasattr(builtins, "left")\nbuiltins.left = 1\nreturn [left, random.random()]';
    const [first, second] = [(await run(once)).value, (await run(once)).value];
    expect([first, second]).toEqual([[false, expect.any(Number)], [false, expect.any(Number)]]);
    expect(first).not.toEqual(second);
  });

  test('where the system closes no network, the process closes its own doors', async () => {
    const bare = createCodePool({ cacheDir, isolation: { launcher: [], networkClosed: false } });
    const { value } = await run(attempts, { globals: { secret: path.join(cacheDir, 'secret'), port } }, bare);
    await bare.close();
    expect(value).toHaveProperty('done.http', 'refused');
    expect(knocks).toBe(0);
  });
});

test('without its package, Python is refused by name', async () => {
  const without = createCodePool({ installed: () => false });
  await expect(without.run('tenant', { language: 'python', code: 'return 1', globals: {} }, signal)).rejects.toMatchObject({
    code: 'code-unavailable', message: 'Python is not installed on this server, so steps with Python code cannot run.',
  });
  await without.close();
});

/** The interpreter may hand out a socket before it learns that nobody is there; that nothing arrives is what counts. */
function halfOpen(value: unknown): Record<string, string> {
  const text = JSON.stringify(value);
  return Object.fromEntries(['loopback', 'metadata'].filter((name) => text.includes(`"${name}":"<socket`)).map((name) => [name, expect.stringContaining('<socket')]));
}
