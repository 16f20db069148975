import { afterEach, expect, test } from 'vitest';
import { createEgress } from '#platform/egress/egress.ts';
import { startLoopback, type LoopbackAnswer } from '#modules/knowledge/sources/testing/loopback.ts';
import { jsonOf } from './json-answer.ts';
import { createSourceHttp, type SourceHttpParts } from './source-http.ts';

const closing: { close(): Promise<void> }[] = [];
afterEach(async () => { for (const one of closing.splice(0)) await one.close(); });

async function http(answer: () => LoopbackAnswer, more: Partial<SourceHttpParts> = {}) {
  const server = await startLoopback(answer);
  const egress = createEgress([server.host]);
  closing.push(server, egress);
  return { server, url: new URL(server.url), http: createSourceHttp({ egress, signal: new AbortController().signal, now: () => new Date(), secrets: () => [], ...more }) };
}

test.each<[string, LoopbackAnswer['write']]>([
  ['says nothing', () => {}],
  ['drips', (response) => { response.writeHead(200); const drip = setInterval(() => { response.write(' '); }, 20); response.on('close', () => { clearInterval(drip); }); }],
])('a server that %s is given up in time', async (_name, write) => {
  const { http: slow, url } = await http(() => ({ write: write ?? (() => {}) }), { answerMs: 200 });
  const before = performance.now();
  await expect(slow.send({ url })).rejects.toMatchObject({ code: 'unreachable', retryable: true, message: expect.stringContaining('within 0.2 seconds') });
  expect(performance.now() - before).toBeLessThan(2_000);
});

test('a line that is cut reads like an address that does not answer', async () => {
  const { http: cut, url } = await http(() => ({ write: (response) => { response.writeHead(200, { 'content-length': '100' }); response.write('{'); setTimeout(() => { response.destroy(); }, 20); } }));
  await expect(cut.send({ url })).rejects.toMatchObject({ code: 'unreachable', message: `${url.host}: This address cannot be reached from here. Check it, and that it is open to the internet.` });
});

test('busy servers are tried as often as told and not more, and a date is waited for', async () => {
  let tried = 0;
  const { http: busy, url } = await http(() => { tried += 1; return { status: 503, headers: { 'retry-after': new Date(Date.now() - 5_000).toUTCString() } }; }, { triesMax: 3 });
  await expect(busy.send({ url })).rejects.toMatchObject({ code: 'unreachable', retryable: true });
  expect(tried).toBe(3);
});

test('a refusal is not tried again, and is an answer only where the caller expects it', async () => {
  let tried = 0;
  const { http: refusing, url } = await http(() => { tried += 1; return { status: 404, body: { message: 'nothing here' } }; });
  await expect(refusing.send({ url })).rejects.toMatchObject({ code: 'not-found', retryable: false });
  expect((await refusing.send({ url, expected: [404] })).status).toBe(404);
  expect(tried).toBe(2);
});

test('large whole numbers keep their digits, others stay numbers', async () => {
  const { http: exact, url } = await http(() => ({ body: '{"a":9007199254740993,"b":-12345678901234567890,"c":1,"d":1.5,"e":123456789012345678.5,"f":"9007199254740993"}' }));
  expect(jsonOf(await exact.send({ url }))).toEqual({ a: '9007199254740993', b: '-12345678901234567890', c: 1, d: 1.5, e: 123456789012345680, f: '9007199254740993' });
});
