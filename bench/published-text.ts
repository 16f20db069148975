import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { seededRandom, type BenchText } from './zipf-text.ts';

const Line = z.object({ text: z.string() });

/**
 * Texts and questions of people: the passages of published question sets (folders with corpus.jsonl and queries.jsonl), and when
 * those are used up, passages of five of their sentences, two of one text and three of any. The questions are those of the sets.
 */
export class PublishedText implements BenchText {
  readonly #next: () => number;
  readonly #whole: string[];
  readonly #sentences: string[][];
  readonly #all: string[];
  readonly #questions: string[];
  #given = 0;

  /** Null where the folder has no sets whose languages put spaces between words. */
  static from(folder: string, seed: number): PublishedText | null {
    const sets = existsSync(folder) ? readdirSync(folder).filter((set) => !/-(zh|ja|th|ar)$/.test(set) && existsSync(path.join(folder, set, 'corpus.jsonl'))).map((set) => path.join(folder, set)) : [];
    return sets.length === 0 ? null : new PublishedText(sets, seed);
  }

  private constructor(sets: readonly string[], seed: number) {
    const read = (file: string) => sets.flatMap((set) => readFileSync(path.join(set, file), 'utf8').split('\n').filter((line) => line !== '').map((line) => Line.parse(JSON.parse(line)).text));
    this.#next = seededRandom(seed);
    this.#whole = read('corpus.jsonl');
    this.#questions = read('queries.jsonl').map((question) => question.slice(0, 500));
    this.#sentences = this.#whole.map((text) => text.split(/(?<=[.!?])\s+/).filter((sentence) => sentence.length > 20)).filter(({ length }) => length > 0);
    this.#all = this.#sentences.flat();
  }

  #one<T>(of: readonly T[], fallback: T): T { return of[Math.floor(this.#next() * of.length)] ?? fallback; }

  topics(): string[][] { return []; }

  passage(): string {
    const whole = this.#whole[this.#given++];
    if (whole !== undefined) return whole;
    const text = this.#one(this.#sentences, []);
    const from = Math.floor(this.#next() * text.length);
    const own = text.slice(from, from + 2);
    while (own.length < 5) own.push(this.#one(this.#all, ''));
    return own.join(' ');
  }

  question(): string { return this.#one(this.#questions, ''); }
}
