import { createCipheriv, createDecipheriv, createHash, createHmac, hash, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';

/** Hex SHA-256. For values that carry enough entropy of their own (keys, files), not for passwords. */
export const sha256 = (data: string | Uint8Array): string => hash('sha256', data, 'hex');

/** Compares without revealing where two texts differ. */
export function sameSecret(left: string, right: string): boolean {
  const a = createHash('sha256').update(left).digest();
  const b = createHash('sha256').update(right).digest();
  return timingSafeEqual(a, b);
}

/** Seals secrets for storage and signs short texts, with keys derived from one master key. */
export interface Vault {
  /** AES-256-GCM with a fresh nonce; tenant and secret id are bound in, so a copy into another row does not open. */
  seal(plain: string, tenant: string, secretId: string): string;
  /** Throws when the text was changed, belongs to another tenant or secret, or to an unknown key. */
  open(sealed: string, tenant: string, secretId: string): string;
  /** Base64url HMAC-SHA-256 of a text for one purpose. */
  sign(purpose: string, text: string): string;
  verify(purpose: string, text: string, signature: string): boolean;
}

const VERSION = 'v1';

/** A vault over a master key of at least 32 characters. */
export function createVault(masterKey: string): Vault {
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', masterKey, 'cmp', purpose, 32));
  const sealing = derive('seal');
  const signing = derive('sign');
  const sign = (purpose: string, text: string) => createHmac('sha256', signing).update(`${purpose}\u0000${text}`).digest('base64url');
  return {
    seal(plain, tenant, secretId) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', sealing, nonce);
      cipher.setAAD(Buffer.from(`${tenant}\u0000${secretId}`));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return [VERSION, nonce.toString('base64url'), body.toString('base64url'), cipher.getAuthTag().toString('base64url')].join('.');
    },
    open(sealed, tenant, secretId) {
      const [version, nonce, body, tag] = sealed.split('.');
      if (version !== VERSION || !nonce || body === undefined || !tag) throw new Error('sealed text is damaged or of an unknown version');
      const decipher = createDecipheriv('aes-256-gcm', sealing, Buffer.from(nonce, 'base64url'));
      decipher.setAAD(Buffer.from(`${tenant}\u0000${secretId}`));
      decipher.setAuthTag(Buffer.from(tag, 'base64url'));
      return Buffer.concat([decipher.update(Buffer.from(body, 'base64url')), decipher.final()]).toString('utf8');
    },
    sign,
    verify: (purpose, text, signature) => sameSecret(sign(purpose, text), signature),
  };
}
