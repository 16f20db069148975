import { fieldAccess, quoted, stateValue, stepValue } from '../steps/expression-text.ts';
import type { StepPart, TextPart } from '../steps/expression-text.ts';
import { HISTORY_ID, parsed } from './flowise-context.ts';
import type { FlowiseContext } from './flowise-context.ts';
import { isRecord, read } from '../plain.ts';
import type { RawNode } from './read-flowise.ts';

const TEXT_CHARS_MAX = 200_000;
const PARTS_MAX = 1_000;

/** What names in a text stand for beside those every text knows. */
export interface TextScope {
  /** `{{ output }}` and `$flow.output` in updates of variables: the step itself. */
  own?: RawNode;
  /** Told what could not be said. */
  problem?(words: string): void;
}

/** The words of a rich text as Flowise's editor keeps it. */
function plainText(html: string): string {
  const text = html.slice(0, TEXT_CHARS_MAX);
  if (!/<(?:p|span|h\d|ul|ol|li|br|strong|em|pre|code|div|a)\b/i.test(text)) return text;
  return text
    .replace(/<br\s*\/?>/gi, '\n').replace(/<li\b[^>]{0,500}>(?:\s*<p\b[^>]{0,200}>)?/gi, '- ').replace(/<\/(?:p|li|h\d|ul|ol|pre|div)>/gi, '\n')
    .replace(/<\/?(?:p|span|h\d|ul|ol|li|strong|em|b|i|u|s|pre|code|div|a|blockquote|hr)\b[^>]{0,500}>/gi, '')
    .replace(/&(lt|gt|amp|quot|nbsp|#39|#x27);/g, (_whole, name: string) => ENTITIES[name] ?? '').replace(/\n{3,}/g, '\n\n').trim();
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', nbsp: ' ', '#39': "'", '#x27': "'" };

/** A text with `{{ name }}` in it. */
export function readMentions(text: string, context: FlowiseContext, scope: TextScope = {}): TextPart[] {
  return cut(plainText(text), /\{\{([^{}]{1,300})\}\}/g, (name) => expressionFor(name, context, scope));
}

/** A prompt with `{variable}` in it, filled from `promptValues` and otherwise with what the person asked. */
export function readPrompt(text: string, values: ReadonlyMap<string, string>, fallback: string | null): TextPart[] {
  return cut(text, /\{\{|\}\}|\{([^{}\n]{1,100})\}/g, (name, whole) => {
    if (whole === '{{' || whole === '}}') return { text: whole.slice(1) };
    const known = values.get(name.trim());
    if (known !== undefined) return known;
    return /^[\p{L}_][\p{L}\p{N}_ .-]*$/u.test(name.trim()) ? fallback : null;
  });
}

function cut(text: string, pattern: RegExp, expressionOf: (name: string, whole: string) => string | TextPart | null): TextPart[] {
  const source = text.slice(0, TEXT_CHARS_MAX);
  const parts: TextPart[] = [];
  let at = 0;
  for (const match of source.matchAll(pattern)) {
    if (parts.length > PARTS_MAX) break;
    const found = expressionOf(match[1] ?? '', match[0]);
    if (found === null) continue;
    if (match.index > at) parts.push({ text: source.slice(at, match.index) });
    parts.push(typeof found === 'string' ? { expression: found } : found);
    at = match.index + match[0].length;
  }
  if (at < source.length) parts.push({ text: source.slice(at) });
  return parts;
}

/** Values of a prompt's variables: templates in JSON. */
export function promptValues(node: RawNode, context: FlowiseContext, scope: TextScope = {}): Map<string, string> {
  const values = parsed(read(node.inputs, 'promptValues'));
  if (!isRecord(values)) return new Map();
  return new Map(Object.entries(values).slice(0, 200).map(([name, value]) => [name, typeof value === 'string' ? valueExpression(value, context, scope) : quoted(JSON.stringify(value ?? ''))]));
}

/** A setting that is a text with mentions, or a path such as `$flow.state.x`, as one expression. */
export function valueExpression(value: string, context: FlowiseContext, scope: TextScope = {}): string {
  const bare = /^\s*(\$(?:flow|vars|form)\.[\w.[\]-]{1,300})\s*$/.exec(value)?.[1];
  const parts: TextPart[] = bare === undefined ? readMentions(value, context, scope) : [{ expression: expressionFor(bare, context, scope) ?? quoted(bare) }];
  const filled = parts.filter((part) => 'expression' in part || part.text.trim() !== '');
  const [only] = filled;
  if (filled.length === 1 && only !== undefined && 'expression' in only) return `(${only.expression})`;
  return parts.length === 0 ? '""' : `(${parts.map((part) => ('text' in part ? quoted(part.text) : `\`\${${part.expression}}\``)).join(' + ')})`;
}

/** What a name stands for; null for what is no variable. */
function expressionFor(written: string, context: FlowiseContext, scope: TextScope = {}): string | null {
  const name = written.trim().replace(/\.data\.instance$/, '');
  const path = name.split(/[.[\]]+/).filter((one) => one !== '').slice(0, 12);
  const [first = '', second = '', ...rest] = path;
  switch (first) {
    case 'question': return 'input.text';
    case 'chat_history': context.asksHistory = true; return `(${[stepValue(HISTORY_ID, 'text'), ...saidBefore(context, scope.own)].join(' + ')})`;
    case 'file_attachment': return 'input.files.map(file => file.text).join("\\n\\n")';
    case 'current_date_time': return 'now';
    case 'runtime_messages_length': context.asksCount = true; return stateValue(COUNT);
    case 'loop_count': return 'loop.index';
    case 'output': case '$output': return scope.own === undefined ? null : outputOf(scope.own, path.slice(1), context);
    case '$form': return formValue(second, rest, context);
    case '$vars': scope.problem?.(`The variable “${path.slice(1).join('.')}” is kept on the seller’s Flowise server; it is empty here.`); return '""';
    case '$iteration': return scope.own?.parent == null ? 'item' : `${stepValue(scope.own.parent, 'outputs', ['item'])}${path.slice(1).map(fieldAccess).join('')}`;
    case '$flow': return flowValue(second, rest, context, scope);
  }
  const node = context.node(first);
  if (node === undefined) return null;
  return outputOf(node, second === 'output' ? rest : path.slice(1), context, scope.own);
}

export const COUNT = 'runtime messages';

const SPEAKERS_MAX = 30;

/** Steps whose words belong to the conversation of a run. */
const TALKS = /^(?:llm|agent)Agentflow$|^seq(?:Agent|LLMNode|CustomFunction)$/;

/** Steps that spoke in this run before a step, or in an earlier pass of a loop around it; those that spoke first come first. */
export function speakersBefore(reader: RawNode, context: FlowiseContext, isWay?: (edge: { input: string }) => boolean): RawNode[] {
  const before = context.before(reader.id, isWay).toReversed();
  return [...before, ...context.around(reader.id).filter((node) => !before.includes(node))].filter((node) => TALKS.test(node.kind)).slice(-SPEAKERS_MAX);
}

/** What was said in this run so far, each with who said it. */
function saidBefore(context: FlowiseContext, reader: RawNode | undefined): string[] {
  return reader === undefined ? [] : speakersBefore(reader, context).map((one) => said(one, one.label, context, reader));
}

/** What a step said, with its name before it; nothing where it did not speak. */
export function said(node: RawNode, name: string, context: FlowiseContext, reader: RawNode): string {
  const words = outputOf(node, [], context, reader);
  return `(${words} ? ${quoted(`\n\n${name}:\n`)} + ${words} : "")`;
}

function flowValue(name: string, rest: readonly string[], context: FlowiseContext, scope: TextScope): string {
  if (name === 'state') {
    context.variable(rest[0] ?? '');
    return `${stateValue((rest[0] ?? '').slice(0, 100))}${rest.slice(1).map(fieldAccess).join('')}`;
  }
  if (name === 'output') return scope.own === undefined ? '""' : outputOf(scope.own, rest, context);
  if (name === 'input') return 'input.text';
  scope.problem?.(`“$flow.${name}” is a number of Flowise’s own; it is empty here.`);
  return '""';
}

/** A field of the form; the first one is what the person wrote where nothing else was sent. */
function formValue(name: string, rest: readonly string[], context: FlowiseContext): string {
  const path = [name, ...rest].map(fieldAccess).join('');
  return `(input.data${path} ?? input.data["form"]${path} ?? ${context.firstField === name ? 'input.text' : '""'})`;
}

const STRUCTURED: Readonly<Record<string, string>> = { llmAgentflow: 'llmStructuredOutput', agentAgentflow: 'agentStructuredOutput', seqLLMNode: 'llmStructuredOutput', seqConditionAgent: 'conditionAgentStructuredOutput' };

/** Whether the model of a step answers in a form. */
export function isStructured(node: RawNode): boolean {
  const setting = STRUCTURED[node.kind];
  const rows = setting === undefined ? undefined : parsed(read(node.inputs, setting));
  return Array.isArray(rows) && rows.length > 0;
}

/** What a step made, or a field of it, as another step reads it. */
export function outputOf(node: RawNode, path: readonly string[], context: FlowiseContext, reader?: RawNode): string {
  const made = ownOutput(node, path, context);
  return reader !== undefined && context.isHidden(node, reader) ? stateValue(context.capture(node, path.join('.'), made)) : made;
}

function ownOutput(node: RawNode, path: readonly string[], context: FlowiseContext): string {
  const { id } = node;
  const field = (part: StepPart, base: readonly string[] = []) => stepValue(id, part, [...base, ...path]);
  const isText = path.length === 0 || path[0] === 'content' || path[0] === 'text';
  switch (node.kind) {
    case 'startAgentflow': case 'seqStart': return path.length === 0 || path[0] === 'question' ? 'input.text' : path[0] === 'form' ? formValue(path[1] ?? '', path.slice(2), context) : 'input.text';
    case 'llmAgentflow': case 'agentAgentflow': case 'seqLLMNode': case 'seqAgent': case 'seqConditionAgent':
      if (isStructured(node)) return isText ? textOfWhole(id) : field('item');
      return isText ? `(${stepValue(id, 'outputs', ['text'])} ?? ${stepValue(id, 'text')})` : stepValue(id, 'text');
    case 'seqToolNode': { const [model] = context.attached(node, 'llmNode'); return model === undefined ? '""' : outputOf(model, [], context); }
    case 'seqState': case 'seqEnd': return '""';
    case 'customFunctionAgentflow': case 'customFunction': return isText ? stepValue(id, 'json') : field('json');
    case 'httpAgentflow': return path[0] === 'http' ? httpField(id, path.slice(1)) : stepValue(id, 'item', ['body']);
    case 'iterationAgentflow': return `${stepValue(id, 'items')}`;
    case 'conditionAgentAgentflow': return stepValue(id, 'outputs', ['route']);
    default: return path.length === 0 ? `(${stepValue(id, 'outputs', ['text'])} ?? ${stepValue(id, 'text')})` : isText ? stepValue(id, 'outputs', ['text']) : field('item');
  }
}

const httpField = (id: string, [part = 'data', ...rest]: readonly string[]): string =>
  stepValue(id, 'item', [part === 'data' ? 'body' : part === 'status' ? 'statusCode' : part, ...rest]);

/** The words of a step that answers in a form. */
const textOfWhole = (id: string): string => stepValue(id, 'outputs', ['text']);
