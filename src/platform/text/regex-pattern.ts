/** What a pattern means, as a tree. */
export type Tree =
  | { kind: 'one'; accepts: (char: string) => boolean }
  | { kind: 'at'; holds: (before: string, after: string) => boolean }
  /** Brackets that remember what they matched; groups are counted from 1. */
  | { kind: 'group'; group: number; item: Tree }
  | { kind: 'sequence' | 'choice'; items: readonly Tree[] }
  | { kind: 'repeat'; item: Tree; from: number; to: number; lazy: boolean };

export interface RegexOptions { /** `^` and `$` also match at line breaks. */ multiline?: boolean; /** `.` also matches line breaks. */ dotAll?: boolean }

const PATTERN_CHARS_MAX = 1_000;
const REPEAT_MAX = 200;
const DEPTH_MAX = 100;

/** A pattern that is wrong, too large, not linear, or takes too long for its text. The message is for people. */
export class PatternError extends Error { override name = 'PatternError'; }

export const refuse = (problem: string): PatternError => new PatternError(`The pattern ${problem}.`);

const isDigit = (char: string): boolean => char >= '0' && char <= '9' && char.length === 1;
const isWord = (char: string): boolean => char.length === 1 && ((char >= 'a' && char <= 'z') || (char >= 'A' && char <= 'Z') || isDigit(char) || char === '_');
const isSpace = (char: string): boolean => char !== '' && char.trim() === '';
const not = (accepts: (char: string) => boolean) => (char: string): boolean => !accepts(char);
const escapes: ReadonlyMap<string, (char: string) => boolean> = new Map([
  ['d', isDigit], ['D', not(isDigit)], ['w', isWord], ['W', not(isWord)], ['s', isSpace], ['S', not(isSpace)],
]);
const controls: ReadonlyMap<string, string> = new Map([['n', '\n'], ['r', '\r'], ['t', '\t'], ['f', '\f'], ['v', '\v'], ['0', '\0']]);
const PROPERTIES: ReadonlyMap<string, RegExp> = new Map([
  ['L', /^\p{L}$/u], ['Letter', /^\p{L}$/u], ['Lu', /^\p{Lu}$/u], ['Ll', /^\p{Ll}$/u], ['N', /^\p{N}$/u], ['Nd', /^\p{Nd}$/u], ['P', /^\p{P}$/u], ['S', /^\p{S}$/u],
  ['Z', /^\p{Z}$/u], ['M', /^\p{M}$/u], ['Emoji', /^\p{Emoji}$/u], ['Alphabetic', /^\p{Alphabetic}$/u],
]);

/** Reads a pattern into its tree; throws PatternError for one that is wrong, too long, or not linear. */
export class PatternReader {
  #position = 0;
  #depth = 0;
  #groups = 0;
  readonly #names = new Map<string, number>();
  readonly #pattern: string;
  readonly #options: RegexOptions;
  readonly #fold: (char: string) => string;

  constructor(pattern: string, ignoreCase: boolean, options: RegexOptions) {
    if (pattern.length > PATTERN_CHARS_MAX) throw refuse('is too long');
    this.#pattern = pattern;
    this.#options = options;
    this.#fold = ignoreCase ? (char) => char.toLowerCase() : (char) => char;
  }

  read(): { tree: Tree; groups: number; names: ReadonlyMap<string, number> } {
    if (this.#pattern.startsWith('(?i)')) throw refuse('holds an inline flag; use the case setting instead');
    const tree = this.#choice();
    if (this.#position < this.#pattern.length) throw refuse('has an unmatched ")"');
    return { tree, groups: this.#groups, names: this.#names };
  }

  #choice(): Tree {
    if (++this.#depth > DEPTH_MAX) throw refuse('is nested too deeply');
    const items = [this.#sequence()];
    while (this.#take('|')) items.push(this.#sequence());
    this.#depth--;
    return items.length === 1 && items[0] ? items[0] : { kind: 'choice', items };
  }

  #sequence(): Tree {
    const items: Tree[] = [];
    while (this.#position < this.#pattern.length && this.#peek() !== '|' && this.#peek() !== ')') items.push(this.#repeated());
    return { kind: 'sequence', items };
  }

  #repeated(): Tree {
    let tree = this.#atom();
    for (let bounds = this.#bounds(); bounds; bounds = this.#bounds()) tree = { kind: 'repeat', item: tree, ...bounds, lazy: this.#take('?') };
    return tree;
  }

  #bounds(): { from: number; to: number } | null {
    if (this.#take('*')) return { from: 0, to: Infinity };
    if (this.#take('+')) return { from: 1, to: Infinity };
    if (this.#take('?')) return { from: 0, to: 1 };
    const braces = /^\{(\d+)(,?)(\d*)\}/.exec(this.#pattern.slice(this.#position, this.#position + 12));
    if (!braces) return null;
    this.#position += braces[0].length;
    const from = Number(braces[1]);
    const to = braces[2] === '' ? from : braces[3] === '' ? Infinity : Number(braces[3]);
    if (from > REPEAT_MAX || (to !== Infinity && to > REPEAT_MAX) || to < from) throw refuse('repeats too often');
    return { from, to };
  }

  #atom(): Tree {
    const char = this.#next();
    const { multiline = false, dotAll = false } = this.#options;
    switch (char) {
      case '(': return this.#group();
      case '[': return { kind: 'one', accepts: this.#class() };
      case '.': return { kind: 'one', accepts: dotAll ? () => true : (read) => read !== '\n' && read !== '\r' };
      case '^': return { kind: 'at', holds: (before) => before === '' || (multiline && before === '\n') };
      case '$': return { kind: 'at', holds: (_before, after) => after === '' || (multiline && after === '\n') };
      case '\\': return this.#escape();
      case '*': case '+': case '?': throw refuse('repeats nothing');
      default: return this.#literal(char);
    }
  }

  #group(): Tree {
    let group: number | null = null;
    if (this.#take('?')) {
      if (this.#take('P<') || this.#take('<')) {
        if (this.#peek() === '=' || this.#peek() === '!') throw refuse('looks behind, which is not supported');
        const end = this.#pattern.indexOf('>', this.#position);
        if (end < 0) throw refuse('has an unfinished group name');
        group = ++this.#groups;
        this.#names.set(this.#pattern.slice(this.#position, end), group);
        this.#position = end + 1;
      } else if (!this.#take(':')) throw refuse('uses a group that is not supported');
    } else group = ++this.#groups;
    const tree = this.#choice();
    if (!this.#take(')')) throw refuse('has an unmatched "("');
    return group === null ? tree : { kind: 'group', group, item: tree };
  }

  #escape(): Tree {
    const char = this.#next();
    if (char === 'b' || char === 'B') {
      return { kind: 'at', holds: (before, after) => (isWord(before) !== isWord(after)) === (char === 'b') };
    }
    if (/[1-9k]/.test(char)) throw refuse('refers back to a group, which is not supported');
    const accepts = this.#kind(char);
    return accepts ? { kind: 'one', accepts } : this.#literal(this.#escaped(char));
  }

  /** `\d`, `\p{L}` and the like; undefined for an escape that is one character. */
  #kind(char: string): ((char: string) => boolean) | undefined {
    if (char !== 'p' && char !== 'P') return escapes.get(char);
    const name = /^\{([A-Za-z]{1,20})\}/.exec(this.#pattern.slice(this.#position, this.#position + 24));
    const property = name?.[1] === undefined ? undefined : PROPERTIES.get(name[1]);
    if (!name || !property) throw refuse('names a kind of character that is not known');
    this.#position += name[0].length;
    return char === 'p' ? (read) => property.test(read) : (read) => !property.test(read);
  }

  #escaped(char: string): string {
    const hex = /^(?:u\{([0-9a-fA-F]{1,5})\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2}))/.exec(this.#pattern.slice(this.#position - 1, this.#position + 8));
    if (!hex) return controls.get(char) ?? char;
    this.#position += hex[0].length - 1;
    return String.fromCodePoint(Number.parseInt(hex[1] ?? hex[2] ?? hex[3] ?? '', 16));
  }

  #literal(char: string): Tree {
    const wanted = this.#fold(char);
    const fold = this.#fold;
    return { kind: 'one', accepts: (read) => fold(read) === wanted };
  }

  #class(): (char: string) => boolean {
    const negated = this.#take('^');
    const tests: ((char: string) => boolean)[] = [];
    const fold = this.#fold;
    for (let first = true; first || this.#peek() !== ']'; first = false) {
      let char = this.#next();
      if (char === '\\') {
        char = this.#next();
        const accepts = this.#kind(char);
        if (accepts) { tests.push(accepts); continue; }
        char = this.#escaped(char);
      }
      const low = char;
      let high = char;
      if (this.#peek() === '-' && this.#pattern[this.#position + 1] !== ']') {
        this.#next();
        high = this.#next();
        if (high === '\\') high = this.#escaped(this.#next());
        if (high < low) throw refuse('has a range in the wrong order');
      }
      tests.push((read) => (read >= low && read <= high) || (fold(read) >= fold(low) && fold(read) <= fold(high)));
    }
    this.#next();
    return (char) => tests.some((test) => test(char)) !== negated;
  }

  #peek(): string { return this.#pattern[this.#position] ?? ''; }

  #take(expected: string): boolean {
    if (!this.#pattern.startsWith(expected, this.#position)) return false;
    this.#position += expected.length;
    return true;
  }

  #next(): string {
    const code = this.#pattern.codePointAt(this.#position);
    if (code === undefined) throw refuse('ends too early');
    const char = String.fromCodePoint(code);
    this.#position += char.length;
    return char;
  }
}
