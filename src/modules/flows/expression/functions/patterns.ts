import type { LinearRegex, RegexMatch } from '#platform/text/linear-regex.ts';
import { linearRegex } from '../../nodes/logic/linear-regex.ts';
import { NodeError } from '../../nodes/node-error.ts';
import type { Evaluation } from '../evaluation.ts';
import { ExpressionError } from '../expression-error.ts';

/** A regular expression of an expression. Linear in the text whatever the pattern; see `linear-regex.ts` for what it knows. */
export class Pattern {
  readonly source: string;
  readonly flags: string;
  #regex: LinearRegex | null = null;

  constructor(source: string, flags: string) {
    this.source = source;
    this.flags = flags;
  }

  get global(): boolean { return this.flags.includes('g'); }

  /** The same for all places of a text. */
  everywhere(): Pattern { return this.global ? this : new Pattern(this.source, `${this.flags}g`); }

  find(text: string, from: number, evaluation: Evaluation): RegexMatch | null {
    evaluation.work(20);
    return this.#compiled().find(text, from, (visits) => { evaluation.work(visits * 3); });
  }

  #compiled(): LinearRegex {
    if (this.#regex) return this.#regex;
    if (/[^dgimsuvy]/.test(this.flags)) throw new ExpressionError(`The regular expression has unknown flags "${this.flags.slice(0, 20)}"`);
    try {
      return this.#regex = linearRegex(this.source, this.flags.includes('i'), { multiline: this.flags.includes('m'), dotAll: this.flags.includes('s') });
    } catch (error) {
      if (error instanceof NodeError) throw new ExpressionError(`${error.message.replace(/\.$/, '')}: /${this.source.slice(0, 60)}/`);
      throw error;
    }
  }
}

export const test = (text: string, pattern: Pattern, evaluation: Evaluation): boolean => pattern.find(text, 0, evaluation) !== null;

/** The matches as lists: the whole text of each, then its groups. */
export function matchAll(text: string, pattern: Pattern, max: number, evaluation: Evaluation): (string | undefined)[][] {
  const found: (string | undefined)[][] = [];
  for (const match of matches(text, pattern, evaluation)) {
    if (found.length >= max) break;
    found.push([text.slice(match.start, match.end), ...match.groups]);
  }
  return found;
}

/** `$1`, `$<name>`, `$&` and `$$` in `by` stand for what JavaScript says they do. */
export function replacePattern(text: string, pattern: Pattern, by: string, evaluation: Evaluation): string {
  let made = '';
  let at = 0;
  for (const match of matches(text, pattern, evaluation)) {
    const instead = by.includes('$') ? filledIn(by, match, text) : by;
    evaluation.write(made.length + match.start - at + instead.length);
    made += text.slice(at, match.start) + instead;
    at = match.end;
    if (!pattern.global) break;
  }
  return made + text.slice(at);
}

export function splitPattern(text: string, pattern: Pattern, limit: number, evaluation: Evaluation): string[] {
  const parts: string[] = [];
  let at = 0;
  for (const match of matches(text, pattern, evaluation)) {
    if (parts.length >= limit) return parts;
    if (match.end === match.start && (match.start === 0 || match.start === text.length)) continue;
    parts.push(text.slice(at, match.start));
    at = match.end;
  }
  if (parts.length < limit) parts.push(text.slice(at));
  return parts;
}

function* matches(text: string, pattern: Pattern, evaluation: Evaluation): Generator<RegexMatch> {
  for (let at = 0; at <= text.length;) {
    const match = pattern.find(text, at, evaluation);
    if (!match) return;
    yield match;
    at = match.end > match.start ? match.end : match.end + 1;
  }
}

const filledIn = (by: string, match: RegexMatch, text: string): string =>
  by.replace(/\$(?:(\$)|(&)|(\d)|<([^>]{1,80})>)/g, (whole, dollar, all, digit, name) => {
    if (dollar !== undefined) return '$';
    if (all !== undefined) return text.slice(match.start, match.end);
    if (digit !== undefined) return Number(digit) >= 1 && Number(digit) <= match.groups.length ? match.groups[Number(digit) - 1] ?? '' : whole;
    return match.named.get(String(name)) ?? '';
  });
