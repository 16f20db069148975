/** A JSONPath query (RFC 9535) as a tree. */
export interface PathQuery { /** `$` or, inside filters, `@`. */ from: 'root' | 'current'; segments: readonly Segment[] }
export interface Segment { /** `..`: also everything inside. */ descendants: boolean; selectors: readonly Selector[] }
export type Selector =
  | { kind: 'name'; name: string }
  | { kind: 'index'; index: number }
  | { kind: 'slice'; start: number | null; end: number | null; step: number }
  | { kind: 'all' }
  | { kind: 'filter'; test: Test };
export type Test =
  | { kind: 'or' | 'and'; tests: readonly Test[] }
  | { kind: 'not'; test: Test }
  | { kind: 'exists'; query: PathQuery }
  | { kind: 'compare'; operator: Comparison; left: Operand; right: Operand }
  | { kind: 'call'; call: Call };
export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';
export type Operand = { kind: 'literal'; value: string | number | boolean | null } | { kind: 'query'; query: PathQuery } | { kind: 'call'; call: Call };
export interface Call { name: FunctionName; args: readonly Operand[] }

/** A path is wrong, or takes more work than one query may. The message is for people. */
export class JsonPathError extends Error {
  override name = 'JsonPathError';
  readonly kind: 'wrong' | 'limit';
  constructor(kind: JsonPathError['kind'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

const FUNCTIONS = { length: 1, count: 1, value: 1, match: 2, search: 2 } as const;
export type FunctionName = keyof typeof FUNCTIONS;

const CHARS_MAX = 10_000;
const DEPTH_MAX = 50;
const SPACE = /[ \t\n\r]*/y;
const NAME = /[\p{L}_\u0080-\u{10FFFF}][\p{L}\p{N}_\u0080-\u{10FFFF}]*/uy;
const INTEGER = /-?(?:0|[1-9]\d{0,15})(?![\d.eE])/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
const COMPARISON = /==|!=|<=|>=|<|>/y;
const ESCAPES: ReadonlyMap<string, string> = new Map([['b', '\b'], ['f', '\f'], ['n', '\n'], ['r', '\r'], ['t', '\t'], ['/', '/'], ['\\', '\\'], ['"', '"'], ["'", "'"]]);

/** Reads a query; throws JsonPathError with the place for one that is wrong, too long or too deep. */
export function parseJsonPath(source: string): PathQuery {
  if (source.length > CHARS_MAX) throw new JsonPathError('wrong', `A JSONPath longer than ${CHARS_MAX} characters is not read.`);
  return new PathReader(source).readAll();
}

class PathReader {
  readonly #source: string;
  #at = 0;
  #depth = 0;

  constructor(source: string) { this.#source = source; }

  readAll(): PathQuery {
    if (!this.#take('$')) throw this.#wrong('has to begin with "$"');
    const query: PathQuery = { from: 'root', segments: this.#segments() };
    if (this.#at < this.#source.length) throw this.#wrong('should end here');
    return query;
  }

  #segments(): Segment[] {
    if (++this.#depth > DEPTH_MAX) throw this.#wrong('is nested too deeply');
    const segments: Segment[] = [];
    for (;;) {
      const before = this.#at;
      this.#space();
      if (this.#take('..')) segments.push({ descendants: true, selectors: this.#take('[') ? this.#bracketed() : [this.#dotted()] });
      else if (this.#take('.')) segments.push({ descendants: false, selectors: [this.#dotted()] });
      else if (this.#take('[')) segments.push({ descendants: false, selectors: this.#bracketed() });
      else {
        this.#at = before;
        this.#depth--;
        return segments;
      }
    }
  }

  #dotted(): Selector {
    if (this.#take('*')) return { kind: 'all' };
    const name = this.#match(NAME);
    if (name === null) throw this.#wrong('misses a name');
    return { kind: 'name', name };
  }

  #bracketed(): Selector[] {
    const selectors: Selector[] = [];
    do {
      this.#space();
      selectors.push(this.#selector());
      this.#space();
    } while (this.#take(','));
    if (!this.#take(']')) throw this.#wrong('misses "]"');
    return selectors;
  }

  #selector(): Selector {
    const char = this.#source[this.#at];
    if (char === '"' || char === "'") return { kind: 'name', name: this.#text() };
    if (this.#take('*')) return { kind: 'all' };
    if (this.#take('?')) { this.#space(); return { kind: 'filter', test: this.#or() }; }
    const start = this.#integer();
    const before = this.#at;
    this.#space();
    if (!this.#take(':')) {
      this.#at = before;
      if (start === null) throw this.#wrong('misses a name, a number, "*" or "?"');
      return { kind: 'index', index: start };
    }
    this.#space();
    const end = this.#integer();
    this.#space();
    if (!this.#take(':')) return { kind: 'slice', start, end, step: 1 };
    this.#space();
    return { kind: 'slice', start, end, step: this.#integer() ?? 1 };
  }

  #integer(): number | null {
    const from = this.#at;
    const digits = this.#match(INTEGER);
    if (digits === null) return null;
    const number = Number(digits);
    if (digits === '-0' || !Number.isSafeInteger(number)) { this.#at = from; throw this.#wrong('has a number that is no index'); }
    return number;
  }

  #or(): Test { return this.#several('or', '||', () => this.#several('and', '&&', () => this.#basic())); }

  #several(kind: 'or' | 'and', sign: string, read: () => Test): Test {
    const tests = [read()];
    for (this.#space(); this.#take(sign); this.#space()) { this.#space(); tests.push(read()); }
    return tests.length === 1 && tests[0] ? tests[0] : { kind, tests };
  }

  #basic(): Test {
    if (++this.#depth > DEPTH_MAX) throw this.#wrong('is nested too deeply');
    const test = this.#test();
    this.#depth--;
    return test;
  }

  #test(): Test {
    if (this.#source[this.#at] === '!' && this.#source[this.#at + 1] !== '=') {
      this.#at++;
      this.#space();
      return { kind: 'not', test: this.#basic() };
    }
    if (this.#take('(')) {
      this.#space();
      const test = this.#or();
      this.#space();
      if (!this.#take(')')) throw this.#wrong('misses ")"');
      return test;
    }
    const from = this.#at;
    const left = this.#operand();
    this.#space();
    const operator = this.#match(COMPARISON);
    if (operator !== null) {
      this.#space();
      return { kind: 'compare', operator: comparison(operator), left: this.#single(left, from), right: this.#single(this.#operand(), this.#at) };
    }
    if (left.kind === 'literal') throw this.#wrong('has a value alone where a test belongs', from);
    if (left.kind === 'query') return { kind: 'exists', query: left.query };
    if (left.call.name !== 'match' && left.call.name !== 'search') throw this.#wrong('has to compare the result of this function', from);
    return { kind: 'call', call: left.call };
  }

  /** What is compared has to be one value: not a query that can find several, nor a test. */
  #single(operand: Operand, from: number): Operand {
    if (operand.kind === 'query' && !isSingular(operand.query)) throw this.#wrong('compares something that can be several values', from);
    if (operand.kind === 'call' && (operand.call.name === 'match' || operand.call.name === 'search')) throw this.#wrong('compares a test', from);
    return operand;
  }

  #operand(): Operand {
    const char = this.#source[this.#at];
    if (char === '"' || char === "'") return { kind: 'literal', value: this.#text() };
    if (this.#take('@')) return { kind: 'query', query: { from: 'current', segments: this.#segments() } };
    if (this.#take('$')) return { kind: 'query', query: { from: 'root', segments: this.#segments() } };
    const number = this.#match(NUMBER);
    if (number !== null) return { kind: 'literal', value: Number(number) };
    const from = this.#at;
    const word = this.#match(NAME);
    if (word === 'true' || word === 'false') return { kind: 'literal', value: word === 'true' };
    if (word === 'null') return { kind: 'literal', value: null };
    if (word !== null && this.#take('(')) return { kind: 'call', call: this.#call(word, from) };
    throw this.#wrong('misses a value', from);
  }

  #call(word: string, from: number): Call {
    if (!isFunction(word)) throw this.#wrong(`names a function that does not exist: "${word.slice(0, 30)}"`, from);
    const args: Operand[] = [];
    for (this.#space(); !this.#take(')'); this.#space()) {
      if (args.length > 0 && !this.#take(',')) throw this.#wrong('misses ")"');
      this.#space();
      args.push(this.#operand());
    }
    if (args.length !== FUNCTIONS[word]) throw this.#wrong(`gives "${word}" the wrong number of values`, from);
    for (const argument of args) {
      const nodes = word === 'count' || word === 'value';
      if (nodes ? argument.kind !== 'query' : argument.kind === 'query' && !isSingular(argument.query)) throw this.#wrong(`gives "${word}" something it does not take`, from);
    }
    return { name: word, args };
  }

  #text(): string {
    const quote = this.#source[this.#at++];
    let text = '';
    for (;;) {
      const char = this.#source[this.#at++];
      if (char === undefined || char < ' ') throw this.#wrong('has a text that is not closed', this.#at - 1);
      if (char === quote) {
        if (!text.isWellFormed()) throw this.#wrong('has half a character', this.#at - 1);
        return text;
      }
      text += char === '\\' ? this.#escape(quote) : char;
    }
  }

  #escape(quote: string | undefined): string {
    const char = this.#source[this.#at++] ?? '';
    if (char === 'u') {
      const digits = /^[0-9a-fA-F]{4}/.exec(this.#source.slice(this.#at, this.#at + 4))?.[0];
      if (digits === undefined) throw this.#wrong('has an unfinished escape');
      this.#at += 4;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    const known = ESCAPES.get(char);
    if (known === undefined || ((char === '"' || char === "'") && char !== quote)) throw this.#wrong('has an escape that does not exist', this.#at - 1);
    return known;
  }

  #space(): void { this.#match(SPACE); }

  #take(sign: string): boolean {
    if (!this.#source.startsWith(sign, this.#at)) return false;
    this.#at += sign.length;
    return true;
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#source)?.[0];
    if (found === undefined) return null;
    this.#at += found.length;
    return found;
  }

  #wrong(problem: string, at = this.#at): JsonPathError {
    return new JsonPathError('wrong', `The JSONPath ${problem} (at character ${at + 1}).`);
  }
}

const isFunction = (word: string): word is FunctionName => Object.hasOwn(FUNCTIONS, word);

const isSingular = ({ segments }: PathQuery): boolean =>
  segments.every(({ descendants, selectors }) => !descendants && selectors.length === 1 && (selectors[0]?.kind === 'name' || selectors[0]?.kind === 'index'));

function comparison(sign: string): Comparison {
  return sign === '==' || sign === '!=' || sign === '<' || sign === '<=' || sign === '>' ? sign : '>=';
}
