import type { z } from 'zod';
import type { ChatModel, ChatMessage, Passage } from '#modules/models/ports.ts';
import type { Flow } from './contract.ts';

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

/** A file that came with a message, already read. */
export interface InputFile {
  name: string;
  mediaType: string;
  /** Its text; empty for pictures, sound and what could not be read. */
  text: string;
}

/** An operation of another system that a flow may ask for; the runtime adds the credentials, which nodes never see. */
export interface OutsideCall {
  /** A connector, e.g. `slack`. */
  connector: string;
  /** One of its actions, e.g. `post-message`. */
  action: string;
  input: Readonly<Record<string, unknown>>;
  /** Which of the flow's required connections pays for the call; the connector's own id unless the flow needs several. */
  connection?: string;
  /** Stable over repetitions of the same step; the run adds it. */
  idempotencyKey?: string;
}

/** What the catalogue of connectors says about an action. */
export interface OutsideAction {
  title: string;
  description: string;
  effect: 'read' | 'write';
  /** JSON Schema of its input, an object. */
  input: Record<string, unknown>;
}

/** JavaScript or Python of a seller, run in a child process without network, files or environment. */
export interface CodeCall {
  language: 'javascript' | 'python';
  /** The body of a function: `return` gives the result. Lines in errors count from its first line. */
  code: string;
  /**
   * Ours, before the code: defines what the code sees beyond its globals and says how it is called. JavaScript: an expression
   * for a function that takes the code as an async function. Python: a module that defines `drive(code)`, see `sandbox.py`.
   */
  prelude?: string;
  /** Plain JSON that the code sees as global variables. */
  globals: Readonly<Record<string, unknown>>;
  /** Wall clock in ms, 10,000 at most; what the runner gives unless told. */
  timeoutMs?: number;
}

export interface CodeOutcome {
  /** Plain JSON. */
  value: unknown;
  /** What the code wrote to its console, cut to a bound. */
  printed: readonly string[];
}

/** Where the credential of a bound connection goes in a request. The flow says where, the connection says what and to which host. */
export interface CredentialUse {
  /** One of the flow's required connections. */
  connection: string;
  place: 'bearer' | 'basic' | 'header' | 'query';
  /** Name of the header or of the query parameter; empty for `bearer` and `basic`. */
  name: string;
  /** What stands before the credential in a header, e.g. `Token `. */
  prefix: string;
}

export interface FlowRequest {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  /** Added by the run, which never sends them to another host than their connection's; nodes never see them. */
  credentials?: readonly CredentialUse[];
  /** Called with each piece of the answer as it comes; true ends the reading there, for answers that stay open. */
  enough?(piece: string): boolean;
  /** The request changes nothing although its method could: it may be made in a try-out. */
  readsOnly?: true;
  /** Ends the request before the run ends. */
  signal?: AbortSignal;
}

/** Everything a node may reach. There is nothing else: no environment, no database, no bare network. */
export interface NodeContext {
  /** What the person wrote, and the turns before it (oldest first). */
  input: {
    text: string;
    images: readonly string[];
    history: readonly ChatMessage[];
    files?: readonly InputFile[];
    /** The flow reads the files itself, so that models do not get them with the message. */
    filesApart?: boolean;
    /** What a program sent along: the body of a webhook, the fields of a form. */
    data?: unknown;
    /** The node whose trigger started the run; the flow's own choice unless told. */
    trigger?: string;
  };
  /** System text the platform adds to every model call of the run: persona, brand, language, guardrails. */
  instructions: string;
  /** What the person writes, or what the product was set to answer in: tag and English name. Absent or null when it does not show. */
  language?: { tag: string; name: string } | null;
  parameters: Readonly<Record<string, unknown>>;
  model(id: string | null): ChatModel;
  /**
   * Searches the knowledge bound to the run; remembers what it returned for citations and for {@link grounding}. `step` is told
   * what understanding the query cost; the run adds it.
   */
  searchKnowledge(query: string, options?: { topK?: number; step?: Pick<NodeContext, 'countTokens' | 'note'> }): Promise<readonly Passage[]>;
  /** Every passage retrieved so far in this run, best first, without repetition. */
  grounding(): readonly Passage[];
  /** Generation settings of the subscription; a node's own config wins where the seller fixed it. */
  generation: { modelId: string | null; temperature: number | null; outputTokensMax: number | null };
  /** Calls another system with the credentials bound to the run. Throws NodeError `node-connection-missing` when there are none. */
  callOutside?(call: OutsideCall): Promise<unknown>;
  /** What an action of a connector is; undefined where there is none. */
  outsideAction?(connector: string, action: string): Promise<OutsideAction | undefined>;
  /** Runs code in a child process. Throws NodeError for its errors and limits. */
  runCode?(call: CodeCall): Promise<CodeOutcome>;
  /**
   * Runs a flow inside this run: its trigger gets the data, its steps and tokens count here, and it ends with the run.
   * Throws NodeError with what the inner flow failed of.
   */
  runFlow?(flow: Flow, input: { text: string; data: unknown }): Promise<{ text: string; data: unknown }>;
  /** What another step of this run produced, by its id; inside a loop, what it produced in this pass. */
  step?(id: string): Readonly<Record<string, Value>> | undefined;
  /** Names the run to receivers of its calls; makes {@link idempotencyKey} stable. */
  runId?: string;
  /** Variables of the run, shared by its steps; those of a conversation live as long as it does. */
  state?: Map<string, unknown>;
  /** Identifies the work of this step: the same after a crash, another for every step and pass. For receivers that drop repetitions. */
  readonly idempotencyKey?: string;
  /** HTTP through the egress guard. Throws NodeError `node-connection-missing` when a credential it should carry is not bound. */
  fetch(url: string, init?: FlowRequest): Promise<{ status: number; headers: Record<string, string>; body: string }>;
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

export interface Port {
  name: string;
  required?: boolean;
  /** May be left unconnected; but where it is connected and nothing came, the step is skipped, whatever its other ports have: tools and instructions are there in every branch. */
  leads?: boolean;
  /** Collects every edge into a list instead of the last one. */
  many?: boolean;
}

/** What a loop does next; made for each arrival at the loop. */
export interface LoopPlan {
  /** Passes at a time; 1 for one after the other. */
  concurrency: number;
  /** Values at the loop's ports inside this pass (counted from 0); null when there is no further one. `last` is what came back from the pass before. */
  next(pass: number, last: Value | undefined): Readonly<Record<string, Value>> | null;
  /** Values at the loop's other ports after its end; one result for each pass, undefined where nothing came back. */
  end(results: readonly (Value | undefined)[]): Record<string, Value>;
}

export type NodeInputs = Readonly<Record<string, Value | readonly Value[]>>;

/** How the palette groups node types. */
export const NODE_FAMILIES = [
  'input', 'output', 'prompt', 'model', 'agent', 'knowledge', 'memory', 'logic', 'transform', 'http', 'database', 'messaging', 'storage', 'code',
  'connector', 'mcp', 'openapi', 'human', 'language', 'vision', 'speech', 'tool', 'other',
] as const;
export type NodeFamily = (typeof NODE_FAMILIES)[number];

/** One kind of node: a value, one file each under `nodes/`, collected in `nodes/registry.ts`. */
export interface NodeType<Config extends z.ZodType = z.ZodType> {
  /** `family.name`, e.g. `model.chat`. Stable: stored in flows. */
  type: string;
  title: string;
  /** One or two sentences for the palette and the report. */
  description: string;
  family: NodeFamily;
  /** The step changes something outside, so it runs although no output depends on it, and is never repeated after a crash without its key. */
  effect?: true;
  /** The step asks a model or a server although its family usually only computes; a durable run keeps its result before going on. */
  calls?: true;
  /** Texts of its configuration may hold `{{ }}` expressions; the steps they name are waited for. */
  expressions?: true;
  /**
   * The step is a loop: everything between its port `item` and its port `feedback` is done once for each pass.
   * `each`: whatever hangs on `item` belongs to a pass. `while`: only what leads back; the rest follows the last pass.
   */
  loop?: { item: string; feedback: string; kind: 'each' | 'while'; plan(context: NodeContext, config: z.output<Config>, inputs: NodeInputs): Promise<LoopPlan> };
  config: Config;
  inputs: readonly Port[];
  /** Further input ports that depend on the configuration, e.g. one for each variable of a prompt. */
  dynamicInputs?(config: z.output<Config>): readonly Port[];
  outputs: readonly Port[];
  /** Further output ports that depend on the configuration, e.g. one for each case of a switch. */
  dynamicOutputs?(config: z.output<Config>): readonly Port[];
  /** The node passes streams on as they are; every other node gets them collected into text. */
  acceptsStream?: true;
  /** Values by input port (a list for `many` ports) in; values by output port out. Throws NodeError for what a person can understand. */
  run(context: NodeContext, config: z.output<Config>, inputs: NodeInputs): Promise<Record<string, Value>>;
}
