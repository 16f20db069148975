import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { createEgress } from '#platform/egress/egress.ts';
import { MailError, type Mail } from '#platform/mail/mailer.ts';
import { testIdentity } from '../../testing/tls-identity.ts';
import { smtpMailer, type SmtpOptions } from './smtp-mailer.ts';
import { startEncryptedSmtp } from './testing/encrypted-smtp.ts';

const PASSWORD = 'p@ss:w/ord';
const USER = 'robot%40example.com:p%40ss%3Aw%2Ford';
const servers = { smtps: await startEncryptedSmtp({ implicit: true, password: PASSWORD }), smtp: await startEncryptedSmtp({ implicit: false, password: PASSWORD }) };
const egress = createEgress(['127.0.0.1', '127.0.0.2', 'localhost']);
const usual = getCACertificates('default');
afterEach(() => { setDefaultCACertificates(usual); });
afterAll(async () => { await Promise.all([servers.smtps.close(), servers.smtp.close(), egress.close()]); });
/** As an operator does who names the file in NODE_EXTRA_CA_CERTS. */
const trustTestAuthority = () => { setDefaultCACertificates([...usual, testIdentity.cert]); };

const mail: Mail = { id: 'one', to: { name: 'Ann Ames', address: 'ann@example.com' }, subject: 'A source fails', text: 'Hello.\n' };
const send = async (url: string, patience?: SmtpOptions['patience']): Promise<unknown> =>
  smtpMailer({ url, from: { name: 'CMP', address: 'no-reply@market.example' }, egress, ...(patience ? { patience } : {}) }).send(mail).then(() => null, (error: unknown) => error);
const words = async (...call: Parameters<typeof send>): Promise<string> => {
  const error = await send(...call);
  expect(error).toBeInstanceOf(MailError);
  expect(error).toMatchObject({ permanent: false });
  expect(`${String(error)} ${JSON.stringify(error)}`).not.toMatch(/ann@|robot|p@ss|w\/ord|127\.0\.0/);
  return error instanceof Error ? error.message : '';
};

for (const protocol of ['smtps', 'smtp'] as const) {
  const { at, taken, passwords } = servers[protocol];
  const how = protocol === 'smtps' ? 'TLS from the start' : 'STARTTLS';

  test(`a message and its password reach a server by ${how}, by its address and by its name`, async () => {
    trustTestAuthority();
    for (const host of [at, at.replace('127.0.0.1', 'localhost')]) expect(await send(`${protocol}://${USER}@${host}`)).toBeNull();
    expect(taken).toHaveLength(2);
    expect(taken[0]).toMatch(/^Subject: A source fails\r$/m);
    expect(passwords).toEqual(['encrypted', 'encrypted']);
  });

  test(`a certificate that nobody known signed is refused by ${how} in words, before the password is sent`, async () => {
    const before = passwords.length;
    expect(await words(`${protocol}://${USER}@${at}`)).toBe('the mail server shows a certificate that is not trusted: nobody known signed it; name the file of its authority in NODE_EXTRA_CA_CERTS');
    expect(passwords).toHaveLength(before);
  });

  test(`a wrong password is told by ${how} without repeating it, and may be mended`, async () => {
    trustTestAuthority();
    expect(await words(`${protocol}://robot%40example.com:wrong@${at}`)).toBe('the mail server refused the user name or password of SMTP_URL, it answered 535');
  });

  test(`a certificate for another name is refused by ${how} although its authority is trusted`, async () => {
    trustTestAuthority();
    const other = await startEncryptedSmtp({ implicit: protocol === 'smtps', password: PASSWORD, host: '127.0.0.2' });
    expect(await words(`${protocol}://${USER}@${other.at}`)).toBe('the mail server shows a certificate that is not trusted: it is made for another name than this host');
    expect(other.passwords).toEqual([]);
    await other.close();
  });
}

/** A server that takes connections and says this, a piece each time. */
async function startHanging(says: (socket: Socket) => void): Promise<{ at: string; open: () => number; close(): void }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => { sockets.delete(socket); }).resume();
    says(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = z.object({ port: z.number() }).parse(server.address());
  return { at: `127.0.0.1:${port}`, open: () => sockets.size, close: () => { for (const socket of sockets) socket.destroy(); server.close(); } };
}

const PATIENCE = { answerMs: 1_000, silentMs: 1_000, wholeMs: 3_000 };
const goOn = (socket: Socket, line: string) => {
  const more = setInterval(() => { socket.write(`${line}\r\n`); }, 50);
  socket.on('close', () => { clearInterval(more); });
};
const HANGING = [
  ['never says a word', 'smtp', () => undefined, 'did not answer in time'],
  ['never begins to encrypt', 'smtps', () => undefined, 'did not answer in time'],
  ['greets and says no more', 'smtp', (socket: Socket) => { socket.write('220 here\r\n'); }, 'did not answer in time'],
  ['greets without end', 'smtp', (socket: Socket) => { goOn(socket, '220-more'); }, 'did not answer in time'],
  ['answers without end', 'smtp', (socket: Socket) => {
    socket.write('220 here\r\n');
    socket.once('data', () => { socket.write('250 here\r\n'); socket.once('data', () => { goOn(socket, '250-more'); }); });
  }, 'did not come to an end in time'],
  ['does not encrypt where it should', 'smtps', (socket: Socket) => { socket.write('220 here\r\n'); }, 'came to no encrypted connection: check whether SMTP_URL should begin with smtps:// or smtp://, and which versions of TLS it takes'],
] as const;
test.for(HANGING)('a server that %s is left after a bounded time, in words', { timeout: 10_000 }, async ([, protocol, says, told]) => {
  const hanging = await startHanging(says);
  // With a password it would have to encrypt first, which is bounded by itself.
  expect(await words(`${protocol}://${told.includes('end') ? '' : `${USER}@`}${hanging.at}`, PATIENCE)).toBe(`the mail server ${told}`);
  await expect.poll(() => hanging.open()).toBe(0);
  hanging.close();
});
