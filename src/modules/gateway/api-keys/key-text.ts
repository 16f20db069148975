import { createHash, randomBytes } from 'node:crypto';
import { sha256 } from '#platform/crypto/seal.ts';

const PREFIXES = { secret: { live: 'ar_sk_live_', test: 'ar_sk_test_' }, publishable: { live: 'pk_live_', test: 'pk_test_' } } as const;

/** A key anybody could mistype: 256 random bits and a checksum, so that a wrong one is told apart without the database. */
const KEY = /^[a-z]{2,20}_[\w-]{20,120}$/;

export interface NewKey { secret: string; prefix: string; lastFour: string; hash: string }

/** Makes a key. Only its hash is stored. */
export function newKey(kind: 'secret' | 'publishable', live: boolean): NewKey {
  const prefix = PREFIXES[kind][live ? 'live' : 'test'];
  const random = randomBytes(32).toString('base64url');
  const secret = `${prefix}${random}${checksum(random)}`;
  return { secret, prefix, lastFour: secret.slice(-4), hash: hashOfKey(secret) };
}

/** How a key is looked up. Keys carry enough entropy that a plain hash cannot be searched. */
export const hashOfKey = (secret: string): string => sha256(secret);

/** Whether a text has the form of a key at all; anything else is refused without a lookup. */
export const looksLikeKey = (text: string): boolean => text.length <= 150 && KEY.test(text);

const checksum = (random: string): string => createHash('sha256').update(`cmp-key:${random}`).digest('base64url').slice(0, 6);
