import { expect, test } from 'vitest';
import { createBatcher } from './batcher.ts';

const settle = async () => new Promise((resolve) => { setTimeout(resolve, 5); });

test('items added together are flushed together, in order, each with its own result', async () => {
  const batches: number[][] = [];
  const batcher = createBatcher<number, string>(async (items) => { batches.push([...items]); return items.map(String); });
  expect(await Promise.all([1, 2, 3].map(async (item) => batcher.add(item)))).toEqual(['1', '2', '3']);
  expect(batches).toEqual([[1, 2, 3]]);
});

test('items that arrive during a flush wait for the next one', async () => {
  const batches: number[][] = [];
  const batcher = createBatcher<number, number>(async (items) => { batches.push([...items]); await settle(); return items; });
  const first = batcher.add(1);
  await settle();
  const rest = [2, 3].map(async (item) => batcher.add(item));
  await Promise.all([first, ...rest]);
  expect(batches).toEqual([[1], [2, 3]]);
});

test('a batch never exceeds its size', async () => {
  const sizes: number[] = [];
  const batcher = createBatcher<number, number>(async (items) => { sizes.push(items.length); return items; }, 2);
  await Promise.all([1, 2, 3, 4, 5].map(async (item) => batcher.add(item)));
  expect(sizes).toEqual([2, 2, 1]);
});

test('items that weigh more share a batch with fewer, and the heaviest still goes alone', async () => {
  const batches: number[][] = [];
  const batcher = createBatcher<number, number>(async (items) => { batches.push([...items]); return items; }, 10, (item) => item);
  await Promise.all([4, 6, 1, 30, 2, 3].map(async (item) => batcher.add(item)));
  expect(batches).toEqual([[4, 6], [1], [30], [2, 3]]);
});

test('a failed batch rejects its own items and spares the next', async () => {
  let fail = true;
  const batcher = createBatcher<number, number>(async (items) => { if (fail) { fail = false; throw new Error('no'); } return items; }, 1);
  const results = await Promise.allSettled([batcher.add(1), batcher.add(2)]);
  expect(results.map((result) => result.status)).toEqual(['rejected', 'fulfilled']);
});
