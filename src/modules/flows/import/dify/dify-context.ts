import type { FlowVariable } from '../../contract.ts';
import { scalarText } from '../../nodes/values.ts';
import { read, readList, readRecord, readText } from '../plain.ts';
import { fieldAccess, quoted, soleExpression, stateValue, stepValue } from '../steps/expression-text.ts';
import type { TextPart } from '../steps/expression-text.ts';
import { StepDraft } from '../steps/step-draft.ts';
import type { RawApp, RawEdge, RawNode } from './read-dify.ts';

const TEXT_CHARS_MAX = 200_000;
const PARTS_MAX = 1_000;
const NESTING_MAX = 20;

/** Variable that counts the messages of a conversation. */
export const COUNT = 'sys.dialogue_count';

/** A Dify app as its mappers see it, and what its selectors stand for. */
export class DifyContext {
  readonly app: RawApp;
  readonly steps: ReadonlyMap<string, StepDraft>;
  readonly state = new Map<string, FlowVariable>();
  /** Set when a text asks for the number of messages. */
  asksCount = false;
  readonly isChat: boolean;
  /** Variable of the start that a message stands for, in workflows. */
  readonly firstVariable: string | null;
  readonly start: RawNode | undefined;
  readonly #byId: ReadonlyMap<string, RawNode>;
  readonly #into: ReadonlyMap<string, readonly RawEdge[]>;
  readonly #outOf: ReadonlyMap<string, readonly RawEdge[]>;

  constructor(app: RawApp) {
    this.app = app;
    this.isChat = app.mode !== 'workflow';
    this.#byId = new Map(app.nodes.map((node) => [node.id, node]));
    this.steps = new Map(app.nodes.map((node) => [node.id, new StepDraft({ id: node.id, type: node.type, name: node.title, position: node.position })]));
    this.#into = Map.groupBy(app.edges, (edge) => edge.target);
    this.#outOf = Map.groupBy(app.edges, (edge) => edge.source);
    this.start = app.nodes.find((node) => node.type === 'start');
    const of = (type: string): unknown[] => readList(this.start?.data, 'variables').filter((one) => readText(one, 'type') === type).toSorted((a, b) => Number(read(b, 'required') === true) - Number(read(a, 'required') === true));
    // A long text is what the others are about.
    const first = [...of('paragraph'), ...of('text-input')][0];
    this.firstVariable = this.isChat ? null : readText(first, 'variable');
    for (const { name, value } of app.conversation) this.state.set(name, { name, initial: value, scope: 'conversation' });
  }

  node(id: string): RawNode | undefined { return this.#byId.get(id); }
  step(node: RawNode): StepDraft {
    const step = this.steps.get(node.id);
    if (!step) throw new Error(`there is no step “${node.id}”`);
    return step;
  }
  incoming(id: string): readonly RawEdge[] { return this.#into.get(id) ?? []; }
  outgoing(id: string): readonly RawEdge[] { return this.#outOf.get(id) ?? []; }

  /** Text with `{{#node.field#}}` in it. `context` is what `{{#context#}}` stands for. */
  parts(text: string, step: StepDraft, context: string | null = null): TextPart[] {
    const source = text.slice(0, TEXT_CHARS_MAX);
    const parts: TextPart[] = [];
    let at = 0;
    for (const match of source.matchAll(/\{\{#([^#{}]{1,300})#\}\}/g)) {
      if (parts.length > PARTS_MAX) break;
      if (match.index > at) parts.push({ text: source.slice(at, match.index) });
      const name = (match[1] ?? '').trim();
      parts.push({ expression: name === 'context' ? context ?? '""' : this.value(name.split('.'), step) });
      at = match.index + match[0].length;
    }
    if (at < source.length) parts.push({ text: source.slice(at) });
    return parts;
  }

  /** What a selector such as `["node", "field"]` stands for, as an expression. */
  value(selector: unknown, step: StepDraft): string {
    const [first = '', ...path] = Array.isArray(selector) ? selector.filter((one) => typeof one === 'string').slice(0, 12) : [];
    switch (first) {
      case 'sys': return this.#system(path[0] ?? '', step);
      case 'conversation': return `${stateValue((path[0] ?? '').slice(0, 100))}${path.slice(1).map(fieldAccess).join('')}`;
      case 'env': return this.#environment(path[0] ?? '', step);
      case '': return '""';
    }
    const node = this.node(first);
    if (node === undefined) {
      step.approximate(`It names a step that the file does not have (${first.slice(0, 60)}); nothing stands in its place.`);
      return '""';
    }
    const found = valueOf(node, path, this);
    const standard = readText(node.data, 'error_strategy') === 'default-value' ? readList(node.data, 'default_value').find((one) => readText(one, 'key') === path[0]) : undefined;
    return standard === undefined ? found : `(${found} ?? ${quoted(scalarText(read(standard, 'value')))})`;
  }

  #system(name: string, step: StepDraft): string {
    switch (name) {
      case 'query': return 'input.text';
      case 'files': return 'input.files';
      case 'timestamp': return 'now';
      case 'dialogue_count': this.asksCount = true; return stateValue(COUNT);
      default: step.approximate(`“sys.${name.slice(0, 60)}” is a number of Dify’s own; it is empty here.`); return '""';
    }
  }

  #environment(name: string, step: StepDraft): string {
    const variable = this.app.environment.find((one) => one.name === name);
    if (variable === undefined || !variable.isSecret) return quotedValue(variable?.value ?? '');
    step.secrets.push({ name, field: 'environment' });
    step.approximate(`The secret “${name}” is not in the flow; put an account in its place.`);
    return '""';
  }

  /** Whether a node stands inside a container, at any depth. */
  isInside(node: RawNode, container: string): boolean {
    let parent = node.parent;
    for (let depth = 0; parent !== null && depth < NESTING_MAX; depth++) {
      if (parent === container) return true;
      parent = this.node(parent)?.parent ?? null;
    }
    return false;
  }

  /** Whether the words of a step go straight to the answer. */
  isAnswer(node: RawNode): boolean {
    const ways = this.outgoing(node.id);
    return ways.length > 0 && ways.every((way) => { const target = this.node(way.target); return target !== undefined && this.sayer(target) === node.id; });
  }

  /** The step whose words an answer or an end only hands on; null where it says more. */
  sayer(node: RawNode): string | null {
    const [way, ...more] = this.incoming(node.id);
    if (way === undefined || more.length > 0) return null;
    const source = this.node(way.source);
    if (source === undefined || (source.type !== 'llm' && source.type !== 'agent') || source.parent !== node.parent) return null;
    const outputs = readList(node.data, 'outputs');
    const selector = node.type === 'answer' ? /^\s*\{\{#([^#{}]{1,300})#\}\}\s*$/.exec(readText(node.data, 'answer') ?? '')?.[1]?.split('.') : node.type === 'end' && outputs.length === 1 ? read(outputs[0], 'value_selector') : undefined;
    return Array.isArray(selector) && selector.length === 2 && selector[0] === source.id && selector[1] === 'text' ? source.id : null;
  }
}

const quotedValue = (value: unknown): string => JSON.stringify(value ?? '') ?? '""';

/** Whether a model step gives data in a form. */
export const isStructured = (node: RawNode): boolean => read(node.data, 'structured_output_enabled') === true && readRecord(readRecord(node.data, 'structured_output'), 'schema') !== null;

function valueOf(node: RawNode, path: readonly string[], context: DifyContext): string {
  const { id } = node;
  const [field = '', ...rest] = path;
  switch (node.type) {
    case 'start': return startValue(field, rest, context);
    case 'llm': return field === 'structured_output' ? stepValue(id, 'item', rest) : field === 'text' ? stepValue(id, 'outputs', ['text']) : field === 'reasoning_content' ? '""' : '{}';
    case 'agent': return field === 'text' ? `(${stepValue(id, 'outputs', ['text'])} ?? ${stepValue(id, 'text')})` : '[]';
    case 'knowledge-retrieval': return `${stepValue(id, 'items')}.map(one => ({ content: one.text, title: one.title, url: one.url, metadata: { score: one.score, document_name: one.title } }))${rest.map(fieldAccess).join('')}`;
    case 'question-classifier': return stepValue(id, 'outputs', ['route']);
    case 'code': return stepValue(id, 'json', path);
    case 'http-request': return field === 'files' ? '[]' : stepValue(id, 'item', [field === 'status_code' ? 'statusCode' : field, ...rest]);
    case 'tool': return field === 'json' ? `${stepValue(id, 'items')}${rest.map(fieldAccess).join('')}` : field === 'files' ? '[]' : field === 'text' ? stepValue(id, 'outputs', ['text']) : stepValue(id, 'item', path);
    case 'template-transform': case 'document-extractor': return stepValue(id, 'text');
    case 'variable-aggregator': case 'variable-assigner': return stepValue(id, 'json', path.length > 1 ? [field, ...rest.slice(rest[0] === 'output' ? 1 : 0)] : path);
    case 'parameter-extractor': return field === '__is_success' ? '1' : field === '__reason' ? '""' : stepValue(id, 'item', path);
    case 'iteration': return field === 'item' || field === 'index' ? `${stepValue(id, 'outputs', [field])}${rest.map(fieldAccess).join('')}` : `${stepValue(`${id}:done`, 'items')}${rest.map(fieldAccess).join('')}`;
    case 'loop': return field === 'index' ? stepValue(id, 'outputs', ['index']) : `${stateValue(`${id}.${field}`.slice(0, 100))}${rest.map(fieldAccess).join('')}`;
    case 'list-operator': return field === 'first_record' ? `${stepValue(id, 'items')}[0]${rest.map(fieldAccess).join('')}` : field === 'last_record' ? `${stepValue(id, 'items')}.last()${rest.map(fieldAccess).join('')}` : `${stepValue(id, 'items')}${rest.map(fieldAccess).join('')}`;
    default: return node.type.startsWith('trigger-') ? `input.data${path.map(fieldAccess).join('')}` : stepValue(id, 'json', path);
  }
}

/** A field of the start: what was sent, what the person wrote where it is the first text, else what the seller set. */
function startValue(name: string, rest: readonly string[], context: DifyContext): string {
  const id = context.start?.id ?? '';
  const type = readText(readList(context.start?.data, 'variables').find((one) => readText(one, 'variable') === name), 'type');
  const more = rest.map(fieldAccess).join('');
  if (type === 'file') return `input.files[0]${more}`;
  if (type === 'file-list') return `input.files${more}`;
  const set = stepValue(`${id}:values`, 'item', [name]);
  return `(input.data${fieldAccess(name)} ?? ${name === context.firstVariable ? `(input.text != "" ? input.text : ${set})` : set})${more}`;
}

/** A selector or fixed value of a setting as an expression. */
export const wholeExpression = (parts: readonly TextPart[]): string => soleExpression(parts) ?? `(${parts.length === 0 ? '""' : parts.map((part) => ('text' in part ? quoted(part.text) : `\`\${${part.expression}}\``)).join(' + ')})`;
