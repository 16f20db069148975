import { and, eq } from 'drizzle-orm';
import type { Ctx, Process } from '#platform/context.ts';
import type { Input } from '#platform/contract/endpoint.ts';
import { Problem } from '#platform/http/problem.ts';
import { needsConnection, type Catalogue } from './catalogue.ts';
import { requireConnection } from './connections.ts';
import type { connectionEndpoints, Requirement } from './contract.ts';
import type { RequiredConnection, RequirementSource } from './ports.ts';
import { problems } from './problems.ts';
import { connectionBindings, connections, type BindingOwner } from './tables.ts';

type Endpoints = typeof connectionEndpoints;

/** Which connection serves what a flow requires. */
export interface Bindings {
  ofProduct(process: Process, input: Input<Endpoints['productRequirements']>): Promise<{ data: Requirement[] }>;
  ofSubscription(process: Process, input: Input<Endpoints['subscriptionRequirements']>): Promise<{ data: Requirement[] }>;
  bindProduct(process: Process, input: Input<Endpoints['bindProduct']>): Promise<{ data: Requirement[] }>;
  bindSubscription(process: Process, input: Input<Endpoints['bindSubscription']>): Promise<{ data: Requirement[] }>;
}

export function createBindings(catalogue: Catalogue, requirements: RequirementSource): Bindings {
  /** What has to be served: a flow may also name systems that need no connection. */
  const open = async (required: readonly RequiredConnection[]) => {
    const once = [...new Map(required.map((requirement) => [requirement.key, requirement])).values()];
    const known = await Promise.all(once.map(async (requirement) => ({ ...requirement, known: await catalogue.find(requirement.connector) })));
    return known.filter(({ known: connector }) => connector === undefined || needsConnection(connector));
  };

  const present = async (required: readonly RequiredConnection[], own: ReadonlyMap<string, Bound>, provided: ReadonlySet<string>): Promise<{ data: Requirement[] }> => ({
    data: (await open(required)).map(({ key, connector, title, known }) => {
      const bound = own.get(key);
      return {
        key, connector, title: title || (known?.title ?? key), known: known !== undefined,
        bound: bound ? { connection_id: bound.id, name: bound.name, status: bound.status } : null, provided: provided.has(key),
      };
    }),
  });

  /** Writes or takes back a choice. Throws a Problem for what the flow does not require, and 404 for a foreign connection. */
  async function bind(ctx: Ctx, ownerKind: BindingOwner, ownerId: string, required: readonly RequiredConnection[], { requirement, connection_id: connectionId }: { requirement: string; connection_id: string | null }): Promise<void> {
    const asked = required.find(({ key }) => key === requirement);
    if (!asked) throw new Problem(problems['connection-does-not-fit'], 'The flow does not require this.');
    const which = and(eq(connectionBindings.ownerKind, ownerKind), eq(connectionBindings.ownerId, ownerId), eq(connectionBindings.requirement, requirement));
    if (connectionId === null) {
      await ctx.tx.delete(connectionBindings).where(which);
      return;
    }
    const connection = await requireConnection(ctx, connectionId);
    if (connection.connector !== asked.connector) throw new Problem(problems['connection-does-not-fit'], `The flow requires ${asked.connector}; this connection is one with ${connection.connector}.`);
    await ctx.tx.insert(connectionBindings).values({ ownerKind, ownerId, requirement, connectionId }).onConflictDoUpdate({
      target: [connectionBindings.tenantId, connectionBindings.ownerKind, connectionBindings.ownerId, connectionBindings.requirement], set: { connectionId },
    });
  }

  async function ofProduct(process: Process, productId: string): Promise<{ data: Requirement[] }> {
    const required = await requirements.ofProduct(process, productId);
    const own = await process.run(async (ctx) => boundTo(ctx, 'product', productId));
    return present(required, own, new Set());
  }

  async function ofSubscription(process: Process, subscriptionId: string): Promise<{ data: Requirement[] }> {
    const { required, productId, sellerId } = await requirements.ofSubscription(process, subscriptionId);
    const own = await process.run(async (ctx) => boundTo(ctx, 'subscription', subscriptionId));
    // Of the seller's connections a buyer learns only that they serve.
    const provided = await process.asTenant(sellerId, async (ctx) => boundTo(ctx, 'product', productId));
    return present(required, own, new Set(provided.keys()));
  }

  return {
    ofProduct: async (process, { params }) => ofProduct(process, params.productId),
    ofSubscription: async (process, { params }) => ofSubscription(process, params.subscriptionId),
    async bindProduct(process, { params, body }) {
      const required = await open(await requirements.ofProduct(process, params.productId));
      await process.run(async (ctx) => bind(ctx, 'product', params.productId, required, body));
      return ofProduct(process, params.productId);
    },
    async bindSubscription(process, { params, body }) {
      const required = await open((await requirements.ofSubscription(process, params.subscriptionId)).required);
      await process.run(async (ctx) => bind(ctx, 'subscription', params.subscriptionId, required, body));
      return ofSubscription(process, params.subscriptionId);
    },
  };
}

type Bound = typeof connections.$inferSelect;

/** The connections an owner is bound to, by requirement. `only` looks at one requirement. */
export async function boundTo({ tx }: Ctx, ownerKind: BindingOwner, ownerId: string, only?: string): Promise<ReadonlyMap<string, Bound>> {
  const rows = await tx.select({ requirement: connectionBindings.requirement, connection: connections }).from(connectionBindings)
    .innerJoin(connections, eq(connections.id, connectionBindings.connectionId))
    .where(and(eq(connectionBindings.ownerKind, ownerKind), eq(connectionBindings.ownerId, ownerId), only === undefined ? undefined : eq(connectionBindings.requirement, only)));
  return new Map(rows.map(({ requirement, connection }) => [requirement, connection]));
}
