import { expect, test } from 'vitest';
import type { NodeContext } from '#modules/flows/index.ts';
import { readOnly } from './flow-fetch.ts';
import { outsideFor, type OutsideAccess } from './outside.ts';
import type { Subject } from './subject.ts';

const seen: { subscriptionId: string | null; action: string }[] = [];
const access = {
  calls: { call: async (subject: { subscriptionId: string | null }, { action }: { action: string }) => { seen.push({ subscriptionId: subject.subscriptionId, action }); return 'done'; } },
  describe: (_connector: string, action: string) => ({ effect: action === 'post' ? 'write' : 'read' }),
} as unknown as OutsideAccess;
const subject = (more: Partial<Subject>) => ({ tenant: 't', productId: 'p', sellerId: 's', subscriptionId: null, ...more }) as Subject;
const { signal } = new AbortController();

test('a try-out reads from other systems with the connections of its subscription, and changes nothing there', async () => {
  const { callOutside } = outsideFor(access, subject({ triedFor: 'sub' }), true, signal);
  expect(await callOutside({ connector: 'slack', action: 'list', input: {} })).toBe('done');
  await expect(callOutside({ connector: 'slack', action: 'post', input: {} })).rejects.toMatchObject({ code: 'node-stopped' });
  expect(seen).toEqual([{ subscriptionId: 'sub', action: 'list' }]);
});

test('a run that counts is served by its own subscription and may change what it likes', async () => {
  seen.length = 0;
  await outsideFor(access, subject({ subscriptionId: 'own' }), false, signal).callOutside({ connector: 'slack', action: 'post', input: {} });
  expect(seen).toEqual([{ subscriptionId: 'own', action: 'post' }]);
});

test('requests of a try-out only read, unless the step says that its method changes nothing', async () => {
  const methods: (string | undefined)[] = [];
  const fetch: NodeContext['fetch'] = readOnly(async (_url, init) => { methods.push(init?.method); return { status: 200, headers: {}, body: '' }; });
  await fetch('https://example.com');
  await fetch('https://example.com', { method: 'head' });
  await fetch('https://example.com', { method: 'POST', readsOnly: true });
  for (const method of ['POST', 'put', 'DELETE', 'PATCH']) await expect(fetch('https://example.com', { method })).rejects.toMatchObject({ code: 'node-stopped' });
  expect(methods).toEqual([undefined, 'head', 'POST']);
});
