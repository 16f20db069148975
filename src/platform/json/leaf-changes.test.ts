import { expect, test } from 'vitest';
import { leafChanges, sameJson } from './leaf-changes.ts';

const paths = (before: unknown, after: unknown) => leafChanges(before, after).changes.map(({ path, kind }) => `${kind} ${path}`);

test('every differing value is named by its path, and equal ones are not', () => {
  expect(leafChanges({ a: 1, b: { c: 'x', d: [1, 2] } }, { a: 1, b: { c: 'y', d: [1, 2] }, e: true }).changes).toEqual([
    { path: 'b.c', kind: 'changed', before: 'x', after: 'y' }, { path: 'e', kind: 'added', before: null, after: true },
  ]);
});

test('the order of keys is no difference, the order of a list is', () => {
  expect(sameJson({ a: 1, b: 2 }, { b: 2, a: 1 })).toBe(true);
  expect(paths({ list: ['a', 'b'] }, { list: ['b', 'a'] })).toEqual(['changed list']);
});

test('an object that appears or goes is told value by value, an empty one as itself', () => {
  expect(paths({}, { a: { b: 1, c: 2 } })).toEqual(['added a.b', 'added a.c']);
  expect(paths({ a: { b: 1 } }, {})).toEqual(['removed a.b']);
  expect(paths({ a: {} }, { a: { b: 1 } })).toEqual(['added a.b']);
  expect(paths({ a: [] }, { a: ['x'] })).toEqual(['changed a']);
  expect(paths({ a: {} }, {})).toEqual(['removed a']);
});

test('lists of objects are compared by place', () => {
  expect(paths({ rules: [{ if: 'x' }, { if: 'y' }] }, { rules: [{ if: 'x' }, { if: 'z' }, { if: 'w' }] })).toEqual(['changed rules.1.if', 'added rules.2.if']);
});

test('of a long text only the part around the difference is shown', () => {
  const text = `${'a'.repeat(3_000)} five days ${'b'.repeat(3_000)}`;
  const [change] = leafChanges({ prompt: text }, { prompt: text.replace('five', 'nine') }).changes;
  expect(change).toMatchObject({ path: 'prompt', before: expect.stringMatching(/^…a{79} five days? ?b*…$/), after: expect.stringContaining('nine') });
  expect(String(change?.after).length).toBeLessThan(300);
});

test('a great many changes are counted and not all listed', () => {
  const many = Object.fromEntries(Array.from({ length: 900 }, (_, index) => [`k${index}`, index]));
  expect(leafChanges({}, many, 100)).toMatchObject({ omitted: 800, changes: expect.objectContaining({ length: 100 }) });
});

test('hostile nesting and keys are values like any other', () => {
  let deep: unknown = 1;
  for (let level = 0; level < 500; level += 1) deep = { deep };
  expect(leafChanges({}, deep).changes).toHaveLength(1);
  expect(paths(JSON.parse('{"__proto__":{"a":1}}'), JSON.parse('{"__proto__":{"a":2}}'))).toEqual(['changed __proto__.a']);
});
