import type { FlowEdge, FlowNode, FlowParameter } from '../../contract.ts';
import { isRecord, oneLine, read } from '../plain.ts';
import { translateExpression } from './expression/translate-expression.ts';
import { isExpression, isSingle, literal, translateJson, translateTemplate } from './expression/template.ts';
import type { TranslatedTemplate } from './expression/template.ts';
import type { AgentArgument, ExpressionContext } from './expression/roots.ts';
import type { NeededConnection, ParameterSeed, Place, StepFragment } from './fragment.ts';
import type { RawNode } from './raw-workflow.ts';
import type { WorkflowContext } from './workflow-context.ts';

const DEPTH_MAX = 12;
const ENTRIES_MAX = 1_000;

/** Reads a step's settings as templates of ours, and collects the nodes that it becomes. */
export class StepBuilder {
  readonly node: RawNode;
  readonly context: WorkflowContext;
  readonly #expressions: ExpressionContext;
  readonly #nodes: FlowNode[] = [];
  readonly #edges: FlowEdge[] = [];
  readonly #approximations: string[] = [];
  readonly #parameters: ParameterSeed[] = [];
  readonly #connections: NeededConnection[] = [];
  /** Arguments that the model of an agent fills in, by name. */
  readonly arguments = new Map<string, AgentArgument>();

  constructor(node: RawNode, context: WorkflowContext, options: { fromAi?: (argument: AgentArgument) => string; extra?: ReadonlyMap<string, string> } = {}) {
    this.node = node;
    this.context = context;
    const { fromAi } = options;
    const take = fromAi && ((argument: AgentArgument) => {
      this.arguments.set(argument.name, argument);
      return fromAi(argument);
    });
    this.#expressions = context.expressions(node, take, options.extra);
  }

  /** A setting by dot path, as the file has it; resource locators give what they point at. */
  raw(path: string): unknown {
    let found: unknown = this.node.parameters;
    for (const key of path.split('.')) found = located(read(found, key));
    return found;
  }

  /** Fixed text of a setting; expressions read as absent. */
  fixed(path: string): string {
    const found = this.raw(path);
    return typeof found === 'string' ? (isExpression(found) ? (found.includes('{{') ? '' : found.slice(1)) : found) : typeof found === 'number' || typeof found === 'boolean' ? String(found) : '';
  }

  number(path: string): number | null {
    const found = this.raw(path);
    const number = typeof found === 'string' && found.trim() !== '' ? Number(found.replace(/^=/, '')) : found;
    return typeof number === 'number' && Number.isFinite(number) ? number : null;
  }

  flag(path: string): boolean { return this.raw(path) === true || this.raw(path) === 'true'; }

  /** A setting as a text template; the fallback where it is absent or empty. */
  text(path: string, fallback = ''): string {
    const text = this.template(this.raw(path));
    return text === '' ? fallback : text;
  }

  /** Any value as a text template. */
  template(value: unknown): string {
    const found = located(value);
    if (typeof found === 'string') return this.#taken(translateTemplate(found, this.#expressions));
    if (typeof found === 'number' || typeof found === 'boolean') return String(found);
    return isRecord(found) || Array.isArray(found) ? literal(JSON.stringify(found)) : '';
  }

  /** Any value with templates for the texts in it; one expression alone keeps the kind of its value. */
  value(value: unknown, depth = 0): unknown {
    const found = located(value);
    if (typeof found === 'string') return this.template(found);
    if (depth > DEPTH_MAX) return null;
    if (Array.isArray(found)) return found.slice(0, ENTRIES_MAX).map((one) => this.value(one, depth + 1));
    if (isRecord(found)) return Object.fromEntries(Object.entries(found).slice(0, ENTRIES_MAX).map(([key, one]) => [key, this.value(one, depth + 1)]));
    return found ?? null;
  }

  /** A setting that is JSON as text, or data already: a template that gives the data, or the data itself with templates in it. */
  json(value: unknown): unknown {
    const found = located(value);
    if (typeof found !== 'string') return this.value(found);
    if (found.trim() === '') return undefined;
    if (isSingle(found, this.#expressions)) {
      // The expression may give the data, or JSON as text.
      const inner = this.template(found);
      return inner === '' ? undefined : inner;
    }
    const text = isExpression(found) ? found.slice(1) : found;
    const parsed = text.includes('{{') ? undefined : parseJson(text);
    if (parsed !== undefined) return this.value(withoutMarks(parsed));
    return this.#taken(translateJson(isExpression(found) ? found : `=${found}`, this.#expressions));
  }

  /** One expression of ours for a value: what stands between the braces, or a literal. */
  expression(value: unknown): string {
    const found = located(value);
    if (typeof found !== 'string') return JSON.stringify(found ?? null);
    if (!isExpression(found)) return JSON.stringify(found);
    const template = this.template(found);
    const single = /^\s*\{\{ ([^]*) \}\}\s*$/.exec(template);
    if (single?.[1] !== undefined && isSingle(found, this.#expressions)) return `(${single[1]})`;
    return `\`${template.replaceAll('\\', '\\\\').replaceAll('`', '\\`').replaceAll('{{ ', '${').replaceAll(' }}', '}')}\``;
  }

  /** JavaScript of n8n as an expression of ours; a problem where it cannot be said. */
  javascript(source: string): string | null {
    const translated = translateExpression(source, this.#expressions);
    if ('text' in translated) return translated.text;
    this.approximate(`“${shortened(source)}” cannot be worked out here: ${translated.problem}.`);
    return null;
  }

  #taken({ template, problems }: TranslatedTemplate): string {
    for (const { source, problem } of problems) this.approximate(`The expression “${shortened(source)}” is left out: ${problem}.`);
    return template;
  }

  approximate(reason: string): void { if (!this.#approximations.includes(reason)) this.#approximations.push(reason); }
  get approximated(): boolean { return this.#approximations.length > 0; }

  /** Adds a node; without a suffix it is the one that holds the step's items. */
  add(type: string, config: Record<string, unknown>, suffix = '', name = ''): string {
    const id = suffix === '' ? this.node.id : `${this.node.id}:${suffix}`.slice(0, 200);
    const { position } = this.node;
    this.#nodes.push({ id, type, name: (name === '' ? this.node.name : `${this.node.name}: ${name}`).slice(0, 200), config, ...(position ? { position } : {}) });
    return id;
  }

  link(source: string, sourcePort: string, target: string, targetPort: string): void { this.#edges.push({ source, sourcePort, target, targetPort }); }

  /** Proposes a value for buyers; only where it is fixed text or a number. */
  parameter(path: string, title: string, kind: FlowParameter['kind'], more: { exposed?: boolean; choices?: readonly string[]; suffix?: string } = {}): void {
    this.#parameters.push({
      node: more.suffix ? `${this.node.id}:${more.suffix}` : this.node.id, path, title: oneLine(title, 100), kind,
      ...(more.exposed ? { exposed: true } : {}), ...(more.choices ? { choices: more.choices } : {}),
    });
  }

  /** An account that has to be bound before the step runs. */
  connection(key: string, title: string, connector = key): void {
    if (!this.#connections.some((one) => one.key === key)) this.#connections.push({ key, connector, title });
  }

  /** The fragment of a step with one input and one output at its own node, unless told otherwise. */
  fragment(parts: {
    mappedTo: string; input?: (index: number) => Place | null; output?: (index: number) => Place | null; inputPort?: string; outputPort?: string;
    attach?: ReadonlyMap<string, Place>; offers?: Place | readonly Place[]; collects?: boolean;
  }): StepFragment {
    const { id } = this.node;
    const { inputPort, outputPort } = parts;
    return {
      kind: 'steps',
      mappedTo: parts.mappedTo,
      nodes: this.#nodes,
      edges: this.#edges,
      input: parts.input ?? (() => (inputPort === undefined ? null : { node: id, port: inputPort })),
      output: parts.output ?? ((index) => (outputPort === undefined || index > 0 ? null : { node: id, port: outputPort })),
      attach: parts.attach ?? new Map(),
      offers: parts.offers === undefined ? [] : 'node' in parts.offers ? [parts.offers] : parts.offers,
      collects: parts.collects ?? false,
      approximations: this.#approximations,
      parameters: this.#parameters,
      connections: this.#connections,
    };
  }
}

/** `{__rl, mode, value}` is n8n's way to say where a value was picked. */
const located = (value: unknown): unknown => (isRecord(value) && (value['__rl'] === true || (Object.hasOwn(value, 'mode') && Object.hasOwn(value, 'value') && Object.keys(value).length <= 5 && typeof value['mode'] === 'string' && Object.keys(value).every((key) => ['__rl', 'mode', 'value', 'cachedResultName', 'cachedResultUrl'].includes(key)))) ? value['value'] : value);

/** Data of JSON has no expressions: a text that begins with `=` means itself there. */
const withoutMarks = (value: unknown): unknown => (typeof value === 'string' && value.startsWith('=') ? `=${value}` : Array.isArray(value) ? value.map(withoutMarks) : isRecord(value) ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withoutMarks(one)])) : value);

const shortened = (source: string): string => oneLine(source.length > 140 ? `${source.slice(0, 140)}…` : source, 160);

export function parseJson(text: string): unknown {
  try {
    const data: unknown = JSON.parse(text);
    return data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
