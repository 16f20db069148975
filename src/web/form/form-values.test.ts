import { expect, test } from 'vitest';
import { z } from 'zod';
import { ApiProblem } from '#web/api/problem.ts';
import { fromSeconds, readDuration, secondsPer } from './duration.ts';
import { formModel } from './form-model.ts';
import { checkValue, serverErrors } from './form-problems.ts';
import { createFormStore } from './form-store.ts';
import { getAt, parsePath, sameValue, setAt } from './form-values.ts';

test('a path is read in every way servers write it', () => {
  expect(parsePath('persona.name')).toEqual(['persona', 'name']);
  expect(parsePath('rules[0].phrase')).toEqual(['rules', '0', 'phrase']);
  expect(parsePath('/body/rules/0/a~1b')).toEqual(['rules', '0', 'a/b']);
  expect(parsePath('body.name')).toEqual(['name']);
});

test('setting a value copies only what lies on its path', () => {
  const before = { a: { x: 1 }, b: { y: 2 }, list: [{ n: 1 }, { n: 2 }] };
  const after = setAt(before, ['list', '1', 'n'], 3);
  expect(after).toEqual({ a: { x: 1 }, b: { y: 2 }, list: [{ n: 1 }, { n: 3 }] });
  expect(getAt(after, ['a'])).toBe(before.a);
  expect(before.list[1]).toEqual({ n: 2 });
});

test('no path reaches a prototype', () => {
  expect(() => setAt({}, ['__proto__', 'polluted'], true)).toThrow();
  expect(() => setAt({}, ['a', 'constructor', 'x'], true)).toThrow();
  expect(getAt({}, ['constructor', 'name'])).toBeUndefined();
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
});

test('missing and undefined are the same value', () => {
  expect(sameValue({ a: 1, b: undefined }, { a: 1 })).toBe(true);
  expect(sameValue([1, { a: 2 }], [1, { a: 2 }])).toBe(true);
  expect(sameValue({ a: 1 }, { a: 1, b: null })).toBe(false);
});

test('a form is dirty until the change is taken back', () => {
  const model = formModel({ type: 'object', properties: { name: { type: 'string' } } });
  const store = createFormStore(model, { name: 'a' });
  store.set(['name'], 'b');
  expect(store.isDirty()).toBe(true);
  store.set(['name'], 'a');
  expect(store.isDirty()).toBe(false);
  store.set(['name'], 'c');
  store.reset(store.values());
  expect([store.isDirty(), store.values()]).toEqual([false, { name: 'c' }]);
});

test('changing a field takes away what was said about it, and only that', () => {
  const store = createFormStore(formModel({ type: 'object', properties: {} }), {});
  store.setErrors({ '': 'whole', 'rules.0.phrase': 'x', name: 'y' });
  store.set(['rules', '0', 'phrase'], 'z');
  expect(store.errors()).toEqual({ name: 'y' });
});

const Person = z.object({ name: z.string().min(3), age: z.int().min(18), email: z.email(), tags: z.array(z.string()).min(1), plan: z.enum(['a', 'b']), own: z.string().refine((text) => text === 'yes', 'Say yes') });

test('problems are said in words that tell what to do', () => {
  const checked = checkValue(Person, { name: 'A', age: 3, email: 'x', tags: [], own: 'no' });
  expect(checked).toEqual({
    ok: false,
    errors: {
      name: 'Use at least 3 characters', age: 'Use 18 or more', email: 'Enter an e-mail address such as name@example.com', tags: 'Choose at least one', plan: 'Choose one of the options', own: 'Say yes',
    },
  });
});

test('problems of the server go beside their fields, the rest above the form', () => {
  const model = formModel({ type: 'object', properties: { persona: { type: 'object', properties: { name: { type: 'string' } } } } });
  const problem = new ApiProblem({ kind: 'problem', status: 422, title: 'Check', errors: [{ path: 'body.persona.name', message: 'Taken' }, { path: 'quota', message: 'Used up' }] });
  expect(serverErrors(problem, model)).toEqual({ 'persona.name': 'Taken', '': 'quota: Used up' });
  expect(serverErrors(new ApiProblem({ kind: 'problem', status: 409, title: 'Changed', detail: 'Somebody else saved first' }), model)).toEqual({ '': 'Somebody else saved first' });
});

test('lengths of time are read and written in the largest unit that fits', () => {
  expect(readDuration('30m')).toEqual({ amount: 30, unit: 'm' });
  expect(readDuration('30 parsecs')).toBeNull();
  expect(readDuration('5c')).toBeNull();
  expect(fromSeconds(7_200)).toEqual({ amount: 2, unit: 'h' });
  expect(fromSeconds(90)).toEqual({ amount: 90, unit: 's' });
  expect(secondsPer('ms')).toBe(0.001);
  expect(secondsPer('constructor')).toBe(1);
});
