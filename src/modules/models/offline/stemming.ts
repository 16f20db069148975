import { createRequire } from 'node:module';
import type Snowball from 'snowball-stemmers';
import { scriptOf } from './language.ts';

/** The stem of a normalised word, accents folded; the folded word itself where the language has no stemmer. */
export const stem = (word: string, language: string): string => stemmerOf(language)(word);

/** {@link stem} for many words of one language. */
export function stemmerOf(language: string): (word: string) => string {
  let known = rememberingStemmers.get(language);
  if (!known) rememberingStemmers.set(language, known = rememberingStemmer(language));
  return known;
}

function rememberingStemmer(language: string): (word: string) => string {
  let [recent, before] = [new Map<string, string>(), new Map<string, string>()];
  return (word) => {
    const found = recent.get(word);
    if (found !== undefined) return found;
    const stemmed = before.get(word) ?? (keepsAccents(language) ? word : foldAccents(stemUncached(word, language)) || word);
    // Bounded: a hostile document of random words must not grow the process. What is still in use comes over from before.
    if (recent.size >= STEMS_MAX) [recent, before] = [new Map(), recent];
    recent.set(word, stemmed);
    return stemmed;
  };
}

const STEMS_MAX = 20_000;
const rememberingStemmers = new Map<string, (word: string) => string>();
const stemmers = new Map<string, { stem(word: string): string } | null>();

/** Loaded with the first word: a server that searches nothing does without. */
const load = createRequire(import.meta.url);
let snowball: typeof Snowball | null = null;
// What `require` answers has no type of its own; the package's declarations give it.
const snowballOf = () => snowball ??= load('snowball-stemmers') as typeof Snowball;

/** Tones tell Vietnamese words apart: without them most syllables would be several words. */
const keepsAccents = (language: string): boolean => language === 'vietnamese';

function stemUncached(word: string, language: string): string {
  if (language === 'hindi') return withoutEnding(word, hindiEndings, 1);
  if (language === 'arabic') return stemArabic(word);
  if (language === 'greek') return withoutEnding(word, greekEndings, 3);
  let stemmer = stemmers.get(language);
  if (stemmer === undefined) stemmers.set(language, stemmer = snowballOf().algorithms().includes(language) ? snowballOf().newStemmer(language) : null);
  // People leave out the accent of the most common Spanish ending; the stemmer needs it.
  const spelled = language === 'spanish' ? word.replace(/([cs])ion$/, '$1ión') : word;
  return stemmer ? stemmer.stem(spelled) : spelled;
}

/** Case and number endings of Hindi, longest first. Snowball's port has no Hindi and no Greek, and its Arabic leaves joined words on. */
const hindiEndings = ['ियों', 'ियाँ', 'ियां', 'ाओं', 'ाएं', 'ाएँ', 'ुओं', 'ुएं', 'ों', 'ें', 'ीं', 'ाँ', 'ां', 'ओं', 'ना', 'ने', 'ता', 'ती', 'ते', 'ा', 'ी', 'े', 'ि', 'ो', 'ु', 'ू'];

/** Endings of Greek nouns, adjectives and the commonest verbs, without accents, longest first. */
const greekEndings = [
  'ματων', 'ματος', 'οντας', 'ονται', 'ουμε', 'ουσε', 'ματα', 'θηκε', 'εται', 'εων', 'εως', 'εις', 'ους', 'ουν', 'ικα', 'ων', 'ος', 'ου', 'οι', 'ον', 'ης', 'ην', 'ες', 'ας', 'αν', 'ις', 'ια', 'ει', 'α', 'ε', 'η', 'ι', 'ο', 'υ', 'ω', 'ς',
];

/** Light stemming of Arabic: joined words and the article in front, endings of number, gender and person behind. */
const arabicFronts = ['وال', 'بال', 'كال', 'فال', 'لل', 'ال'];
const arabicEndings = ['ها', 'ان', 'ات', 'ون', 'ين', 'يه', 'ية', 'هم', 'ه', 'ة', 'ي'];

function stemArabic(word: string): string {
  let stemmed = word.length > 4 && word.startsWith('و') && !word.startsWith('وال') ? word.slice(1) : word;
  const front = arabicFronts.find((part) => stemmed.length >= part.length + 3 && stemmed.startsWith(part));
  if (front) stemmed = stemmed.slice(front.length);
  else if (stemmed.length > 4 && /^[لبكف]/.test(stemmed)) stemmed = stemmed.slice(1);
  return withoutEnding(withoutEnding(stemmed, arabicEndings, 2), arabicEndings, 2);
}

function withoutEnding(word: string, endings: readonly string[], stemMin: number): string {
  for (const ending of endings) if (word.length > ending.length + stemMin && word.endsWith(ending)) return word.slice(0, -ending.length);
  return word;
}

function foldAccents(word: string): string {
  // oxlint-disable-next-line no-control-regex -- the range is "every ASCII character"
  if (/^[\x00-\x7f]*$/.test(word) || scriptOf(word) !== 'latin') return word;
  return word.normalize('NFD').replace(/\p{Mn}/gu, '').replace(/[ßøłđæœıþ]/g, (letter) => plainLetters[letter as keyof typeof plainLetters]);
}

const plainLetters = { ß: 'ss', ø: 'o', ł: 'l', đ: 'd', æ: 'ae', œ: 'oe', ı: 'i', þ: 'th' };
