import { NodeError } from '../node-error.ts';

const CHARS_MAX = 1_000;
const DEPTH_MAX = 100;

/**
 * The value of an arithmetic expression: numbers, `+ - * / // % ** ^`, brackets, and a few functions of one or more
 * numbers. A closed grammar read by hand; nothing is evaluated as code.
 */
export function calculate(expression: string): number {
  if (expression.length > CHARS_MAX) throw new NodeError('node-input-invalid', 'The expression is too long.');
  const reader = new ExpressionReader(expression);
  const value = reader.readAll();
  if (!Number.isFinite(value)) throw new NodeError('node-input-invalid', 'The result is not a finite number.');
  return value;
}

const functions: Readonly<Record<string, (...numbers: number[]) => number>> = {
  abs: Math.abs, round: Math.round, floor: Math.floor, ceil: Math.ceil, sqrt: Math.sqrt, min: Math.min, max: Math.max,
  pow: Math.pow, log: Math.log, log10: Math.log10, exp: Math.exp, sin: Math.sin, cos: Math.cos, tan: Math.tan,
};
const constants: Readonly<Record<string, number>> = { pi: Math.PI, e: Math.E };

class ExpressionReader {
  #tokens: readonly string[];
  #position = 0;
  #depth = 0;

  constructor(expression: string) {
    const tokens: string[] = [];
    let rest = 0;
    for (const match of expression.matchAll(/\s+|\d+(?:\.\d*)?(?:e[-+]?\d+)?|\.\d+(?:e[-+]?\d+)?|\*\*|\/\/|[-+*/%^(),]|[a-z][a-z0-9]*/giy)) {
      rest = match.index + match[0].length;
      if (match[0].trim() !== '') tokens.push(match[0]);
    }
    if (rest !== expression.length) throw new NodeError('node-input-invalid', `"${expression.slice(rest, rest + 20)}" is not part of an arithmetic expression.`);
    this.#tokens = tokens;
  }

  readAll(): number {
    const value = this.#sum();
    if (this.#position < this.#tokens.length) throw this.#unexpected();
    return value;
  }

  #sum(): number {
    if (++this.#depth > DEPTH_MAX) throw new NodeError('node-input-invalid', 'The expression is nested too deeply.');
    let value = this.#product();
    for (;;) {
      if (this.#take('+')) value += this.#product();
      else if (this.#take('-')) value -= this.#product();
      else { this.#depth--; return value; }
    }
  }

  #product(): number {
    let value = this.#signed();
    for (;;) {
      if (this.#take('*')) value *= this.#signed();
      else if (this.#take('/')) value /= this.#divisor();
      else if (this.#take('//')) value = Math.floor(value / this.#divisor());
      else if (this.#take('%')) value %= this.#divisor();
      else return value;
    }
  }

  #divisor(): number {
    const value = this.#signed();
    if (value === 0) throw new NodeError('node-input-invalid', 'Division by zero.');
    return value;
  }

  #signed(): number {
    let sign = 1;
    for (;;) {
      if (this.#take('-')) sign = -sign;
      else if (!this.#take('+')) return sign * this.#power();
    }
  }

  #power(): number {
    const base = this.#atom();
    if (!this.#take('**') && !this.#take('^')) return base;
    if (++this.#depth > DEPTH_MAX) throw new NodeError('node-input-invalid', 'The expression is nested too deeply.');
    const exponent = this.#signed();
    this.#depth--;
    return base ** exponent;
  }

  #atom(): number {
    const token = this.#tokens[this.#position];
    if (token === undefined) throw this.#unexpected();
    this.#position++;
    if (/^[\d.]/.test(token)) return Number(token);
    if (token === '(') {
      const value = this.#sum();
      this.#expect(')');
      return value;
    }
    const name = token.toLowerCase();
    if (Object.hasOwn(constants, name)) return constants[name] ?? NaN;
    const apply = Object.hasOwn(functions, name) ? functions[name] : undefined;
    if (!apply) { this.#position--; throw this.#unexpected(); }
    this.#expect('(');
    const numbers = [this.#sum()];
    while (this.#take(',')) numbers.push(this.#sum());
    this.#expect(')');
    return apply(...numbers);
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#position] !== token) return false;
    this.#position++;
    return true;
  }

  #expect(token: string): void { if (!this.#take(token)) throw this.#unexpected(); }

  #unexpected(): NodeError {
    const token = this.#tokens[this.#position];
    return new NodeError('node-input-invalid', token === undefined ? 'The expression ends too early.' : `"${token.slice(0, 20)}" is not expected here.`);
  }
}
