import type { FlowVariable } from '../../contract.ts';
import { read, readText } from '../plain.ts';
import { StepDraft } from '../steps/step-draft.ts';
import type { RawEdge, RawFlow, RawNode } from './read-flowise.ts';
import { instancesIn } from './read-flowise.ts';

const LOOPS_MAX = 20;
/** How many steps before another are looked at: enough for any flow that somebody made by hand. */
const BEFORE_MAX = 200;

/** The node that gives the conversation so far, where any text asks for it. */
export const HISTORY_ID = 'flowise:history';

/** A Flowise file as its mappers see it. */
export class FlowiseContext {
  readonly flow: RawFlow;
  readonly steps: ReadonlyMap<string, StepDraft>;
  readonly state = new Map<string, FlowVariable>();
  /** Set when a text asks for the conversation. */
  asksHistory = false;
  /** Set when a text asks how many messages there were in this run. */
  asksCount = false;
  /** Field of the form that a message stands for. */
  firstField = '';
  /** What steps elsewhere read of steps inside loops: by variable, the step and the expression it is kept with. */
  readonly captures = new Map<string, { node: string; expression: string }>();
  #loops: readonly ReadonlySet<string>[] = [];
  #seen: { reader: string; before: ReadonlySet<string> } = { reader: '', before: new Set() };
  readonly #byId: ReadonlyMap<string, RawNode>;
  readonly #into: ReadonlyMap<string, readonly RawEdge[]>;
  readonly #outOf: ReadonlyMap<string, readonly RawEdge[]>;

  constructor(flow: RawFlow) {
    this.flow = flow;
    this.#byId = new Map(flow.nodes.map((node) => [node.id, node]));
    this.steps = new Map(flow.nodes.map((node) => [node.id, new StepDraft({ id: node.id, type: node.kind, name: node.label, position: node.position })]));
    this.#into = Map.groupBy(flow.edges, (edge) => edge.target);
    this.#outOf = Map.groupBy(flow.edges, (edge) => edge.source);
  }

  node(id: string): RawNode | undefined { return this.#byId.get(id); }
  step(id: string): StepDraft {
    const step = this.steps.get(id);
    if (!step) throw new Error(`there is no step “${id}”`);
    return step;
  }
  incoming(id: string): readonly RawEdge[] { return this.#into.get(id) ?? []; }
  outgoing(id: string): readonly RawEdge[] { return this.#outOf.get(id) ?? []; }

  /** Nodes that lend themselves to an input, by the setting that names them and by connections, each once. */
  attached(node: RawNode, input: string): RawNode[] {
    const ids = new Set([...instancesIn(read(node.inputs, input)), ...this.incoming(node.id).filter((edge) => edge.input === input).map((edge) => edge.source)]);
    return [...ids].flatMap((id) => this.#byId.get(id) ?? []).filter((one) => one.id !== node.id);
  }

  /** Nodes the run passes through before this one, nearest first. `next` leaves out connections that are no way of the run. */
  before(id: string, isWay: (edge: RawEdge) => boolean = () => true, max: number = BEFORE_MAX): RawNode[] {
    const seen = new Set([id]);
    const found: RawNode[] = [];
    let open = [id];
    while (open.length > 0 && found.length < max) {
      const sources = open.flatMap((one) => this.incoming(one).filter(isWay).map((edge) => edge.source)).filter((one) => !seen.has(one));
      open = [...new Set(sources)];
      for (const one of open) {
        seen.add(one);
        const node = this.#byId.get(one);
        if (node) found.push(node);
      }
    }
    return found;
  }

  /** Tells which steps are done again and again, by the step each goes back to. */
  setLoops(ways: readonly { back: string; to: string }[], isWay: (edge: RawEdge) => boolean = () => true): void {
    this.#loops = ways.slice(0, LOOPS_MAX).map(({ back, to }) => {
      const after = new Set([to]);
      const open = [to];
      for (let id = open.pop(); id !== undefined; id = open.pop()) for (const edge of this.outgoing(id).filter(isWay)) if (!after.has(edge.target)) { after.add(edge.target); open.push(edge.target); }
      const body = new Set(this.before(back, isWay, Number.POSITIVE_INFINITY).map((node) => node.id).filter((id) => after.has(id)));
      return body.add(to);
    });
  }

  /** Other steps of the loops around a step. */
  around(id: string): RawNode[] {
    const found = new Set(this.#loops.filter((body) => body.has(id)).flatMap((body) => [...body]));
    return this.flow.nodes.filter((node) => node.id !== id && found.has(node.id));
  }

  /** Whether a step cannot see what another made in its own pass: it stands outside of its loop, or comes before it there. */
  isHidden(node: RawNode, reader: RawNode): boolean {
    if (node.id === reader.id) return false;
    if (!this.#loops.some((body) => body.has(node.id))) return false;
    // One reader asks about many steps in a row.
    if (this.#seen.reader !== reader.id) this.#seen = { reader: reader.id, before: new Set(this.before(reader.id).map((one) => one.id)) };
    return this.#loops.some((body) => body.has(node.id) && (!body.has(reader.id) || !this.#seen.before.has(node.id)));
  }

  /** Keeps a value of a step in a variable; gives the variable's name. */
  capture(node: RawNode, field: string, expression: string): string {
    const name = `${node.id} ${field}`.trim().slice(0, 100);
    this.captures.set(name, { node: node.id, expression });
    this.variable(name, null);
    return name;
  }

  /** Declares a variable; one that is set without being declared begins empty. */
  variable(name: string, initial: unknown = '', scope: FlowVariable['scope'] = 'run'): void {
    const known = name.slice(0, 100);
    if (known !== '' && !this.state.has(known)) this.state.set(known, { name: known, initial, scope });
  }
}

export const textOf = (node: RawNode, ...names: readonly string[]): string => names.map((name) => settingText(read(node.inputs, name))).find((one) => one !== '') ?? '';

const settingText = (value: unknown): string => (typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '');

export function numberOf(node: RawNode, ...names: readonly string[]): number | null {
  const text = textOf(node, ...names).trim();
  const number = text === '' ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : null;
}

export const flagOf = (node: RawNode, name: string): boolean => read(node.inputs, name) === true || read(node.inputs, name) === 'true';

/** A list of rows that Flowise keeps as data or as JSON text. */
export function rowsOf(node: RawNode, name: string): readonly unknown[] {
  const value = parsed(read(node.inputs, name));
  return Array.isArray(value) ? value.slice(0, 500) : [];
}

export function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    const data: unknown = JSON.parse(value);
    return data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The model that settings name, in any vendor's way; null when they name none. */
export function modelNamed(inputs: unknown): string | null {
  const name = ['customModelName', 'customModel', 'modelName', 'model', 'azureOpenAIApiDeploymentName', 'deploymentName', 'endpoint'].map((key) => readText(inputs, key)).find((one) => one !== null && one.trim() !== '' && !one.includes('{{'));
  return name == null ? null : name.trim().slice(0, 200);
}

export function temperatureOf(inputs: unknown): number | null {
  const value = read(inputs, 'temperature');
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}
