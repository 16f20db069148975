import { z } from 'zod';
import { diskFileStore } from '#adapters/disk/disk-file-store.ts';
import { createVault } from '#platform/crypto/seal.ts';
import { connect } from '#platform/db/database.ts';
import { createEgress } from '#platform/egress/egress.ts';
import { createLogger } from '#platform/log/logger.ts';
import { systemProcess } from '#platform/process.ts';
import { modelDirectory } from '#modules/models/index.ts';
import type { KnowledgeParts } from '../../parts.ts';
import { createParserPool } from '../../parse/parser-pool.ts';
import { createKnowledgeSearch } from '../../retrieve/knowledge-search.ts';
import { createIngest } from '../ingest-documents.ts';

/** What the module works with, over a database and a folder that outlive this process. */
export function partsOver(databaseUrl: string, folder: string): { parts: KnowledgeParts; close(): Promise<void> } {
  const database = connect(databaseUrl);
  const platform = { database, log: createLogger('fatal'), now: () => new Date(), relaySoon: () => undefined };
  const models = modelDirectory();
  const egress = createEgress([]);
  const pool = createParserPool();
  return {
    parts: {
      platform, models, search: createKnowledgeSearch({ platform, models }), engine: null, egress, readers: [], vault: createVault('k'.repeat(32)), files: diskFileStore(folder), pool: () => pool,
      answers: { answer: async () => Promise.reject(new Error('there is no product here')) },
      owners: { forSubscription: async () => Promise.reject(new Error('there is no subscription here')) },
      charges: { reserve: async () => undefined, settle: async () => undefined, release: async () => undefined },
    },
    async close() {
      pool.close();
      await egress.close();
      await database.close();
    },
  };
}

// Run as a program it does what the job does, until it is done or killed.
if (import.meta.main) {
  const { databaseUrl, folder, tenant, documentIds } = z.object({ databaseUrl: z.string(), folder: z.string(), tenant: z.string(), documentIds: z.array(z.string()) }).parse(JSON.parse(process.argv[2] ?? ''));
  const { parts, close } = partsOver(databaseUrl, folder);
  await createIngest(parts)(systemProcess(parts.platform, 'test', tenant), documentIds);
  await close();
}
