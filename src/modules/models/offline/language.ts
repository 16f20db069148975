import { stopWords } from './stop-words.ts';

/** Writing systems that need a treatment of their own; everything else is `other`. */
export type Script =
  | 'latin' | 'cyrillic' | 'arabic' | 'devanagari' | 'tamil' | 'armenian' | 'greek' | 'hebrew'
  /** Chinese characters, Japanese kana and Korean syllables: indexed by pairs of characters. */
  | 'cjk'
  /** Thai, Lao, Khmer, Burmese: no spaces between words, split with a dictionary. */
  | 'unspaced'
  | 'number' | 'other';

/** The script of a word, told by its first letter that has one. */
export function scriptOf(word: string): Script {
  for (let i = 0; i < word.length; i++) {
    const code = word.codePointAt(i) ?? 0;
    if (code > 0xffff) i++;
    const script = scriptOfCodePoint(code);
    if (script !== 'number' && script !== 'other') return script;
  }
  const first = word.codePointAt(0) ?? 0;
  return first >= 48 && first <= 57 ? 'number' : 'other';
}

function scriptOfCodePoint(code: number): Script {
  if (code < 0x80) return code >= 48 && code <= 57 ? 'number' : (code | 32) >= 97 && (code | 32) <= 122 ? 'latin' : 'other';
  if (code >= 0x4e00 && code <= 0x9fff) return 'cjk';
  for (const [from, to, script] of ranges) if (code >= from && code <= to) return script;
  return 'other';
}

/** Unicode blocks by script, in order. */
const ranges: readonly (readonly [number, number, Script])[] = [
  [0xaa, 0x24f, 'latin'], [0x370, 0x3ff, 'greek'], [0x400, 0x52f, 'cyrillic'], [0x531, 0x58f, 'armenian'],
  [0x590, 0x5ff, 'hebrew'], [0x600, 0x6ff, 'arabic'], [0x750, 0x77f, 'arabic'], [0x8a0, 0x8ff, 'arabic'],
  [0x900, 0x97f, 'devanagari'], [0xb80, 0xbff, 'tamil'], [0xe00, 0xeff, 'unspaced'], [0x1000, 0x109f, 'unspaced'],
  [0x1100, 0x11ff, 'cjk'], [0x1780, 0x17ff, 'unspaced'], [0x1e00, 0x1eff, 'latin'], [0x1f00, 0x1fff, 'greek'],
  [0x3005, 0x3007, 'cjk'], [0x3040, 0x30ff, 'cjk'], [0x3130, 0x318f, 'cjk'], [0x31f0, 0x31ff, 'cjk'],
  [0x3400, 0x4dbf, 'cjk'], [0x4e00, 0x9fff, 'cjk'], [0xac00, 0xd7af, 'cjk'], [0xf900, 0xfaff, 'cjk'],
  [0xfb50, 0xfdff, 'arabic'], [0xfe70, 0xfeff, 'arabic'], [0x20000, 0x3ffff, 'cjk'],
];

/** The language assumed for Latin script when nothing in the text tells. */
export const DEFAULT_LANGUAGE = 'english';

/** Latin-script languages whose stems a question may need when the question itself does not tell its language. */
const commonLanguages = ['english', 'german', 'french', 'spanish', 'portuguese', 'italian', 'dutch'] as const;

/** Languages by stop word; a word that many languages share counts less for each. */
const languagesByWord = new Map<string, string[]>();
for (const [language, words] of stopWords) {
  for (const word of words) languagesByWord.set(word, [...(languagesByWord.get(word) ?? []), language]);
}

/** Letters that few languages write. */
const tellingLetters: readonly (readonly [RegExp, string])[] = [
  [/ß/, 'german'], [/[ñ¿¡]/, 'spanish'], [/[ãõ]/, 'portuguese'], [/[ğış]/, 'turkish'], [/[őű]/, 'hungarian'],
  [/[ăț]/, 'romanian'], [/[řěů]/, 'czech'], [/[łąęż]/, 'polish'], [/[èêëœ]/, 'french'], [/[äöü]/, 'german'],
];

/** How strongly each Latin-script language shows in these lower-case words; empty when nothing tells. */
function latinEvidence(words: readonly string[]): Map<string, number> {
  const evidence = new Map<string, number>();
  const add = (language: string, weight: number) => evidence.set(language, (evidence.get(language) ?? 0) + weight);
  for (const word of words) {
    const languages = languagesByWord.get(word);
    if (languages) for (const language of languages) add(language, 1 / languages.length);
  }
  // The strange letters decide short texts only; long ones quote names of other languages.
  if (words.length <= 40) {
    const joined = words.join(' ');
    // oxlint-disable-next-line no-control-regex -- the range is "every ASCII character"
    if (!/^[\x00-\x7f]*$/.test(joined)) for (const [letters, language] of tellingLetters) if (letters.test(joined)) add(language, 0.4);
  }
  return evidence;
}

/**
 * The language of a text in Latin script, by its grammar words; {@link DEFAULT_LANGUAGE} when nothing tells. Meant for
 * choosing a stemmer, so one answer for a mixed text is enough.
 */
export function detectLatinLanguage(words: readonly string[]): string {
  let best = DEFAULT_LANGUAGE;
  const evidence = latinEvidence(words);
  // English wins ties, and needs no evidence to be chosen.
  let most = evidence.get(DEFAULT_LANGUAGE) ?? 0;
  for (const [language, weight] of evidence) if (weight > most) { best = language; most = weight; }
  return best;
}

/**
 * The languages in Latin script that these words show about equally and ahead of every other; empty when they show none. For
 * telling people's languages apart, where no answer is better than a wrong one.
 */
export function latinLanguagesShown(words: readonly string[]): readonly string[] {
  const evidence = [...latinEvidence(words)];
  const most = Math.max(0, ...evidence.map(([, weight]) => weight));
  return most < 0.4 ? [] : evidence.filter(([, weight]) => most - weight < 0.15).map(([language]) => language);
}

/**
 * Languages a short question may be written in, the one whose stop words may be dropped first. Always contains
 * {@link DEFAULT_LANGUAGE}, because documents whose language does not show are indexed as that; it comes first unless
 * another language shows clearly ("plus" alone does not make "Plus plan" French).
 */
export function plausibleLatinLanguages(words: readonly string[]): readonly string[] {
  const evidence = [...latinEvidence(words)].sort((a, b) => b[1] - a[1]);
  const most = evidence[0]?.[1] ?? 0;
  if (most < 0.5) return [...new Set([...commonLanguages, ...evidence.map(([language]) => language)])];
  const likely = evidence.filter(([, weight]) => weight >= most / 2).map(([language]) => language);
  return [...new Set(most < 1.2 ? [DEFAULT_LANGUAGE, ...likely] : [...likely, DEFAULT_LANGUAGE])];
}

/** The one language a script other than Latin is analysed as; null where there is no such language. */
export function languageOfScript(script: Script): string | null {
  switch (script) {
    case 'cyrillic': return 'russian';
    case 'greek': return 'greek';
    case 'arabic': return 'arabic';
    case 'devanagari': return 'hindi';
    case 'tamil': return 'tamil';
    case 'armenian': return 'armenian';
    case 'unspaced': return 'thai';
    default: return null;
  }
}
