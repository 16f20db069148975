import { expect, test } from 'vitest';
import { compileJsonPath } from './json-path.ts';
import { JsonPathError } from './json-path-syntax.ts';

test('a path is read once and finds in one value after the other', () => {
  const path = compileJsonPath('$.lines[?search(@.sku, "^a")].n');
  expect([{ lines: [{ sku: 'a1', n: 1 }, { sku: 'b', n: 2 }] }, { lines: [] }, null, 'text'].map((data) => path.find(data))).toEqual([[1], [], [], []]);
});

test('a wrong path, a wrong pattern in it and too much work are errors of its own', () => {
  expect(() => compileJsonPath('$.a[')).toThrow(JsonPathError);
  expect(() => compileJsonPath('$[?search(@, "(a")]').find(['a'])).toThrow(expect.objectContaining({ kind: 'wrong' }));
  expect(() => compileJsonPath('$[*]').find(Array.from({ length: 200_000 }, () => 1))).toThrow(expect.objectContaining({ kind: 'limit' }));
});
