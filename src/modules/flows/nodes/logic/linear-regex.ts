import { NodeError } from '../node-error.ts';

/**
 * Regular expressions that always end: a pattern is compiled to a set of states that walk the text together, so the
 * time is bounded by pattern × text whatever the pattern (JavaScript's own engine backtracks and can run for years on
 * `(a+)+$`). Knows literals, `.`, classes, `\d \w \s \b` and their negations, groups, `|`, `* + ? {n,m}`, `^`, `$`.
 * Look-around and back-references are refused: they cannot be matched in linear time.
 */
export interface LinearRegex {
  /** Whether the pattern matches at the very beginning of the text (as Python's `re.match`). */
  matchesStart(text: string): boolean;
}

const PATTERN_CHARS_MAX = 1_000;
const STATES_MAX = 5_000;
const REPEAT_MAX = 200;
const DEPTH_MAX = 100;
/** States visited in one match; a pattern and a text that need more are refused rather than block everybody else. */
const VISITS_MAX = 2_000_000;
/** Longer texts are matched by their beginning. */
export const REGEX_TEXT_CHARS_MAX = 100_000;

type Tree =
  | { kind: 'one'; accepts: (char: string) => boolean }
  | { kind: 'at'; holds: (before: string, after: string) => boolean }
  | { kind: 'sequence' | 'choice'; items: readonly Tree[] }
  | { kind: 'repeat'; item: Tree; from: number; to: number };

type State =
  | { kind: 'one'; accepts: (char: string) => boolean; next: number }
  | { kind: 'at'; holds: (before: string, after: string) => boolean; next: number }
  | { kind: 'split'; next: readonly number[] }
  | { kind: 'end' };

/** Throws NodeError for a pattern that is wrong, too large, or not linear. */
export function linearRegex(pattern: string, ignoreCase: boolean): LinearRegex {
  if (pattern.length > PATTERN_CHARS_MAX) throw refuse('is too long');
  const tree = new PatternReader(pattern, ignoreCase).read();
  const states: State[] = [{ kind: 'end' }];
  const start = compile(tree, 0, states);
  return { matchesStart: (text) => walk(states, start, text.slice(0, REGEX_TEXT_CHARS_MAX)) };
}

const refuse = (problem: string) => new NodeError('node-config-invalid', `The pattern ${problem}.`);

/** Builds states back to front: returns the state to enter for `tree` followed by `next`. */
function compile(tree: Tree, next: number, states: State[]): number {
  const add = (state: State): number => {
    if (states.length >= STATES_MAX) throw refuse('is too large');
    return states.push(state) - 1;
  };
  switch (tree.kind) {
    case 'one': return add({ kind: 'one', accepts: tree.accepts, next });
    case 'at': return add({ kind: 'at', holds: tree.holds, next });
    case 'sequence': return tree.items.reduceRight((after, item) => compile(item, after, states), next);
    case 'choice': return add({ kind: 'split', next: tree.items.map((item) => compile(item, next, states)) });
    case 'repeat': {
      let after = next;
      if (tree.to === Infinity) {
        const loop = add({ kind: 'split', next: [] });
        states[loop] = { kind: 'split', next: [compile(tree.item, loop, states), next] };
        after = loop;
      } else {
        for (let i = tree.from; i < tree.to; i++) after = add({ kind: 'split', next: [compile(tree.item, after, states), next] });
      }
      for (let i = 0; i < tree.from; i++) after = compile(tree.item, after, states);
      return after;
    }
  }
}

function walk(states: readonly State[], start: number, text: string): boolean {
  let current = follow(states, [start], '', text[0] ?? '');
  let visits = 0;
  for (let i = 0; ; i++) {
    if (current.has(0)) return true;
    const char = text[i];
    if (char === undefined || current.size === 0) return false;
    visits += current.size;
    if (visits > VISITS_MAX) throw refuse('takes too long for this text');
    const reached: number[] = [];
    for (const index of current) {
      const state = states[index];
      if (state?.kind === 'one' && state.accepts(char)) reached.push(state.next);
    }
    current = follow(states, reached, char, text[i + 1] ?? '');
  }
}

/** Every state reachable without reading a character. */
function follow(states: readonly State[], from: readonly number[], before: string, after: string): Set<number> {
  const reached = new Set<number>();
  const open = [...from];
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    if (reached.has(index)) continue;
    reached.add(index);
    const state = states[index];
    if (state?.kind === 'split') open.push(...state.next);
    else if (state?.kind === 'at' && state.holds(before, after)) open.push(state.next);
  }
  return reached;
}

const isWord = (char: string): boolean => /^\w$/.test(char);
const escapes: Readonly<Record<string, (char: string) => boolean>> = {
  d: (char) => /^\d$/.test(char), D: (char) => !/^\d$/.test(char),
  w: isWord, W: (char) => !isWord(char),
  s: (char) => /^\s$/.test(char), S: (char) => !/^\s$/.test(char),
};
const controls: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', f: '\f', v: '\v' };

class PatternReader {
  #position = 0;
  #depth = 0;
  readonly #pattern: string;
  readonly #fold: (char: string) => string;

  constructor(pattern: string, ignoreCase: boolean) {
    this.#pattern = pattern;
    this.#fold = ignoreCase ? (char) => char.toLowerCase() : (char) => char;
  }

  read(): Tree {
    if (this.#pattern.startsWith('(?i)')) throw refuse('holds an inline flag; use the case setting instead');
    const tree = this.#choice();
    if (this.#position < this.#pattern.length) throw refuse('has an unmatched ")"');
    return tree;
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
    for (let bounds = this.#bounds(); bounds; bounds = this.#bounds()) {
      tree = { kind: 'repeat', item: tree, ...bounds };
      this.#take('?');
    }
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
    switch (char) {
      case '(': return this.#group();
      case '[': return { kind: 'one', accepts: this.#class() };
      case '.': return { kind: 'one', accepts: (read) => read !== '\n' };
      case '^': return { kind: 'at', holds: (before) => before === '' };
      case '$': return { kind: 'at', holds: (_before, after) => after === '' };
      case '\\': return this.#escape();
      case '*': case '+': case '?': throw refuse('repeats nothing');
      default: return this.#literal(char);
    }
  }

  #group(): Tree {
    if (this.#take('?')) {
      if (this.#take('P<') || this.#take('<')) {
        if (this.#peek() === '=' || this.#peek() === '!') throw refuse('looks behind, which is not supported');
        const end = this.#pattern.indexOf('>', this.#position);
        if (end < 0) throw refuse('has an unfinished group name');
        this.#position = end + 1;
      } else if (!this.#take(':')) throw refuse('uses a group that is not supported');
    }
    const tree = this.#choice();
    if (!this.#take(')')) throw refuse('has an unmatched "("');
    return tree;
  }

  #escape(): Tree {
    const char = this.#next();
    if (char === 'b' || char === 'B') {
      return { kind: 'at', holds: (before, after) => (isWord(before) !== isWord(after)) === (char === 'b') };
    }
    if (/[1-9k]/.test(char)) throw refuse('refers back to a group, which is not supported');
    const accepts = Object.hasOwn(escapes, char) ? escapes[char] : undefined;
    return accepts ? { kind: 'one', accepts } : this.#literal(Object.hasOwn(controls, char) ? controls[char] ?? char : char);
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
        const accepts = Object.hasOwn(escapes, char) ? escapes[char] : undefined;
        if (accepts) { tests.push(accepts); continue; }
        if (Object.hasOwn(controls, char)) char = controls[char] ?? char;
      }
      const low = char;
      let high = char;
      if (this.#peek() === '-' && this.#pattern[this.#position + 1] !== ']') {
        this.#next();
        high = this.#next();
        if (high === '\\') high = this.#next();
        if (high < low) throw refuse('has a range in the wrong order');
      }
      tests.push((read) => (read >= low && read <= high) || (fold !== undefined && fold(read) >= fold(low) && fold(read) <= fold(high)));
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
    const char = this.#pattern[this.#position++];
    if (char === undefined) throw refuse('ends too early');
    return char;
  }
}
