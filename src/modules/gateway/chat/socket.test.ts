import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { startLoopbackModelServer } from '#adapters/models/testing/loopback-model-server.ts';
import { subscriptionEndpoints } from '#modules/subscriptions/contract.ts';
import { startApp } from '../../../testing/app.ts';
import { sampleProduct } from '../../../testing/products.ts';
import { apiKeyEndpoints } from '../contract.ts';

const models = await startLoopbackModelServer();
const app = await startApp({ OPENAI_BASE_URL: `${models.url}/v1`, OPENAI_API_KEY: 'sk-test' });
afterAll(async () => models.close());

/** An open socket, what it said so far, and how and when it closes. */
async function openSocket(secret: string) {
  const socket = new WebSocket(`${app.baseUrl.replace('http', 'ws')}/v1/ws`, ['cmp', `cmp.key.${secret}`]);
  const frames: string[] = [];
  socket.addEventListener('message', (event) => frames.push(String(event.data)));
  const closed = new Promise<number>((resolve) => { socket.addEventListener('close', ({ code }) => { resolve(code); }); });
  await new Promise((resolve) => { socket.addEventListener('open', resolve); });
  return { socket, frames, closed };
}

/** A socket whose other end says nothing any more, not even that it agrees to the close. */
async function openSilently(secret: string) {
  const socket = connect(Number(new URL(app.baseUrl).port), '127.0.0.1').on('error', () => undefined);
  socket.write(`GET /v1/ws HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${secret}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`);
  expect(String((await once(socket, 'data'))[0])).toContain('101 Switching Protocols');
}

test('a server that stops closes a quiet WebSocket at once, one after the answer that is under way, and waits for none that is silent', async () => {
  const product = await sampleProduct(app, { knowledge: false });
  const buyer = await app.person('Bea');
  await app.settled();
  const { subscription_id: subscriptionId } = await buyer.ok(subscriptionEndpoints.subscribe, { body: { product_id: product.productId, plan_id: product.planIds.free ?? '', project_id: buyer.projectId } });
  const key = await buyer.ok(apiKeyEndpoints.issue, { params: { subscriptionId }, body: { name: 'Server' } });
  models.reply({ text: 'One two three four five six seven eight.' });
  models.delay(0, 150);
  const [quiet, busy] = [await openSocket(key.secret), await openSocket(key.secret)];
  busy.socket.send(JSON.stringify({ messages: [{ role: 'user', content: 'Count' }], stream: true }));
  await openSilently(key.secret);
  while (!busy.frames.some((frame) => frame.includes('One'))) await new Promise((resolve) => { setTimeout(resolve, 5); });

  const began = performance.now();
  const ended = app.composition.app.close();
  expect(await quiet.closed).toBe(1001);
  expect(busy.frames.join('')).not.toContain('[DONE]');
  expect(await busy.closed).toBe(1001);
  expect(busy.frames.at(-1)).toContain('[DONE]');
  await ended;
  // The silent one is given two seconds, whatever is allowed to answers.
  expect(performance.now() - began).toBeLessThan(10_000);
});
