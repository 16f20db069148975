import { createVault } from '#platform/crypto/seal.ts';
import { connect } from '#platform/db/database.ts';
import { createEgress } from '#platform/egress/egress.ts';
import { createLogger } from '#platform/log/logger.ts';
import { modelDirectory } from '#modules/models/index.ts';
import type { KnowledgeParts } from '../parts.ts';
import { createKnowledgeSearch } from '../retrieve/knowledge-search.ts';

/**
 * What the module works with over a database of its own, without a server: files in memory, nothing is charged, and there
 * is no product, subscription or parser. A test spreads it and replaces what it watches.
 */
export function partsOver(databaseUrl: string, now: () => Date = () => new Date()): { parts: KnowledgeParts; close(): Promise<void> } {
  const database = connect(databaseUrl);
  const egress = createEgress([]);
  const platform = { database, log: createLogger('fatal'), now, relaySoon: () => undefined };
  const models = modelDirectory();
  const files = new Map<string, Uint8Array>();
  return {
    parts: {
      platform, models, search: createKnowledgeSearch({ platform, models }), engine: null, alerts: null, egress, readers: [], vault: createVault('k'.repeat(32)),
      files: { get: async (key) => files.get(key) ?? null, put: async (key, bytes) => { files.set(key, bytes); }, remove: async (key) => { files.delete(key); } },
      answers: { answer: async () => Promise.reject(new Error('there is no product here')) },
      owners: { forSubscription: async () => Promise.reject(new Error('there is no subscription here')) },
      charges: { reserve: async () => undefined, settle: async () => undefined, release: async () => undefined },
      pool: () => { throw new Error('short texts need no parser'); },
    },
    async close() {
      await egress.close();
      await database.close();
    },
  };
}
