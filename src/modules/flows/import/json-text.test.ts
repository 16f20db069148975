import { expect, test } from 'vitest';
import { decodeText, DEPTH_MAX, lineAndColumn, scanJson, VALUES_MAX } from './json-text.ts';

test.each([
  '{}', '[]', '0', '-1.5e+3', '"a"', 'null', ' [1, 2, {"a": [true, false, null]}]\n', '{"a":"\\u00e9\\n\\"","b":{}}', '[[],{}]', '"œ"',
])('valid JSON passes: %s', (text) => {
  expect(scanJson(text)).toEqual({ kind: 'ok' });
  expect(() => JSON.parse(text)).not.toThrow();
});

test.each([
  ['hello', 1, 1], ['{"a": 1,}', 1, 9], ['{"a" 1}', 1, 6], ['[1 2]', 1, 4], ['{"a": 1\n "b": 2}', 2, 2], ['[1, 2', 1, 6], ['{}\n\nx', 3, 1], ['"a\nb"', 1, 3],
  ['["\\x"]', 1, 4], ['[}', 1, 2], ['{"a": tru}', 1, 7], ['', 1, 1], ['{1: 2}', 1, 2], [']', 1, 1], ['[01]', 1, 3],
])('wrong JSON is found at its line and column: %j', (text, line, column) => {
  const scan = scanJson(text);
  expect(scan.kind).toBe('fault');
  expect(() => JSON.parse(text)).toThrow();
  if (scan.kind === 'fault') expect(lineAndColumn(text, scan.offset)).toEqual({ line, column });
});

test('nesting and number of values are bounded', () => {
  expect(scanJson('['.repeat(DEPTH_MAX) + ']'.repeat(DEPTH_MAX)).kind).toBe('ok');
  expect(scanJson('['.repeat(DEPTH_MAX + 1)).kind).toBe('too-large');
  expect(scanJson(`[${'0,'.repeat(VALUES_MAX)}0]`).kind).toBe('too-large');
});

test('bytes are read as UTF-8 or, with a mark, UTF-16; anything else is no text', () => {
  expect(decodeText(new TextEncoder().encode('é'))).toBe('é');
  expect(decodeText(new Uint8Array([0xff, 0xfe, 0x7b, 0x00]))).toBe('{');
  expect(decodeText(new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0xff]))).toBeNull();
});
