import { DEFAULT_LANGUAGE, detectLatinLanguage, languageOfScript, plausibleLatinLanguages, scriptOf } from './language.ts';
import type { Script } from './language.ts';
import { normalForm } from './normal-form.ts';
import { stem, stemmerOf } from './stemming.ts';
import { questionWords, stopWords } from './stop-words.ts';

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
export function analyze(text: string, options: { query?: boolean } = {}): readonly string[] {
  if (!options.query) return recent.get(text)?.terms ?? documentTerms(findWords(text));
  const found = findWords(text);
  const languages = latinIsForeign(found) ? FOREIGN : plausibleLatinLanguages(latinOf(found));
  const content = [...new Set(found.flatMap((word) => termsOf(word, languages, true)))];
  return content.length > 0 ? content : [...new Set(found.flatMap((word) => termsOf(word, languages, false)))];
}

/** One content word of a question: the terms any of which a text may hold. A word of CJK has a term for each pair in it, all of which it may hold. */
export interface QuestionWord { terms: readonly string[]; pairs: boolean }

/**
 * The words of a question, each once, as {@link analyze} sees them with `query: true`, and the pairs of CJK characters that
 * reach over two words.
 */
export function analyzeQuestion(text: string): { words: QuestionWord[]; across: string[] } {
  const found = findWords(text);
  const languages = latinIsForeign(found) ? FOREIGN : plausibleLatinLanguages(latinOf(found));
  const content = readQuestion(withoutQuestionWords(found), languages, true);
  return content.words.length > 0 ? content : readQuestion(found, languages, false);
}

function readQuestion(found: readonly Found[], languages: readonly string[], dropStopWords: boolean): { words: QuestionWord[]; across: string[] } {
  const known = new Set<string>();
  const fresh = (terms: readonly string[]) => terms.filter((term) => !known.has(term) && known.add(term));
  const inRun = (run: string): QuestionWord[] => {
    const pairs = new Set(pairsOf(run));
    // A word of one character gives nothing of its own: texts are indexed by pairs.
    return segment(run).map((part) => ({ terms: fresh(pairsOf(part).filter((pair) => pairs.has(pair))), pairs: true }));
  };
  const words = found.flatMap((word) => (word.script === 'cjk' ? inRun(word.text) : [{ terms: fresh(termsOf(word, languages, dropStopWords)), pairs: false }]));
  return { words: words.filter(({ terms }) => terms.length > 0), across: fresh(found.flatMap((word) => (word.script === 'cjk' ? pairsOf(word.text) : []))) };
}

/** Runs of CJK cut where they ask ("什么", "どこ"): texts that answer hold no such pairs, and others only by chance. */
function withoutQuestionWords(found: readonly Found[]): Found[] {
  return found.flatMap((word) => {
    if (word.script !== 'cjk') return [word];
    const runs = [''];
    for (const part of segment(word.text)) {
      if (questionWords.has(part)) runs.push('');
      else runs[runs.length - 1] += part;
    }
    return runs.filter((run) => run !== '').map((text) => ({ text, script: word.script }));
  });
}

/** {@link analyze} of a document together with its words as written (CJK in unbroken runs), in one pass. */
export function analyzeWithWords(text: string): Analyzed {
  const known = recent.get(text);
  if (known) return known;
  const found = findWords(text);
  const analyzed: Analyzed = { terms: documentTerms(found), words: found.map((word) => word.text) };
  if (recent.size >= RECENT_MAX) recent.clear();
  if (text.length <= RECENT_CHARS_MAX) recent.set(text, analyzed);
  return analyzed;
}

interface Analyzed { terms: readonly string[]; words: readonly string[] }

/** What was analysed last: the text of a chunk is embedded with others of its batch and then indexed. A few megabytes at most. */
const recent = new Map<string, Analyzed>();
const RECENT_MAX = 128;
const RECENT_CHARS_MAX = 10_000;

function documentTerms(found: readonly Found[]): string[] {
  const languages = latinIsForeign(found) ? FOREIGN : [detectLatinLanguage(latinOf(found))];
  const [language = DEFAULT_LANGUAGE] = languages;
  const [stemmed, grammar] = [stemmerOf(language), languages === FOREIGN ? undefined : stopWords.get(language)];
  const terms: string[] = [];
  for (const word of found) {
    // Most words of most texts; the same as `termsOf` gives, without a list for each.
    if (word.script !== 'latin') terms.push(...termsOf(word, languages, true));
    else if (!grammar?.has(word.text)) terms.push(stemmed(word.text));
  }
  return terms;
}

function latinOf(found: readonly Found[]): string[] {
  const words: string[] = [];
  for (const { script, text } of found) if (script === 'latin') words.push(text);
  return words;
}

/** Latin words inside a text of another script: names and terms ("IT", "LOR"), none of them grammar of any language. */
const FOREIGN: readonly string[] = [DEFAULT_LANGUAGE];

function latinIsForeign(found: readonly Found[]): boolean {
  let [latin, other] = [0, 0];
  for (const { text, script } of found) {
    if (script === 'latin') latin += text.length;
    // A character of these scripts says as much as several letters.
    else if (script !== 'number' && script !== 'other') other += script === 'cjk' ? text.length * 3 : text.length;
  }
  return other > latin;
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
  if (dominant === 'latin') return detectLatinLanguage(latinOf(found));
  if (dominant === 'cjk') return /[\u3040-\u30ff]/.test(text) ? 'japanese' : /[\uac00-\ud7af]/.test(text) ? 'korean' : 'chinese';
  return languageOfScript(dominant);
}

/** Whether a normalised word carries grammar only. */
export function isStopWord(word: string, language: string): boolean {
  return stopWords.get(language)?.has(word) ?? false;
}

function termsOf(word: Found, latinLanguages: readonly string[], dropStopWords: boolean): string[] {
  if (word.script === 'cjk') return pairsOf(word.text);
  if (word.script === 'latin') {
    if (dropStopWords && latinLanguages !== FOREIGN && isStopWord(word.text, latinLanguages[0] ?? DEFAULT_LANGUAGE)) return [];
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
/** A character that {@link scriptOf} calls `cjk` or `unspaced`. */
const unspacedPattern = /[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\u{20000}-\u{3ffff}]/u;
const asciiWordPattern = /[0-9]+(?:[.,][0-9]+)+|[a-z0-9]+/g;

function findWords(text: string): Found[] {
  // oxlint-disable-next-line no-control-regex -- the range is "every ASCII character"
  if (/^[\x00-\x7f]*$/.test(text)) return asciiWords(text);
  const plain = normalForm(text);
  const mixed = unspacedPattern.test(plain);
  const found: Found[] = [];
  for (const match of plain.match(wordPattern) ?? []) {
    if (mixed && unspacedPattern.test(match)) found.push(...splitMixed(match));
    else found.push(wordOf(match, scriptOf(match)));
  }
  return found;
}

function asciiWords(text: string): Found[] {
  return (text.toLowerCase().match(asciiWordPattern) ?? []).map((match) => wordOf(match, match.charCodeAt(0) <= 57 ? scriptOf(match) : 'latin'));
}

function wordOf(match: string, script: Script): Found {
  const text = script === 'number' ? tidyNumber(match) : match;
  return { text: text.length > WORD_CHARS_MAX ? text.slice(0, WORD_CHARS_MAX) : text, script };
}

/** A match that holds CJK or Thai may hold other scripts too ("iPhone手机"): cut where the script changes. */
function splitMixed(match: string): Found[] {
  const parts: Found[] = [];
  for (const character of match) {
    const own = scriptOf(character);
    const last = parts.at(-1);
    // A number inside unspaced text is a word of its own ("2015年", as in "2015 年"); after Latin letters it is part of theirs.
    const script = own === 'other' || (own === 'number' && last?.script !== 'cjk' && last?.script !== 'unspaced') ? last?.script ?? own : own;
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
