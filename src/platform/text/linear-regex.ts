import { PatternReader, refuse } from './regex-pattern.ts';
import type { RegexOptions, Tree } from './regex-pattern.ts';

/**
 * Regular expressions that always end: a pattern is compiled to a set of states that walk the text together, so the
 * time is bounded by pattern × text whatever the pattern (JavaScript's own engine backtracks and can run for years on
 * `(a+)+$`). Knows literals, `.`, classes, `\d \w \s \b \p{L}` and their negations, groups, `|`, `* + ? {n,m}` also lazy, `^`,
 * `$`. Look-around and back-references are refused: they cannot be matched in linear time.
 */
export interface LinearRegex {
  /** Whether the pattern matches at the very beginning of the text (as Python's `re.match`). */
  matchesStart(text: string): boolean;
  /** The first match at or after `from`, of several the one JavaScript would give; null when there is none. `spend` is told the work and may throw. */
  find(text: string, from: number, spend?: (visits: number) => void): RegexMatch | null;
}

export interface RegexMatch {
  start: number;
  end: number;
  /** Texts of the groups in brackets, from the first; undefined for those that took no part. */
  groups: readonly (string | undefined)[];
  /** The same by name, for groups that have one. */
  named: ReadonlyMap<string, string | undefined>;
}

const STATES_MAX = 5_000;
/** States visited in one match; a pattern and a text that need more are refused rather than block everybody else. */
const VISITS_MAX = 2_000_000;
/** Longer texts are matched by their beginning. */
const REGEX_TEXT_CHARS_MAX = 100_000;

type State =
  | { kind: 'one'; accepts: (char: string) => boolean; next: number }
  | { kind: 'at'; holds: (before: string, after: string) => boolean; next: number }
  /** Remembers the place as a border of a group. */
  | { kind: 'mark'; border: number; next: number }
  /** Ways to go on, the preferred one first. */
  | { kind: 'split'; next: readonly number[] }
  | { kind: 'end' };

/** Throws PatternError for a pattern that is wrong, too large, or not linear. */
export function linearRegex(pattern: string, ignoreCase: boolean, options: RegexOptions = {}): LinearRegex {
  const { tree, groups, names } = new PatternReader(pattern, ignoreCase, options).read();
  const states: State[] = [{ kind: 'end' }];
  const start = compile(tree, 0, states);
  const mayStart = firstCharacters(states, start);
  const walk = (text: string, from: number, anchored: boolean, spend: (visits: number) => void) =>
    new Walk(states, start, mayStart, text.slice(0, REGEX_TEXT_CHARS_MAX), spend).run(from, anchored);
  return {
    matchesStart: (text) => walk(text, 0, true, limitVisits()) !== null,
    find: (text, from, spend = limitVisits()) => {
      const borders = walk(text, from, false, spend);
      if (!borders) return null;
      const texts = Array.from({ length: groups }, (_, index) => groupText(text, borders, index + 1));
      return { start: borders[0] ?? 0, end: borders[1] ?? 0, groups: texts, named: new Map([...names].map(([name, group]) => [name, texts[group - 1]])) };
    },
  };
}

function limitVisits(): (visits: number) => void {
  let left = VISITS_MAX;
  return (visits) => {
    left -= visits;
    if (left < 0) throw refuse('takes too long for this text');
  };
}

function groupText(text: string, borders: readonly (number | undefined)[], group: number): string | undefined {
  const [from, to] = [borders[group * 2], borders[group * 2 + 1]];
  return from === undefined || to === undefined ? undefined : text.slice(from, to);
}

/** Builds states back to front: returns the state to enter for `tree` followed by `next`. */
function compile(tree: Tree, next: number, states: State[]): number {
  const add = (state: State): number => {
    if (states.length >= STATES_MAX) throw refuse('is too large');
    return states.push(state) - 1;
  };
  switch (tree.kind) {
    case 'one': return add({ kind: 'one', accepts: tree.accepts, next });
    case 'at': return add({ kind: 'at', holds: tree.holds, next });
    case 'group': return add({ kind: 'mark', border: tree.group * 2, next: compile(tree.item, add({ kind: 'mark', border: tree.group * 2 + 1, next }), states) });
    case 'sequence': return tree.items.reduceRight((after, item) => compile(item, after, states), next);
    case 'choice': return add({ kind: 'split', next: tree.items.map((item) => compile(item, next, states)) });
    case 'repeat': {
      const either = (again: number): readonly number[] => (tree.lazy ? [next, again] : [again, next]);
      let after = next;
      if (tree.to === Infinity) {
        const loop = add({ kind: 'split', next: [] });
        states[loop] = { kind: 'split', next: either(compile(tree.item, loop, states)) };
        after = loop;
      } else {
        for (let i = tree.from; i < tree.to; i++) after = add({ kind: 'split', next: either(compile(tree.item, after, states)) });
      }
      for (let i = 0; i < tree.from; i++) after = compile(tree.item, after, states);
      return after;
    }
  }
}

/** Whether a match can begin with a character; null when it can be empty. Lets a walk pass over the rest of a text quickly. */
function firstCharacters(states: readonly State[], start: number): ((char: string) => boolean) | null {
  const tests: ((char: string) => boolean)[] = [];
  const seen = new Set<number>();
  const open = [start];
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    if (seen.has(index)) continue;
    seen.add(index);
    const state = states[index];
    switch (state?.kind) {
      case 'one': tests.push(state.accepts); break;
      case 'split': open.push(...state.next); break;
      case 'mark': case 'at': open.push(state.next); break;
      default: return null;
    }
  }
  return (char) => tests.some((test) => test(char));
}

/** Where groups begin and end; 0 and 1 are the borders of the whole match. */
type Borders = readonly (number | undefined)[];
interface Thread { state: number; borders: Borders }

/** Walks all states through the text at once, the preferred ones first. */
class Walk {
  readonly #states: readonly State[];
  readonly #start: number;
  readonly #mayStart: ((char: string) => boolean) | null;
  readonly #text: string;
  readonly #spend: (visits: number) => void;
  /** The step in which a state was last reached: each is entered once a step. */
  readonly #reachedIn: Uint32Array;
  #step = 0;
  #visits = 0;

  constructor(states: readonly State[], start: number, mayStart: ((char: string) => boolean) | null, text: string, spend: (visits: number) => void) {
    this.#states = states;
    this.#start = start;
    this.#mayStart = mayStart;
    this.#text = text;
    this.#spend = spend;
    this.#reachedIn = new Uint32Array(states.length);
  }

  run(from: number, anchored: boolean): Borders | null {
    let found: Borders | null = null;
    let threads: Thread[] = [];
    let at = anchored ? from : this.#next(from);
    let before = charBefore(this.#text, at);
    for (;;) {
      const char = charAt(this.#text, at);
      this.#step++;
      this.#visits = 1;
      const here: Thread[] = [];
      for (const thread of threads) this.#follow(thread.state, thread.borders, at, before, char, here);
      if (!found && (!anchored || at === from)) this.#follow(this.#start, [at], at, before, char, here);
      this.#spend(this.#visits);
      threads = [];
      for (const thread of here) {
        const state = this.#states[thread.state];
        if (state?.kind === 'end') {
          const [start, , ...groups] = thread.borders;
          found = [start, at, ...groups];
          if (anchored) return found;
          break; // What comes behind is less preferred than this match.
        }
        if (state?.kind === 'one' && char !== '' && state.accepts(char)) threads.push({ state: state.next, borders: thread.borders });
      }
      if (char === '' || (threads.length === 0 && (found !== null || anchored))) return found;
      before = char;
      at += char.length;
      if (threads.length > 0) continue;
      const next = this.#next(at);
      if (next > at) before = charBefore(this.#text, next);
      at = next;
    }
  }

  /** The first place at or after `from` where a match may begin; the end of the text when there is none. */
  #next(from: number): number {
    if (!this.#mayStart) return from;
    let at = from;
    for (let char = charAt(this.#text, at); char !== '' && !this.#mayStart(char); char = charAt(this.#text, at)) at += char.length;
    this.#spend((at - from) / 4);
    return at;
  }

  /** Collects the states that read a character, reachable from `index` without reading one. */
  #follow(index: number, borders: Borders, at: number, before: string, after: string, into: Thread[]): void {
    const open: Thread[] = [{ state: index, borders }];
    for (let thread = open.pop(); thread; thread = open.pop()) {
      if (this.#reachedIn[thread.state] === this.#step) continue;
      this.#reachedIn[thread.state] = this.#step;
      this.#visits++;
      const state = this.#states[thread.state];
      switch (state?.kind) {
        case 'split': for (let i = state.next.length - 1; i >= 0; i--) open.push({ state: state.next[i] ?? 0, borders: thread.borders }); break;
        case 'mark': this.#visits += 3; open.push({ state: state.next, borders: marked(thread.borders, state.border, at) }); break;
        case 'at': if (state.holds(before, after)) open.push({ state: state.next, borders: thread.borders }); break;
        default: into.push(thread);
      }
    }
  }
}

function marked(borders: Borders, border: number, at: number): Borders {
  const copy = [...borders];
  copy[border] = at;
  return copy;
}

/** The character at a place, whole also where it takes two code units; empty at the end. */
function charAt(text: string, at: number): string {
  const code = text.codePointAt(at);
  return code === undefined ? '' : code > 0xffff ? String.fromCodePoint(code) : text.charAt(at);
}

const charBefore = (text: string, at: number): string => (at === 0 ? '' : text.charAt(at - 1));
