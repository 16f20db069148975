import type { TokenUsage } from '#modules/models/ports.ts';
import type { Flow } from '../contract.ts';
import type { NodeContext, Value } from '../node-type.ts';
import { NodeError } from '../nodes/node-error.ts';
import { textOf } from '../nodes/values.ts';
import { compileFlow } from './compile.ts';
import type { CompiledFlow, CompiledNode } from './compile.ts';
import { configureFlow } from './parameters.ts';
import { RunError, RunLimitError } from './run-error.ts';
import { NodeRecord } from './run-trace.ts';
import type { NodeTrace } from './run-trace.ts';
import { SharedText } from './shared-text.ts';

export interface RunLimits {
  /** Nodes a run may execute. */
  steps: number;
  wallClockMs: number;
  /** UTF-8 bytes of the answer, and of any single node's text. */
  outputBytes: number;
}

export const DEFAULT_RUN_LIMITS: RunLimits = { steps: 1_000, wallClockMs: 120_000, outputBytes: 1_048_576 };

export interface RunResult {
  status: 'succeeded' | 'failed' | 'limited' | 'cancelled';
  /** The answer; what there was of it when the run did not succeed. */
  text: string;
  error: RunError | null;
  trace: readonly NodeTrace[];
  usage: TokenUsage;
  startedAt: string;
  durationMs: number;
}

export interface LiveRun {
  /** The answer as it is produced. Throws {@link RunError} after the last piece when the run does not succeed. */
  output: AsyncIterable<string>;
  /** Settles when the run has ended, whether or not anybody reads `output`; never rejects. */
  done: Promise<RunResult>;
}

/**
 * Runs a flow in memory. Nodes start as soon as what they need is there; only nodes the outputs depend on run. Ends at
 * the first failure, at a limit, or within moments of `context.signal` aborting, even if a node ignores it.
 *
 * `context.parameters` are applied first. Throws FlowError or ParameterError before anything runs.
 */
export function runLive(flow: Flow | CompiledFlow, context: NodeContext, options: { limits?: Partial<RunLimits> } = {}): LiveRun {
  const compiled = 'configuredWith' in flow ? flow : compileFlow(flow);
  const configured = compiled.configuredWith === context.parameters || Object.keys(context.parameters).length === 0 ? compiled : configureFlow(compiled, context.parameters);
  const run = new Run(configured, context, { ...DEFAULT_RUN_LIMITS, ...options.limits });
  return { output: run.output, done: run.done };
}

class Run {
  readonly output = new SharedText();
  readonly done: Promise<RunResult>;
  readonly #flow: CompiledFlow;
  readonly #context: NodeContext;
  readonly #limits: RunLimits;
  readonly #controller = new AbortController();
  readonly #startedMs = performance.now();
  readonly #startedAt: Date;
  readonly #usage: TokenUsage = { inputTokens: 0, outputTokens: 0 };
  readonly #records: NodeRecord[] = [];
  /** Results by node; null for a skipped node, undefined while it has none. */
  readonly #results: (Readonly<Record<string, Value>> | null | undefined)[];
  readonly #waits: number[];
  readonly #timer: NodeJS.Timeout;
  readonly #onAbort = () => { this.#settle('cancelled', new RunError('cancelled', null, 'The run was cancelled.')); };
  #resolve: (result: RunResult) => void = () => undefined;
  #settled = false;
  /** Nodes and streams still at work. */
  #busy = 0;
  #steps = 0;
  #nextOutput = 0;
  #outputBytes = 0;
  #knowledgeSearched = false;

  constructor(flow: CompiledFlow, context: NodeContext, limits: RunLimits) {
    this.#flow = flow;
    this.#context = context;
    this.#limits = limits;
    this.#startedAt = context.now();
    this.#results = flow.nodes.map(() => undefined);
    this.#waits = flow.nodes.map((node) => node.waitsFor);
    this.done = new Promise((resolve) => { this.#resolve = resolve; });
    this.#timer = setTimeout(() => { this.#limit(new RunLimitError('time', `The run took longer than ${limits.wallClockMs / 1_000} seconds.`)); }, limits.wallClockMs);
    context.signal.addEventListener('abort', this.#onAbort, { once: true });
    if (context.signal.aborted) this.#onAbort();
    else this.#start();
  }

  #start(): void {
    this.#busy++;
    for (const [index, waits] of this.#waits.entries()) if (waits === 0) this.#launch(index);
    this.#release();
  }

  #launch(index: number): void {
    const node = this.#flow.nodes[index];
    if (!node || this.#settled) return;
    const inputs = this.#inputsOf(node);
    if (inputs === null) {
      this.#record(node).skip();
      this.#complete(index, null);
      return;
    }
    if (++this.#steps > this.#limits.steps) {
      this.#limit(new RunLimitError('steps', `The run needs more than ${this.#limits.steps} steps.`));
      return;
    }
    this.#busy++;
    void this.#execute(index, node, inputs);
  }

  async #execute(index: number, node: CompiledNode, inputs: Record<string, Value | readonly Value[]>): Promise<void> {
    const record = this.#record(node);
    try {
      if (node.missingInputs.length > 0) throw new NodeError('node-input-missing', `Nothing is connected to "${node.missingInputs[0]}".`);
      const ready = node.type.acceptsStream ? inputs : await collected(inputs);
      if (this.#settled) return;
      const result = await node.type.run(this.#contextFor(node, record), node.config, ready);
      if (this.#settled) return;
      this.#keep(index, node, result, record);
    } catch (error) {
      this.#fail(record, RunError.from(error, node.id));
      return;
    }
    this.#release();
  }

  /** Takes a node's result: streams become shared and start flowing, texts are measured. */
  #keep(index: number, node: CompiledNode, result: Readonly<Record<string, Value>>, record: NodeRecord): void {
    const kept: Record<string, Value> = {};
    let streams = 0;
    for (const [port, value] of Object.entries(result)) {
      if (value.kind === 'stream' && !(value.stream instanceof SharedText)) {
        const shared = new SharedText();
        streams++;
        this.#busy++;
        void this.#pump(value.stream, shared, record);
        kept[port] = { kind: 'stream', stream: shared };
      } else {
        if (value.kind === 'stream' && value.stream instanceof SharedText) record.passesOn(value.stream);
        if (value.kind === 'text') this.#measure(value.text);
        kept[port] = value;
      }
    }
    if (streams === 0) record.succeed(kept, node);
    this.#complete(index, kept);
  }

  /** Moves a node's stream into the shared text until it ends; the node has succeeded only then. */
  async #pump(stream: AsyncIterable<string>, shared: SharedText, record: NodeRecord): Promise<void> {
    const iterator = stream[Symbol.asyncIterator]();
    let bytes = 0;
    try {
      for (;;) {
        const next = await iterator.next();
        if (this.#settled) {
          // Not awaited: a source that ignores the signal may never come back.
          Promise.resolve(iterator.return?.()).catch(() => undefined);
          return;
        }
        if (next.done) break;
        bytes += Buffer.byteLength(next.value);
        if (bytes > this.#limits.outputBytes) throw this.#tooMuchOutput();
        shared.push(next.value);
      }
      record.succeedWith(shared.text);
      shared.end();
      this.#release();
    } catch (error) {
      const failure = RunError.from(error, record.trace.nodeId);
      shared.fail(failure);
      this.#fail(record, failure);
    }
  }

  #complete(index: number, result: Readonly<Record<string, Value>> | null): void {
    this.#results[index] = result;
    for (const dependent of this.#flow.nodes[index]?.dependents ?? []) {
      const left = (this.#waits[dependent] ?? 1) - 1;
      this.#waits[dependent] = left;
      if (left === 0) this.#launch(dependent);
    }
    if (this.#flow.outputs.includes(index)) this.#writeOutputs();
  }

  /** Writes the outputs that are there, in their order; stops at one that is still missing or streaming. */
  #writeOutputs(): void {
    while (this.#nextOutput < this.#flow.outputs.length) {
      const index = this.#flow.outputs[this.#nextOutput] ?? -1;
      const result = this.#results[index];
      if (result === undefined) return;
      this.#nextOutput++;
      const value = result ? shownValue(result) : undefined;
      if (value?.kind === 'stream' && value.stream instanceof SharedText) {
        this.#followOutput(value.stream);
        return;
      }
      if (value && value.kind !== 'tool') this.#write(textOf(value), true);
    }
  }

  /** Passes a stream on piece by piece, in the same turn, so that what was said before a failure is never lost. */
  #followOutput(stream: SharedText): void {
    let first = true;
    this.#busy++;
    stream.follow({
      piece: (piece) => {
        this.#write(piece, first);
        first = false;
      },
      end: () => {
        this.#writeOutputs();
        this.#release();
      },
    });
  }

  #write(piece: string, isFirst: boolean): void {
    if (piece === '' || this.#settled) return;
    const separated = isFirst && this.#outputBytes > 0 ? `\n\n${piece}` : piece;
    this.#outputBytes += Buffer.byteLength(separated);
    if (this.#outputBytes > this.#limits.outputBytes) this.#limit(this.#tooMuchOutput());
    else this.output.push(separated);
  }

  /** Values for a node's ports; null when its branch was not taken. */
  #inputsOf(node: CompiledNode): Record<string, Value | readonly Value[]> | null {
    const inputs: Record<string, Value | readonly Value[]> = {};
    let live = 0;
    for (const port of node.ports) {
      const values: Value[] = [];
      for (const source of port.sources) {
        const value = this.#results[source.node]?.[source.port];
        if (value) values.push(value);
      }
      live += values.length;
      const last = values.at(-1);
      if (port.many) inputs[port.name] = values;
      else if (last) inputs[port.name] = last;
      else if (port.needed) return null;
    }
    return node.ports.length > 0 && live === 0 ? null : inputs;
  }

  #contextFor(node: CompiledNode, record: NodeRecord): NodeContext {
    const context = this.#context;
    return {
      input: node.seesHistory || context.input.history.length === 0 ? context.input : { ...context.input, history: [] },
      instructions: context.instructions,
      parameters: context.parameters,
      model: (id) => context.model(id),
      searchKnowledge: (query, options) => {
        this.#knowledgeSearched = true;
        return context.searchKnowledge(query, options);
      },
      grounding: () => context.grounding(),
      knowledgeSearched: () => this.#knowledgeSearched || context.knowledgeSearched?.() === true,
      generation: context.generation,
      fetch: (url, init) => context.fetch(url, init),
      now: () => context.now(),
      countTokens: (usage) => {
        record.addTokens(usage);
        this.#usage.inputTokens += usage.inputTokens;
        this.#usage.outputTokens += usage.outputTokens;
        context.countTokens(usage);
      },
      signal: this.#controller.signal,
      entry: node.isEntry,
      note: (remark) => { record.note(remark); },
    };
  }

  #measure(text: string): void {
    if (text.length > this.#limits.outputBytes || (text.length * 3 > this.#limits.outputBytes && Buffer.byteLength(text) > this.#limits.outputBytes)) throw this.#tooMuchOutput();
  }

  #tooMuchOutput(): RunLimitError {
    return new RunLimitError('output', `The run produced more than ${this.#limits.outputBytes} bytes of text.`);
  }

  #record(node: CompiledNode): NodeRecord {
    const record = new NodeRecord(node, new Date(this.#startedAt.getTime() + performance.now() - this.#startedMs));
    this.#records.push(record);
    return record;
  }

  #fail(record: NodeRecord, error: RunError): void {
    if (this.#settled) return;
    record.fail(error);
    this.#settle(error.cause instanceof RunLimitError ? 'limited' : 'failed', error);
  }

  #limit(error: RunLimitError): void { this.#settle('limited', new RunError(error.code, null, error.message, { cause: error })); }

  #release(): void {
    if (--this.#busy === 0) this.#settle('succeeded', null);
  }

  /** Ends the run, once. Nodes still at work are told by the signal and no longer listened to. */
  #settle(status: RunResult['status'], error: RunError | null): void {
    if (this.#settled) return;
    this.#settled = true;
    clearTimeout(this.#timer);
    this.#context.signal.removeEventListener('abort', this.#onAbort);
    if (error) {
      this.output.fail(error);
      this.#controller.abort(error);
    } else this.output.end();
    this.#resolve({
      status, error, text: this.output.text, trace: this.#records.map((record) => record.finished()), usage: this.#usage,
      startedAt: this.#startedAt.toISOString(), durationMs: performance.now() - this.#startedMs,
    });
  }
}

/** Streams among the inputs, read to their end. */
async function collected(inputs: Record<string, Value | readonly Value[]>): Promise<Record<string, Value | readonly Value[]>> {
  for (const [port, value] of Object.entries(inputs)) {
    if ('kind' in value && value.kind === 'stream') inputs[port] = { kind: 'text', text: await wholeText(value.stream) };
  }
  return inputs;
}

async function wholeText(stream: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of stream) text += piece;
  return text;
}

/** What of an output node's result is shown: the first port that is not a tool. */
const shownValue = (result: Readonly<Record<string, Value>>): Value | undefined => Object.values(result).find((value) => value.kind !== 'tool');
