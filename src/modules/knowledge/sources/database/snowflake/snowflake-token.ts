import { createHash, createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { SourceError } from '../../source-reader.ts';

/** Shorter than the hour Snowflake allows, since clocks differ. */
const LIFE_SECONDS = 50 * 60;

/**
 * A token signed with the user's key (Snowflake key-pair authentication: JWT, RS256, the issuer carries the fingerprint of
 * the public key). Throws SourceError for a key that is none.
 */
export function keyPairToken(privateKey: string, account: string, user: string, now: Date): string {
  const key = keyOf(privateKey);
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const subject = `${account.toUpperCase()}.${user.toUpperCase()}`;
  const issuedAt = Math.floor(now.getTime() / 1000);
  const claims = { iss: `${subject}.SHA256:${createHash('sha256').update(spki).digest('base64')}`, sub: subject, iat: issuedAt, exp: issuedAt + LIFE_SECONDS };
  const signed = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}`;
  return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), key).toString('base64url')}`;
}

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function keyOf(written: string): KeyObject {
  const [, label, body] = /-----BEGIN ([A-Z ]+)-----([\s\S]*?)-----END/.exec(written) ?? [];
  if (label?.includes('ENCRYPTED') || /Proc-Type/.test(body ?? '')) throw new SourceError('settings', 'The private key is protected by a passphrase. Give one that is not; it is stored encrypted.');
  try {
    // A field of one line turns the lines of the key into one.
    const lines = (body ?? '').replace(/\s+/g, '').match(/.{1,64}/g)?.join('\n') ?? '';
    const key = createPrivateKey(`-----BEGIN ${label ?? ''}-----\n${lines}\n-----END ${label ?? ''}-----`);
    if (key.asymmetricKeyType === 'rsa') return key;
  } catch {
    // Told below, without what it holds.
  }
  throw new SourceError('settings', 'The private key is no RSA key in PEM. It begins with -----BEGIN PRIVATE KEY-----.');
}
