import { afterAll, beforeEach, expect, test } from 'vitest';
import { createEgress } from '#platform/egress/egress.ts';
import { MailError, type Mail } from '#platform/mail/mailer.ts';
import { smtpMailer } from './smtp-mailer.ts';
import { startLoopbackSmtp } from './testing/loopback-smtp.ts';

const server = await startLoopbackSmtp();
const egress = createEgress([new URL(server.url).host]);
afterAll(async () => {
  await egress.close();
  await server.close();
});
beforeEach(() => { server.refusals.length = 0; });

const from = { name: 'CMP', address: 'no-reply@market.example' };
const mail: Mail = { id: 'one-2', to: { name: 'Ann Ames', address: 'ann@example.com' }, subject: 'A source\r\nBcc: bob@example.com', text: 'Hello,\n\n.a line that begins with a dot\n' };
const send = async (url = server.url, change: Partial<Mail> = {}): Promise<unknown> => smtpMailer({ url, from, egress }).send({ ...mail, ...change }).then(() => null, (error: unknown) => error);

test('a message arrives as it was written, from whom and to whom it says, and its subject adds no header', async () => {
  expect(await send()).toBeNull();
  const [taken] = server.taken;
  expect(taken).toMatchObject({ from: from.address, to: ['ann@example.com'] });
  expect(taken?.data).toMatch(/^From: CMP <no-reply@market\.example>$/m);
  expect(taken?.data).toMatch(/^To: Ann Ames <ann@example\.com>$/m);
  expect(taken?.data).toMatch(/^Subject: A source Bcc: bob@example\.com$/m);
  expect(taken?.data).not.toMatch(/^Bcc:/m);
  expect(taken?.data).toMatch(/^Message-ID: <one-2@market\.example>$/m);
  expect(taken?.data).toMatch(/^Content-Type: text\/plain/m);
  expect(taken?.data).toContain('\nHello,\n\n.a line that begins with a dot\n');
});

test('a refusal says whether to try again, and never repeats an address', async () => {
  server.refusals.push('450 4.2.0 <ann@example.com> try later');
  const later = await send();
  server.refusals.push('550 5.1.1 <ann@example.com> is not known');
  const never = await send();
  expect([later, never]).toMatchObject([{ permanent: false }, { permanent: true }]);
  for (const error of [later, never]) {
    expect(error).toBeInstanceOf(MailError);
    expect(String(error)).toMatch(/answered (450|550)/);
    expect(`${String(error)} ${JSON.stringify(error)}`).not.toContain('ann@');
  }
});

test('a password does not travel without TLS, and a server that is not there is tried again', async () => {
  const before = server.taken.length;
  expect(await send(server.url.replace('smtp://', 'smtp://bob:hunter2@'))).toMatchObject({ permanent: false, message: expect.not.stringContaining('hunter2') });
  expect(await send('smtp://127.0.0.1:1')).toMatchObject({ permanent: false });
  expect(server.taken).toHaveLength(before);
});
