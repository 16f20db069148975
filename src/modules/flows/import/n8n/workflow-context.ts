import type { Flow } from '../../contract.ts';
import { isRecord, read } from '../plain.ts';
import type { AgentArgument, ExpressionContext } from './expression/roots.ts';
import type { NeededConnection } from './fragment.ts';
import type { RawEdge, RawNode, RawWorkflow } from './raw-workflow.ts';

const PATH_STEPS_MAX = 10;
const PARSED_CHARS_MAX = 4_000_000;

/** A called workflow as a flow inside a step, or why it cannot be one. */
export type InlinedFlow = { flow: Flow; connections: readonly NeededConnection[]; remarks: readonly string[] } | { problem: string };

/** A workflow as its mappers see it: who is connected to whom, and what expressions may name. */
export class WorkflowContext {
  readonly workflow: RawWorkflow;
  /** Other workflows of the same file, by id and by name. */
  readonly siblings: readonly RawWorkflow[];
  /** Shared by all expressions of the workflow, so that a file of any size is read in bounded time. */
  readonly #budget = { chars: PARSED_CHARS_MAX };
  #named: ReadonlySet<string> | null = null;
  readonly #reached = new Map<string, ReadonlySet<string>>();
  readonly #byId: ReadonlyMap<string, RawNode>;
  readonly #byName: ReadonlyMap<string, RawNode>;
  readonly #into = new Map<string, RawEdge[]>();
  readonly #outOf = new Map<string, RawEdge[]>();

  /** Turns a workflow that a step runs into a flow inside that step. */
  readonly inline: (called: RawWorkflow) => InlinedFlow;

  constructor(workflow: RawWorkflow, siblings: readonly RawWorkflow[] = [], inline: (called: RawWorkflow) => InlinedFlow = () => ({ problem: 'it runs another one.' })) {
    this.workflow = workflow;
    this.siblings = siblings;
    this.inline = inline;
    this.#byId = new Map(workflow.nodes.map((node) => [node.id, node]));
    this.#byName = new Map(workflow.nodes.toReversed().map((node) => [node.name, node]));
    for (const edge of workflow.edges) {
      push(this.#into, edge.target, edge);
      push(this.#outOf, edge.source, edge);
    }
  }

  node(id: string): RawNode | undefined { return this.#byId.get(id); }
  named(name: string): RawNode | undefined { return this.#byName.get(name); }
  incoming(id: string, channel = 'main'): readonly RawEdge[] { return (this.#into.get(id) ?? []).filter((edge) => edge.channel === channel); }
  outgoing(id: string, channel = 'main'): readonly RawEdge[] { return (this.#outOf.get(id) ?? []).filter((edge) => edge.channel === channel); }
  /** Connections by which the step lends itself to others. */
  lending(id: string): readonly RawEdge[] { return (this.#outOf.get(id) ?? []).filter((edge) => edge.channel !== 'main'); }

  /** Steps that lend themselves to this one by a channel, in the order of the file. Disabled ones lend nothing. */
  attached(id: string, channel: string): readonly RawNode[] {
    return this.incoming(id, channel).flatMap((edge) => this.#byId.get(edge.source) ?? []).filter((node) => !node.disabled);
  }

  /** Steps of any kind that lend themselves to this one. */
  lendersOf(id: string): readonly string[] { return (this.#into.get(id) ?? []).flatMap((edge) => (edge.channel === 'main' ? [] : [edge.source])); }

  /** Whether an expression or code anywhere in the workflow names the step. Found once for all steps. */
  isNamed(name: string): boolean {
    if (this.#named === null) {
      const text = JSON.stringify(this.workflow.nodes.map((node) => node.parameters));
      this.#named = new Set([...text.matchAll(/\$(?:items|node)?\s{0,5}[([]\s{0,5}\\?["'`]([^"'`\\]{1,200})/g)].map((match) => match[1] ?? ''));
    }
    return this.#named.has(name);
  }

  /** Steps that items reach from any trigger of a kind. Found once for each kind. */
  reachedFrom(kind: string): ReadonlySet<string> {
    let known = this.#reached.get(kind);
    if (known === undefined) this.#reached.set(kind, known = this.afterAll(this.workflow.nodes.filter((node) => node.kind === kind).map((node) => node.id)));
    return known;
  }

  /** Steps that items can reach from here, this one left out unless it is in a circle. */
  after(id: string): ReadonlySet<string> { return this.afterAll([id]); }

  afterAll(ids: readonly string[]): ReadonlySet<string> {
    const seen = new Set<string>();
    const open = ids.flatMap((id) => this.outgoing(id).map((edge) => edge.target));
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      for (const edge of this.outgoing(next)) open.push(edge.target);
    }
    return seen;
  }

  expressions(node: RawNode, fromAi?: (argument: AgentArgument) => string, extra?: ReadonlyMap<string, string>): ExpressionContext {
    const { id, name, active } = this.workflow;
    const before = new Set(this.incoming(node.id).map((edge) => edge.source));
    const [only] = before;
    return {
      step: (called) => this.#byName.get(called)?.id,
      setting: (step, path) => settingAt(step === null ? node : this.#byName.get(step), path),
      previous: before.size === 1 && only !== undefined ? this.#byId.get(only)?.name ?? null : null,
      workflow: { id, name, active },
      budget: this.#budget,
      ...(fromAi ? { fromAi } : {}),
      ...(extra ? { extra } : {}),
    };
  }
}

function settingAt(node: RawNode | undefined, path: readonly string[]): unknown {
  let found: unknown = node?.parameters;
  for (const key of path.slice(0, PATH_STEPS_MAX)) found = read(found, key);
  const plain = isRecord(found) && found['__rl'] === true ? found['value'] : found;
  return typeof plain === 'string' && plain.startsWith('=') ? (plain.includes('{{') ? undefined : plain.slice(1)) : plain;
}

function push(map: Map<string, RawEdge[]>, id: string, edge: RawEdge): void {
  const known = map.get(id);
  if (known) known.push(edge);
  else map.set(id, [edge]);
}
