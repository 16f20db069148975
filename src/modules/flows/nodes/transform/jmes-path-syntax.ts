import { NodeError } from '../node-error.ts';
import { readTokens } from './jmes-path-tokens.ts';
import type { Token, TokenKind } from './jmes-path-tokens.ts';

/** A JMESPath expression as a tree. */
export type Jmes =
  | { kind: 'current' }
  | { kind: 'field'; name: string }
  | { kind: 'literal'; value: unknown }
  | { kind: 'then'; left: Jmes; right: Jmes }
  | { kind: 'index'; index: number }
  | { kind: 'slice'; start: number | null; end: number | null; step: number | null }
  | { kind: 'flatten'; left: Jmes }
  /** `right` of every element of a list, every value of an object, or every element that fits; null ones are left out. */
  | { kind: 'each'; of: 'list' | 'values'; left: Jmes; right: Jmes }
  | { kind: 'filter'; left: Jmes; test: Jmes; right: Jmes }
  | { kind: 'or' | 'and'; left: Jmes; right: Jmes }
  | { kind: 'not'; of: Jmes }
  | { kind: 'compare'; operator: Comparison; left: Jmes; right: Jmes }
  | { kind: 'list'; items: readonly Jmes[] }
  | { kind: 'object'; entries: readonly { name: string; value: Jmes }[] }
  | { kind: 'call'; name: string; args: readonly Jmes[] }
  /** `&expression`, handed to functions such as sort_by. */
  | { kind: 'reference'; of: Jmes };
export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';

/** How tightly what follows binds, as the grammar of JMESPath gives it. */
const BINDING: Partial<Record<TokenKind, number>> = { '|': 1, '||': 2, '&&': 3, '==': 5, '!=': 5, '<': 5, '<=': 5, '>': 5, '>=': 5, '[]': 9, '*': 20, '[?': 21, '.': 40, '!': 45, '{': 50, '[': 55, '(': 60 };
const PROJECTION_ENDS = 10;
const DEPTH_MAX = 100;
const PARTS_MAX = 2_000;
const CURRENT: Jmes = { kind: 'current' };

/** Reads an expression; throws NodeError with the place for one that is wrong, too long or too deep. */
export function parseJmesPath(source: string): Jmes {
  return new JmesReader(readTokens(source)).readAll();
}

class JmesReader {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;
  #parts = 0;

  constructor(tokens: readonly Token[]) { this.#tokens = tokens; }

  readAll(): Jmes {
    const expression = this.#expression(0);
    if (this.#kind() !== 'end') throw this.#wrong();
    return expression;
  }

  #expression(binding: number): Jmes {
    if (++this.#depth > DEPTH_MAX) throw this.#wrong('is nested too deeply');
    let left = this.#first(this.#next());
    while (binding < (BINDING[this.#kind()] ?? 0)) {
      if (++this.#parts > PARTS_MAX) throw this.#wrong('is too long');
      left = this.#further(this.#next(), left);
    }
    this.#depth--;
    return left;
  }

  #first(token: Token): Jmes {
    switch (token.kind) {
      case 'literal': return { kind: 'literal', value: token.value };
      case 'name': return { kind: 'field', name: token.text };
      case 'quoted':
        if (this.#kind() === '(') throw this.#wrong('calls a name in quotes');
        return { kind: 'field', name: token.text };
      case '!': return { kind: 'not', of: this.#expression(BINDING['!'] ?? 0) };
      case '*': return { kind: 'each', of: 'values', left: CURRENT, right: this.#kind() === ']' ? CURRENT : this.#projected(20) };
      case '[?': case '[]': return this.#further(token, CURRENT);
      case '{': return this.#object();
      case '[':
        if (this.#kind() === 'number' || this.#kind() === ':') return this.#placed(CURRENT);
        if (this.#kind() === '*' && this.#tokens[this.#at + 1]?.kind === ']') {
          this.#at += 2;
          return { kind: 'each', of: 'list', left: CURRENT, right: this.#projected(20) };
        }
        return this.#list();
      case '@': return CURRENT;
      case '&': return { kind: 'reference', of: this.#expression(0) };
      case '(': {
        const inner = this.#expression(0);
        this.#expect(')');
        return inner;
      }
      default: throw this.#wrong(undefined, token);
    }
  }

  #further(token: Token, left: Jmes): Jmes {
    switch (token.kind) {
      case '.':
        if (!this.#take('*')) return { kind: 'then', left, right: this.#dotted(40) };
        return { kind: 'each', of: 'values', left, right: this.#projected(40) };
      case '|': return { kind: 'then', left, right: this.#expression(1) };
      case '||': return { kind: 'or', left, right: this.#expression(2) };
      case '&&': return { kind: 'and', left, right: this.#expression(3) };
      case '(':
        if (left.kind !== 'field') throw this.#wrong('calls something that is no function', token);
        return { kind: 'call', name: left.name, args: this.#args() };
      case '[?': {
        const test = this.#expression(0);
        this.#expect(']');
        return { kind: 'filter', left, test, right: this.#kind() === '[]' ? CURRENT : this.#projected(21) };
      }
      case '[]': return { kind: 'each', of: 'list', left: { kind: 'flatten', left }, right: this.#projected(9) };
      case '==': case '!=': case '<': case '<=': case '>': case '>=': return { kind: 'compare', operator: token.kind, left, right: this.#expression(5) };
      case '[':
        if (this.#kind() === 'number' || this.#kind() === ':') return this.#placed(left);
        this.#expect('*');
        this.#expect(']');
        return { kind: 'each', of: 'list', left, right: this.#projected(20) };
      default: throw this.#wrong(undefined, token);
    }
  }

  /** What is done with every element of a projection. */
  #projected(binding: number): Jmes {
    const kind = this.#kind();
    if ((BINDING[kind] ?? 0) < PROJECTION_ENDS) return CURRENT;
    if (kind === '[' || kind === '[?') return this.#expression(binding);
    if (this.#take('.')) return this.#dotted(binding);
    throw this.#wrong();
  }

  #dotted(binding: number): Jmes {
    const kind = this.#kind();
    if (kind === 'name' || kind === 'quoted' || kind === '*') return this.#expression(binding);
    if (this.#take('[')) return this.#list();
    if (this.#take('{')) return this.#object();
    throw this.#wrong();
  }

  /** `[1]` or `[1:2:3]`, of which the second makes a projection. */
  #placed(left: Jmes): Jmes {
    const numbers: (number | null)[] = [null, null, null];
    let colons = 0;
    for (let token = this.#next(); token.kind !== ']'; token = this.#next()) {
      if (token.kind === ':' && colons < 2) colons++;
      else if (token.kind === 'number' && numbers[colons] === null) numbers[colons] = Number(token.text);
      else throw this.#wrong(undefined, token);
    }
    const [start = null, end = null, step = null] = numbers;
    if (colons === 0) return { kind: 'then', left, right: { kind: 'index', index: start ?? 0 } };
    return { kind: 'each', of: 'list', left: { kind: 'then', left, right: { kind: 'slice', start, end, step } }, right: this.#projected(20) };
  }

  #list(): Jmes {
    const items = [this.#expression(0)];
    while (this.#take(',')) items.push(this.#expression(0));
    this.#expect(']');
    return { kind: 'list', items };
  }

  #object(): Jmes {
    const entries: { name: string; value: Jmes }[] = [];
    do {
      const name = this.#next();
      if (name.kind !== 'name' && name.kind !== 'quoted') throw this.#wrong('misses the name of a field', name);
      this.#expect(':');
      entries.push({ name: name.text, value: this.#expression(0) });
    } while (this.#take(','));
    this.#expect('}');
    return { kind: 'object', entries };
  }

  #args(): Jmes[] {
    const args: Jmes[] = [];
    if (this.#take(')')) return args;
    do args.push(this.#expression(0)); while (this.#take(','));
    this.#expect(')');
    return args;
  }

  #kind(): TokenKind { return this.#tokens[this.#at]?.kind ?? 'end'; }
  #next(): Token { return this.#tokens[this.#at++] ?? { kind: 'end', text: '', value: null, start: this.#tokens.at(-1)?.start ?? 0 }; }

  #take(kind: TokenKind): boolean {
    if (this.#kind() !== kind) return false;
    this.#at++;
    return true;
  }

  #expect(kind: TokenKind): void { if (!this.#take(kind)) throw this.#wrong(`misses "${kind}"`); }

  #wrong(problem?: string, token = this.#tokens[this.#at]): NodeError {
    const words = problem ?? (!token || token.kind === 'end' ? 'ends too early' : `does not fit at "${token.text.slice(0, 30)}"`);
    return new NodeError('node-config-invalid', `The JMESPath ${words} (at character ${(token?.start ?? 0) + 1}).`);
  }
}
