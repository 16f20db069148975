import path from 'node:path';
import { ConfigError, loadConfig, type Config } from '#config';
import { startEmbeddedDatabase } from '#adapters/pglite/embedded-database.ts';
import { FolderLockedError, lockFolder } from '#adapters/pglite/folder-lock.ts';
import { createLogger } from '#platform/log/logger.ts';
import { quickenImports } from './quick-imports.ts';

/** A stop that takes longer than this is cut off; a second signal cuts at once. */
const STOP_MS = 30_000;

async function main(config: Config): Promise<void> {
  const log = createLogger(config.LOG_LEVEL);
  const release = config.DATABASE_URL ? () => undefined : lockFolder(config.DATA_DIR);
  // The product is read and compiled while the database starts; the two take about as long.
  const product = loadProduct();
  product.catch(() => undefined);
  const embedded = config.DATABASE_URL ? null : await startEmbeddedDatabase({ dataDir: path.join(config.DATA_DIR, 'postgres') });
  const { connect, migrateDatabase, chooseAdapters, compose } = await product;
  const databaseUrl = config.DATABASE_URL ?? embedded?.url ?? '';
  const database = connect(databaseUrl, { connectionsMax: embedded ? 8 : 20, onError: (error) => log.error({ err: error }, 'database connection lost') });
  await migrateDatabase(database);

  const adapters = chooseAdapters(config, { database, databaseUrl, embedded: embedded !== null }, log);
  const composition = await compose(config, adapters, log);
  await composition.start();
  await composition.app.listen({ port: config.PORT, host: config.HOST });
  announce(config);

  let stopping = false;
  const stop = (signal: string) => {
    if (stopping) process.exit(1);
    stopping = true;
    log.info({ signal }, 'stopping');
    setTimeout(() => process.exit(1), STOP_MS).unref();
    void (async () => {
      await composition.stop();
      await adapters.code.close();
      await adapters.egress.close();
      await database.close();
      await embedded?.close();
      release();
      process.exit(0);
    })().catch((error: unknown) => {
      log.error({ err: error }, 'stop failed');
      process.exit(1);
    });
  };
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
}

async function loadProduct() {
  quickenImports();
  const [{ connect }, { migrateDatabase }, { chooseAdapters }, { compose }] = await Promise.all([
    import('#platform/db/database.ts'), import('#platform/db/migrate.ts'), import('./choose-adapters.ts'), import('./compose.ts'),
  ]);
  return { connect, migrateDatabase, chooseAdapters, compose };
}

function announce(config: Config): void {
  const lines = [`${config.BRAND_NAME} is ready on ${config.BASE_URL}`];
  if (config.sampleContent) {
    lines.push('Sample accounts (password marketplace-demo): operator@example.com, seller@example.com, buyer@example.com, enduser@example.com');
  }
  console.log(lines.join('\n'));
}

if (Number(process.versions.node.split('.')[0]) < 24) {
  console.error(`Node 24 or newer is needed; this is ${process.versions.node}. Start with "npm start", which brings its own.`);
  process.exit(1);
}
try {
  await main(loadConfig());
} catch (error) {
  if (error instanceof ConfigError || error instanceof FolderLockedError) console.error(error.message);
  else console.error(error);
  process.exit(1);
}
