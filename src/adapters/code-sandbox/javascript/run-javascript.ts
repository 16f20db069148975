import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import variant from '@jitl/quickjs-wasmfile-release-sync';
import { newQuickJSWASMModuleFromVariant, newVariant, type QuickJSContext, type QuickJSHandle, type QuickJSRuntime } from 'quickjs-emscripten-core';
import { Printed } from '../protocol.ts';
import type { CodeAnswer, CodeRequest } from '../serve-requests.ts';

/** Of the engine's own memory, 64 KiB each. `setMemoryLimit` does not hold for large buffers; the end of the memory does. */
const PAGES_FIRST = 256;
const PAGES_MAX = 1024;
const PAGE_BYTES = 65_536;
/** Ours is the larger stack: the engine's own check must come before it. */
const STACK_BYTES = 160 * 1024;
const CODE_FILE = 'code.js';
const TOO_DEEP = 'The code calls itself too deeply.';
const CALL_AS_IT_IS = '(code) => code()';

const SANDBOX = readFileSync(path.join(import.meta.dirname, 'sandbox.js'), 'utf8');
const wasmModule = await WebAssembly.compile(readFileSync(createRequire(import.meta.url).resolve('@jitl/quickjs-wasmfile-release-sync/wasm')));

/** An engine in memory of its own, for one run: nothing is left of it for the next. */
async function newEngine() {
  const memory = new WebAssembly.Memory({ initial: PAGES_FIRST, maximum: PAGES_MAX });
  const module = await newQuickJSWASMModuleFromVariant(newVariant(variant, { wasmModule, wasmMemory: memory }));
  return { memory, runtime: module.newRuntime() };
}

/** Made before the request that takes it, so that nobody waits for it. */
let prepared = newEngine();

/** Runs a request's code in an engine without any door to this process. */
export async function runJavascript(request: CodeRequest): Promise<CodeAnswer> {
  const engine = prepared;
  prepared = newEngine();
  const { memory, runtime } = await engine;
  const run = new Run(request, runtime, memory);
  try {
    return await run.answer();
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof WebAssembly.RuntimeError)) throw error;
    // The engine itself ran out of stack or broke; it is thrown away.
    return run.failure('', error instanceof RangeError ? TOO_DEEP : 'The engine stopped on this code.', '');
  }
}

class Run {
  readonly #request: CodeRequest;
  readonly #runtime: QuickJSRuntime;
  readonly #context: QuickJSContext;
  readonly #memory: WebAssembly.Memory;
  readonly #deadline: number;
  readonly #printed = new Printed();
  #answer: CodeAnswer | null = null;

  constructor(request: CodeRequest, runtime: QuickJSRuntime, memory: WebAssembly.Memory) {
    this.#request = request;
    this.#runtime = runtime;
    this.#memory = memory;
    this.#deadline = performance.now() + request.timeoutMs;
    runtime.setInterruptHandler(() => this.#isLate());
    runtime.setMaxStackSize(STACK_BYTES);
    this.#context = runtime.newContext();
  }

  async answer(): Promise<CodeAnswer> {
    const context = this.#context;
    const drive = this.#evaluate(`(${this.#request.prelude === '' ? CALL_AS_IT_IS : this.#request.prelude}\n)`, 'prelude.js');
    const body = this.#evaluate(`(async function () {${this.#request.code}\n})`, CODE_FILE);
    const sandbox = this.#evaluate(`(${SANDBOX.trim().replace(/;$/, '')})`, 'sandbox.js');
    if (!drive || !body || !sandbox) return this.#ended();
    const started = context.callFunction(sandbox, context.undefined, this.#host(), context.newString(this.#request.globalsText), context.newNumber(this.#request.resultCharsMax), drive, body);
    if (started.error) return this.#fromError(started.error);
    await this.#work(started.value);
    return this.#ended();
  }

  failure(name: string, message: string, stack: string): CodeAnswer {
    const printed = this.#printed.lines;
    if (this.#isLate()) return { ok: false, failure: { code: 'code-timeout', message: `The code took longer than ${this.#request.timeoutMs / 1000} seconds.`, line: null, printed } };
    if ((name === 'InternalError' && message === 'out of memory') || (message === '' && this.#memoryIsFull())) {
      return { ok: false, failure: { code: 'code-memory', message: `The code needs more than ${PAGES_MAX * PAGE_BYTES / 1024 / 1024} MB of memory.`, line: null, printed } };
    }
    if (name === 'InternalError' && message === 'stack overflow') return this.failure('', TOO_DEEP, stack);
    const named = name === '' || name === 'Error' ? message : `${name}: ${message}`;
    return { ok: false, failure: { code: 'code-error', message: named === '' ? 'The code failed without a message.' : named, line: lineIn(stack), printed } };
  }

  /** Runs jobs and timers until there is an answer, time is up, or nothing is left that could give one. */
  async #work(timers: QuickJSHandle): Promise<void> {
    const context = this.#context;
    const due = context.getProp(timers, 'due');
    const fire = context.getProp(timers, 'fire');
    while (this.#answer === null && !this.#isLate()) {
      const jobs = this.#runtime.executePendingJobs();
      if (jobs.error) this.#answer ??= this.#fromError(jobs.error);
      if (this.#answer !== null || this.#isLate()) return;
      const wait = context.getNumber(context.unwrapResult(context.callFunction(due, context.undefined)));
      if (wait < 0) return;
      if (wait > 0) await sleep(Math.min(wait, Math.max(0, this.#deadline - performance.now()) + 1));
      const fired = context.callFunction(fire, context.undefined);
      if (fired.error) this.#answer ??= this.#fromError(fired.error);
    }
  }

  #ended(): CodeAnswer {
    if (this.#answer !== null) return this.#answer;
    return this.failure('', this.#memoryIsFull() ? '' : 'The code waits for something that never happens.', '');
  }

  #host(): QuickJSHandle {
    const context = this.#context;
    const host = context.newObject();
    const offer = (name: string, work: (...texts: string[]) => void): void => {
      context.setProp(host, name, context.newFunction(name, (...values) => { work(...values.map((value) => context.getString(value))); }));
    };
    offer('print', (text) => { this.#printed.add(text); });
    offer('finish', (json) => { this.#answer ??= { ok: true, json: json === undefined ? 'null' : json, printed: this.#printed.lines }; });
    offer('fail', (name = '', message = '', stack = '') => { this.#answer ??= this.failure(name, message, stack); });
    offer('tooLarge', () => {
      this.#answer ??= { ok: false, failure: { code: 'code-output-too-large', message: `The result of the code is larger than ${Math.round(this.#request.resultCharsMax / 1000)} kB.`, line: null, printed: this.#printed.lines } };
    });
    return host;
  }

  #evaluate(source: string, file: string): QuickJSHandle | null {
    const result = this.#context.evalCode(source, file);
    if (!result.error) return result.value;
    this.#answer ??= this.#fromError(result.error);
    return null;
  }

  #fromError(error: QuickJSHandle): CodeAnswer {
    const shown: unknown = this.#context.dump(error);
    const parts = new Map<string, unknown>(typeof shown === 'object' && shown !== null ? Object.entries(shown) : [['message', shown]]);
    const part = (name: string): string => { const text = parts.get(name); return typeof text === 'string' ? text : ''; };
    return this.failure(part('name'), part('message'), part('stack'));
  }

  #isLate(): boolean {
    return performance.now() > this.#deadline;
  }

  #memoryIsFull(): boolean {
    return this.#memory.buffer.byteLength > PAGES_MAX * PAGE_BYTES * 0.75;
  }
}

/** Of the innermost call that is the code's own. */
function lineIn(stack: string): number | null {
  const line = /code\.js:(\d+)/.exec(stack)?.[1];
  return line === undefined ? null : Number(line);
}
