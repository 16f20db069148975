import type { TokenUsage } from '#modules/models/ports.ts';
import type { Value } from '../node-type.ts';
import { previewOf } from '../nodes/values.ts';
import type { CompiledNode } from './compiled-flow.ts';
import type { RunError } from './run-error.ts';
import type { SharedText } from './shared-text.ts';

const PREVIEW_CHARS_MAX = 500;
const NOTES_MAX = 50;

/** What one node did in a run. */
export interface NodeTrace {
  nodeId: string;
  /** The pass of the loops around it, e.g. `loop#2/`; absent outside loops. */
  pass?: string;
  type: string;
  startedAt: string;
  /** Until its result, or the last piece of its stream, was there. */
  durationMs: number;
  tokens: TokenUsage;
  /** `skipped`: its branch was not taken. `cancelled`: the run ended before it. */
  status: 'succeeded' | 'failed' | 'skipped' | 'cancelled';
  error?: { code: string; message: string };
  /** Remarks, e.g. tools called. */
  notes?: readonly string[];
  /** At most 500 characters. */
  outputPreview: string;
}

/** Writes the trace of one node. A node that is never closed counts as cancelled. */
export class NodeRecord {
  readonly trace: NodeTrace;
  readonly #startedMs: number;
  readonly #notes: string[] = [];
  #passedOn: SharedText | null = null;
  #closed = false;

  /** `startedMs` on the clock of `performance.now()`, `startedAt` in milliseconds since 1970. */
  constructor(node: CompiledNode, startedMs: number, startedAt: number, pass: string) {
    this.#startedMs = startedMs;
    this.trace = {
      nodeId: node.id, type: node.type.type, startedAt: isoOf(startedAt), durationMs: 0, tokens: { inputTokens: 0, outputTokens: 0 }, status: 'cancelled', outputPreview: '',
    };
    if (pass !== '') this.trace.pass = pass;
  }

  addTokens(usage: TokenUsage): void {
    this.trace.tokens.inputTokens += usage.inputTokens;
    this.trace.tokens.outputTokens += usage.outputTokens;
  }

  note(remark: string): void {
    if (this.#notes.length < NOTES_MAX) this.#notes.push(remark.slice(0, PREVIEW_CHARS_MAX));
  }

  /** The node handed on a stream of another; its text is the preview once it has ended. */
  passesOn(stream: SharedText): void { this.#passedOn = stream; }

  skip(): void { this.#close('skipped'); }

  /** The result is one that a journal kept. */
  recall(result: Readonly<Record<string, Value>>, node: CompiledNode): void {
    this.note('Kept from an earlier life of this run.');
    this.succeed(result, node);
  }

  succeed(result: Readonly<Record<string, Value>>, node: CompiledNode): void {
    const port = node.type.outputs[0];
    const value = (port ? result[port.name] : undefined) ?? Object.values(result)[0];
    this.trace.outputPreview = value ? previewOf(value, PREVIEW_CHARS_MAX) : '';
    this.#close('succeeded');
  }

  succeedWith(text: string): void {
    this.trace.outputPreview = text.slice(0, PREVIEW_CHARS_MAX);
    this.#close('succeeded');
  }

  fail(error: RunError): void {
    this.trace.error = { code: error.code, message: error.message };
    this.#close('failed');
  }

  /** The trace as it stands at the end of the run. */
  finished(): NodeTrace {
    if (!this.#closed) this.trace.durationMs = this.#lasted();
    if (this.#passedOn) this.trace.outputPreview = this.#passedOn.text.slice(0, PREVIEW_CHARS_MAX);
    return this.#notes.length > 0 ? { ...this.trace, notes: this.#notes } : this.trace;
  }

  #close(status: NodeTrace['status']): void {
    this.#closed = true;
    this.trace.status = status;
    this.trace.durationMs = this.#lasted();
  }

  /** To the microsecond: further digits mean nothing, and each would be kept. */
  #lasted(): number { return Math.round((performance.now() - this.#startedMs) * 1_000) / 1_000; }
}

let latest = { ms: Number.NaN, text: '' };

/** A moment in milliseconds since 1970 as ISO 8601. Most steps begin in the millisecond of the one before, and writing a date is dear. */
export function isoOf(ms: number): string {
  const whole = Math.trunc(ms);
  if (whole !== latest.ms) latest = { ms: whole, text: new Date(whole).toISOString() };
  return latest.text;
}
