import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { diskFileStore } from '#adapters/disk/disk-file-store.ts';
import { startEmbeddedDatabase } from '#adapters/pglite/embedded-database.ts';
import { createKnowledgeSearch, knowledgeModule, type DetailedSearch, type Knowledge } from '#modules/knowledge/index.ts';
import { modelDirectory, type InstalledModels } from '#modules/models/index.ts';
import type { Platform } from '#platform/context.ts';
import { createVault } from '#platform/crypto/seal.ts';
import { connect, type Database } from '#platform/db/database.ts';
import { migrateDatabase } from '#platform/db/migrate.ts';
import { createEgress } from '#platform/egress/egress.ts';
import { createLogger } from '#platform/log/logger.ts';

/** The knowledge module over a database of its own, without a server around it. */
export interface SearchBench { platform: Platform; database: Database; knowledge: Knowledge; search: DetailedSearch; models: InstalledModels; close(): Promise<void> }

const notSold = async (): Promise<never> => { throw new Error('nothing is sold in this measurement'); };

/** `databaseUrl` null is the embedded database, in memory. Only the offline models serve. */
export async function openSearch(databaseUrl: string | null): Promise<SearchBench> {
  const embedded = databaseUrl === null ? await startEmbeddedDatabase({ dataDir: null }) : null;
  const database = connect(databaseUrl ?? embedded?.url ?? '', { connectionsMax: 8 });
  await migrateDatabase(database);
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-search-'));
  const platform: Platform = { database, log: createLogger('error'), now: () => new Date(), relaySoon: () => undefined };
  const models = modelDirectory();
  const search = createKnowledgeSearch({ platform, models });
  const egress = createEgress([]);
  const knowledge = knowledgeModule({
    platform, models, files: diskFileStore(folder), search, answers: { answer: notSold }, alone: false, work: false, vault: createVault('x'.repeat(32)), egress,
    owners: { forSubscription: notSold }, charges: { reserve: notSold, settle: notSold, release: notSold },
  });
  return {
    platform, database, knowledge, search, models,
    async close() {
      await knowledge.stop?.();
      await egress.close();
      await database.close();
      await embedded?.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
