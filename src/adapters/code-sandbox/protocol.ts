import type { CodeErrorCode } from '#modules/flows/ports.ts';

/**
 * What is said between the pool and its children. A request is four frames: {@link RequestHead} as JSON, prelude, code,
 * globals as JSON text; an answer is one frame, its status byte and a JSON text.
 */
export interface RequestHead { timeoutMs: number; resultCharsMax: number }

/** First byte of an answer: an `Answer`, or a `Failure`. */
export const STATUS = { ok: 1, failed: 2 } as const;

/** A failure as a child reports it. */
export interface Failure { code: CodeErrorCode; message: string; line: number | null; printed: readonly string[] }

/** Bounds of what the code prints, so that a chatty loop neither fills memory nor the trace. */
const PRINTED_LINES_MAX = 100;
export const PRINTED_CHARS_MAX = 20_000;

/** Keeps what code prints, up to a bound. */
export class Printed {
  readonly lines: string[] = [];
  #chars = 0;

  add(text: string): void {
    if (this.lines.length >= PRINTED_LINES_MAX || this.#chars >= PRINTED_CHARS_MAX) return;
    const line = text.slice(0, PRINTED_CHARS_MAX - this.#chars);
    this.#chars += line.length;
    this.lines.push(line);
  }
}
