/** What of a Jinja template cannot be said in our expressions. */
export class JinjaError extends Error {}

const TOKENS_MAX = 2_000;
const DEPTH_MAX = 40;

/** Filters and methods without arguments, as functions of ours. */
const PLAIN: Readonly<Record<string, string>> = {
  upper: 'toUpperCase()', lower: 'toLowerCase()', trim: 'trim()', strip: 'trim()', title: 'titleCase()', capitalize: 'capitalize()', length: 'length', count: 'length', first: 'first()', last: 'last()', tojson: 'toJson()', int: 'toInt()', float: 'toFloat()',
  string: 'toString()', reverse: 'reverse()', unique: 'unique()', sort: 'sort()', abs: 'abs()', sum: 'sum()', min: 'min()', max: 'max()', keys: 'keys()', values: 'values()', items: 'entries()', dictsort: 'entries()', wordcount: 'words().length', urlencode: 'urlEncode()', striptags: 'removeTags()', lstrip: 'trimStart()', rstrip: 'trimEnd()', splitlines: 'lines()',
};
/** With arguments of the same meaning. */
const CALLS: Readonly<Record<string, string>> = { replace: 'replaceAll', split: 'split', startswith: 'startsWith', endswith: 'endsWith', truncate: 'truncate', round: 'round' };
const KEPT: ReadonlySet<string> = new Set(['list', 'safe', 'e', 'escape', 'forceescape']);

/** One expression of Jinja in our grammar. Throws {@link JinjaError}. */
export const jinjaExpression = (source: string, values: ReadonlyMap<string, string>): string => bounded(new Reader(source, values).all());

const EXPRESSION_CHARS_MAX = 50_000;

/** Variables that are made of each other would double the expression with each. Throws {@link JinjaError}. */
export function bounded(expression: string): string {
  if (expression.length > EXPRESSION_CHARS_MAX) throw new JinjaError('its values are made of each other too often');
  return expression;
}

class Reader {
  readonly #tokens: readonly string[];
  readonly #values: ReadonlyMap<string, string>;
  #at = 0;
  #depth = 0;

  constructor(source: string, values: ReadonlyMap<string, string>) {
    this.#values = values;
    const tokens: string[] = [];
    let end = 0;
    for (const match of source.matchAll(/\s+|"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'|\d+(?:\.\d+)?|[\p{L}_][\p{L}\p{N}_]*|==|!=|<=|>=|\/\/|\*\*|[-+*/%~<>|()[\]{}.,:=]/guy)) {
      end = match.index + match[0].length;
      if (match[0].trim() !== '') tokens.push(match[0]);
      if (tokens.length > TOKENS_MAX) throw new JinjaError('an expression is too long');
    }
    if (end !== source.length) throw new JinjaError(`“${source.slice(end, end + 20)}” is not known here`);
    this.#tokens = tokens;
  }

  all(): string {
    const made = this.#choice();
    if (this.#at < this.#tokens.length) throw new JinjaError(`“${this.#tokens[this.#at] ?? ''}” is not expected here`);
    return made;
  }

  #peek(): string | undefined { return this.#tokens[this.#at]; }
  #take(...wanted: readonly string[]): string | null {
    const token = this.#peek();
    if (token === undefined || !wanted.includes(token)) return null;
    this.#at++;
    return token;
  }
  #expect(token: string): void { if (this.#take(token) === null) throw new JinjaError(`“${token}” is missing`); }

  #choice(): string {
    if (++this.#depth > DEPTH_MAX) throw new JinjaError('an expression is nested too deeply');
    const yes = this.#or();
    let made = yes;
    if (this.#take('if') !== null) {
      const test = this.#or();
      made = `(${test} ? ${yes} : ${this.#take('else') === null ? '""' : this.#choice()})`;
    }
    this.#depth--;
    return made;
  }

  #or(): string {
    let left = this.#and();
    while (this.#take('or') !== null) left = `(${left} || ${this.#and()})`;
    return left;
  }
  #and(): string {
    let left = this.#not();
    while (this.#take('and') !== null) left = `(${left} && ${this.#not()})`;
    return left;
  }
  #not(): string { return this.#take('not') === null ? this.#comparison() : `!(${this.#not()})`; }

  #comparison(): string {
    let left = this.#sum();
    for (;;) {
      const operator = this.#take('==', '!=', '<', '>', '<=', '>=', 'in', 'is', 'not');
      if (operator === null) return left;
      if (operator === 'in') left = `${this.#sum()}.includes(${left})`;
      else if (operator === 'not') {
        this.#expect('in');
        left = `!(${this.#sum()}.includes(${left}))`;
      } else if (operator === 'is') left = this.#test(left);
      else left = `(${left} ${operator} ${this.#sum()})`;
    }
  }

  #test(left: string): string {
    const negated = this.#take('not') !== null;
    const name = this.#tokens[this.#at++] ?? '';
    const tests: Readonly<Record<string, string>> = { defined: `(${left} != null)`, undefined: `(${left} == null)`, none: `(${left} == null)`, None: `(${left} == null)`, string: `${left}.isText()`, number: `${left}.isNumber()`, mapping: `${left}.isObject()`, iterable: `${left}.isList()`, sequence: `${left}.isList()`, true: `(${left} === true)`, false: `(${left} === false)` };
    if (!Object.hasOwn(tests, name)) throw new JinjaError(`the test “${name.slice(0, 30)}” is not known here`);
    return negated ? `!(${tests[name] ?? ''})` : tests[name] ?? '';
  }

  #sum(): string {
    let left = this.#product();
    for (let operator = this.#take('+', '-', '~'); operator !== null; operator = this.#take('+', '-', '~')) {
      const right = this.#product();
      left = operator === '~' ? `\`\${${left}}\${${right}}\`` : `(${left} ${operator} ${right})`;
    }
    return left;
  }
  #product(): string {
    let left = this.#filtered();
    for (let operator = this.#take('*', '/', '%', '//'); operator !== null; operator = this.#take('*', '/', '%', '//')) {
      const right = this.#filtered();
      left = operator === '//' ? `Math.floor(${left} / ${right})` : `(${left} ${operator} ${right})`;
    }
    return left;
  }

  #filtered(): string {
    let made = this.#take('-') === null ? this.#access(this.#atom()) : `-${this.#access(this.#atom())}`;
    while (this.#take('|') !== null) made = this.#filter(made, this.#tokens[this.#at++] ?? '', this.#peek() === '(' ? this.#arguments() : []);
    return made;
  }

  #filter(of: string, name: string, given: readonly string[]): string {
    if (KEPT.has(name)) return of;
    if (name === 'default' || name === 'd') return given[1] === 'true' ? `(${of} || ${given[0] ?? '""'})` : `(${of} ?? ${given[0] ?? '""'})`;
    if (name === 'join') return `${of}.join(${given[0] ?? '""'})`;
    if (name === 'map' && given.length === 1 && given[0]?.startsWith('attribute=')) return `${of}.map(${given[0].slice('attribute='.length)})`;
    if (given.length === 0 && Object.hasOwn(PLAIN, name)) return `${of}.${PLAIN[name] ?? ''}`;
    if (Object.hasOwn(CALLS, name)) return `${of}.${CALLS[name] ?? ''}(${given.filter((one) => !one.includes('=') || one.startsWith('"')).join(', ')})`;
    if (name === 'tojson' || name === 'sort' || name === 'trim') return `${of}.${PLAIN[name] ?? ''}`;
    throw new JinjaError(`the filter “${name.slice(0, 30)}” is not known here`);
  }

  #access(start: string): string {
    let made = start;
    for (;;) {
      if (this.#take('.') !== null) {
        const name = this.#tokens[this.#at++] ?? '';
        if (this.#peek() !== '(') { made = `${made}[${/^\d+$/.test(name) ? name : JSON.stringify(name)}]`; continue; }
        const given = this.#arguments();
        made = name === 'get' ? `(${made}[${given[0] ?? '""'}] ?? ${given[1] ?? '""'})` : name === 'join' ? `${given[0] ?? '[]'}.join(${made})` : this.#filter(made, name, given);
      } else if (this.#take('[') !== null) {
        const from = this.#peek() === ':' ? '0' : this.#choice();
        if (this.#take(':') !== null) made = this.#peek() === ']' ? `${made}.slice(${from})` : `${made}.slice(${from}, ${this.#choice()})`;
        else made = `${made}[${from}]`;
        this.#expect(']');
      } else return made;
    }
  }

  #arguments(): string[] {
    this.#expect('(');
    const given: string[] = [];
    while (this.#take(')') === null) {
      const name = this.#tokens[this.#at + 1] === '=' ? this.#tokens[this.#at] : undefined;
      if (name !== undefined) this.#at += 2;
      const value = this.#choice();
      given.push(name === undefined ? value : `${name}=${value}`);
      if (this.#peek() !== ')') this.#expect(',');
    }
    return given;
  }

  #atom(): string {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw new JinjaError('an expression ends too early');
    if (token === '(') { const inner = this.#choice(); this.#expect(')'); return `(${inner})`; }
    if (token === '[') {
      const items: string[] = [];
      while (this.#take(']') === null) { items.push(this.#choice()); if (this.#peek() !== ']') this.#expect(','); }
      return `[${items.join(', ')}]`;
    }
    if (/^["']/.test(token)) return JSON.stringify(unescaped(token.slice(1, -1)));
    if (/^\d/.test(token)) return token;
    const constants: Readonly<Record<string, string>> = { true: 'true', True: 'true', false: 'false', False: 'false', none: 'null', None: 'null' };
    if (Object.hasOwn(constants, token)) return constants[token] ?? 'null';
    if (!/^[\p{L}_]/u.test(token)) throw new JinjaError(`“${token}” is not expected here`);
    if (this.#peek() === '(') {
      const given = this.#arguments();
      if (token === 'range') return `range(${given.join(', ')})`;
      throw new JinjaError(`the function “${token.slice(0, 30)}” is not known here`);
    }
    // A variable that the step does not hand in is empty, as in Jinja.
    return this.#values.get(token) ?? 'null';
  }
}

const unescaped = (text: string): string => text.replace(/\\([\s\S])/g, (_whole, character: string) => (character === 'n' ? '\n' : character === 't' ? '\t' : character));
