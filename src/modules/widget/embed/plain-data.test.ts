import { afterEach, expect, test } from 'vitest';
import { encodeJson, flag, oneOf, own, text } from './plain-data.ts';

afterEach(() => {
  for (const prototype of [Object.prototype, Array.prototype, String.prototype]) {
    Reflect.deleteProperty(prototype, 'toJSON');
    Reflect.deleteProperty(prototype, 'apiKey');
  }
});

test('inherited members do not count', () => {
  Reflect.set(Object.prototype, 'apiKey', 'ar_sk_live_polluted');
  expect(own({}, 'apiKey')).toBeUndefined();
  expect(own({}, '__proto__')).toBeUndefined();
  expect(text({ apiKey: ' pk_live_1 ' }, 'apiKey', 100)).toBe('pk_live_1');
  expect(own(null, 'x')).toBeUndefined();
  expect(own('text', 'length')).toBeUndefined();
});

test('JSON is right even where the page broke toJSON', () => {
  const value = { a: [1, 'two', null, undefined, { 'b"': true }], c: undefined, d: '</script>\u2028' };
  const expected = JSON.stringify(value);
  for (const prototype of [Object.prototype, Array.prototype, String.prototype]) Reflect.set(prototype, 'toJSON', () => 'broken');
  const encoded = encodeJson(value);
  expect(JSON.stringify([1])).not.toBe('[1]');
  expect(encoded).toBe(expected);
});

test('words and switches are taken only as declared', () => {
  expect(oneOf({ mode: 'popup' }, 'mode', ['inline', 'popup'])).toBe('popup');
  expect(oneOf({ mode: 'constructor' }, 'mode', ['inline', 'popup'])).toBeUndefined();
  expect([flag({ a: 'true' }, 'a', false), flag({ a: 0 }, 'a', true), flag({ a: false }, 'a', true)]).toEqual([true, true, false]);
  expect(text({ a: 'x'.repeat(50) }, 'a', 10)).toHaveLength(10);
});
