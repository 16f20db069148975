/** A real mail server on the loopback with TLS, from the start or by STARTTLS, that asks for a password. */
import { once } from 'node:events';
import { SMTPServer } from 'smtp-server';
import { z } from 'zod';
import { testIdentity } from '../../../testing/tls-identity.ts';

export interface EncryptedSmtp {
  /** `host:port`. */
  at: string;
  /** The messages it took, as they came. */
  taken: readonly string[];
  /** What it heard of passwords: the connection's protocol, or `plain`. */
  passwords: readonly string[];
  close(): Promise<void>;
}

export async function startEncryptedSmtp({ implicit, password, host = '127.0.0.1' }: { implicit: boolean; password: string; host?: string }): Promise<EncryptedSmtp> {
  const taken: string[] = [];
  const passwords: string[] = [];
  const server = new SMTPServer({
    ...testIdentity, secure: implicit, authMethods: ['PLAIN', 'LOGIN'], logger: false, closeTimeout: 100,
    onAuth(auth, session, done) {
      passwords.push(session.secure ? 'encrypted' : 'plain');
      if (auth.username === 'robot@example.com' && auth.password === password) done(null, { user: auth.username });
      else done(Object.assign(new Error('Invalid user name or password'), { responseCode: 535 }));
    },
    onData(stream, _session, done) {
      const pieces: Buffer[] = [];
      stream.on('data', (piece: Buffer) => { pieces.push(piece); }).on('end', () => {
        taken.push(Buffer.concat(pieces).toString('utf8'));
        done(null, 'Taken');
      });
    },
  });
  // What clients break off is theirs to report.
  server.on('error', () => undefined);
  const listening = server.listen(0, host);
  await once(listening, 'listening');
  const { port } = z.object({ port: z.number() }).parse(listening.address());
  return { at: `${host}:${port}`, taken, passwords, close: async () => new Promise((resolve) => { server.close(resolve); }) };
}
