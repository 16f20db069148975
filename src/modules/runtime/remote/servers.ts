import { count, desc, eq } from 'drizzle-orm';
import type { Ctx, Process } from '#platform/context.ts';
import type { Input, Output } from '#platform/contract/endpoint.ts';
import { uuidv7 } from '#platform/crypto/ids.ts';
import type { Vault } from '#platform/crypto/seal.ts';
import { newWebhookSecret } from '#platform/crypto/webhook-signature.ts';
import { one } from '#platform/db/database.ts';
import { Problem, problems as kernel } from '#platform/http/problem.ts';
import type { RuntimeServer, runtimeServerEndpoints } from '#modules/catalog/runtime-server-contract.ts';
import { requireProvider } from '#modules/identity/index.ts';
import { RemoteError, type RemoteRuntimes } from '../ports.ts';
import { problems } from '../problems.ts';
import { openServer } from './open-server.ts';
import { runtimeServers } from './tables.ts';

type Endpoints = typeof runtimeServerEndpoints;
type Row = typeof runtimeServers.$inferSelect;
type Connected = Output<Endpoints['connect']>;

const SERVERS_MAX = 50;
const TEST_MS = 20_000;
/** What n8n's header authentication calls the key unless told. */
const N8N_HEADER = 'x-api-key';

/** A seller's servers: kept with sealed credentials, tested, replaced. */
export function runtimeServerService(vault: Vault, runtimes: RemoteRuntimes) {
  return {
    async list(ctx: Ctx): Promise<Output<Endpoints['list']>> {
      const rows = await ctx.tx.select().from(runtimeServers).orderBy(desc(runtimeServers.createdAt));
      return { data: rows.map(present), operator_langflow: runtimes.operator !== null };
    },

    async connect(ctx: Ctx, { body }: Input<Endpoints['connect']>): Promise<Connected> {
      await requireProvider(ctx);
      const { existing } = one(await ctx.tx.select({ existing: count() }).from(runtimeServers));
      if (existing >= SERVERS_MAX) throw new Problem(problems['too-many-servers'], `At most ${SERVERS_MAX} servers.`);
      const url = new URL(body.url);
      if (url.username !== '' || url.password !== '') throw new Problem(kernel.invalid, undefined, { issues: [{ path: 'url', message: 'Put the credential in its own field, not in the address.' }] });
      const id = uuidv7();
      const secret = secretOf(body.kind, body.secret);
      const row = one(await ctx.tx.insert(runtimeServers).values({
        id, kind: body.kind, name: body.name, url: body.url.replace(/\/+$/, ''), header: body.kind === 'n8n' && secret !== '' ? body.header ?? N8N_HEADER : '',
        sealed: secret === '' ? '' : vault.seal(secret, ctx.tenant, id),
      }).returning());
      return { ...present(row), signing_secret: row.kind === 'http' ? secret : null };
    },

    async rotate(ctx: Ctx, { params, body }: Input<Endpoints['rotate']>): Promise<Connected> {
      const { id, kind } = await findServer(ctx, params.serverId);
      const secret = secretOf(kind, body.secret);
      const row = one(await ctx.tx.update(runtimeServers).set({ sealed: secret === '' ? '' : vault.seal(secret, ctx.tenant, id) }).where(eq(runtimeServers.id, id)).returning());
      return { ...present(row), signing_secret: kind === 'http' ? secret : null };
    },

    async remove(ctx: Ctx, { params }: Input<Endpoints['remove']>): Promise<void> {
      await findServer(ctx, params.serverId);
      await ctx.tx.delete(runtimeServers).where(eq(runtimeServers.id, params.serverId));
    },

    async test(process: Process, { params }: Input<Endpoints['test']>): Promise<Output<Endpoints['test']>> {
      const row = await process.run(async (ctx) => findServer(ctx, params.serverId));
      try {
        const { version, features } = await openServer(vault, runtimes, row).probe(AbortSignal.any([process.signal, AbortSignal.timeout(TEST_MS)]));
        return { ok: true, message: 'The server answers and takes the credential.', version, features: [...features] };
      } catch (error) {
        if (error instanceof RemoteError) return { ok: false, message: error.message, version: null, features: [] };
        if (error instanceof Error && error.name === 'TimeoutError') return { ok: false, message: `The server did not answer within ${TEST_MS / 1_000} seconds.`, version: null, features: [] };
        throw error;
      }
    },

    inspect: async (ctx: Ctx, { params }: Input<Endpoints['inspect']>): Promise<RuntimeServer> => present(await findServer(ctx, params.serverId)),
  };
}

/** A server the transaction may see, or 404. */
async function findServer({ tx }: Ctx, serverId: string): Promise<Row> {
  const [row] = await tx.select().from(runtimeServers).where(eq(runtimeServers.id, serverId));
  if (!row) throw new Problem(kernel['not-found'], 'There is no such server.');
  return row;
}

/** The signing secret of an endpoint is ours to choose; keys are the seller's. */
const secretOf = (kind: Row['kind'], given: string | undefined): string => (kind === 'http' ? newWebhookSecret() : given?.trim() ?? '');

const present = ({ id, kind, name, url, header, sealed, createdAt }: Row): RuntimeServer => ({ id, kind, name, url, header, has_secret: sealed !== '', created_at: createdAt.toISOString() });
