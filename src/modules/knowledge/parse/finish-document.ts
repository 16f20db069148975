import { createRequire } from 'node:module';
import type * as Franc from 'franc-min';
import { PARSE_LIMITS } from './limits.ts';
import { type ParsedDocument, ParseError, type ReadContent } from './parsed-document.ts';
import { visibleText } from './visible-text.ts';

/** ISO 639-3 to 639-1 for the languages the detector knows and two letters exist for. */
const TWO_LETTERS: Readonly<Record<string, string>> = {
  eng: 'en', spa: 'es', deu: 'de', fra: 'fr', ita: 'it', por: 'pt', nld: 'nl', rus: 'ru', ukr: 'uk', pol: 'pl', ces: 'cs', ron: 'ro',
  hun: 'hu', swe: 'sv', dan: 'da', nob: 'no', fin: 'fi', tur: 'tr', ell: 'el', bul: 'bg', srp: 'sr', hrv: 'hr', bos: 'bs', cmn: 'zh',
  jpn: 'ja', kor: 'ko', arb: 'ar', pes: 'fa', heb: 'he', hin: 'hi', ben: 'bn', urd: 'ur', tam: 'ta', tel: 'te', mar: 'mr', guj: 'gu',
  pan: 'pa', kan: 'kn', mal: 'ml', tha: 'th', vie: 'vi', ind: 'id', zlm: 'ms', tgl: 'tl', swh: 'sw', azj: 'az', kaz: 'kk', uzn: 'uz',
  bel: 'be', mya: 'my', amh: 'am', nep: 'ne', sin: 'si', khm: 'km', yor: 'yo', hau: 'ha', ibo: 'ig', zul: 'zu', som: 'so', jav: 'jv',
};
/** Loaded with the first document. */
const load = createRequire(import.meta.url);
let trigrams: typeof Franc | null = null;
// What `require` answers has no type of its own; the package's declarations give it.
const trigramsOf = () => trigrams ??= load('franc-min') as typeof Franc;
const LANGUAGE_SAMPLE = 6000;
const SHARED_SCRIPT_MIN = 80;

/**
 * Adds what every format shares: language, counts, bounded warnings, text fit to store.
 * @throws ParseError `empty` when there is nothing to read.
 */
export function finishDocument(content: ReadContent, warnings: readonly string[]): ParsedDocument {
  const blocks = content.blocks
    .map((block) => ({ ...block, text: visibleText(block.text), heading: block.heading.map(visibleText) }))
    .filter((block) => block.text.trim() !== '');
  if (blocks.length === 0) throw new ParseError('empty', 'This file contains no text. Check that the right file was chosen.');
  return {
    format: content.format,
    title: property(content.title),
    author: property(content.author),
    createdAt: content.createdAt?.toISOString() ?? null,
    language: languageOf(blocks.map((block) => block.text)) ?? content.language ?? null,
    blocks,
    pages: content.pages ?? null,
    characters: blocks.reduce((sum, block) => sum + block.text.length, 0),
    warnings: [...new Set([...warnings, ...(content.warnings ?? [])])].slice(0, PARSE_LIMITS.warningsMax),
    metadata: metadataOf(content.metadata ?? {}),
  };
}

const property = (value: string | null | undefined, charactersMax: number = PARSE_LIMITS.propertyCharactersMax): string | null =>
  visibleText(value ?? '').replace(/\s+/g, ' ').trim().slice(0, charactersMax).toWellFormed() || null;

function metadataOf(stated: Readonly<Record<string, string | null>>): Record<string, string> {
  const kept = new Map<string, string>();
  for (const [name, value] of Object.entries(stated)) {
    const key = property(name.toLowerCase(), PARSE_LIMITS.propertyNameCharactersMax);
    const text = property(value);
    if (key !== null && text !== null && kept.size < PARSE_LIMITS.propertiesMax) kept.set(key, text);
  }
  return Object.fromEntries(kept);
}

function languageOf(texts: readonly string[]): string | null {
  // From the middle of the document: its beginning is often a licence, a list of names or a table of contents.
  const total = texts.reduce((sum, text) => sum + text.length, 0);
  let skip = total / 3;
  let sample = '';
  for (const text of texts) {
    const start = Math.min(text.length, skip);
    skip -= start;
    if (start < text.length) sample += `${text.slice(start, start + LANGUAGE_SAMPLE - sample.length)} `;
    if (sample.length >= LANGUAGE_SAMPLE) break;
  }
  const clean = sample.replace(/https?:\S+|[\d_|]+/g, ' ');
  // Scripts of one language are certain after a few words; Latin and Cyrillic need sentences.
  const shared = (clean.match(/[\p{Script=Latin}\p{Script=Cyrillic}]/gu)?.length ?? 0) * 2 > (clean.match(/\p{L}/gu)?.length ?? 0);
  if (shared && clean.trim().length < SHARED_SCRIPT_MIN) return null;
  const code = trigramsOf().franc(clean, { minLength: 10 });
  return code === 'und' ? null : Object.hasOwn(TWO_LETTERS, code) ? TWO_LETTERS[code] ?? code : code;
}
