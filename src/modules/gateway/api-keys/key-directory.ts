import { and, eq, inArray, isNull } from 'drizzle-orm';
import { createFreshMemory } from '#platform/batch/fresh-memory.ts';
import type { Platform } from '#platform/context.ts';
import type { PresentedKey } from '#platform/http/authenticator.ts';
import { Problem, problems as kernel } from '#platform/http/problem.ts';
import { subscriptions } from '#modules/subscriptions/index.ts';
import { apiKeys } from '../tables.ts';
import { hashOfKey, looksLikeKey } from './key-text.ts';

export interface KnownKey extends PresentedKey { expiresAt: Date | null; requestsPerMinute: number | null }

/** Finds keys by what a caller presents. */
export interface KeyDirectory {
  /** Throws a Problem for a key that is unknown, revoked or expired. */
  find(presented: string): Promise<KnownKey>;
  /** Notes that a call with this key was admitted. */
  noteUse(keyId: string): void;
  /** Forgets what is remembered, so that a change holds at once in this process. */
  forget(): void;
  /** Writes when keys were last used; called every minute and at the end. */
  flush(): Promise<void>;
}

/** How long a found key is trusted without asking again: a revocation holds everywhere within this time. */
const TRUST_MS = 1_000;
const REMEMBERED_MAX = 50_000;

export function createKeyDirectory(platform: Platform): KeyDirectory {
  const remembered = createFreshMemory<KnownKey | null>(TRUST_MS, REMEMBERED_MAX, () => platform.now().getTime());
  const used = new Map<string, Date>();

  async function lookUp(hash: string): Promise<KnownKey | null> {
    return platform.database.asOperator('identify an API key', async (tx) => {
      const [row] = await tx.select({ key: apiKeys, configuration: subscriptions.configuration }).from(apiKeys)
        .innerJoin(subscriptions, eq(subscriptions.id, apiKeys.subscriptionId)).where(and(eq(apiKeys.hash, hash), isNull(apiKeys.revokedAt)));
      if (!row) return null;
      return {
        keyId: row.key.id, tenant: row.key.tenantId, subscriptionId: row.key.subscriptionId, scopes: row.key.scopes, publishable: row.key.kind === 'publishable', live: row.key.live,
        allowedOrigins: originsOf(row.configuration.widget?.allowedDomains ?? []), expiresAt: row.key.expiresAt, requestsPerMinute: row.key.requestsPerMinute,
      };
    });
  }

  return {
    async find(presented) {
      if (!looksLikeKey(presented)) throw new Problem(kernel['key-invalid']);
      const hash = hashOfKey(presented);
      const now = platform.now().getTime();
      const key = await remembered.get(hash, async () => lookUp(hash));
      if (!key) throw new Problem(kernel['key-invalid']);
      if (key.expiresAt && key.expiresAt.getTime() <= now) throw new Problem(kernel['key-expired']);
      return key;
    },
    noteUse(keyId) {
      used.set(keyId, platform.now());
    },
    forget() {
      remembered.clear();
    },
    async flush() {
      if (used.size === 0) return;
      const entries = [...used];
      used.clear();
      const at = entries.reduce((latest, [, time]) => (time > latest ? time : latest), new Date(0));
      await platform.database.asOperator('note the use of keys', async (tx) => {
        await tx.update(apiKeys).set({ lastUsedAt: at }).where(inArray(apiKeys.id, entries.map(([id]) => id)));
      });
    },
  };
}

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/** The origins a list of allowed domains stands for: https, and on the loopback also http, for trying things out. */
export const originsOf = (domains: readonly string[]): string[] =>
  domains.flatMap((domain) => (LOOPBACK.test(domain) ? [`https://${domain}`, `http://${domain}`] : [`https://${domain}`]));
