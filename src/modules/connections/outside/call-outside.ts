import { and, eq, isNull, lt, or } from 'drizzle-orm';
import type { Ctx, Platform } from '#platform/context.ts';
import { redactor } from '#platform/crypto/redact.ts';
import type { Egress } from '#platform/egress/egress.ts';
import { systemProcess } from '#platform/process.ts';
import { boundTo } from '../bindings.ts';
import { needsConnection, type Catalogue } from '../catalogue.ts';
import type { ConnectionRow, ConnectionStore } from '../connections.ts';
import type { Connector } from '../kit/connector.ts';
import { OutsideError } from '../kit/outside-error.ts';
import { connections } from '../tables.ts';
import { openOutside, placeOf, type OpenConnection } from './open-outside.ts';
import { createTokens, type TokenSource } from './tokens.ts';

/** Whose connections serve a run: the subscription's own first, then those the seller brings for the product. */
export interface OutsideSubject { tenant: string; subscriptionId: string | null; productId: string; sellerId: string }

/** An operation of another system. */
export interface OutsideRequest { connector: string; action: string; input: Readonly<Record<string, unknown>>; connection?: string; idempotencyKey?: string }

/** A credential with the one place it may be sent to. */
export interface HeldCredential { origin: string; username: string; secret: string; redact(text: string): string }

/** Calls of other systems with the connections of who runs a flow. */
export interface OutsideCalls {
  /** Throws OutsideError: no connection, an input that does not fit, or what the other system said. */
  call(subject: OutsideSubject, request: OutsideRequest, signal: AbortSignal): Promise<unknown>;
  /** The bare credential of a bound connection, for a request that the flow describes itself. Throws OutsideError. */
  credential(subject: OutsideSubject, requirement: string, signal: AbortSignal): Promise<HeldCredential>;
  /** Tries the credentials of a connection. Throws OutsideError where they do not work, or where that cannot be tried. */
  test(connection: ConnectionRow, signal: AbortSignal): Promise<void>;
}

export interface OutsideCallsParts { platform: Platform; egress: Egress; catalogue: Catalogue; store: ConnectionStore }

/** How often at most the use of a connection is noted. */
const NOTED_EVERY_MS = 60_000;

export function createOutsideCalls({ platform, egress, catalogue, store }: OutsideCallsParts): OutsideCalls {
  /** Rows of the opened connections, to find back where a renewed token belongs. */
  const rows = new WeakMap<OpenConnection, ConnectionRow>();
  const tokens: TokenSource = createTokens(egress, () => platform.now(), async (connection, refreshToken) => {
    const row = rows.get(connection);
    if (row) await systemProcess(platform, 'keep a renewed token', row.tenantId).run(async (ctx) => store.replaceSecret(ctx, row.id, 'refreshToken', refreshToken));
  });

  const open = async (row: ConnectionRow): Promise<OpenConnection> => {
    const connection = await store.open(row);
    rows.set(connection, row);
    return connection;
  };
  const outside = (connection: OpenConnection, signal: AbortSignal, idempotencyKey?: string) => openOutside(connection, { egress, tokens, signal, now: () => platform.now(), idempotencyKey });

  async function bound(subject: OutsideSubject, requirement: string): Promise<OpenConnection | null> {
    const own = subject.subscriptionId;
    const row = (own === null ? undefined : await systemProcess(platform, 'use a connection', subject.tenant).run(async (ctx) => used(ctx, (await boundTo(ctx, 'subscription', own, requirement)).get(requirement))))
      ?? await systemProcess(platform, 'use a connection', subject.sellerId).run(async (ctx) => used(ctx, (await boundTo(ctx, 'product', subject.productId, requirement)).get(requirement)));
    return row ? open(row) : null;
  }

  return {
    async call(subject, request, signal) {
      const connector = await catalogue.find(request.connector);
      const action = await catalogue.action(request.connector, request.action);
      if (!connector || !action) throw new OutsideError('input-invalid', `There is no action "${request.action.slice(0, 100)}" of a connector "${request.connector.slice(0, 100)}".`);
      const requirement = request.connection ?? connector.id;
      const connection = await bound(subject, requirement) ?? withoutConnection(connector, requirement);
      if (connection.connector.id !== connector.id) throw new OutsideError('input-invalid', `The connection "${requirement.slice(0, 100)}" is none with ${connector.title}.`);
      return action.perform(outside(connection, signal, action.effect === 'write' ? request.idempotencyKey : undefined), request.input);
    },
    async credential(subject, requirement, signal) {
      const connection = await bound(subject, requirement);
      if (!connection) throw new OutsideError('connection-missing', `This needs the connection "${requirement.slice(0, 100)}", and none is chosen.`);
      const place = placeOf(connection);
      if (!place) throw new OutsideError('connection-missing', `The connection "${requirement.slice(0, 100)}" has no address.`);
      const fields = await tokens.current(connection, signal);
      const secret = ['accessToken', 'token', 'secret', 'password'].map((name) => fields[name]).find((value) => value !== undefined) ?? '';
      return { origin: place.origin, username: fields['username'] ?? '', secret, redact: redactor([secret, Buffer.from(`${fields['username'] ?? ''}:${secret}`).toString('base64')]) };
    },
    async test(row, signal) {
      const connection = await open(row);
      const { probe, title } = connection.connector;
      if (!probe) throw new OutsideError('input-invalid', `${title} offers nothing to try credentials with. The first run shows whether they work.`);
      if (typeof probe === 'function') await probe(outside(connection, signal));
      else await outside(connection, signal).http(probe);
    },
  };
}

function withoutConnection(connector: Connector, requirement: string): OpenConnection {
  if (!needsConnection(connector)) return { connector, fields: {}, baseUrl: null };
  throw new OutsideError('connection-missing', `This needs a connection with ${connector.title}${requirement === connector.id ? '' : ` ("${requirement}")`}, and none is chosen.`);
}

/** Notes that a connection is used, now and then. */
async function used({ tx, now }: Ctx, row: ConnectionRow | undefined): Promise<ConnectionRow | undefined> {
  if (!row) return undefined;
  const at = now();
  if (row.lastUsedAt !== null && at.getTime() - row.lastUsedAt.getTime() < NOTED_EVERY_MS) return row;
  await tx.update(connections).set({ lastUsedAt: at }).where(and(eq(connections.id, row.id), or(isNull(connections.lastUsedAt), lt(connections.lastUsedAt, at))));
  return row;
}
