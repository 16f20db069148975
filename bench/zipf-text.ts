/** Numbers from 0 up to 1, by a small generator with a fixed seed. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** What knowledge bases are filled with and asked. */
export interface BenchText {
  /** What a knowledge base is about. */
  topics(count: number): string[][];
  passage(topics?: readonly (readonly string[])[]): string;
  question(topics: readonly (readonly string[])[]): string;
}

/**
 * Text without a subject but with the statistics of real text: words by Zipf's law, each passage about a few topics whose words
 * it repeats. The same seed gives the same text.
 */
export class Zipf implements BenchText {
  readonly #next: () => number;
  readonly #words: string[];
  readonly #cumulative: Float64Array;

  constructor(seed: number, vocabulary = 30_000) {
    this.#next = seededRandom(seed);
    const syllables = ['ka', 'lo', 'mi', 'ter', 'san', 'vo', 'ri', 'den', 'pu', 'gal', 'fe', 'nor', 'ta', 'bis', 'ru', 'cho', 'lan', 'wi', 'dor', 'ze'];
    this.#words = Array.from({ length: vocabulary }, (_, index) => {
      let word = '';
      for (let rest = index + syllables.length; rest > 0; rest = Math.floor(rest / syllables.length)) word += syllables[rest % syllables.length];
      return word;
    });
    this.#cumulative = new Float64Array(vocabulary);
    let total = 0;
    for (let rank = 0; rank < vocabulary; rank++) this.#cumulative[rank] = total += 1 / (rank + 2.7);
  }

  #below(count: number): number { return Math.floor(this.#next() * count); }

  #common(): string {
    const wanted = this.#next() * (this.#cumulative.at(-1) ?? 0);
    let [low, high] = [0, this.#cumulative.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#cumulative[middle] ?? 0) < wanted) low = middle + 1;
      else high = middle;
    }
    return this.#words[low] ?? '';
  }

  /** Topics: each some forty words of the middle and the end of the vocabulary. */
  topics(count: number): string[][] {
    return Array.from({ length: count }, () => Array.from({ length: 40 }, () => this.#words[100 + this.#below(this.#words.length - 100)] ?? ''));
  }

  /** Some hundred and twenty words, two in five of them of one or two topics. */
  passage(topics: readonly (readonly string[])[] = []): string {
    const about = topics.length > 0 ? [topics[this.#below(topics.length)] ?? [], topics[this.#below(topics.length)] ?? []] : [];
    const words = Array.from({ length: 90 + this.#below(60) }, () => {
      const topic = about[this.#below(3)];
      return topic && this.#next() < 0.6 ? topic[Math.floor(this.#next() ** 2 * topic.length)] ?? '' : this.#common();
    });
    return `${words.join(' ')}.`;
  }

  /** A question of a few words of one topic between common ones. */
  question(topics: readonly (readonly string[])[]): string {
    const topic = topics[this.#below(topics.length)] ?? [];
    return [this.#common(), this.#common(), ...Array.from({ length: 3 }, () => topic[this.#below(topic.length)] ?? ''), this.#common(), this.#common()].join(' ');
  }
}
