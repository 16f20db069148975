import { analyze, OFFLINE_EMBEDDING_ID } from '#modules/models/index.ts';

/**
 * From where on two questions count as one: near enough in meaning, or nearly so and with words in common. The built-in
 * model's numbers are measured on public question sets (see `same-question.test.ts`): a question put to the wrong ones is
 * worse than two entries for one. A trained model puts paraphrases of each other nearer.
 */
const OFFLINE = { near: 0.5, close: 0.4, shared: 0.5 } as const;
const TRAINED = { near: 0.8, close: 0.7, shared: 0.3 } as const;
/** Without any model the words alone decide. */
const SHARED_ALONE_MIN = 0.6;

/** Numbers of orders and the like say who asks, not what. */
export const withoutNumbers = (text: string): string => text.replace(/\p{N}{5,}/gu, ' ').replace(/\s+/g, ' ').trim();

/** The words of a question that {@link sharedWords} compares. */
export const wordsOf = (text: string): ReadonlySet<string> => new Set(analyze(withoutNumbers(text), { query: true }));

/** 0..1: the words two questions have in common, of all they have. */
export function sharedWords(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let common = 0;
  for (const word of a) if (b.has(word)) common += 1;
  return common === 0 ? 0 : common / (a.size + b.size - common);
}

/** Whether two questions ask the same. `similarity` is the cosine of their vectors; null where there are none. */
export function isSameQuestion({ similarity, shared }: { similarity: number | null; shared: number }, embeddingModel: string): boolean {
  if (similarity === null) return shared >= SHARED_ALONE_MIN;
  const bounds = embeddingModel === OFFLINE_EMBEDDING_ID ? OFFLINE : TRAINED;
  return similarity >= bounds.near || (similarity >= bounds.close && shared >= bounds.shared);
}

const COMPARED_MAX = 30;

/**
 * The wording that stands for all best: the one that was used most often, then the one that has most in common with the
 * others, then one that ends like a question, then the first. The list must not be empty.
 */
export function bestWording(wordings: readonly string[]): string {
  const counts = new Map<string, { text: string; times: number }>();
  for (const text of wordings) {
    const key = text.toLocaleLowerCase().replace(/[\s\p{P}]+/gu, ' ').trim();
    const known = counts.get(key);
    if (known) known.times += 1;
    else counts.set(key, { text, times: 1 });
  }
  const different = [...counts.values()].slice(0, COMPARED_MAX).map((wording) => ({ ...wording, words: wordsOf(wording.text) }));
  const scored = different.map((wording) => ({
    ...wording, central: different.reduce((sum, other) => sum + (other === wording ? 0 : sharedWords(wording.words, other.words) * other.times), 0), asks: /[?？؟]\s*$/.test(wording.text) ? 1 : 0,
  }));
  const best = scored.toSorted((a, b) => b.times - a.times || b.central - a.central || b.asks - a.asks)[0];
  if (!best) throw new Error('there is no wording to choose from');
  return best.text;
}
