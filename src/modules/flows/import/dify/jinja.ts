import { expressionOf } from '../steps/expression-text.ts';
import type { TextPart } from '../steps/expression-text.ts';
import { bounded, JinjaError, jinjaExpression } from './jinja-expression.ts';

const TEMPLATE_CHARS_MAX = 100_000;
const BLOCKS_MAX = 500;
const DEPTH_MAX = 12;

type Token = { kind: 'text' | 'value' | 'tag'; text: string };

/**
 * A template of Jinja as text with expressions of ours: values with filters, `if`, `for` and `set`. `values` are what its
 * variables stand for. A problem for anything else.
 */
export function readJinja(template: string, values: ReadonlyMap<string, string>): { parts: TextPart[] } | { problem: string } {
  try {
    const reader = new Reader(tokensOf(template));
    const parts = reader.parts(new Map(values), [], 0);
    return { parts };
  } catch (error) {
    if (error instanceof JinjaError) return { problem: error.message };
    throw error;
  }
}

const CLOSERS = { '{{': '}}', '{%': '%}', '{#': '#}' } as const;
const KINDS = { '{{': 'value', '{%': 'tag' } as const;

/** Cuts a template at its marks, each looked for once. */
function tokensOf(template: string): Token[] {
  if (template.length > TEMPLATE_CHARS_MAX) throw new JinjaError('the template is too long');
  const tokens: Token[] = [];
  let at = 0;
  let trim = false;
  const words = (text: string): void => {
    const kept = trim ? text.trimStart() : text;
    if (kept !== '') tokens.push({ kind: 'text', text: kept });
  };
  for (const match of template.matchAll(/\{[{%#]/g)) {
    if (match.index < at) continue;
    const open = match[0] === '{{' ? '{{' : match[0] === '{%' ? '{%' : '{#';
    const end = template.indexOf(CLOSERS[open], match.index + 2);
    if (end < 0) break;
    const inner = template.slice(match.index + 2, end);
    const before = template.slice(at, match.index);
    words(inner.startsWith('-') ? before.trimEnd() : before);
    trim = inner.endsWith('-');
    at = end + 2;
    if (open !== '{#') tokens.push({ kind: KINDS[open], text: inner.replace(/^[-+]/, '').replace(/-$/, '').trim() });
    if (tokens.length > BLOCKS_MAX * 2) throw new JinjaError('the template has too many blocks');
  }
  words(template.slice(at));
  return tokens;
}

class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;
  #locals = 0;

  constructor(tokens: readonly Token[]) { this.#tokens = tokens; }

  /** Everything up to one of these tags, which stays to be read. */
  parts(values: Map<string, string>, ends: readonly string[], depth: number): TextPart[] {
    if (depth > DEPTH_MAX) throw new JinjaError('its blocks are nested too deeply');
    const parts: TextPart[] = [];
    for (let token = this.#tokens[this.#at]; token !== undefined; token = this.#tokens[this.#at]) {
      const name = /^\w+/.exec(token.text)?.[0] ?? '';
      if (token.kind === 'tag' && ends.includes(name)) return parts;
      this.#at++;
      if (token.kind === 'text') parts.push({ text: token.text });
      else if (token.kind === 'value') parts.push({ expression: jinjaExpression(token.text, values) });
      else parts.push(...this.#block(name, token.text.slice(name.length).trim(), values, depth));
    }
    if (ends.length > 0) throw new JinjaError(`“${ends.at(-1) ?? ''}” is missing`);
    return parts;
  }

  #block(name: string, rest: string, values: Map<string, string>, depth: number): TextPart[] {
    switch (name) {
      case 'if': return [{ expression: this.#choice(rest, values, depth) }];
      case 'for': return [{ expression: this.#loop(rest, values, depth) }];
      case 'set': {
        const [, variable = '', value = ''] = /^(\w{1,80})\s*=([\s\S]+)$/.exec(rest) ?? [];
        if (variable === '') throw new JinjaError('a variable is set in a way that is not known here');
        values.set(variable, bounded(`(${jinjaExpression(value, values)})`));
        return [];
      }
      default: throw new JinjaError(`the block “${name.slice(0, 30)}” is not known here`);
    }
  }

  #choice(test: string, values: Map<string, string>, depth: number): string {
    const condition = jinjaExpression(test, values);
    const yes = textExpression(this.parts(new Map(values), ['elif', 'else', 'endif'], depth + 1));
    const tag = this.#tokens[this.#at++]?.text ?? '';
    if (tag.startsWith('elif')) return `(${condition} ? ${yes} : ${this.#choice(tag.slice(4).trim(), values, depth + 1)})`;
    if (!tag.startsWith('else')) return `(${condition} ? ${yes} : "")`;
    const no = textExpression(this.parts(new Map(values), ['endif'], depth + 1));
    this.#at++;
    return `(${condition} ? ${yes} : ${no})`;
  }

  #loop(rest: string, values: Map<string, string>, depth: number): string {
    const [, first = '', second, source = ''] = /^(\w{1,80})(?:\s*,\s*(\w{1,80}))?\s+in\s+([\s\S]+)$/.exec(rest) ?? [];
    if (first === '') throw new JinjaError('a loop is written in a way that is not known here');
    const [item, index] = [`one${++this.#locals}`, `at${this.#locals}`];
    const list = jinjaExpression(source, values);
    const inner = new Map(values);
    if (second === undefined) inner.set(first, item);
    else {
      inner.set(first, `${item}[0]`);
      inner.set(second, `${item}[1]`);
    }
    inner.set('loop', `{ index: ${index} + 1, index0: ${index}, first: ${index} == 0, last: ${index} == ${list}.length - 1, length: ${list}.length }`);
    const body = textExpression(this.parts(inner, ['endfor', 'else'], depth + 1));
    const tag = this.#tokens[this.#at++]?.text ?? '';
    const none = tag.startsWith('else') ? textExpression(this.parts(new Map(values), ['endfor'], depth + 1)) : null;
    if (none !== null) this.#at++;
    const made = `${list}.map((${item}, ${index}) => ${body}).join("")`;
    return bounded(none === null ? made : `(${list}.length > 0 ? ${made} : ${none})`);
  }
}

/** Text of a block as one expression that always gives text. */
const textExpression = (parts: readonly TextPart[]): string => (parts.length === 1 && parts[0] !== undefined && 'expression' in parts[0] ? `\`\${${parts[0].expression}}\`` : expressionOf(parts.length === 0 ? [{ text: '' }] : parts));
