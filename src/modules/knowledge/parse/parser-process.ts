import path from 'node:path';
import { BoundedChild, packageRoot, permissionFlags, ranOutOfHeap, type ChildOutcome } from '#platform/process/bounded-child.ts';
import { type ParserRequest, STATUS } from './child-protocol.ts';
import { PARSE_LIMITS } from './limits.ts';
import { ParseFailure } from './parsed-document.ts';

/** What one child may use up for one request. */
export interface ProcessLimits {
  /** Wall clock of one request; starting the process is not part of it. */
  timeoutMs: number;
  /** Resident memory of the process, polled on Linux; the JavaScript heap is bounded below this everywhere. */
  memoryBytesMax: number;
  /** Bytes of one answer. */
  outputBytesMax: number;
}

/** An answer's JSON, not yet validated, or why there is none. */
export type RawAnswer = { ok: true; json: Buffer } | { ok: false; failure: ParseFailure };

const TIMEOUT: ParseFailure = { code: 'timeout', message: 'Reading this file took too long. Split it into smaller files or export it in a simpler format.' };
const TOO_COMPLEX: ParseFailure = { code: 'too-complex', message: 'Reading this file needs more memory than one document may use. Split it into smaller files or export it in a simpler format.' };
const TOO_LARGE: ParseFailure = { code: 'too-large', message: 'This file holds more text than one document may have. Split it into smaller files.' };
const CRASHED: ParseFailure = { code: 'damaged', message: 'The reader stopped unexpectedly on this file. It may be damaged; export it again or in another format, such as PDF.' };

/**
 * One parser process and the request it works on. It runs with an empty environment, may read nothing but our code and
 * its libraries, start nothing, write nothing; it is killed at its limits and started again for the next request.
 */
export class ParserProcess {
  readonly #limits: ProcessLimits;
  #child: BoundedChild | null = null;
  #peakBytes = 0;

  constructor(limits: ProcessLimits) {
    this.#limits = limits;
  }

  /** Highest resident memory seen in any request, in bytes; 0 where it cannot be read. */
  get peakBytes(): number {
    return this.#peakBytes;
  }

  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  /** Starts the process ahead of its first request, so that this does not pay for loading the libraries. */
  warm(): void {
    this.#running();
  }

  /** One request at a time. Never rejects. */
  async run(request: ParserRequest, body: Uint8Array): Promise<RawAnswer> {
    const child = this.#running();
    const outcome = await child.request([Buffer.from(JSON.stringify(request)), body], this.#limits.timeoutMs);
    this.#peakBytes = Math.max(this.#peakBytes, child.peakBytes);
    return answerOf(outcome);
  }

  close(): void {
    this.#child?.stop();
    this.#child = null;
  }

  #running(): BoundedChild {
    if (!this.#child?.alive) this.#child = this.#start();
    return this.#child;
  }

  #start(): BoundedChild {
    const { memoryBytesMax, outputBytesMax } = this.#limits;
    return new BoundedChild({ entry: path.join(import.meta.dirname, 'child.ts'), flags: nodeFlags(memoryBytesMax), cwd: packageRoot(), memoryBytesMax, outputBytesMax });
  }
}

function answerOf(outcome: ChildOutcome): RawAnswer {
  switch (outcome.kind) {
    case 'answer':
      if (outcome.status === STATUS.ok) return { ok: true, json: outcome.body };
      return { ok: false, failure: ParseFailure.safeParse(parseJson(outcome.body)).data ?? CRASHED };
    case 'timeout': return { ok: false, failure: TIMEOUT };
    case 'memory': return { ok: false, failure: TOO_COMPLEX };
    case 'output': return { ok: false, failure: TOO_LARGE };
    case 'stopped': return { ok: false, failure: CRASHED };
    case 'crash': return { ok: false, failure: ranOutOfHeap(outcome.stderr) ? TOO_COMPLEX : CRASHED };
  }
}

function parseJson(json: Buffer): unknown {
  try {
    return JSON.parse(json.toString('utf8'));
  } catch {
    return null; // a broken answer counts as a crash
  }
}

function nodeFlags(memoryBytesMax: number): string[] {
  const root = packageRoot();
  return [
    ...permissionFlags([
      import.meta.dirname, path.join(import.meta.dirname, '../chunk'), path.join(root, 'src/platform/process'), path.join(root, 'package.json'), path.join(root, 'node_modules'),
    ]),
    `--max-old-space-size=${Math.max(64, Math.floor((memoryBytesMax * 0.7) / 1024 / 1024))}`,
    // Text runs and tokens die young; a larger nursery keeps them from being promoted.
    '--max-semi-space-size=32',
    '--disallow-code-generation-from-strings', '--disable-warning=ExperimentalWarning', '--no-deprecation',
  ];
}

export const DEFAULT_LIMITS: ProcessLimits = {
  timeoutMs: 60_000, memoryBytesMax: 1024 * 1024 * 1024, outputBytesMax: PARSE_LIMITS.charactersMax * 4,
};
