import type { EffectiveConfiguration } from '#modules/capabilities/index.ts';
import { statesPrice } from './price-talk.ts';

/** What an answer said that it must not. */
type Breach = 'competitor' | 'price';

/** A sentence that has ended: its mark with what closes around it and a space, a mark of Chinese or Japanese, or the line. */
const SENTENCE_END = /[.!?…؟।]["'”’»)\]*_]*\s|[。！？]["'”’」』）]*|\n/gu;
/** A sentence without an end is let go in parts of this length: code, tables. */
const HELD_CHARS_MAX = 800;
/** As much of what was said is looked at again, so that a name is found across sentences. */
const TAIL_CHARS = 200;

/**
 * Reads an answer as it streams and lets go of whole sentences only, so that what must not be said is found before any of
 * it is shown, however the model cut it. Ends the answer before the first sentence that names a listed competitor or, where
 * prices are for people, states an amount: what follows such a sentence is about it. Without rules it passes pieces on as they are.
 */
export class AnswerGuard {
  breach: Breach | null = null;
  readonly #names: RegExp | null;
  readonly #prices: boolean;
  #held = '';
  #tail = '';

  constructor({ guardrails }: Pick<EffectiveConfiguration, 'guardrails'>) {
    this.#names = guardrails.blockCompetitors ? namesPattern(guardrails.competitors) : null;
    this.#prices = guardrails.escalatePricing;
  }

  get watches(): boolean {
    return this.#names !== null || this.#prices;
  }

  /** What may be shown now. */
  push(piece: string): string {
    if (!this.watches) return piece;
    if (this.breach) return '';
    this.#held += piece;
    let end = 0;
    for (const { 0: mark, index } of this.#held.matchAll(SENTENCE_END)) end = index + mark.length;
    if (end === 0 && this.#held.length > HELD_CHARS_MAX) end = this.#held.length - TAIL_CHARS;
    return end === 0 ? '' : this.#release(end);
  }

  /** The rest, at the end of the answer. */
  flush(): string {
    return this.watches && !this.breach ? this.#release(this.#held.length) : '';
  }

  /** Whether a text keeps to the rules by itself. */
  allows(text: string): boolean {
    return this.#breachOf(text) === null;
  }

  #release(end: number): string {
    const ready = this.#held.slice(0, end);
    this.#held = this.#held.slice(end);
    let said = '';
    for (const sentence of sentencesOf(ready)) {
      this.breach = this.#breachOf(this.#tail + sentence);
      if (this.breach) {
        this.#held = '';
        return said;
      }
      said += sentence;
      this.#tail = (this.#tail + sentence).slice(-TAIL_CHARS);
    }
    return said;
  }

  #breachOf(text: string): Breach | null {
    if (this.#names?.test(folded(text))) return 'competitor';
    return this.#prices && statesPrice(text) ? 'price' : null;
  }
}

function sentencesOf(text: string): string[] {
  const sentences: string[] = [];
  let start = 0;
  for (const { 0: mark, index } of text.matchAll(SENTENCE_END)) {
    sentences.push(text.slice(start, index + mark.length));
    start = index + mark.length;
  }
  if (start < text.length) sentences.push(text.slice(start));
  return sentences;
}

/** The names as one pattern over {@link folded} text; null when there are none. */
function namesPattern(names: readonly string[]): RegExp | null {
  const patterns = names.flatMap((name) => {
    const words = folded(name).split(' ').filter((word) => word !== '');
    if (words.length === 0) return [];
    // "Acme Corp", "ACME-Corp" and "AcmeCorp" are one name. Scripts that write words together have no borders to ask for.
    const spelled = words.map((word) => word.replaceAll(/[.*+?^${}()|[\]\\/-]/g, '\\$&')).join(' ?');
    return [/[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{N}]/u.test(name) ? `(?<![\\p{L}\\p{N}])${spelled}(?![\\p{L}\\p{N}])` : spelled];
  });
  return patterns.length === 0 ? null : new RegExp(patterns.join('|'), 'u');
}

/** A text as names are compared: one case, no accents, no marks of emphasis or invisible characters, single spaces for what parts words. */
const folded = (text: string): string =>
  text.normalize('NFKD').replaceAll(/[\p{M}\p{Cf}*_`~]/gu, '').toLowerCase().replaceAll(/[\s\p{Pd}./&+,:]+/gu, ' ').trim();
