import { and, desc, eq, gt, isNull, or } from 'drizzle-orm';
import type { Input, Output, Scope } from '#platform/contract/endpoint.ts';
import type { Ctx } from '#platform/context.ts';
import { one } from '#platform/db/database.ts';
import { Problem, problems as kernel } from '#platform/http/problem.ts';
import { loadSubscription } from '#modules/subscriptions/index.ts';
import type { ApiKey, apiKeyEndpoints } from '../contract.ts';
import { problems } from '../problems.ts';
import { apiKeys } from '../tables.ts';
import { newKey } from './key-text.ts';

type Endpoints = typeof apiKeyEndpoints;
type Row = typeof apiKeys.$inferSelect;

/** Active keys a subscription may have. */
const KEYS_MAX = 50;
const SECRET_SCOPES: readonly Scope[] = ['chat', 'knowledge:read', 'knowledge:write', 'usage:read', 'config:read'];
/** A publishable key stands in web pages, so all it may ever do is chat. */
const PUBLISHABLE_SCOPES: readonly Scope[] = ['chat'];

const active = (subscriptionId: string, now: Date) =>
  and(eq(apiKeys.subscriptionId, subscriptionId), isNull(apiKeys.revokedAt), or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, now)));

export async function listKeys(ctx: Ctx, { params }: Input<Endpoints['list']>): Promise<Output<Endpoints['list']>> {
  await loadSubscription(ctx, params.subscriptionId);
  const rows = await ctx.tx.select().from(apiKeys).where(and(eq(apiKeys.subscriptionId, params.subscriptionId), isNull(apiKeys.revokedAt))).orderBy(desc(apiKeys.createdAt));
  return { data: rows.map(present) };
}

export async function issueKey(ctx: Ctx, { params, body }: Input<Endpoints['issue']>): Promise<Output<Endpoints['issue']>> {
  const { entitlements } = await loadSubscription(ctx, params.subscriptionId);
  if (body.kind === 'secret' && !entitlements.features.api) throw new Problem(problems['api-not-included']);
  if (await ctx.tx.$count(apiKeys, active(params.subscriptionId, ctx.now())) >= KEYS_MAX) throw new Problem(problems['key-limit-reached'], `A subscription may have ${KEYS_MAX} keys. Revoke one first.`);
  const allowed = body.kind === 'publishable' ? PUBLISHABLE_SCOPES : undefined;
  if (allowed && body.scopes?.some((scope) => !allowed.includes(scope))) throw new Problem(problems['scope-not-publishable']);
  return insertKey(ctx, {
    subscriptionId: params.subscriptionId, name: body.name, kind: body.kind, live: body.live, requestsPerMinute: body.requests_per_minute,
    scopes: body.scopes ?? [...(body.kind === 'secret' ? SECRET_SCOPES : PUBLISHABLE_SCOPES)],
    expiresAt: body.expires_in_days === null ? null : new Date(ctx.now().getTime() + body.expires_in_days * 86_400_000),
  });
}

/** The publishable key the widget of a new subscription uses; made once, found afterwards. */
export async function ensurePublishableKey(ctx: Ctx, subscriptionId: string): Promise<void> {
  const [known] = await ctx.tx.select({ id: apiKeys.id }).from(apiKeys).where(and(active(subscriptionId, ctx.now()), eq(apiKeys.kind, 'publishable'))).limit(1);
  if (known) return;
  await insertKey(ctx, { subscriptionId, name: 'Widget', kind: 'publishable', live: true, requestsPerMinute: null, scopes: [...PUBLISHABLE_SCOPES], expiresAt: null });
}

/** A new key in place of an old one, which keeps working for the overlap. */
export async function rotateKey(ctx: Ctx, { params, body }: Input<Endpoints['rotate']>): Promise<Output<Endpoints['rotate']>> {
  const row = await requireKey(ctx, params);
  const until = new Date(ctx.now().getTime() + body.overlap_hours * 3_600_000);
  await ctx.tx.update(apiKeys).set(body.overlap_hours === 0 ? { revokedAt: ctx.now() } : { expiresAt: row.expiresAt && row.expiresAt < until ? row.expiresAt : until }).where(eq(apiKeys.id, row.id));
  const lifetime = row.expiresAt ? row.expiresAt.getTime() - row.createdAt.getTime() : null;
  return insertKey(ctx, {
    subscriptionId: row.subscriptionId, name: row.name, kind: row.kind, live: row.live, requestsPerMinute: row.requestsPerMinute, scopes: row.scopes,
    expiresAt: lifetime === null ? null : new Date(ctx.now().getTime() + lifetime),
  });
}

export async function revokeKey(ctx: Ctx, { params }: Input<Endpoints['revoke']>): Promise<void> {
  const row = await requireKey(ctx, params);
  await ctx.tx.update(apiKeys).set({ revokedAt: ctx.now() }).where(eq(apiKeys.id, row.id));
}

/** Ends every key of a subscription. */
export async function revokeAll(ctx: Ctx, subscriptionId: string): Promise<void> {
  await ctx.tx.update(apiKeys).set({ revokedAt: ctx.now() }).where(and(eq(apiKeys.subscriptionId, subscriptionId), isNull(apiKeys.revokedAt)));
}

async function requireKey(ctx: Ctx, params: { subscriptionId: string; keyId: string }): Promise<Row> {
  const [row] = await ctx.tx.select().from(apiKeys).where(and(eq(apiKeys.id, params.keyId), eq(apiKeys.subscriptionId, params.subscriptionId), isNull(apiKeys.revokedAt)));
  if (!row) throw new Problem(kernel['not-found']);
  return row;
}

type KeyValues = Pick<Row, 'subscriptionId' | 'name' | 'kind' | 'live' | 'requestsPerMinute' | 'scopes' | 'expiresAt'>;

async function insertKey(ctx: Ctx, values: KeyValues): Promise<ApiKey & { secret: string }> {
  const { secret, prefix, lastFour, hash } = newKey(values.kind, values.live);
  const row = one(await ctx.tx.insert(apiKeys).values({
    ...values, prefix, lastFour, hash, publishableKey: values.kind === 'publishable' ? secret : null, createdBy: ctx.actor.kind === 'user' ? ctx.actor.userId : null,
  }).returning());
  return { ...present(row), secret };
}

const present = (row: Row): ApiKey => ({
  id: row.id, name: row.name, kind: row.kind, live: row.live, prefix: row.prefix, last_four: row.lastFour, scopes: row.scopes, publishable_key: row.publishableKey,
  requests_per_minute: row.requestsPerMinute, created_at: row.createdAt.toISOString(), expires_at: row.expiresAt?.toISOString() ?? null, last_used_at: row.lastUsedAt?.toISOString() ?? null,
});
