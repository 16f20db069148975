import { expect, test } from 'vitest';
import { createFreshMemory } from './fresh-memory.ts';

/** A memory of one second over a source that counts how often it was asked. */
function counted() {
  const at = { ms: 0 };
  const loads: number[] = [];
  const memory = createFreshMemory<number>(1_000, 3, () => at.ms);
  const load = async () => { loads.push(at.ms); return loads.length; };
  return { at, loads, memory, get: async (key = 'a') => memory.get(key, load) };
}

test('asks once for everybody who comes within the time', async () => {
  const { at, loads, get } = counted();
  expect(await Promise.all([get(), get()])).toEqual([1, 1]);
  at.ms = 500;
  expect(await get()).toBe(1);
  expect(loads).toEqual([0]);
});

test('renews in the background what is still asked for, and trusts nothing beyond its time', async () => {
  const { at, loads, get } = counted();
  await get();
  at.ms = 700;
  expect(await get()).toBe(1);
  expect(await get()).toBe(2);
  expect(loads).toEqual([0, 700]);
  at.ms = 1_700;
  expect(await get()).toBe(3);
});

test('what was forgotten while it was renewed stays forgotten', async () => {
  const { at, memory, get } = counted();
  await get();
  at.ms = 700;
  const old = get();
  memory.clear();
  await old;
  await Promise.resolve();
  expect(await get()).toBe(3);
});

test('a failure is told and not remembered; the value before it serves to its end', async () => {
  const at = { ms: 0 };
  const memory = createFreshMemory<string>(1_000, 3, () => at.ms);
  const failing = async (): Promise<string> => { throw new Error('no database'); };
  await expect(memory.get('a', failing)).rejects.toThrow('no database');
  expect(await memory.get('a', async () => 'good')).toBe('good');
  at.ms = 900;
  expect(await memory.get('a', failing)).toBe('good');
  at.ms = 1_000;
  await expect(memory.get('a', failing)).rejects.toThrow('no database');
});

test('holds a bounded number of values', async () => {
  const { loads, get } = counted();
  for (const key of ['a', 'b', 'c', 'd', 'a']) await get(key);
  expect(loads).toHaveLength(5);
});
