import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { HostPace } from './host-pace.ts';

const never = new AbortController().signal;

/** Starts so many requests at once; tells when each began, in milliseconds from now, and how many ran side by side. */
async function began(pace: HostPace, requests: number, takesMs: number) {
  const start = performance.now();
  let running = 0;
  let together = 0;
  const at = await Promise.all(Array.from({ length: requests }, async () => pace.run(async () => {
    const ms = performance.now() - start;
    together = Math.max(together, running += 1);
    await sleep(takesMs);
    running -= 1;
    return ms;
  }, never)));
  return { at: at.toSorted((a, b) => a - b), together };
}

test('requests begin with a pause between, and one that takes long holds nobody up where any number may run', async () => {
  const { at, together } = await began(new HostPace({ atOnceMax: Infinity, pauseMs: 20 }), 4, 150);
  for (const [index, ms] of at.entries()) expect(ms).toBeGreaterThan(index * 20 - 2);
  expect(together).toBeGreaterThan(1);
});

test('no more run at the same time than told, and one by one after the host asked to go slower', async () => {
  const pace = new HostPace({ atOnceMax: 2, pauseMs: 0 });
  expect((await began(pace, 5, 10)).together).toBe(2);
  pace.slowTo(15);
  const { at, together } = await began(pace, 3, 1);
  expect(together).toBe(1);
  expect(at[2]).toBeGreaterThan(3 * 15 - 3);
});

test('nothing begins while the host asks for rest, and who gives up while waiting hears why', async () => {
  const pace = new HostPace({ atOnceMax: 1, pauseMs: 0 });
  pace.rest(40);
  const before = performance.now();
  expect(await pace.run(async () => performance.now() - before, never)).toBeGreaterThan(38);
  pace.rest(60_000);
  const ending = new AbortController();
  setTimeout(() => { ending.abort(new Error('the reading was stopped')); }, 10);
  await expect(pace.run(async () => 'asked', ending.signal)).rejects.toThrow('the reading was stopped');
});
