/** JSON text of unknown origin: decoding, and a check of its syntax and shape before anything is built from it. */

/** Deepest nesting accepted. Real exports stay below 20; recursive code downstream relies on this bound. */
export const DEPTH_MAX = 100;
/** Most values (objects, lists, texts, numbers) accepted in one file, so that a small file cannot fill the memory. */
export const VALUES_MAX = 2_000_000;

export type JsonScan =
  | { kind: 'ok' }
  | { kind: 'fault'; message: string; offset: number }
  | { kind: 'too-large'; message: string; offset: number };

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERAL = /true|false|null/y;
const HEX4 = /[0-9a-fA-F]{4}/y;
const ESCAPED = '"\\/bfnrt';

/** Text of the bytes: UTF-8, or UTF-16 where a byte order mark says so. Null when they are not text. */
export function decodeText(bytes: Uint8Array): string | null {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** 1-based line and column of an offset, as editors count them. */
export function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  let line = 1;
  let start = 0;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) {
    line += 1;
    start = at + 1;
  }
  return { line, column: offset - start + 1 };
}

/**
 * Checks RFC 8259 syntax in one pass without building anything. It exists beside `JSON.parse` because that reports no
 * position for some errors, and builds a hundred million nested lists without complaint.
 */
export function scanJson(text: string): JsonScan {
  const objects = new Uint8Array(DEPTH_MAX + 1);
  let depth = 0;
  let values = 0;
  let at = 0;
  let expect: 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'colon' | 'comma-or-end' = 'value';
  const fault = (message: string, offset = at): JsonScan => ({ kind: 'fault', message, offset });

  for (;;) {
    while (isSpace(text.charCodeAt(at))) at += 1;
    if (at >= text.length) return fault(values === 0 ? 'the file is empty' : 'the text ends too early');
    const char = text[at];

    if (expect === 'colon') {
      if (char !== ':') return fault('a colon is missing here');
      at += 1;
      expect = 'value';
      continue;
    }
    if (expect === 'comma-or-end') {
      if (char === ',') {
        at += 1;
        expect = objects[depth] === 1 ? 'key' : 'value';
        continue;
      }
      if (char !== (objects[depth] === 1 ? '}' : ']')) return fault(`a comma or ${objects[depth] === 1 ? '}' : ']'} is missing here`);
    }
    if ((char === '}' || char === ']') && expect !== 'value' && expect !== 'key') {
      if (depth === 0 || char !== (objects[depth] === 1 ? '}' : ']')) return fault(`unexpected ${char}`);
      at += 1;
      depth -= 1;
      if (depth === 0) return scanEnd(text, at);
      expect = 'comma-or-end';
      continue;
    }
    if (expect === 'key' || expect === 'key-or-end') {
      if (char !== '"') return fault('a name in double quotes is missing here');
      const end = scanString(text, at);
      if (end < 0) return fault('this text is not finished or holds a wrong escape', wrongAt(end));
      at = end;
      expect = 'colon';
      continue;
    }

    values += 1;
    if (values > VALUES_MAX) return { kind: 'too-large', message: `more than ${VALUES_MAX.toLocaleString('en')} values`, offset: at };
    if (char === '{' || char === '[') {
      depth += 1;
      if (depth > DEPTH_MAX) return { kind: 'too-large', message: `nested deeper than ${DEPTH_MAX} levels`, offset: at };
      objects[depth] = char === '{' ? 1 : 0;
      at += 1;
      expect = char === '{' ? 'key-or-end' : 'value-or-end';
      continue;
    }
    const end = scanScalar(text, at);
    if (end < 0) return fault(char === '"' ? 'this text is not finished or holds a wrong escape' : `unexpected ${printable(char)}`, wrongAt(end));
    at = end;
    if (depth === 0) return scanEnd(text, at);
    expect = 'comma-or-end';
  }
}

function scanEnd(text: string, from: number): JsonScan {
  let at = from;
  while (isSpace(text.charCodeAt(at))) at += 1;
  return at >= text.length ? { kind: 'ok' } : { kind: 'fault', message: 'there is more text after the end', offset: at };
}

/** Offset after the scalar, or where it is wrong, as `wrong(offset)`. */
function scanScalar(text: string, at: number): number {
  if (text[at] === '"') return scanString(text, at);
  for (const pattern of [NUMBER, LITERAL]) {
    pattern.lastIndex = at;
    if (pattern.test(text)) return pattern.lastIndex;
  }
  return wrong(at);
}

function scanString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at + 1;
    if (code < 0x20) return wrong(at);
    if (code !== 0x5c) continue;
    at += 1;
    if (text[at] === 'u') {
      HEX4.lastIndex = at + 1;
      if (!HEX4.test(text)) return wrong(at);
      at += 4;
    } else if (at >= text.length || !ESCAPED.includes(text.charAt(at))) return wrong(at);
  }
  return wrong(text.length);
}

/** A negative number for every offset, 0 included. */
const wrong = (offset: number): number => -1 - offset;
const wrongAt = (end: number): number => -1 - end;

const isSpace = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
const printable = (char: string | undefined): string => (char !== undefined && /[!-~]/.test(char) ? char : 'character');
