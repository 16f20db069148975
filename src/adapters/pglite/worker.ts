import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { unaccent } from '@electric-sql/pglite/contrib/unaccent';
import { vector } from '@electric-sql/pglite-pgvector';
import { z } from 'zod';
import { ProtocolServer } from './protocol-server.ts';

const Settings = z.object({
  /** Folder of the database; null keeps it in memory. */
  dataDir: z.string().nullable(),
  /** A dump made by an earlier `dump` command, to start from. */
  snapshot: z.instanceof(Uint8Array).nullable(),
  /** Where to listen: a Unix socket in a private folder, or (Windows) a loopback port. */
  listen: z.union([z.object({ path: z.string() }), z.object({ port: z.number() })]),
});

const { dataDir, snapshot, listen } = Settings.parse(workerData);
const database = await PGlite.create({
  ...(dataDir ? { dataDir } : {}),
  ...(snapshot ? { loadDataDir: new Blob([Buffer.from(snapshot)]) } : {}),
  extensions: { vector, pg_trgm, unaccent },
});
const server = new ProtocolServer(database);
await server.listen(listen);
parentPort?.postMessage({ type: 'ready' });

parentPort?.on('message', (message: unknown) => {
  void (async () => {
    if (message === 'dump') {
      const file = await database.dumpDataDir('none');
      parentPort?.postMessage({ type: 'dump', bytes: new Uint8Array(await file.arrayBuffer()) });
    }
    if (message === 'close') {
      await server.close();
      await database.close();
      parentPort?.postMessage({ type: 'closed' });
    }
  })();
});
