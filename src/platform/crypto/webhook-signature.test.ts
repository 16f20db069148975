import { expect, test } from 'vitest';
import { isSignedBy, newWebhookSecret, SIGNATURE_HEADERS, signedHeaders } from './webhook-signature.ts';

const now = new Date('2026-11-20T10:00:00Z');
const timestamp = now.getTime() / 1000;
const header = (secret: string, message: { id: string; timestamp: number; body: string }) => signedHeaders(secret, message)[SIGNATURE_HEADERS.signature] ?? '';

test('a signature is that of the published example', () => {
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  expect(header(secret, { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: 1614265330, body: '{"test": 2432232314}' })).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
});

test('a fresh message is accepted, also while a secret is replaced', () => {
  const [old, current] = [newWebhookSecret(), newWebhookSecret()];
  const message = { id: 'm1', timestamp, body: '{}' };
  const signatures = `${header(old, message)} ${header(current, message)}`;
  for (const secret of [old, current]) expect(isSignedBy(secret, { ...message, timestamp: String(timestamp), signatures }, now)).toBe(true);
});

test.each([
  ['another body', { body: '{"a":1}' }], ['another id', { id: 'm2' }], ['another time', { timestamp: String(timestamp + 1) }], ['no time', { timestamp: '' }], ['no signature', { signatures: '' }],
])('a message with %s is refused', (_what, change) => {
  const secret = newWebhookSecret();
  const message = { id: 'm1', timestamp, body: '{}' };
  expect(isSignedBy(secret, { ...message, timestamp: String(timestamp), signatures: header(secret, message), ...change }, now)).toBe(false);
});

test('an old recording is refused, and so is a message from the future', () => {
  const secret = newWebhookSecret();
  for (const seconds of [-301, 301]) {
    const message = { id: 'm1', timestamp: timestamp + seconds, body: '{}' };
    expect(isSignedBy(secret, { ...message, timestamp: String(message.timestamp), signatures: header(secret, message) }, now)).toBe(false);
  }
});
