import type { z } from 'zod';
import type { ChatModel, ChatMessage, Passage } from '#modules/models/ports.ts';

/** What travels on an edge. Text is the common currency: every kind has a text form (see `textOf` in values.ts). */
export type Value =
  | { kind: 'text'; text: string }
  /** Text that is still being produced; consumers other than the output wait for its end. */
  | { kind: 'stream'; stream: AsyncIterable<string> }
  | { kind: 'json'; json: unknown }
  | { kind: 'table'; rows: readonly Record<string, unknown>[] }
  | { kind: 'passages'; passages: readonly Passage[] }
  | { kind: 'tool'; tool: NodeTool }
  | { kind: 'none' };

/** A capability an agent node may call. */
export interface NodeTool {
  name: string;
  description: string;
  /** JSON Schema of the arguments. */
  parameters: Record<string, unknown>;
  call(args: unknown): Promise<Value>;
}

/** Everything a node may reach. There is nothing else: no environment, no database, no bare network. */
export interface NodeContext {
  /** What the person wrote, and the turns before it (oldest first). */
  input: { text: string; images: readonly string[]; history: readonly ChatMessage[] };
  /** System text the platform adds to every model call of the run: persona, brand, language, guardrails. */
  instructions: string;
  parameters: Readonly<Record<string, unknown>>;
  model(id: string | null): ChatModel;
  /** Searches the knowledge bound to the run; remembers what it returned for citations and for {@link grounding}. */
  searchKnowledge(query: string, options?: { topK?: number }): Promise<readonly Passage[]>;
  /** Every passage retrieved so far in this run, best first, without repetition. */
  grounding(): readonly Passage[];
  /** Generation settings of the subscription; a node's own config wins where the seller fixed it. */
  generation: { modelId: string | null; temperature: number | null; outputTokensMax: number | null };
  /** HTTP through the egress guard. */
  fetch(url: string, init?: { method?: string; headers?: Record<string, string>; body?: string }): Promise<{ status: number; headers: Record<string, string>; body: string }>;
  now(): Date;
  /** Counts tokens of a model call into the run. */
  countTokens(usage: { inputTokens: number; outputTokens: number }): void;
  signal: AbortSignal;
  /** Whether knowledge was searched in this run, even if nothing was found. */
  knowledgeSearched?(): boolean;
  /** True for the node that stands in for the missing chat input: it takes the run's input instead of its own text. */
  entry?: boolean;
  /** Leaves a remark in the trace of this node, e.g. that a model without tool support answered without tools. */
  note?(remark: string): void;
}

export interface Port { name: string; required?: boolean; /** Collects every edge into a list instead of the last one. */ many?: boolean }

/** One kind of node: a value, one file each under `nodes/`, collected in `nodes/registry.ts`. */
export interface NodeType<Config extends z.ZodType = z.ZodType> {
  /** `family.name`, e.g. `model.chat`. Stable: stored in flows. */
  type: string;
  title: string;
  /** One or two sentences for the palette and the report. */
  description: string;
  family: 'input' | 'output' | 'prompt' | 'model' | 'agent' | 'knowledge' | 'memory' | 'logic' | 'transform' | 'http' | 'language' | 'other';
  config: Config;
  inputs: readonly Port[];
  /** Further input ports that depend on the configuration, e.g. one for each variable of a prompt. */
  dynamicInputs?(config: z.output<Config>): readonly Port[];
  outputs: readonly Port[];
  /** The node passes streams on as they are; every other node gets them collected into text. */
  acceptsStream?: true;
  /** Values by input port (a list for `many` ports) in; values by output port out. Throws NodeError for what a person can understand. */
  run(context: NodeContext, config: z.output<Config>, inputs: Readonly<Record<string, Value | readonly Value[]>>): Promise<Record<string, Value>>;
}
