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
  /** The engine's program, compiled before. */
  program: z.custom<WebAssembly.Module>((value) => String(value) === '[object WebAssembly.Module]').nullable(),
  /** Where to listen: a Unix socket in a private folder, or (Windows) a loopback port. */
  listen: z.union([z.object({ path: z.string() }), z.object({ port: z.number() })]),
});

/** Bytes that are handed on as they are: the Blob of Node copies tens of megabytes more than once. */
class WholeFile extends Blob {
  readonly #bytes: Uint8Array<ArrayBuffer>;

  constructor(bytes: Uint8Array) {
    super([]);
    this.#bytes = bytes.buffer instanceof ArrayBuffer && bytes.byteLength === bytes.buffer.byteLength ? new Uint8Array(bytes.buffer) : new Uint8Array(bytes);
  }

  override async arrayBuffer(): Promise<ArrayBuffer> {
    return this.#bytes.buffer;
  }
}

const { dataDir, snapshot, program, listen } = Settings.parse(workerData);
const database = await PGlite.create({
  ...(dataDir ? { dataDir } : {}),
  ...(snapshot ? { loadDataDir: new WholeFile(snapshot) } : {}),
  ...(program ? { pgliteWasmModule: program } : {}),
  extensions: { vector, pg_trgm, unaccent },
});
const server = new ProtocolServer(database);
await server.listen(listen);
parentPort?.postMessage({ type: 'ready' });

parentPort?.on('message', (message: unknown) => {
  void (async () => {
    if (message === 'dump') {
      // Who starts from it need not go through the changes again that lie in the log.
      await database.exec('checkpoint');
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
