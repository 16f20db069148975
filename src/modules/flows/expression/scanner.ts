import { ExpressionError } from './expression-error.ts';

export type Token =
  | { kind: 'name' | 'sign'; text: string; start: number; end: number }
  | { kind: 'number'; value: number; text: string; start: number; end: number }
  | { kind: 'text'; value: string; text: string; start: number; end: number }
  | { kind: 'end'; text: ''; start: number; end: number };

const SPACE = /\s*/y;
const NAME = /[\p{ID_Start}$_][\p{ID_Continue}$]*/uy;
const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?/y;
const SIGN = /\?\.(?!\d)|\.\.\.|===|!==|=>|==|!=|<=|>=|&&|\|\||\?\?|\*\*|[-+*/%<>!?:.,()[\]{}`]/y;
const ESCAPES: ReadonlyMap<string, string> = new Map([['n', '\n'], ['r', '\r'], ['t', '\t'], ['b', '\b'], ['f', '\f'], ['v', '\v'], ['0', '\0'], ['\n', '']]);

/** Reads tokens one after the other; `position` may be moved, since what `/` and `` ` `` begin depends on the grammar. */
export class Scanner {
  readonly source: string;
  position: number;
  #peeked: Token | null = null;
  #peekedAt = -1;

  constructor(source: string, position: number) {
    this.source = source;
    this.position = position;
  }

  peek(): Token {
    if (this.#peeked && this.#peekedAt === this.position) return this.#peeked;
    this.#peekedAt = this.position;
    return this.#peeked = this.#read();
  }

  next(): Token {
    const token = this.peek();
    this.position = token.end;
    return token;
  }

  isNext(sign: string): boolean {
    const token = this.peek();
    return token.kind === 'sign' && token.text === sign;
  }

  take(sign: string): boolean {
    if (!this.isNext(sign)) return false;
    this.next();
    return true;
  }

  expect(sign: string): void {
    if (!this.take(sign)) throw this.unexpected(`"${sign}" is missing`);
  }

  unexpected(problem?: string): ExpressionError {
    const token = this.peek();
    return this.error(problem ?? (token.kind === 'end' ? 'The expression ends too early' : `"${token.text.slice(0, 30)}" is not expected here`), token.start);
  }

  error(problem: string, position: number): ExpressionError { return new ExpressionError(problem, position, this.source); }

  #read(): Token {
    const start = this.#match(SPACE, this.position)?.end ?? this.position;
    const first = this.source[start];
    if (first === undefined) return { kind: 'end', text: '', start, end: start };
    if (first === '"' || first === "'") {
      const { value, end } = this.readText(start + 1, first);
      return { kind: 'text', value, text: this.source.slice(start, end), start, end };
    }
    const number = this.#match(NUMBER, start);
    if (number) {
      if (this.#match(NAME, number.end)) throw this.error('A number is followed by a letter', number.end);
      return { kind: 'number', value: Number(number.text), ...number };
    }
    const name = this.#match(NAME, start);
    if (name) return { kind: 'name', ...name };
    const sign = this.#match(SIGN, start);
    if (sign) return { kind: 'sign', ...sign };
    throw this.error(`"${first}" is not part of an expression`, start);
  }

  #match(pattern: RegExp, start: number): { text: string; start: number; end: number } | null {
    pattern.lastIndex = start;
    const text = pattern.exec(this.source)?.[0];
    return text === undefined ? null : { text, start, end: start + text.length };
  }

  /** Text up to `quote`, with escapes; a template text (`` ` ``) also ends before `${`. `end` is behind the quote. */
  readText(from: number, quote: string): { value: string; end: number; open: boolean } {
    let value = '';
    let plainFrom = from;
    for (let at = from; at < this.source.length; at++) {
      const char = this.source[at];
      if (char === quote) return { value: value + this.source.slice(plainFrom, at), end: at + 1, open: false };
      if (quote === '`' && char === '$' && this.source[at + 1] === '{') return { value: value + this.source.slice(plainFrom, at), end: at + 2, open: true };
      if (char === '\n' && quote !== '`') break;
      if (char !== '\\') continue;
      const escape = this.#escape(at + 1);
      value += this.source.slice(plainFrom, at) + escape.value;
      at = escape.end - 1;
      plainFrom = escape.end;
    }
    throw this.error('A text is not closed', from - 1);
  }

  #escape(at: number): { value: string; end: number } {
    const hex = /u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})/y;
    hex.lastIndex = at;
    const match = hex.exec(this.source);
    if (match) {
      const code = Number.parseInt(match[1] ?? match[2] ?? match[3] ?? '', 16);
      if (code > 0x10ffff) throw this.error('There is no such character', at);
      return { value: match[2] === undefined ? String.fromCodePoint(code) : String.fromCharCode(code), end: at + match[0].length };
    }
    const char = this.source[at] ?? '';
    return { value: ESCAPES.get(char) ?? char, end: at + 1 };
  }
}
