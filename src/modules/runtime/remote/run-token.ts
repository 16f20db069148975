import { z } from 'zod';
import type { Vault } from '#platform/crypto/seal.ts';

const PURPOSE = 'runtime-run-token';
const Claims = z.object({ run: z.uuid(), subscription: z.uuid(), tenant: z.uuid(), expires: z.int() });

/** What a token lets a server do: report for this run of this subscription, until then. */
export type RunClaims = z.infer<typeof Claims>;

/** Signs what a server may report for. `expires` in seconds since 1970. */
export function issueRunToken(vault: Vault, claims: RunClaims): string {
  const body = Buffer.from(JSON.stringify(claims)).toString('base64url');
  return `${body}.${vault.sign(PURPOSE, body)}`;
}

/** The claims of a token that we signed and that has not expired; null for anything else. */
export function readRunToken(vault: Vault, token: string, now: Date): RunClaims | null {
  const [body = '', signature = '', ...more] = token.split('.');
  if (more.length > 0 || body === '' || !vault.verify(PURPOSE, body, signature)) return null;
  const claims = Claims.parse(JSON.parse(Buffer.from(body, 'base64url').toString('utf8')));
  return claims.expires * 1000 > now.getTime() ? claims : null;
}
