import { count, desc, eq, inArray } from 'drizzle-orm';
import type { Ctx } from '#platform/context.ts';
import type { Input } from '#platform/contract/endpoint.ts';
import { uuidv7 } from '#platform/crypto/ids.ts';
import type { Vault } from '#platform/crypto/seal.ts';
import { one } from '#platform/db/database.ts';
import { Problem, problems as kernel } from '#platform/http/problem.ts';
import { z } from 'zod';
import type { Catalogue } from './catalogue.ts';
import { changeForm, checkForm, type CheckedForm } from './connection-form.ts';
import type { Connection, connectionEndpoints } from './contract.ts';
import type { Connector } from './kit.ts';
import type { OpenConnection } from './outside/open-outside.ts';
import { problems } from './problems.ts';
import { connectionBindings, connections } from './tables.ts';

type Endpoints = typeof connectionEndpoints;
export type ConnectionRow = typeof connections.$inferSelect;

const CONNECTIONS_MAX = 200;

/** What an organization does with its connections. Secrets go in and never come out. */
export interface ConnectionStore {
  list(ctx: Ctx, input: Input<Endpoints['list']>): Promise<{ data: Connection[] }>;
  create(ctx: Ctx, input: Input<Endpoints['create']>): Promise<Connection>;
  get(ctx: Ctx, input: Input<Endpoints['get']>): Promise<Connection>;
  update(ctx: Ctx, input: Input<Endpoints['update']>): Promise<Connection>;
  remove(ctx: Ctx, input: Input<Endpoints['remove']>): Promise<void>;
  /** Keeps how a test ended: null for success, else why it failed. */
  recordTest(ctx: Ctx, connectionId: string, error: string | null): Promise<Connection>;
  /** Keeps a refresh token that replaces the stored one. */
  replaceSecret(ctx: Ctx, connectionId: string, name: string, value: string): Promise<void>;
  /** A connection ready to be used. */
  open(row: ConnectionRow): Promise<OpenConnection>;
}

export function createConnectionStore(catalogue: Catalogue, vault: Vault): ConnectionStore {
  const sealed = (id: string, tenant: string, secrets: Record<string, string>) => vault.seal(JSON.stringify(secrets), tenant, sealName(id));
  const secretsOf = (row: ConnectionRow) => Secrets.parse(JSON.parse(vault.open(row.sealed, row.tenantId, sealName(row.id))));
  const storedForm = (row: ConnectionRow): CheckedForm => ({ visible: row.fields, secrets: secretsOf(row), baseUrl: row.baseUrl });

  const connectorOf = async (id: string): Promise<Connector> => {
    const connector = await catalogue.find(id);
    if (!connector) throw new Problem(problems['connector-unknown'], `There is no connector "${id.slice(0, 100)}".`);
    return connector;
  };

  const present = async (row: ConnectionRow, bindings: number): Promise<Connection> => ({
    id: row.id, name: row.name, connector: row.connector, connector_title: (await catalogue.find(row.connector))?.title ?? row.connector, base_url: row.baseUrl, fields: row.fields, secrets: row.secretNames,
    status: row.status, last_error: row.lastError, last_tested_at: row.lastTestedAt?.toISOString() ?? null, last_used_at: row.lastUsedAt?.toISOString() ?? null,
    bindings, created_at: row.createdAt.toISOString(), updated_at: row.updatedAt.toISOString(),
  });

  return {
    async list({ tx }, { query }) {
      const rows = await tx.select().from(connections).where(query.connector === undefined ? undefined : eq(connections.connector, query.connector)).orderBy(desc(connections.createdAt));
      const bound = rows.length === 0 ? [] : await tx.select({ id: connectionBindings.connectionId, bindings: count() }).from(connectionBindings)
        .where(inArray(connectionBindings.connectionId, rows.map(({ id }) => id))).groupBy(connectionBindings.connectionId);
      return { data: await Promise.all(rows.map(async (row) => present(row, bound.find(({ id }) => id === row.id)?.bindings ?? 0))) };
    },
    async create({ tx, tenant, now }, { body }) {
      const form = checkForm(await connectorOf(body.connector), body.fields, body.base_url);
      if (await tx.$count(connections) >= CONNECTIONS_MAX) throw new Problem(problems['connection-limit-reached'], `An organization may have ${CONNECTIONS_MAX} connections.`);
      const id = uuidv7();
      const row = one(await tx.insert(connections).values({
        id, name: body.name, connector: body.connector, fields: form.visible, secretNames: Object.keys(form.secrets), sealed: sealed(id, tenant, form.secrets), baseUrl: form.baseUrl, updatedAt: now(),
      }).returning());
      return present(row, 0);
    },
    async get(ctx, { params }) {
      return present(await requireConnection(ctx, params.connectionId), await bindingsOf(ctx, params.connectionId));
    },
    async update(ctx, { params, body }) {
      const row = await requireConnection(ctx, params.connectionId);
      const touched = body.fields !== undefined || body.base_url !== undefined;
      const form = touched ? changeForm(await connectorOf(row.connector), storedForm(row), { fields: body.fields, baseUrl: body.base_url }) : null;
      const changed = one(await ctx.tx.update(connections).set({
        ...(body.name === undefined ? {} : { name: body.name }), updatedAt: ctx.now(),
        ...(form ? { fields: form.visible, secretNames: Object.keys(form.secrets), sealed: sealed(row.id, row.tenantId, form.secrets), baseUrl: form.baseUrl, status: 'untested' as const, lastError: null } : {}),
      }).where(eq(connections.id, row.id)).returning());
      return present(changed, await bindingsOf(ctx, row.id));
    },
    async remove(ctx, { params }) {
      await requireConnection(ctx, params.connectionId);
      await ctx.tx.delete(connections).where(eq(connections.id, params.connectionId));
    },
    async recordTest(ctx, connectionId, error) {
      const row = one(await ctx.tx.update(connections).set({ status: error === null ? 'working' : 'failing', lastError: error, lastTestedAt: ctx.now() }).where(eq(connections.id, connectionId)).returning());
      return present(row, await bindingsOf(ctx, connectionId));
    },
    async replaceSecret(ctx, connectionId, name, value) {
      const [row] = await ctx.tx.select().from(connections).where(eq(connections.id, connectionId)).for('update');
      // Deleted meanwhile: there is nothing left to keep it for.
      if (row) await ctx.tx.update(connections).set({ sealed: sealed(row.id, row.tenantId, { ...secretsOf(row), [name]: value }) }).where(eq(connections.id, connectionId));
    },
    open: async (row) => ({ connector: await connectorOf(row.connector), fields: { ...row.fields, ...secretsOf(row) }, baseUrl: row.baseUrl }),
  };
}

const Secrets = z.record(z.string(), z.string());
const sealName = (id: string) => `connection:${id}`;

/** A connection of the acting organization, or 404. */
export async function requireConnection({ tx }: Ctx, connectionId: string): Promise<ConnectionRow> {
  const [row] = await tx.select().from(connections).where(eq(connections.id, connectionId));
  if (!row) throw new Problem(kernel['not-found']);
  return row;
}

const bindingsOf = async ({ tx }: Ctx, connectionId: string): Promise<number> => tx.$count(connectionBindings, eq(connectionBindings.connectionId, connectionId));
