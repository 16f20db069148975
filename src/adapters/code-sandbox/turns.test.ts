import { expect, test } from 'vitest';
import { CodeError } from '#modules/flows/ports.ts';
import { Turns } from './turns.ts';

const signal = new AbortController().signal;

test('a crowd of one tenant runs within its share, and delays no other', async () => {
  const turns = new Turns(3, 2);
  const order: string[] = [];
  const ends: (() => void)[] = [];
  const come = async (tenant: string): Promise<void> => { ends.push(await turns.take(tenant, signal)); order.push(tenant); };
  const arrivals = [...Array.from({ length: 10 }, async () => come('crowd')), come('one'), come('two')];
  await new Promise(setImmediate);
  expect(order).toEqual(['crowd', 'crowd', 'one']);
  ends.shift()?.();
  await new Promise(setImmediate);
  // The share of the crowd has room again, but it was its turn before.
  expect(order.slice(3)).toEqual(['crowd']);
  ends.shift()?.();
  await new Promise(setImmediate);
  expect(order.slice(3)).toEqual(['crowd', 'two']);
  for (let end = ends.shift(); end; end = ends.shift()) {
    end();
    await new Promise(setImmediate);
  }
  await Promise.all(arrivals);
  expect(order.filter((tenant) => tenant === 'crowd')).toHaveLength(10);
});

test('who gives up while waiting leaves the line, and a closed line refuses all', async () => {
  const turns = new Turns(1, 1);
  const end = await turns.take('a', signal);
  const leaving = new AbortController();
  const gone = turns.take('b', leaving.signal);
  const next = turns.take('c', signal);
  leaving.abort(new Error('gone'));
  await expect(gone).rejects.toThrow('gone');
  end();
  await next;
  const last = turns.take('d', signal);
  turns.close(new CodeError('code-unavailable', 'closing'));
  await expect(last).rejects.toMatchObject({ code: 'code-unavailable' });
  await expect(turns.take('e', signal)).rejects.toMatchObject({ code: 'code-unavailable' });
});
