import { TextDecoder } from 'node:util';

/** Text and how its bytes were read. */
export interface DecodedText { text: string; encoding: string; warning: string | null }

/** Encodings a file may have when it is not UTF-8 and says nothing believable; the score decides between them. */
const GUESSES = [
  'windows-1252', 'windows-1251', 'ibm866', 'koi8-r', 'windows-1250', 'windows-1253', 'windows-1255', 'windows-1256',
  'iso-8859-6', 'shift_jis', 'euc-jp', 'gb18030', 'big5', 'euc-kr',
] as const;
const SAMPLE_BYTES = 64 * 1024;
/** So many characters beyond ASCII are not valid UTF-8 by chance, in whatever encoding they are. */
const CHANCE_CHARACTERS_MAX = 8;

/**
 * Bytes to text: byte order mark, then UTF-16 by its zero bytes, then what the server that sent them said (`served`), then
 * UTF-8, then what the file itself declares, then the most plausible of the older encodings. That is the order of browsers,
 * but that UTF-8 goes before what the file declares, and text that cannot be UTF-8 by chance before both: wrong
 * declarations are common. One that the bytes contradict does not count. Never throws.
 */
export function decodeText(bytes: Uint8Array, declared?: string | null, served?: string | null): DecodedText {
  const marked = markedEncoding(bytes) ?? zeroByteEncoding(bytes);
  if (marked) return { text: decode(bytes, marked, false) ?? '', encoding: marked, warning: null };
  const utf8 = decode(bytes, 'utf-8', true);
  const told = knownEncoding(served);
  // UTF-16 would have shown by its zero bytes; anything can be read as it.
  if (told !== null && !told.startsWith('utf-') && (utf8 === null || beyondAscii(utf8) <= CHANCE_CHARACTERS_MAX)) {
    const read = readAs(bytes, told);
    if (read) return read;
  }
  const read = utf8 === null ? readAs(bytes, 'utf-8') : { text: utf8, encoding: 'utf-8', warning: null };
  if (read) return read;
  const named = declared ?? served;
  const best = bestGuess(sampleOf(bytes), knownEncoding(named));
  const text = decode(bytes, best, false) ?? '';
  const warning = named && best !== knownEncoding(named) ? `The file says its text is ${named.slice(0, 40)}, but it reads as ${best}.` : null;
  return { text, encoding: best, warning };
}

/** The encoding that a media type names (RFC 9110, 8.3.2); null where it names none. */
export const charsetOf = (mediaType: string | null | undefined): string | null => /;\s*charset\s*=\s*"?([a-z0-9_:.-]{2,40})/i.exec(mediaType ?? '')?.[1] ?? null;

/** The encoding that a page declares for itself, looked for in the first 4 KiB as browsers do in the first one. */
export function markupCharset(bytes: Uint8Array): string | null {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 4096)).toString('latin1');
  return /<meta[^>]{0,300}?charset\s*=\s*["']?\s*([a-z0-9_:-]{2,40})/i.exec(head)?.[1]
    ?? /<\?xml[^>]{0,100}encoding\s*=\s*["']([a-z0-9_-]{2,40})/i.exec(head)?.[1] ?? null;
}

/** True when the bytes look like text in any encoding: no control characters that text does not have. */
export function looksLikeText(bytes: Uint8Array): boolean {
  if (markedEncoding(bytes) ?? zeroByteEncoding(bytes)) return true;
  let control = 0;
  const end = Math.min(bytes.length, SAMPLE_BYTES);
  for (let i = 0; i < end; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === 0) return false;
    if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 12 && byte !== 13 && byte !== 27) control++;
  }
  return control <= end / 500;
}

function markedEncoding(bytes: Uint8Array): string | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  return null;
}

/** UTF-16 without a mark: spaces, digits and line ends leave a zero in every second byte, on one side only. */
function zeroByteEncoding(bytes: Uint8Array): string | null {
  if (bytes.length < 8 || bytes.length % 2 !== 0) return null;
  const zeros = [0, 0];
  const end = Math.min(bytes.length, 8192);
  for (let i = 0; i < end; i++) if (bytes[i] === 0) zeros[i % 2] = (zeros[i % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  if (odd > end / 20 && even <= odd / 20) return 'utf-16le';
  if (even > end / 20 && odd <= even / 20) return 'utf-16be';
  return null;
}

function knownEncoding(label: string | null | undefined): string | null {
  if (!label) return null;
  try {
    return new TextDecoder(label.trim()).encoding;
  } catch {
    return null; // the label names no encoding the standard knows: as good as none
  }
}

function decode(bytes: Uint8Array, encoding: string, fatal: boolean): string | null {
  try {
    return new TextDecoder(encoding, { fatal }).decode(bytes);
  } catch {
    return null; // fatal decoding refuses bytes that do not belong to the encoding: an answer, not an accident
  }
}

/** A long file with a stray byte, or cut inside a character, is still of its encoding; null for one that is not. */
function readAs(bytes: Uint8Array, encoding: string): DecodedText | null {
  const text = decode(bytes, encoding, false) ?? '';
  const bad = text.split('\ufffd').length - 1;
  if (bad === 0) return { text, encoding, warning: null };
  const good = beyondAscii(text) - bad;
  return good > 20 && bad * 20 < good ? { text, encoding, warning: `Some characters of this file are not valid ${encoding.toUpperCase()} and were replaced.` } : null;
}

function beyondAscii(text: string): number {
  let count = 0;
  for (const character of text) if (character > '\u007f') count++;
  return count;
}

/** Whole lines around the non-ASCII part, so that a long English preamble does not hide the language. */
function sampleOf(bytes: Uint8Array): Uint8Array {
  if (bytes.length <= SAMPLE_BYTES) return bytes;
  const first = bytes.findIndex((byte) => byte > 127);
  const start = bytes.lastIndexOf(10, Math.max(0, first)) + 1;
  return bytes.subarray(start, start + SAMPLE_BYTES);
}

function bestGuess(sample: Uint8Array, declared: string | null): string {
  let best = { encoding: 'windows-1252', score: -Infinity };
  for (const encoding of new Set([...(declared ? [declared] : []), ...GUESSES])) {
    const text = decode(sample, encoding, false);
    if (text === null) continue;
    // A declaration wins over an equally plausible guess, not over a clearly better one.
    // With a few characters to go by, the most common encoding is the best bet.
    const score = plausibility(text) + (encoding === declared ? 0.15 : encoding === 'windows-1252' ? 0.1 : 0);
    if (score > best.score + 1e-9) best = { encoding, score };
  }
  return best.encoding;
}

const SCRIPTS: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['latin', /\p{Script=Latin}/u], ['cyrillic', /\p{Script=Cyrillic}/u], ['greek', /\p{Script=Greek}/u],
  ['hebrew', /\p{Script=Hebrew}/u], ['arabic', /\p{Script=Arabic}/u],
  ['cjk', /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u],
];
const FREQUENT: Readonly<Record<string, ReadonlySet<string>>> = {
  latin: new Set('éèàüöäßñóíáçêôâîåøæœ“”‘’–—…•«»¿¡'),
  cyrillic: new Set('оеаинтсрвлкмдпуя'),
  greek: new Set('αοιετνσηυρπκμλςά'),
  hebrew: new Set('יוהלאםרתבמשנ'),
  arabic: new Set('اليمنورتبةعدسفهك'),
  cjk: new Set('的一是不了在人有我他这中大来上国个到说们日本語のにはをたがでてとしれさあいるも이다는을가에의고하지'),
};

/** Mean plausibility, about -1 to 1, of the characters beyond ASCII: their script, their company in the word, their frequency. */
function plausibility(text: string): number {
  let total = 0;
  let count = 0;
  let previous = '';
  const seen = new Map<string, number>();
  for (const character of text) {
    if (character > '\u007f') {
      const script = scriptOf(character);
      count++;
      total += characterScore(character, script, previous);
      if (script) seen.set(script, (seen.get(script) ?? 0) + 1);
    } else if (character < ' ' && !'\t\n\r\f\u001b'.includes(character)) {
      count++;
      total -= 1;
    }
    previous = character;
  }
  if (count === 0) return 0;
  // Text mixes few scripts: what lies outside the main one speaks against the guess.
  const main = Math.max(0, ...seen.values());
  const foreign = [...seen.values()].reduce((sum, n) => sum + n, 0) - main;
  return (total - foreign) / count;
}

function characterScore(character: string, script: string | null, previous: string): number {
  if (character === '\ufffd') return -2;
  if (character >= '\u0080' && character <= '\u009f') return -1.5;
  if (script === null) {
    if (FREQUENT.latin?.has(character)) return 0.5;
    return /[\u2500-\u25ff]/.test(character) ? -1 : /\p{P}|\p{Zs}/u.test(character) ? 0.1 : -0.5;
  }
  if (/[\ue000-\uf8ff]/.test(character)) return -1;
  let score = FREQUENT[script]?.has(character.toLowerCase()) ? 0.8 : script === 'latin' ? -0.1 : 0.2;
  if (/\p{L}/u.test(previous)) {
    if (scriptOf(previous) !== script) score -= 0.6; // two scripts inside one word
    else if (/\p{Lu}/u.test(character) && /\p{Ll}/u.test(previous)) score -= 0.8; // koi8 read as 1251 swaps the case
  } else if (script === 'latin' && /\p{Lu}/u.test(character) === false && previous !== '' && !/\s|\p{P}/u.test(previous)) {
    score -= 0.3;
  }
  return score;
}

function scriptOf(character: string): string | null {
  for (const [name, pattern] of SCRIPTS) if (pattern.test(character)) return name;
  return null;
}
