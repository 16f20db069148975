import { createServer, connect, type Server, type Socket } from 'node:net';
import { createEgress, type Egress } from '#platform/egress/egress.ts';
import type { Found, FoundDocument } from '../../source-reader.ts';
import { DatabaseConfig, type DatabaseSecrets } from '../../contract/database.ts';
import { databaseSource } from '../database-source.ts';
import type { DatabaseContext } from '../engine.ts';

export { testIdentity } from '../../../../../testing/tls-identity.ts';

/** A server on a free port of the loopback, its open connections ended with it. */
export async function listenOnLoopback(server: Server): Promise<{ port: number; close(): Promise<void> }> {
  const open = new Set<Socket>();
  const keep = (socket: Socket) => { open.add(socket); socket.on('error', () => undefined).on('close', () => open.delete(socket)); };
  server.on('connection', keep);
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise<void>((resolve) => { server.close(() => { resolve(); }); });
    },
  };
}

/** A port that leads to a socket in a folder, as the embedded database has one. */
export const relayTo = async (path: string) => listenOnLoopback(createServer((socket) => {
  const behind = connect(path).on('error', () => socket.destroy());
  socket.on('error', () => behind.destroy()).pipe(behind).pipe(socket);
}));

/** The guard with just these hosts opened, as an operator opens a database in the same network. */
export const opened = (...hosts: string[]): Egress => createEgress(hosts);

export interface Reader {
  context: DatabaseContext;
  /** What was remembered by the last reading. */
  readonly checkpoint: Record<string, unknown> | null;
  read(): Promise<Found[]>;
  documents(): Promise<FoundDocument[]>;
}

/** Reads with these settings like the knowledge base would, which knows what an earlier reading brought. */
export function reader(config: object, { secrets = {}, egress, signal = AbortSignal.timeout(30_000), ...rest }: Partial<DatabaseContext> & { egress: Egress; secrets?: DatabaseSecrets }): Reader {
  const known = new Map<string, string | null>();
  let checkpoint: Record<string, unknown> | null = null;
  const context: DatabaseContext = {
    config: DatabaseConfig.parse(config), secrets, egress, signal, documentsMax: 100_000, depthMax: 1, bytesMax: 5 * 1024 * 1024, now: () => new Date(),
    get checkpoint() { return checkpoint; },
    remember: (kept) => { checkpoint = kept; },
    known: async (ids) => new Map([...known].filter(([id]) => ids.includes(id))),
    ...rest,
  };
  const read = async () => {
    const found: Found[] = [];
    for await (const one of databaseSource.read(context)) {
      found.push(one);
      if (one.type === 'document') known.set(one.document.externalId, one.document.fingerprint);
    }
    return found;
  };
  return {
    context, read, get checkpoint() { return checkpoint; },
    documents: async () => (await read()).flatMap((found) => (found.type === 'document' ? [found.document] : [])),
  };
}

export const textOf = ({ content }: FoundDocument): string => ('text' in content ? content.text : '');
