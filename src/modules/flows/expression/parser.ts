import { firstArgument, isFunctionName, isMethodName } from './functions/table.ts';
import { CONSTANTS } from './functions/constants.ts';
import { DEPTH_MAX, PARTS_MAX } from './limits.ts';
import { Scanner } from './scanner.ts';
import { ROOTS } from './scope.ts';
import { BINARY_OPERATORS, STEP_PARTS } from './syntax.ts';
import type { Argument, BinaryOperator, Expression, FunctionArgument, LogicalOperator, UnaryOperator } from './syntax.ts';

const PARAMETERS_MAX = 4;

/** How tightly operators bind; `**` is the only one that groups to the right. */
const BINDING: ReadonlyMap<string, number> = new Map(Object.entries({
  '??': 1, '||': 2, '&&': 3, '==': 4, '!=': 4, '===': 4, '!==': 4, '<': 5, '>': 5, '<=': 5, '>=': 5, '+': 6, '-': 6, '*': 7, '/': 7, '%': 7, '**': 8,
}));

const WORDS: ReadonlyMap<string, boolean | null | undefined | number> = new Map<string, boolean | null | undefined | number>([
  ['true', true], ['false', false], ['null', null], ['undefined', undefined], ['NaN', Number.NaN], ['Infinity', Number.POSITIVE_INFINITY],
]);

/** Counts what all expressions of a template have in common. */
export interface ParseState { parts: number; slots: number; steps: Set<string> }

/**
 * Reads one expression that begins at `start` and returns it with the position behind it; null for an empty one. Throws
 * ExpressionError for what is not in the grammar, for unknown names and functions, and past the limits.
 */
export function parseExpression(source: string, start: number, state: ParseState): { expression: Expression | null; end: number } {
  const scanner = new Scanner(source, start);
  if (scanner.isNext('}')) return { expression: null, end: scanner.peek().start };
  const expression = new Parser(scanner, state).expression();
  return { expression, end: scanner.peek().start };
}

class Parser {
  readonly #scanner: Scanner;
  readonly #state: ParseState;
  /** Parameters of the functions around this place, innermost last. */
  readonly #locals: { name: string; slot: number }[] = [];
  #depth = 0;

  constructor(scanner: Scanner, state: ParseState) {
    this.#scanner = scanner;
    this.#state = state;
  }

  expression(): Expression {
    this.#enter();
    const test = this.#binary(1);
    let expression = test;
    if (this.#scanner.take('?')) {
      const yes = this.expression();
      this.#scanner.expect(':');
      expression = this.#part({ kind: 'choice', test, yes, no: this.expression() });
    }
    this.#depth--;
    return expression;
  }

  #binary(binding: number): Expression {
    let left = this.#unary();
    for (let chain = 0; ; chain++) {
      const { text, kind, start } = this.#scanner.peek();
      const own = kind === 'sign' ? BINDING.get(text) : undefined;
      if (own === undefined || own < binding) return left;
      if (chain >= DEPTH_MAX) throw this.#scanner.error('The expression is too long', start);
      this.#scanner.next();
      this.#enter();
      const right = this.#binary(text === '**' ? own : own + 1);
      this.#depth--;
      left = this.#part(isBinary(text) ? { kind: 'binary', operator: text, left, right } : { kind: 'logical', operator: logical(text), left, right });
    }
  }

  #unary(): Expression {
    const { kind, text } = this.#scanner.peek();
    const operator = unaryOperator(kind, text);
    if (operator === null) return this.#chain(this.#operand());
    this.#scanner.next();
    this.#enter();
    const operand = this.#unary();
    this.#depth--;
    return this.#part({ kind: 'unary', operator, operand });
  }

  /** Members and method calls behind an operand. */
  #chain(operand: Expression): Expression {
    let object = operand;
    for (let links = 0; ; links++) {
      const { start } = this.#scanner.peek();
      const optional = this.#scanner.take('?.');
      if (this.#scanner.isNext('(')) throw this.#scanner.error('Only listed functions can be called', start);
      if (this.#scanner.take('[')) {
        object = this.#member(object, this.expression());
        this.#scanner.expect(']');
      } else if (optional || this.#scanner.take('.')) {
        const name = this.#scanner.next();
        if (name.kind !== 'name') throw this.#scanner.error('A name is missing after the dot', name.start);
        object = this.#scanner.isNext('(') ? this.#method(object, name.text, name.start) : this.#member(object, { kind: 'literal', value: name.text });
      } else return object;
      if (links >= DEPTH_MAX) throw this.#scanner.error('The expression is too long', start);
    }
  }

  #member(object: Expression, key: Expression): Expression {
    const name = key.kind === 'literal' && typeof key.value === 'string' ? key.value : null;
    if (object.kind === 'state' && object.name === null && name !== null) return { kind: 'state', name };
    if (object.kind === 'step' && object.part === 'json' && name !== null) {
      const part = STEP_PARTS.find((one) => one === name);
      if (part) return { ...object, part };
    }
    return this.#part({ kind: 'member', object, key });
  }

  #method(receiver: Expression, name: string, position: number): Expression {
    if (!isMethodName(name)) throw this.#scanner.error(`There is no function "${name}"`, position);
    return this.#part({ kind: 'call', name, receiver, args: this.#args(firstArgument(name), 0), position });
  }

  #operand(): Expression {
    const token = this.#scanner.next();
    switch (token.kind) {
      case 'number': case 'text': return this.#part({ kind: 'literal', value: token.value });
      case 'name': return this.#named(token.text, token.start);
      case 'end': throw this.#scanner.unexpected();
      case 'sign': break;
    }
    switch (token.text) {
      case '(': {
        const inner = this.expression();
        this.#scanner.expect(')');
        return inner;
      }
      case '[': return this.#part({ kind: 'list', items: this.#listed(']', 'value', -1) });
      case '{': return this.#object();
      case '`': return this.#templateText(token.end);
      case '/': throw this.#scanner.error('A regular expression can only be given to a function such as replace, match or split', token.start);
      default: throw this.#scanner.error(`"${token.text}" is not expected here`, token.start);
    }
  }

  #named(name: string, position: number): Expression {
    if (WORDS.has(name)) return this.#part({ kind: 'literal', value: WORDS.get(name) });
    const local = this.#locals.findLast((one) => one.name === name);
    if (local) return this.#part({ kind: 'local', slot: local.slot });
    if (name === 'new') {
      const made = this.#scanner.next();
      if (made.text !== 'Date') throw this.#scanner.error('Only dates can be made with "new"', made.start);
      return this.#call('Date', made.start);
    }
    if (this.#scanner.isNext('(')) return this.#call(name, position);
    if (name === 'steps') return this.#step(position);
    if (name === 'state') return this.#part({ kind: 'state', name: null });
    const root = ROOTS.find((one) => one === name);
    if (root !== undefined && root !== 'steps' && root !== 'state') return this.#part({ kind: 'root', name: root });
    return this.#namespaced(name, position);
  }

  /** `Math.max(…)`, `JSON.stringify(…)`, `Math.PI`: two words that are one entry of the tables. */
  #namespaced(name: string, position: number): Expression {
    if (this.#scanner.take('.')) {
      const full = `${name}.${this.#scanner.next().text}`;
      const constant = CONSTANTS.get(full);
      if (constant !== undefined) return this.#part({ kind: 'literal', value: constant });
      if (isFunctionName(full) && this.#scanner.isNext('(')) return this.#call(full, position);
      if (isFunctionName(full)) throw this.#scanner.error(`"${full}" has to be called`, position);
    }
    throw this.#scanner.error(`"${name.slice(0, 40)}" is not known here. Known are ${ROOTS.join(', ')}`, position);
  }

  /** A function by name, or a method with its receiver as first argument: `trim(item.name)`. */
  #call(name: string, position: number): Expression {
    if (isFunctionName(name)) return this.#part({ kind: 'call', name, receiver: null, args: this.#args('value', 0), position });
    if (!isMethodName(name)) throw this.#scanner.error(`There is no function "${name.slice(0, 40)}"`, position);
    const [receiver, ...args] = this.#args(firstArgument(name), 1);
    if (!receiver || receiver.kind === 'spread' || receiver.kind === 'function' || receiver.kind === 'pattern') throw this.#scanner.error(`"${name}" needs a value`, position);
    return this.#part({ kind: 'call', name, receiver, args, position });
  }

  /** The step is named in the text, so that a flow knows what to wait for. */
  #step(position: number): Expression {
    let id: string | null = null;
    const optional = this.#scanner.take('?.');
    if (this.#scanner.take('[')) {
      const key = this.#scanner.next();
      if (key.kind === 'text' && this.#scanner.take(']')) id = key.value;
    } else if (optional || this.#scanner.take('.')) {
      const key = this.#scanner.next();
      if (key.kind === 'name') id = key.text;
    }
    if (id === null) throw this.#scanner.error('After "steps" the name of a step is written out: steps["name"]', position);
    this.#state.steps.add(id);
    return this.#part({ kind: 'step', id, part: 'json' });
  }

  #args(first: 'function' | 'pattern' | 'value', at: number): readonly Argument[] {
    this.#scanner.expect('(');
    return this.#listed(')', first, at);
  }

  /** What is listed up to a closing sign; at place `at` it may be what `first` says. */
  #listed(close: string, first: 'function' | 'pattern' | 'value', at: number): readonly Argument[] {
    const items: Argument[] = [];
    while (!this.#scanner.take(close)) {
      if (items.length > 0) this.#scanner.expect(',');
      if (items.length > 0 && this.#scanner.take(close)) break;
      const special = items.length === at ? first : 'value';
      if (this.#scanner.take('...')) items.push({ kind: 'spread', of: this.expression() });
      else if (special === 'pattern' && this.#scanner.isNext('/')) items.push(this.#pattern(this.#scanner.next().end));
      else items.push(this.#function(special === 'function') ?? this.expression());
    }
    return items;
  }

  /** `x => …` or `(x, y) => …`; null when something else comes. */
  #function(allowed: boolean): FunctionArgument | null {
    const from = this.#scanner.position;
    const { start } = this.#scanner.peek();
    const names = this.#parameters();
    if (names === null || !this.#scanner.take('=>')) {
      this.#scanner.position = from;
      return null;
    }
    if (!allowed) throw this.#scanner.error('A function can only be given to a function of lists, such as map or filter', start);
    if (this.#scanner.isNext('{')) throw this.#scanner.error('After "=>" comes one expression, without braces', start);
    const slots = names.map(() => this.#state.slots++);
    const before = this.#state.parts;
    for (const [place, name] of names.entries()) this.#locals.push({ name, slot: slots[place] ?? 0 });
    const body = this.expression();
    this.#locals.length -= names.length;
    return { kind: 'function', slots, body, parts: this.#state.parts - before + 1 };
  }

  #parameters(): string[] | null {
    if (this.#scanner.peek().kind === 'name') return [this.#scanner.next().text];
    if (!this.#scanner.take('(')) return null;
    const names: string[] = [];
    while (!this.#scanner.take(')')) {
      if (names.length > 0 && !this.#scanner.take(',')) return null;
      if (names.length >= PARAMETERS_MAX || this.#scanner.peek().kind !== 'name') return null;
      names.push(this.#scanner.next().text);
    }
    return names;
  }

  #object(): Expression {
    const entries: ({ key: Expression; value: Expression } | { spread: Expression })[] = [];
    while (!this.#scanner.take('}')) {
      if (entries.length > 0) this.#scanner.expect(',');
      if (entries.length > 0 && this.#scanner.take('}')) break;
      if (this.#scanner.take('...')) entries.push({ spread: this.expression() });
      else entries.push(this.#entry());
    }
    return this.#part({ kind: 'object', entries });
  }

  #entry(): { key: Expression; value: Expression } {
    if (this.#scanner.take('[')) {
      const key = this.expression();
      this.#scanner.expect(']');
      this.#scanner.expect(':');
      return { key, value: this.expression() };
    }
    const token = this.#scanner.next();
    if (token.kind === 'name' && !this.#scanner.isNext(':')) return { key: { kind: 'literal', value: token.text }, value: this.#named(token.text, token.start) };
    if (token.kind !== 'name' && token.kind !== 'text' && token.kind !== 'number') throw this.#scanner.error('The name of a field is missing', token.start);
    this.#scanner.expect(':');
    return { key: { kind: 'literal', value: token.kind === 'text' ? token.value : token.kind === 'number' ? String(token.value) : token.text }, value: this.expression() };
  }

  #templateText(from: number): Expression {
    const parts: Expression[] = [];
    for (let at = from; ;) {
      const { value, end, open } = this.#scanner.readText(at, '`');
      if (value !== '') parts.push({ kind: 'literal', value });
      this.#scanner.position = end;
      if (!open) return this.#part({ kind: 'text', parts });
      parts.push(this.expression());
      if (!this.#scanner.isNext('}')) throw this.#scanner.unexpected('"}" is missing');
      at = this.#scanner.next().end;
    }
  }

  /** A regular expression between slashes. */
  #pattern(from: number): Argument {
    let inClass = false;
    for (let at = from; at < this.#scanner.source.length; at++) {
      const char = this.#scanner.source[at];
      if (char === '\n') break;
      if (char === '\\') at++;
      else if (char === '[') inClass = true;
      else if (char === ']') inClass = false;
      else if (char === '/' && !inClass) {
        const flags = /[a-z]*/y;
        flags.lastIndex = at + 1;
        const found = flags.exec(this.#scanner.source)?.[0] ?? '';
        this.#scanner.position = at + 1 + found.length;
        return { kind: 'pattern', source: this.#scanner.source.slice(from, at), flags: found };
      }
    }
    throw this.#scanner.error('A regular expression is not closed', from - 1);
  }

  #enter(): void {
    if (++this.#depth > DEPTH_MAX) throw this.#scanner.unexpected('The expression is nested too deeply');
  }

  #part(expression: Expression): Expression {
    if (++this.#state.parts > PARTS_MAX) throw this.#scanner.unexpected('The expressions of this text are too long');
    return expression;
  }
}

const isBinary = (sign: string): sign is BinaryOperator => BINARY_OPERATORS.some((one) => one === sign);
const logical = (sign: string): LogicalOperator => (sign === '&&' || sign === '||' ? sign : '??');
const unaryOperator = (kind: string, text: string): UnaryOperator | null =>
  (kind === 'sign' && (text === '!' || text === '-' || text === '+') ? text : kind === 'name' && text === 'typeof' ? text : null);
