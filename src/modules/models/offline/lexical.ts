import snowball from 'snowball-stemmers';
import { DEFAULT_LANGUAGE, detectLatinLanguage, languageOfScript, plausibleLatinLanguages, scriptOf } from './language.ts';
import type { Script } from './language.ts';
import { stopWords } from './stop-words.ts';

/** Longest word that is indexed whole; hostile input may hold a "word" of megabytes. */
const WORD_CHARS_MAX = 64;

/** A word as found: normalised, with its script. CJK text comes as one run of characters without a break. */
interface Found { text: string; script: Script }

/**
 * Index terms of a text: normalised, stemmed, without grammar words, in reading order and with repetitions (so that
 * callers can count). One function for documents and questions, so that both sides meet:
 * - Words of spaced scripts are stemmed in the language the text shows; accents are folded afterwards.
 * - Chinese, Japanese and Korean give overlapping pairs of characters; a lone character gives itself.
 * - Thai, Lao, Khmer and Burmese are split by the dictionary of `Intl.Segmenter`.
 *
 * With `query: true` each word gives the stems of every language the short text may be in, each once: a question like
 * "Rückgabe" does not show its language, a document does. Match any of them; do not require all.
 */
export function analyze(text: string, options: { query?: boolean } = {}): string[] {
  const found = findWords(text);
  if (!options.query) return documentTerms(found);
  const languages = plausibleLatinLanguages(found.filter((word) => word.script === 'latin').map((word) => word.text));
  const content = [...new Set(found.flatMap((word) => termsOf(word, languages, true)))];
  return content.length > 0 ? content : [...new Set(found.flatMap((word) => termsOf(word, languages, false)))];
}

/** {@link analyze} of a document together with its words as written (CJK in unbroken runs), in one pass. */
export function analyzeWithWords(text: string): { terms: string[]; words: string[] } {
  const found = findWords(text);
  return { terms: documentTerms(found), words: found.map((word) => word.text) };
}

function documentTerms(found: readonly Found[]): string[] {
  const languages = [detectLatinLanguage(found.filter((word) => word.script === 'latin').map((word) => word.text))];
  const terms: string[] = [];
  for (const word of found) terms.push(...termsOf(word, languages, true));
  return terms;
}

/**
 * The words of a text, normalised (NFKC, lower case, western digits, no vowel marks in Arabic) and unstemmed, stop
 * words included. Scripts without spaces are split with the dictionary of `Intl.Segmenter`.
 */
export function tokenizeWords(text: string): string[] {
  return findWords(text).flatMap((word) => (word.script === 'cjk' ? segment(word.text) : [word.text]));
}

/** The language of a text as {@link analyze} sees it, by its dominant script; null for scripts without a stemmer. */
export function detectLanguage(text: string): string | null {
  const found = findWords(text.slice(0, 4000));
  const counts = new Map<Script, number>();
  for (const word of found) counts.set(word.script, (counts.get(word.script) ?? 0) + word.text.length);
  counts.delete('number');
  const dominant = [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
  if (dominant === undefined) return null;
  if (dominant === 'latin') return detectLatinLanguage(found.filter((word) => word.script === 'latin').map((word) => word.text));
  if (dominant === 'cjk') return /[\u3040-\u30ff]/.test(text) ? 'japanese' : /[\uac00-\ud7af]/.test(text) ? 'korean' : 'chinese';
  return languageOfScript(dominant);
}

/** Whether a normalised word carries grammar only. */
export function isStopWord(word: string, language: string): boolean {
  return stopWords.get(language)?.has(word) ?? false;
}

/** The stem of a normalised word, accents folded; the folded word itself where the language has no stemmer. */
export function stem(word: string, language: string): string {
  const cache = stemsOf(language);
  const known = cache.get(word);
  if (known !== undefined) return known;
  const stemmed = foldAccents(stemUncached(word, language)) || word;
  // Bounded: a hostile document of random words must not grow the process. Starting over is cheap.
  if (cache.size >= STEMS_MAX) cache.clear();
  cache.set(word, stemmed);
  return stemmed;
}

const STEMS_MAX = 20_000;
const stemCaches = new Map<string, Map<string, string>>();
const stemmers = new Map<string, { stem(word: string): string } | null>();
const stemmable = new Set(snowball.algorithms());

function stemsOf(language: string): Map<string, string> {
  let cache = stemCaches.get(language);
  if (!cache) stemCaches.set(language, cache = new Map());
  return cache;
}

function stemUncached(word: string, language: string): string {
  if (language === 'hindi') return stemHindi(word);
  let stemmer = stemmers.get(language);
  if (stemmer === undefined) stemmers.set(language, stemmer = stemmable.has(language) ? snowball.newStemmer(language) : null);
  // People leave out the accent of the most common Spanish ending; the stemmer needs it.
  const spelled = language === 'spanish' ? word.replace(/([cs])ion$/, '$1ión') : word;
  return stemmer ? stemmer.stem(spelled) : spelled;
}

/** Case and number endings of Hindi, longest first; a light stemmer, since Snowball's port has none. */
const hindiEndings = ['ियों', 'ियाँ', 'ियां', 'ाओं', 'ाएं', 'ाएँ', 'ुओं', 'ुएं', 'ों', 'ें', 'ीं', 'ाँ', 'ां', 'ओं', 'ना', 'ने', 'ता', 'ती', 'ते', 'ा', 'ी', 'े', 'ि', 'ो', 'ु', 'ू'];

function stemHindi(word: string): string {
  for (const ending of hindiEndings) if (word.length > ending.length + 1 && word.endsWith(ending)) return word.slice(0, -ending.length);
  return word;
}

function foldAccents(word: string): string {
  // oxlint-disable-next-line no-control-regex -- the range is "every ASCII character"
  if (/^[\x00-\x7f]*$/.test(word) || scriptOf(word) !== 'latin') return word;
  return word.normalize('NFD').replace(/\p{Mn}/gu, '').replace(/[ßøłđæœıþ]/g, (letter) => plainLetters[letter as keyof typeof plainLetters]);
}

const plainLetters = { ß: 'ss', ø: 'o', ł: 'l', đ: 'd', æ: 'ae', œ: 'oe', ı: 'i', þ: 'th' };

function termsOf(word: Found, latinLanguages: readonly string[], dropStopWords: boolean): string[] {
  if (word.script === 'cjk') return pairsOf(word.text);
  if (word.script === 'latin') {
    if (dropStopWords && isStopWord(word.text, latinLanguages[0] ?? DEFAULT_LANGUAGE)) return [];
    if (latinLanguages.length === 1) return [stem(word.text, latinLanguages[0] ?? DEFAULT_LANGUAGE)];
    return latinLanguages.map((language) => stem(word.text, language));
  }
  const language = languageOfScript(word.script);
  if (language === null) return [word.text];
  if (dropStopWords && isStopWord(word.text, language)) return [];
  return [stem(word.text, language)];
}

function pairsOf(run: string): string[] {
  const characters = [...run];
  if (characters.length < 2) return characters;
  return characters.slice(1).map((character, i) => `${characters[i]}${character}`);
}

/** Numbers keep their inner points and commas; letters keep their marks. */
const wordPattern = /\p{N}+(?:[.,]\p{N}+)+|[\p{L}\p{M}\p{N}]+/gu;
const asciiWordPattern = /[0-9]+(?:[.,][0-9]+)+|[a-z0-9]+/g;

function findWords(text: string): Found[] {
  // oxlint-disable-next-line no-control-regex -- the range is "every ASCII character"
  if (/^[\x00-\x7f]*$/.test(text)) return asciiWords(text);
  const found: Found[] = [];
  for (const [match] of normalize(text).matchAll(wordPattern)) {
    const script = scriptOf(match);
    if (script === 'cjk' || script === 'unspaced') found.push(...splitMixed(match));
    else found.push({ text: tidyNumber(match).slice(0, WORD_CHARS_MAX), script });
  }
  return found;
}

function asciiWords(text: string): Found[] {
  const found: Found[] = [];
  for (const [match] of text.toLowerCase().matchAll(asciiWordPattern)) {
    const first = match.charCodeAt(0);
    const script = first <= 57 ? scriptOf(match) : 'latin';
    found.push({ text: (script === 'number' ? tidyNumber(match) : match).slice(0, WORD_CHARS_MAX), script });
  }
  return found;
}

/** A match that holds CJK or Thai may hold other scripts too ("iPhone手机"): cut where the script changes. */
function splitMixed(match: string): Found[] {
  const parts: Found[] = [];
  for (const character of match) {
    const own = scriptOf(character);
    const script = own === 'number' || own === 'other' ? parts.at(-1)?.script ?? own : own;
    const last = parts.at(-1);
    if (last && last.script === script) last.text += character;
    else parts.push({ text: character, script });
  }
  return parts.flatMap((part) => (part.script === 'unspaced' ? segment(part.text).map((text) => ({ text, script: part.script })) : [part]));
}

/** `1,000` and `1000` are the same number; `1.5` stays. */
const tidyNumber = (word: string): string => (/^\d{1,3}(,\d{3})+(\.\d+)?$/.test(word) ? word.replaceAll(',', '') : word);

const segmenter = new Intl.Segmenter('und', { granularity: 'word' });

function segment(run: string): string[] {
  const words: string[] = [];
  for (const part of segmenter.segment(run)) if (part.isWordLike) words.push(part.segment.slice(0, WORD_CHARS_MAX));
  return words;
}

/** First digit of each decimal block outside ASCII that NFKC leaves alone. */
const digitZeros = [0x660, 0x6f0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0, 0x1040, 0x17e0];

function normalize(text: string): string {
  let plain = text.normalize('NFKC').toLowerCase().normalize('NFC');
  // Zero-width and direction marks, soft hyphens, apostrophes between letters.
  plain = plain.replace(/[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]/g, '');
  if (/[\u0600-\u06ff]/.test(plain)) plain = plain.replace(/[\u0640\u064b-\u065f\u0670]/g, '').replace(/[أإآٱ]/g, 'ا').replace(/[ىی]/g, 'ي').replaceAll('ک', 'ك');
  if (/[\u0660-\u17e9]/.test(plain)) plain = plain.replace(/\p{Nd}/gu, westernDigit);
  return plain;
}

function westernDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  for (const zero of digitZeros) if (code >= zero && code < zero + 10) return String(code - zero);
  return digit;
}
