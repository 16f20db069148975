import { and, eq } from 'drizzle-orm';
import { isUuid } from '#platform/crypto/ids.ts';
import type { Platform } from '#platform/context.ts';
import type { Vault } from '#platform/crypto/seal.ts';
import { systemProcess } from '#platform/process.ts';
import { RemoteError, type RemoteKind, type RemoteRuntime, type RemoteRuntimes } from '../ports.ts';
import { runtimeServers } from './tables.ts';

type Row = typeof runtimeServers.$inferSelect;

/** A seller's server with its credential. */
export const openServer = (vault: Vault, runtimes: RemoteRuntimes, row: Row): RemoteRuntime =>
  runtimes.at({ kind: row.kind, url: row.url, header: row.header, secret: secretOfServer(vault, row) });

export const secretOfServer = (vault: Vault, { sealed, tenantId, id }: Pick<Row, 'sealed' | 'tenantId' | 'id'>): string => (sealed === '' ? '' : vault.open(sealed, tenantId, id));

/** The row of a seller's server; null when it was removed or is of another kind than the product says. */
export async function serverOf(platform: Platform, sellerId: string, kind: RemoteKind, server: string): Promise<Row | null> {
  if (!isUuid(server)) return null;
  const [row] = await systemProcess(platform, 'reach a seller’s server', sellerId).run(async ({ tx }) => tx.select().from(runtimeServers).where(and(eq(runtimeServers.id, server), eq(runtimeServers.kind, kind))));
  return row ?? null;
}

/** What a product says it runs on. Throws {@link RemoteError} when that server is gone. */
export async function openRuntime({ platform, vault, runtimes }: { platform: Platform; vault: Vault; runtimes: RemoteRuntimes }, place: { sellerId: string; kind: RemoteKind; server: string }): Promise<RemoteRuntime> {
  if (place.server === 'operator') {
    if (place.kind === 'langflow' && runtimes.operator) return runtimes.operator;
    throw new RemoteError('unreachable', 'This marketplace runs no Langflow server at the moment.');
  }
  const row = await serverOf(platform, place.sellerId, place.kind, place.server);
  if (!row) throw new RemoteError('unreachable', 'The server this product runs on was removed by its seller.');
  return openServer(vault, runtimes, row);
}
