import { createRequire } from 'node:module';
import type * as Franc from 'franc-min';
import { latinLanguagesShown } from './language.ts';
import { tokenizeWords } from './lexical.ts';

/** A language somebody writes in. */
export interface WrittenLanguage {
  /** BCP 47, e.g. `es`. */
  tag: string;
  /** In English, e.g. `Spanish`. */
  name: string;
}

/** As much of a text as is looked at. */
const SAMPLE_CHARS = 1_000;
/** Trigrams tell languages of one script apart only over a sentence or two. */
const TRIGRAMS_FROM_CHARS = 40;

/** Scripts that one language of ours writes, or that its letters tell apart. In the order they are looked for. */
const byLetters: readonly (readonly [RegExp, string])[] = [
  [/[\u3040-\u30ff]/, 'ja'], [/[\uac00-\ud7af]/, 'ko'], [/[\u4e00-\u9fff]/, 'zh'],
  [/[ٹڈڑںے]/, 'ur'], [/[پچژگ]/, 'fa'], [/\p{Script=Arabic}/u, 'ar'],
  [/[іїєґ]/i, 'uk'], [/\p{Script=Greek}/u, 'el'], [/\p{Script=Hebrew}/u, 'he'], [/\p{Script=Armenian}/u, 'hy'], [/\p{Script=Georgian}/u, 'ka'],
  [/\p{Script=Thai}/u, 'th'], [/\p{Script=Lao}/u, 'lo'], [/\p{Script=Khmer}/u, 'km'], [/\p{Script=Myanmar}/u, 'my'], [/\p{Script=Tamil}/u, 'ta'],
  [/\p{Script=Telugu}/u, 'te'], [/\p{Script=Bengali}/u, 'bn'], [/\p{Script=Gujarati}/u, 'gu'], [/\p{Script=Gurmukhi}/u, 'pa'], [/\p{Script=Kannada}/u, 'kn'],
  [/\p{Script=Malayalam}/u, 'ml'], [/\p{Script=Devanagari}/u, 'hi'],
];

/** Languages that grammar words tell apart: their tag, and their name among the trigrams. */
const latin: Readonly<Record<string, readonly [tag: string, trigrams: string]>> = {
  english: ['en', 'eng'], german: ['de', 'deu'], french: ['fr', 'fra'], spanish: ['es', 'spa'], portuguese: ['pt', 'por'], italian: ['it', 'ita'], dutch: ['nl', 'nld'],
  swedish: ['sv', 'swe'], danish: ['da', 'dan'], norwegian: ['no', 'nob'], finnish: ['fi', 'fin'], hungarian: ['hu', 'hun'], romanian: ['ro', 'ron'], turkish: ['tr', 'tur'],
  polish: ['pl', 'pol'], czech: ['cs', 'ces'], indonesian: ['id', 'ind'], vietnamese: ['vi', 'vie'],
};

/** Names for tags, in English; made once, because making it costs more than asking it. */
const names = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'code' });

/** Loaded with the first text that needs it, as most questions are told apart by their letters and grammar words. */
const load = createRequire(import.meta.url);
let trigrams: typeof Franc | null = null;
// What `require` answers has no type of its own; the package's declarations give it.
const trigramsOf = () => trigrams ??= load('franc-min') as typeof Franc;

/** A language by its tag; the tag itself where nobody named it. */
export function languageNamed(tag: string): WrittenLanguage {
  try {
    return { tag, name: names.of(tag) ?? tag };
  } catch {
    // A buyer may write anything of the right shape: BCP 47 is larger than what has a name.
    return { tag, name: tag };
  }
}

/**
 * The language a text is written in; null when the text does not tell ("ok", "42", a product name). Rather silent than wrong: what
 * follows from it is said to a model as a fact. Made for questions of a few words: scripts first, then letters and grammar
 * words, and trigrams only for longer texts.
 */
export function writtenLanguage(text: string): WrittenLanguage | null {
  const clean = text.slice(0, SAMPLE_CHARS).replace(/https?:\S+|\S+@\S+|[\d_|`<>]+/g, ' ').normalize('NFKC');
  const letters = clean.match(/\p{L}/gu)?.length ?? 0;
  if (letters < 2) return null;
  const inLatin = clean.match(/\p{Script=Latin}/gu)?.length ?? 0;
  // A foreign name inside a sentence does not change its language.
  if (inLatin * 2 <= letters) return languageOfLetters(clean);
  if (/[¿¡]/.test(clean)) return languageNamed('es');
  // Names of products and people say nothing: "iPhone 15 Pro" is not Czech.
  const words = tokenizeWords(clean.replace(/(?<=\S\s{1,8})\p{Lu}\p{L}*/gu, ' '));
  const candidates = latinLanguagesShown(words).flatMap((name) => { const known = latin[name]; return known ? [known] : []; });
  const [first] = candidates;
  if (first && candidates.length === 1) return languageNamed(first[0]);
  const tag = first ? byTrigrams(clean, candidates.map(([, trigrams]) => trigrams)) : byTrigrams(clean);
  return tag === null ? null : languageNamed(tag);
}

function languageOfLetters(text: string): WrittenLanguage | null {
  const found = byLetters.find(([script]) => script.test(text));
  if (found) return languageNamed(found[1]);
  if (!/\p{Script=Cyrillic}/u.test(text)) return null;
  // Most that is written to a product in Cyrillic is Russian; another language shows over a sentence.
  return languageNamed(byTrigrams(text) ?? 'ru');
}

/** With candidates, which of them it is: that much a short text tells too. */
function byTrigrams(text: string, candidates?: readonly string[]): string | null {
  const minLength = candidates ? 12 : TRIGRAMS_FROM_CHARS;
  if (text.trim().length < minLength) return null;
  const code = trigramsOf().franc(text, { minLength, ...(candidates ? { only: [...candidates] } : {}) });
  if (code === 'und') return null;
  // Canonical: the two-letter tag where there is one.
  return code === 'nob' ? 'no' : Intl.getCanonicalLocales(code)[0] ?? null;
}
