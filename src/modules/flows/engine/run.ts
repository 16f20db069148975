import type { TokenUsage } from '#modules/models/ports.ts';
import type { LoopPlan, NodeContext, Value } from '../node-type.ts';
import { NodeError } from '../nodes/node-error.ts';
import { dataOf, textOf } from '../nodes/values.ts';
import { ERROR_PORT } from './compile.ts';
import type { CompiledFlow, CompiledLoop, CompiledNode } from './compiled-flow.ts';
import type { RunJournal } from './journal.ts';
import type { RunResult } from './live.ts';
import { NodeView, RunView } from './node-view.ts';
import { Pass } from './pass.ts';
import { collected, handsOnTool, hasStreams, shownValue, whole, withoutTools, type Inputs, type Outputs } from './port-values.ts';
import { RunError, RunLimitError } from './run-error.ts';
import { runInside } from './run-inside.ts';
import { measureText, tooManySteps, tooMuchOutput, tookTooLong } from './run-limits.ts';
import type { RunLimits } from './run-limits.ts';
import { isoOf, NodeRecord } from './run-trace.ts';
import { SharedText } from './shared-text.ts';

/** Traces of a run that are kept; a loop may make many more. Failures are always kept. */
const RECORDS_MAX = 1_000;

/** One run of a compiled flow, from its start to its only end. */
export class Run {
  readonly output = new SharedText();
  readonly done: Promise<RunResult>;
  readonly #flow: CompiledFlow;
  readonly #context: NodeContext;
  readonly #view: RunView;
  readonly #limits: RunLimits;
  readonly #journal: RunJournal | null;
  #controller: AbortController | null = null;
  readonly #startedMs = performance.now();
  readonly #startedAt: number;
  readonly #usage: TokenUsage = { inputTokens: 0, outputTokens: 0 };
  readonly #records: NodeRecord[] = [];
  readonly #top: Pass;
  readonly #trigger: string | null;
  readonly #timer: NodeJS.Timeout;
  readonly #onAbort = () => { this.#settle('cancelled', new RunError('cancelled', null, 'The run was cancelled.')); };
  #resolve: (result: RunResult) => void = () => undefined;
  #settled = false;
  /** Why the run ended before its nodes did, for those that ask only then. */
  #ending: RunError | null = null;
  /** Nodes and streams still at work. */
  #busy = 0;
  #steps = 0;
  #nextOutput = 0;
  #outputBytes = 0;
  #data: unknown = null;

  constructor(flow: CompiledFlow, context: NodeContext, limits: RunLimits, journal: RunJournal | null) {
    this.#flow = flow;
    this.#context = context;
    this.#limits = limits;
    this.#journal = journal;
    this.#startedAt = context.now().getTime();
    this.#trigger = context.input.trigger ?? flow.trigger;
    this.#view = new RunView(flow, context, () => this.#signal(), this.#usage, journal?.recallState() ?? null, async (inner, input) => runInside({
      context, signal: this.#signal(), usage: this.#usage,
      start: async (compiled, own) => {
        const run = new Run(compiled, own, { ...limits, steps: Math.max(1, limits.steps - this.#steps) }, null);
        return run.done.finally(() => { this.#steps += run.#steps; });
      },
    }, inner, input));
    this.#top = new Pass(flow.graph, null, '', () => undefined);
    this.done = new Promise((resolve) => { this.#resolve = resolve; });
    this.#timer = setTimeout(() => { this.#limit(tookTooLong(limits)); }, limits.wallClockMs);
    context.signal.addEventListener('abort', this.#onAbort, { once: true });
    if (context.signal.aborted) this.#onAbort();
    else this.#start(this.#top);
  }

  /** Made for the first step that asks: most only compute and never do. */
  #signal(): AbortSignal {
    if (this.#controller === null) {
      this.#controller = new AbortController();
      if (this.#ending !== null) this.#controller.abort(this.#ending);
    }
    return this.#controller.signal;
  }

  #start(pass: Pass): void {
    this.#busy++;
    // Listed before the first starts: one that is recalled completes at once and starts those after it.
    const ready = pass.waits.flatMap((waits, index) => (waits === 0 && pass.results[index] === undefined ? [index] : []));
    for (const index of ready) this.#launch(pass, index);
    if (pass.left === 0 && pass !== this.#top) pass.onDone();
    this.#release();
  }

  #launch(pass: Pass, index: number): void {
    const node = pass.graph.nodes[index];
    if (!node || this.#settled) return;
    const inputs = node.isTrigger && node.id !== this.#trigger ? null : pass.inputsOf(node);
    if (inputs === null) {
      this.#record(node, pass).skip();
      this.#complete(pass, index, null);
      return;
    }
    if (++this.#steps > this.#limits.steps) {
      this.#limit(tooManySteps(this.#limits));
      return;
    }
    this.#busy++;
    void this.#execute(pass, index, node, inputs);
  }

  async #execute(pass: Pass, index: number, node: CompiledNode, inputs: Inputs): Promise<void> {
    const record = this.#record(node, pass);
    try {
      const path = pass.prefix + node.id;
      const recalled = this.#journal?.recall(path);
      const result = recalled === undefined ? await this.#attempt(pass, node, record, inputs) : recalled ?? {};
      if (this.#settled) return;
      if (recalled !== undefined) record.recall(result, node);
      const kept = this.#keepStreams(pass, node, result, record);
      const ready = kept instanceof Promise ? await kept : kept;
      if (this.#settled) return;
      if (this.#journal && recalled === undefined && !handsOnTool(ready, node)) {
        await this.#journal.keep({ path, result: withoutTools(ready), state: this.#view.variables(), trace: record.finished(), isRepeatable: isRepeatable(node) });
        if (this.#settled) return;
      }
      this.#complete(pass, index, ready);
    } catch (error) {
      this.#fail(record, RunError.from(error, node.id));
      return;
    }
    this.#release();
  }

  /** Runs a node, with its inputs as it takes them, as often as its policy says. Most have neither streams nor a policy and run at once. */
  #attempt(pass: Pass, node: CompiledNode, record: NodeRecord, inputs: Inputs): Outputs | Promise<Outputs> {
    const asIs = (node.type.acceptsStream && this.#journal === null) || !hasStreams(inputs);
    if (asIs && node.onFailure === null) return this.#once(pass, node, record, inputs);
    return this.#attempts(pass, node, record, asIs ? inputs : collected(inputs));
  }

  /** Throws what the last try threw, unless the policy goes on. */
  async #attempts(pass: Pass, node: CompiledNode, record: NodeRecord, inputs: Inputs | Promise<Inputs>): Promise<Outputs> {
    const ready = await inputs;
    const policy = node.onFailure;
    for (let tries = 0; ; tries++) {
      try {
        if (this.#settled) return {};
        const result = await this.#once(pass, node, record, ready);
        return policy ? await whole(result) : result;
      } catch (error) {
        if (!policy || this.#settled || error instanceof RunLimitError) throw error;
        const failure = RunError.from(error, node.id);
        if (tries < policy.retries && failure.code !== 'node-stopped') {
          record.note(`Try ${tries + 1} failed: ${failure.message}`);
          await this.#pause(policy.retryWaitMs * 2 ** tries);
          continue;
        }
        if (policy.action === 'stop' || failure.code === 'node-stopped') throw error;
        record.note(`Failed and went on: ${failure.message}`);
        if (policy.action === 'route') return { [ERROR_PORT]: { kind: 'json', json: { message: failure.message, code: failure.code } } };
        const [first] = Object.values(ready);
        const passed = first === undefined ? undefined : 'kind' in first ? first : first[0];
        const port = node.type.outputs[0]?.name;
        return passed && port !== undefined ? { [port]: passed } : {};
      }
    }
  }

  #once(pass: Pass, node: CompiledNode, record: NodeRecord, inputs: Inputs): Outputs | Promise<Outputs> {
    if (node.missingInputs.length > 0) throw new NodeError('node-input-missing', `Nothing is connected to "${node.missingInputs[0]}".`);
    const context = new NodeView(this.#view, node, record, pass);
    if (!node.loop || !node.type.loop) return node.type.run(context, node.config, inputs);
    return this.#loop(pass, node, node.loop, node.type.loop.item, node.type.loop.plan(context, node.config, inputs));
  }

  /** Goes through a loop's body until its plan ends. Every pass costs a step, so that an empty body ends too. */
  async #loop(outer: Pass, node: CompiledNode, loop: CompiledLoop, itemPort: string, planned: Promise<LoopPlan>): Promise<Outputs> {
    const plan = await planned;
    const results: (Value | undefined)[] = [];
    let latest: { number: number; pass: Pass; head: Outputs } | null = null;
    let next = 0;
    let ended = false;
    const worker = async (): Promise<void> => {
      for (let last: Value | undefined; !ended && !this.#settled;) {
        const number = next++;
        const head = plan.next(number, last);
        if (head === null) { ended = true; return; }
        if (++this.#steps > this.#limits.steps) throw tooManySteps(this.#limits);
        const pass = await this.#goThrough(outer, `${outer.prefix}${node.id}#${number}/`, loop, head);
        if (this.#settled) return;
        last = feedbackOf(pass, loop);
        results[number] = last;
        if (!latest || number > latest.number) latest = { number, pass, head };
      }
    };
    await Promise.all(Array.from({ length: Math.max(1, Math.min(plan.concurrency, 50)) }, worker));
    return exported(plan.end(Array.from(results)), loop, latest, itemPort);
  }

  async #goThrough(outer: Pass, prefix: string, loop: CompiledLoop, head: Outputs): Promise<Pass> {
    return new Promise((resolve) => {
      const pass: Pass = new Pass(loop.body, outer, prefix, () => { resolve(pass); });
      pass.results[0] = head;
      pass.left--;
      this.#start(pass);
    });
  }

  async #pause(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#signal().addEventListener('abort', () => { clearTimeout(timer); resolve(); }, { once: true });
    });
  }

  /**
   * Takes a node's result: streams become shared and start flowing, texts are measured. Inside loops and durable runs, and
   * where an expression names the node, a stream is read to its end first.
   */
  #keepStreams(pass: Pass, node: CompiledNode, result: Outputs, record: NodeRecord): Outputs | Promise<Outputs> {
    const kept: Record<string, Value> = {};
    let streams = 0;
    for (const port in result) {
      const value = result[port];
      if (!value) continue;
      if (value.kind === 'stream') {
        if (pass !== this.#top || node.isNamed || this.#journal !== null) return this.#readStreams(node, result, record);
        if (value.stream instanceof SharedText) {
          record.passesOn(value.stream);
          kept[port] = value;
          continue;
        }
        const shared = new SharedText();
        streams++;
        this.#busy++;
        void this.#pump(value.stream, shared, record);
        kept[port] = { kind: 'stream', stream: shared };
        continue;
      }
      if (value.kind === 'text') measureText(value.text, this.#limits);
      kept[port] = value;
    }
    if (streams === 0) record.succeed(kept, node);
    return kept;
  }

  async #readStreams(node: CompiledNode, result: Outputs, record: NodeRecord): Promise<Outputs> {
    const read = await whole(result);
    for (const value of Object.values(read)) if (value.kind === 'text') measureText(value.text, this.#limits);
    record.succeed(read, node);
    return read;
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
        if (bytes > this.#limits.outputBytes) throw tooMuchOutput(this.#limits);
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

  #complete(pass: Pass, index: number, result: Outputs | null): void {
    pass.results[index] = result;
    pass.left--;
    for (const dependent of pass.graph.nodes[index]?.dependents ?? []) {
      const left = (pass.waits[dependent] ?? 1) - 1;
      pass.waits[dependent] = left;
      if (left === 0) this.#launch(pass, dependent);
    }
    if (pass !== this.#top) {
      if (pass.left === 0) pass.onDone();
    } else if (this.#flow.outputs.includes(index)) this.#writeOutputs();
  }

  /** Writes the outputs that are there, in their order; stops at one that is still missing or streaming. */
  #writeOutputs(): void {
    while (this.#nextOutput < this.#flow.outputs.length) {
      const index = this.#flow.outputs[this.#nextOutput] ?? -1;
      const result = this.#top.results[index];
      if (result === undefined) return;
      this.#nextOutput++;
      const value = result ? shownValue(result) : undefined;
      if (value?.kind === 'stream' && value.stream instanceof SharedText) {
        this.#followOutput(value.stream);
        return;
      }
      if (!value || value.kind === 'tool') continue;
      if (value.kind === 'json' || value.kind === 'table') this.#data = dataOf(value);
      this.#write(textOf(value), true);
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
    if (this.#outputBytes > this.#limits.outputBytes) this.#limit(tooMuchOutput(this.#limits));
    else this.output.push(separated);
  }

  #record(node: CompiledNode, pass: Pass): NodeRecord {
    const startedMs = performance.now();
    const record = new NodeRecord(node, startedMs, this.#startedAt + startedMs - this.#startedMs, pass.prefix);
    if (this.#records.length < RECORDS_MAX) this.#records.push(record);
    return record;
  }

  #fail(record: NodeRecord, error: RunError): void {
    if (this.#settled) return;
    record.fail(error);
    if (!this.#records.includes(record)) this.#records.push(record);
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
      this.#ending = error;
      this.output.fail(error);
      this.#controller?.abort(error);
    } else this.output.end();
    this.#resolve({
      status, error, text: this.output.text, data: this.#data, state: this.#view.state, trace: this.#records.map((record) => record.finished()), usage: this.#usage,
      startedAt: isoOf(this.#startedAt), durationMs: performance.now() - this.#startedMs,
    });
  }
}

/** What came back from a pass; where several steps lead back, what the last of them gave. */
function feedbackOf(pass: Pass, { feedback }: CompiledLoop): Value | undefined {
  const values = feedback.flatMap((source) => pass.valueAt(source) ?? []);
  return values.at(-1);
}

/** A loop's results, with what steps after it read of its last pass. */
function exported(result: Record<string, Value>, loop: CompiledLoop, latest: { pass: Pass; head: Outputs } | null, itemPort: string): Outputs {
  if (!latest) return result;
  for (const { source, as } of loop.exports) {
    const value = latest.pass.valueAt(source);
    if (value) result[as] = value;
  }
  const item = latest.head[itemPort];
  if (item && !Object.hasOwn(result, itemPort)) result[itemPort] = item;
  return result;
}

/** Steps of these families only compute: repeating one after a crash changes nothing and costs nothing. */
const COMPUTING: ReadonlySet<string> = new Set(['input', 'output', 'prompt', 'logic', 'transform', 'memory', 'tool']);
const isRepeatable = ({ type }: CompiledNode): boolean => type.effect !== true && COMPUTING.has(type.family) && type.calls !== true;
