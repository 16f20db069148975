import { createHash } from 'node:crypto';
import type { ChatModel, Passage, TokenUsage } from '#modules/models/ports.ts';
import type { Flow } from '../contract.ts';
import type { CodeCall, NodeContext, OutsideCall, Value } from '../node-type.ts';
import { NodeError } from '../nodes/node-error.ts';
import type { CompiledFlow, CompiledNode } from './compiled-flow.ts';
import type { Pass } from './pass.ts';
import type { NodeRecord } from './run-trace.ts';

/** What all nodes of a run share. */
export class RunView {
  readonly context: NodeContext;
  readonly #signal: () => AbortSignal;
  readonly state: Map<string, unknown>;
  readonly usage: TokenUsage;
  knowledgeSearched = false;
  readonly runFlow: NonNullable<NodeContext['runFlow']>;

  /** `kept` are the variables of an earlier life of the run. */
  constructor(flow: CompiledFlow, context: NodeContext, signal: () => AbortSignal, usage: TokenUsage, kept: Readonly<Record<string, unknown>> | null, runFlow: NonNullable<NodeContext['runFlow']>) {
    this.context = context;
    this.runFlow = runFlow;
    this.#signal = signal;
    this.usage = usage;
    this.state = context.state ?? new Map();
    for (const { name, initial } of flow.flow.state ?? []) if (!this.state.has(name)) this.state.set(name, structuredClone(initial));
    for (const [name, value] of Object.entries(kept ?? {})) this.state.set(name, value);
  }

  get signal(): AbortSignal { return this.#signal(); }

  /** All variables where there are any: a journal keeps them with the step, whichever step changed them. */
  variables(): Record<string, unknown> | null { return this.state.size === 0 ? null : Object.fromEntries(this.state); }
}

/** The run as one node sees it. Accessors and methods instead of copies: it is made for every step. */
export class NodeView implements NodeContext {
  readonly #run: RunView;
  readonly #node: CompiledNode;
  readonly #record: NodeRecord;
  readonly #pass: Pass;

  constructor(run: RunView, node: CompiledNode, record: NodeRecord, pass: Pass) {
    this.#run = run;
    this.#node = node;
    this.#record = record;
    this.#pass = pass;
  }

  get input(): NodeContext['input'] {
    const { input } = this.#run.context;
    return this.#node.seesHistory || input.history.length === 0 ? input : { ...input, history: [] };
  }
  get instructions(): string { return this.#run.context.instructions; }
  get parameters(): NodeContext['parameters'] { return this.#run.context.parameters; }
  get generation(): NodeContext['generation'] { return this.#run.context.generation; }
  get signal(): AbortSignal { return this.#run.signal; }
  get state(): Map<string, unknown> { return this.#run.state; }
  get entry(): boolean { return this.#node.isEntry; }
  get runId(): string | undefined { return this.#run.context.runId; }

  get idempotencyKey(): string {
    return createHash('sha256').update(`${this.#run.context.runId ?? ''}\n${this.#pass.prefix}${this.#node.id}`).digest('hex').slice(0, 40);
  }

  model(id: string | null): ChatModel { return this.#run.context.model(id); }

  async searchKnowledge(query: string, options: { topK?: number } = {}): Promise<readonly Passage[]> {
    this.#run.knowledgeSearched = true;
    return this.#run.context.searchKnowledge(query, { ...options, step: this });
  }

  grounding(): readonly Passage[] { return this.#run.context.grounding(); }
  knowledgeSearched(): boolean { return this.#run.knowledgeSearched || this.#run.context.knowledgeSearched?.() === true; }
  async fetch(url: string, init?: Parameters<NodeContext['fetch']>[1]): ReturnType<NodeContext['fetch']> { return this.#run.context.fetch(url, init); }

  get outsideAction(): NodeContext['outsideAction'] { return this.#run.context.outsideAction; }

  async callOutside(call: OutsideCall): Promise<unknown> {
    const { callOutside } = this.#run.context;
    if (!callOutside) throw new NodeError('node-connection-missing', `“${call.connector}” cannot be reached from here.`);
    return callOutside({ ...call, idempotencyKey: call.idempotencyKey ?? this.idempotencyKey });
  }

  async runCode(call: CodeCall): ReturnType<NonNullable<NodeContext['runCode']>> {
    const { runCode } = this.#run.context;
    if (!runCode) throw new NodeError('node-code-failed', 'Code cannot be run here.');
    return runCode(call);
  }

  async runFlow(flow: Flow, input: { text: string; data: unknown }): Promise<{ text: string; data: unknown }> { return this.#run.runFlow(flow, input); }

  /** A step that was skipped, or has not run yet, has nothing to show. */
  step(id: string): Readonly<Record<string, Value>> | undefined { return this.#pass.resultOf(id) ?? undefined; }
  now(): Date { return this.#run.context.now(); }

  countTokens(usage: TokenUsage): void {
    this.#record.addTokens(usage);
    this.#run.usage.inputTokens += usage.inputTokens;
    this.#run.usage.outputTokens += usage.outputTokens;
    this.#run.context.countTokens(usage);
  }

  note(remark: string): void { this.#record.note(remark); }
}
