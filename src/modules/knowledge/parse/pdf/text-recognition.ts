import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { gunzipSync } from 'node:zlib';
import { franc } from 'franc-min';
import { dataOf, type Language, recognisableLanguages } from './languages.ts';
import type startCore from 'tesseract.js-core/tesseract-core-simd-lstm.js';


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

/** What was read in a picture and how sure that is, 0 to 100. */
interface Recognised { text: string; confidence: number }

type Core = Awaited<ReturnType<typeof startCore>>;
type Reader = (picture: Uint8Array) => Recognised;
let core: Promise<Core> | null = null;
const readers = new Map<Language, Reader>();
const READERS_MAX = 2;

/**
 * Text of a picture (netpbm); empty where it is too unsure to be one. Everything it needs was installed with the
 * program; nothing is fetched.
 * @throws Error where the language is not installed.
 */
export async function recogniseText(picture: Uint8Array, language: Language): Promise<string> {
  const { text, confidence } = await read(picture, language);
  return confidence < READABLE ? '' : text;
}

/** Lets go of what recognition holds in memory, some 150 MiB. */
export function releaseRecognition(): void {
  readers.clear();
  core = null;
  last = null;
}

/** The last picture read and what came of it: finding the language reads it already. */
let last: { picture: Uint8Array; language: Language; read: Recognised } | null = null;

async function read(picture: Uint8Array, language: Language): Promise<Recognised> {
  if (last?.picture === picture && last.language === language) return last.read;
  last = { picture, language, read: (readers.get(language) ?? await readerOf(language))(picture) };
  return last.read;
}

async function readerOf(language: Language): Promise<Reader> {
  if (readers.size >= READERS_MAX) releaseRecognition(); // its memory never shrinks
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

/**
 * The language a picture of text is in: read in English first, then as what
 * that looks like, then in other scripts. Null where the picture holds no text.
 */
export async function pictureLanguage(picture: Uint8Array): Promise<Language | null> {
  const installed = recognisableLanguages();
  const first = installed.includes(FIRST) ? FIRST : installed[0];
  if (!first) return null;
  const { text, confidence } = await read(picture, first);
  if (text.trim() === '') return null;
  if (confidence >= SURE) {
    const detected = text.length < DETECTABLE_CHARACTERS ? undefined : DETECTED[franc(text)];
    return detected && installed.includes(detected) ? detected : first;
  }
  let best = { language: first, confidence };
  for (const language of OTHER_SCRIPTS.filter((script) => installed.includes(script))) {
    const other = await read(picture, language);
    if (other.confidence > best.confidence) best = { language, confidence: other.confidence };
    if (best.confidence >= SURE) break;
  }
  return best.language;
}
