import { constants, readFileSync } from 'node:fs';
import path from 'node:path';
import { loadPyodide } from 'pyodide';
import type { Failure } from '../protocol.ts';
import type { CodeAnswer, CodeRequest } from '../serve-requests.ts';

const SANDBOX = readFileSync(path.join(import.meta.dirname, 'sandbox.py'), 'utf8');

/** What `run` of `sandbox.py` gives. */
interface Ran { ok: boolean; value?: string; failure?: Omit<Failure, 'printed'>; printed: readonly string[] }

const OPTIONS = {
  jsglobals: {}, env: { HOME: '/', USER: 'code', _: '', PATH: '/' }, stdin: () => null, stdout: () => undefined, stderr: () => undefined,
};

/** The state of a started interpreter with `sandbox.py` in it; {@link loadInterpreter} starts from it in a tenth of the time. */
export async function makeSnapshot(): Promise<Uint8Array> {
  const python = await start({ _makeSnapshot: true });
  python.runPython(SANDBOX);
  return python.makeMemorySnapshot();
}

/** Starts the interpreter; what comes back runs one request. */
export async function loadInterpreter(snapshotFile: string | undefined): Promise<(request: CodeRequest) => Promise<CodeAnswer>> {
  const python = await start(snapshotFile === undefined ? {} : { _loadSnapshot: readFileSync(snapshotFile) });
  if (snapshotFile === undefined) python.runPython(SANDBOX);
  // A snapshot would give every run the same numbers.
  python.runPython('import random\nrandom.seed()');
  const run: (prelude: string, code: string, globalsText: string, resultCharsMax: number) => string = python.globals.get('run');
  // Names that lead back to this process; whoever finds another way finds a process with nothing in it.
  for (const name of ['js', 'pyodide_js']) python.unregisterJsModule(name);
  return async ({ prelude, code, globalsText, resultCharsMax }) => {
    try {
      const ran: Ran = JSON.parse(run(prelude, code, globalsText, resultCharsMax));
      if (ran.ok) return { ok: true, json: ran.value ?? 'null', printed: ran.printed };
      return { ok: false, failure: { code: ran.failure?.code ?? 'code-error', message: ran.failure?.message ?? '', line: ran.failure?.line ?? null, printed: ran.printed } };
    } catch (error) {
      // The interpreter itself gave up, e.g. on recursion below Python.
      const failure = { line: null, printed: [] };
      if (error instanceof RangeError && /stack/i.test(error.message)) return { ok: false, failure: { ...failure, code: 'code-error', message: 'The code calls itself too deeply.' } };
      return { ok: false, failure: { ...failure, code: 'code-error', message: 'The interpreter stopped on this code.' } };
    }
  };
}

async function start(snapshot: { _makeSnapshot: true } | { _loadSnapshot: Uint8Array } | Record<string, never>) {
  // The interpreter asks for the constants of open(2) by a door that Node's permissions close.
  Object.defineProperty(process, 'binding', { value: () => ({ fs: constants }), configurable: true });
  return loadPyodide({ ...OPTIONS, ...snapshot });
}
