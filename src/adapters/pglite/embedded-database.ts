import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { freePort } from './free-port.ts';

/** A Postgres inside this process, reachable by URL like any other. */
export interface EmbeddedDatabase {
  url: string;
  /** The whole database as one file, for starting others from. */
  dump(): Promise<Uint8Array>;
  close(): Promise<void>;
}

/**
 * Starts PGlite in a worker thread, so that a heavy query does not stall the event loop, behind a socket, so that the
 * same driver and queries serve it and a Postgres server. The socket asks for no password: it is a Unix socket in a
 * folder only this user can enter (on Windows, a free loopback port). `dataDir` null keeps everything in memory. The
 * caller must hold the lock on the folder: two processes on one folder lose data. `program`, from
 * {@link compileEmbeddedDatabase}, spares compiling for a process that starts many.
 */
export async function startEmbeddedDatabase(options: { dataDir: string | null; snapshot?: Uint8Array; program?: WebAssembly.Module }): Promise<EmbeddedDatabase> {
  const unix = process.platform !== 'win32';
  const folder = unix ? await mkdtemp(path.join(tmpdir(), 'cmp-')) : null;
  const listen = folder ? { path: path.join(folder, '.s.PGSQL.5432') } : { port: await freePort() };
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: { dataDir: options.dataDir, snapshot: options.snapshot ?? null, program: options.program ?? null, listen },
  });
  await answer(worker, 'ready');
  return {
    // All connections share one backend. It must not end over one of them; who leaves a transaction idle loses only the connection.
    url: `${folder ? `postgresql://postgres@/postgres?host=${encodeURIComponent(folder)}&` : `postgresql://postgres@127.0.0.1:${'port' in listen ? listen.port : 0}/postgres?`}idle_in_transaction_session_timeout=0`,
    async dump() {
      worker.postMessage('dump');
      const message = await answer(worker, 'dump');
      if (!(message.bytes instanceof Uint8Array)) throw new Error('the embedded database sent no dump');
      return message.bytes;
    },
    async close() {
      worker.postMessage('close');
      await answer(worker, 'closed');
      await worker.terminate();
      if (folder) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The engine's program, compiled once for all databases of this process; what runs often is made faster for all of them. */
export async function compileEmbeddedDatabase(): Promise<WebAssembly.Module> {
  return WebAssembly.compile(await readFile(path.join(path.dirname(createRequire(import.meta.url).resolve('@electric-sql/pglite')), 'pglite.wasm')));
}

interface WorkerMessage { type: string; bytes?: unknown }

function answer(worker: Worker, type: string): Promise<WorkerMessage> {
  return new Promise((resolve, reject) => {
    const finish = () => {
      worker.off('message', onMessage);
      worker.off('error', onError);
      worker.off('exit', onExit);
    };
    const onMessage = (message: WorkerMessage) => {
      if (message.type !== type) return;
      finish();
      resolve(message);
    };
    const onError = (error: unknown) => { finish(); reject(error instanceof Error ? error : new Error(String(error))); };
    const onExit = (code: number) => { finish(); reject(new Error(`the embedded database stopped with code ${code}`)); };
    worker.on('message', onMessage);
    worker.on('error', onError);
    worker.on('exit', onExit);
  });
}
