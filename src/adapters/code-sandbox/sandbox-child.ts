import { z } from 'zod';
import { BoundedChild, ranOutOfHeap, type ChildOutcome } from '#platform/process/bounded-child.ts';
import { CodeError, type CodeCall, type CodeOutcome } from '#modules/flows/ports.ts';
import { childOptions, RUNTIMES, type Language, type Surroundings } from './language.ts';
import { parsePlainJson } from './plain-json.ts';
import { PRINTED_CHARS_MAX, STATUS, type RequestHead } from './protocol.ts';

/** The child stops at its own clock and says where it was; this much later it is killed. */
const GRACE_MS = 150;
/** A process retires after this much work, well before the system's limit on its computing time. */
const BUSY_MS_MAX = 20_000;

const Answer = z.object({ value: z.unknown(), printed: z.array(z.string()) });
const FailureReport = z.object({
  code: z.enum(['code-timeout', 'code-memory', 'code-output-too-large', 'code-error']), message: z.string(), line: z.number().int().nullable(), printed: z.array(z.string()),
});

/** One process for code, with the tenant it belongs to once it has run anything. */
export class SandboxChild {
  readonly language: Language;
  readonly #process: BoundedChild;
  tenant: string | null = null;
  #calls = 0;
  #busyMs = 0;

  constructor(language: Language, surroundings: Surroundings, resultCharsMax: number) {
    this.language = language;
    // A character takes up to 3 bytes in UTF-8, or 6 as an escape.
    this.#process = new BoundedChild(childOptions(language, surroundings, resultCharsMax * 3 + PRINTED_CHARS_MAX * 6 + 10_000));
  }

  get pid(): number | null {
    return this.#process.pid;
  }

  /** Whether it may serve another call of its tenant. */
  get reusable(): boolean {
    return this.#process.alive && this.#calls < RUNTIMES[this.language].callsMax && this.#busyMs < BUSY_MS_MAX;
  }

  /** Throws {@link CodeError}, or the signal's reason. */
  async run(tenant: string, call: CodeCall, head: RequestHead, signal: AbortSignal): Promise<CodeOutcome> {
    this.tenant = tenant;
    this.#calls++;
    const started = performance.now();
    const onAbort = (): void => this.stop();
    signal.addEventListener('abort', onAbort, { once: true });
    const parts = [JSON.stringify(head), call.prelude ?? '', call.code, JSON.stringify(call.globals)].map((text) => Buffer.from(text));
    const outcome = await this.#process.request(parts, head.timeoutMs + GRACE_MS);
    signal.removeEventListener('abort', onAbort);
    this.#busyMs += performance.now() - started;
    signal.throwIfAborted();
    return this.#read(outcome, head);
  }

  stop(): void {
    this.#process.stop();
  }

  #read(outcome: ChildOutcome, { timeoutMs, resultCharsMax }: RequestHead): CodeOutcome {
    switch (outcome.kind) {
      case 'answer': return this.#readAnswer(outcome.status, outcome.body);
      case 'timeout': throw new CodeError('code-timeout', `The code took longer than ${timeoutMs / 1000} seconds.`);
      case 'memory': throw new CodeError('code-memory', 'The code needs more memory than a step may use.');
      case 'output': throw new CodeError('code-output-too-large', `The result of the code is larger than ${Math.round(resultCharsMax / 1000)} kB.`);
      case 'stopped': throw new CodeError('code-unavailable', 'Code steps are being shut down.');
      case 'crash':
        if (!this.#process.ready) throw new CodeError('code-unavailable', `${this.language === 'python' ? 'Python' : 'JavaScript'} could not be started here.`);
        if (ranOutOfHeap(outcome.stderr)) throw new CodeError('code-memory', 'The code needs more memory than a step may use.');
        throw new CodeError('code-error', 'The code ended its process.');
    }
  }

  #readAnswer(status: number, body: Buffer): CodeOutcome {
    try {
      const json = parsePlainJson(body.toString('utf8'));
      if (status === STATUS.ok) return Answer.parse(json);
      const { code, message, ...rest } = FailureReport.parse(json);
      throw new CodeError(code, message, rest);
    } catch (error) {
      if (error instanceof CodeError) throw error;
      // Not what our child says: the code has taken it over, or its result is not fit for use.
      this.stop();
      throw new CodeError('code-error', `The result of the code cannot be used${error instanceof SyntaxError ? `: ${error.message}` : ''}.`);
    }
  }
}
