import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { gunzipSync } from 'node:zlib';
import { franc } from 'franc-min';
import type startCore from 'tesseract.js-core/tesseract-core-simd-lstm.js';

/** Languages of text recognition, most common first. Each is an optional package of its own; those installed are used. */
const LANGUAGES = ['eng', 'spa', 'deu', 'fra', 'ita', 'por', 'nld', 'pol', 'rus', 'ukr', 'tur', 'ara', 'fas', 'heb', 'chi_sim', 'chi_tra', 'jpn', 'kor', 'hin'] as const;
export type Language = (typeof LANGUAGES)[number];
const FIRST: Language = 'eng';
/** What the language detector calls some of them. */
const DETECTED: Readonly<Record<string, Language>> = {
  eng: 'eng', spa: 'spa', deu: 'deu', fra: 'fra', ita: 'ita', por: 'por', nld: 'nld', pol: 'pol', rus: 'rus', ukr: 'ukr', tur: 'tur', arb: 'ara', pes: 'fas', heb: 'heb', cmn: 'chi_sim', jpn: 'jpn', kor: 'kor', hin: 'hin',
};
const OTHER_SCRIPTS: readonly Language[] = ['ara', 'chi_sim', 'rus', 'heb', 'fas', 'jpn', 'kor', 'hin', 'chi_tra'];
/** Confidence, 0 to 100, below which a page is taken for another script, and below which its text is noise. */
const SURE = 70;
const READABLE = 35;
const DETECTABLE_CHARACTERS = 80;

const load = createRequire(import.meta.url);

/** Languages that can be recognised here; none where the optional packages are not installed. */
export const recognisableLanguages = (): Language[] => (found('tesseract.js-core/tesseract-core-simd-lstm.wasm') ? LANGUAGES.filter((language) => found(dataOf(language))) : []);

const dataOf = (language: Language): string => `@tesseract.js-data/${language}/4.0.0_best_int/${language}.traineddata.gz`;

function found(file: string): boolean {
  try {
    return load.resolve(file) !== '';
  } catch {
    return false; // an optional package that is not there
  }
}

/** What was read in a picture and how sure that is, 0 to 100. */
export interface Recognised { text: string; confidence: number }

type Core = Awaited<ReturnType<typeof startCore>>;
type Reader = (picture: Uint8Array) => Recognised;
let core: Promise<Core> | null = null;
const readers = new Map<Language, Reader>();
const READERS_MAX = 2;

/**
 * Text of a picture (netpbm). Everything it needs was installed with the program; nothing is fetched.
 * @throws Error where the language is not installed.
 */
export async function recogniseText(picture: Uint8Array, language: Language): Promise<Recognised> {
  const reader = readers.get(language) ?? await readerOf(language);
  const { text, confidence } = reader(picture);
  return confidence < READABLE ? { text: '', confidence } : { text, confidence };
}

async function readerOf(language: Language): Promise<Reader> {
  if (readers.size >= READERS_MAX) {
    readers.clear();
    core = null; // its memory never shrinks
  }
  const { TessBaseAPI, FS } = await (core ??= startTesseract());
  const api = new TessBaseAPI();
  FS.writeFile(`/${language}.traineddata`, gunzipSync(readFileSync(load.resolve(dataOf(language)))));
  if (api.Init('/', language, 1) !== 0) throw new Error(`text recognition could not load ${language}`);
  FS.unlink(`/${language}.traineddata`);
  const reader: Reader = (picture) => {
    FS.writeFile('/input', picture);
    api.SetImageFile(1, 0, 0);
    api.Recognize(null);
    const recognised = { text: api.GetUTF8Text(), confidence: api.MeanTextConf() };
    FS.unlink('/input');
    return recognised;
  };
  readers.set(language, reader);
  return reader;
}

async function startTesseract(): Promise<Core> {
  const { default: start } = await import('tesseract.js-core/tesseract-core-simd-lstm.js');
  return start({ wasmBinary: readFileSync(load.resolve('tesseract.js-core/tesseract-core-simd-lstm.wasm')), print: () => {}, printErr: () => {} });
}

/** The language a picture of text is in: read in English first, then as what that looks like, then in other scripts. */
export async function pictureLanguage(picture: Uint8Array): Promise<Language | null> {
  const installed = recognisableLanguages();
  const first = installed.includes(FIRST) ? FIRST : installed[0];
  if (!first) return null;
  const read = await recogniseText(picture, first);
  if (read.confidence >= SURE || read.text.trim() === '') {
    const detected = read.text.trim().length < DETECTABLE_CHARACTERS ? undefined : DETECTED[franc(read.text)];
    if (read.confidence >= SURE) return detected && installed.includes(detected) ? detected : first;
  }
  let best: { language: Language; confidence: number } = { language: first, confidence: read.confidence };
  for (const language of OTHER_SCRIPTS) {
    if (!installed.includes(language)) continue;
    const { confidence } = await recogniseText(picture, language);
    if (confidence > best.confidence) best = { language, confidence };
    if (confidence >= SURE) break;
  }
  return best.language;
}
