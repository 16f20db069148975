import { and, eq } from 'drizzle-orm';
import type { FastifyRequest } from 'fastify';
import type { Input, Output } from '#platform/contract/endpoint.ts';
import type { Platform } from '#platform/context.ts';
import { uuidFrom } from '#platform/crypto/ids.ts';
import type { Vault } from '#platform/crypto/seal.ts';
import { isSignedBy, SIGNATURE_HEADERS } from '#platform/crypto/webhook-signature.ts';
import type { Tx } from '#platform/db/database.ts';
import { Problem, problems as kernel } from '#platform/http/problem.ts';
import { systemProcess } from '#platform/process.ts';
import { CREDIT, endAll, holdAll, messageQuota } from '#modules/billing/index.ts';
import { recordUsage, usageEvents } from '#modules/usage/index.ts';
import { subscriptions } from '#modules/subscriptions/index.ts';
import { problems } from '../problems.ts';
import type { Subject } from '../subject.ts';
import type { Subjects } from '../subjects.ts';
import type { RuntimeUsage, runtimeUsageEndpoint } from './contract.ts';
import { secretOfServer, serverOf } from './open-server.ts';
import { readRunToken } from './run-token.ts';

type Recorded = Output<typeof runtimeUsageEndpoint>;
type Reported = Input<typeof runtimeUsageEndpoint>['body'];
/** A subject that is metered. */
type Metered = Subject & { subscriptionId: string };

export interface ReportParts { platform: Platform; vault: Vault; subjects: Subjects }

/** Messages older than this belong to a period that is closed. */
const AGE_MS_MAX = 3 * 86_400_000;

/**
 * Takes what a server outside used. Two may report: the server of a run, with the token it was given, which adds the
 * tokens of that run and nothing else; and the endpoint a product runs on, signed, for messages it answered without us,
 * which then cost what they cost anywhere. Either counts once for each event.
 */
export function usageReports({ platform, vault, subjects }: ReportParts) {
  return async ({ body }: Input<typeof runtimeUsageEndpoint>, request: FastifyRequest): Promise<Recorded> => {
    const now = platform.now();
    const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (token !== undefined) {
      const claims = readRunToken(vault, token, now);
      if (claims?.subscription !== body.config_uuid) throw new Problem(kernel.unauthenticated, 'This run token is not valid for this configuration.');
      const subject = { ...await subjects.forSubscription(claims.tenant, claims.subscription), subscriptionId: claims.subscription };
      // The message of the run was counted when it was answered.
      await platform.database.asOperator('usage of a run', async (tx) => recordUsage(tx, recordsOf(subject, { ...body, api_calls: 0 }, claims.run, now)));
      return { status: 'recorded' };
    }
    const id = headerOf(request, SIGNATURE_HEADERS.id);
    const subject = await signer({ platform, vault, subjects }, body.config_uuid, request, id);
    const eventId = body.event_id ?? id;
    await platform.database.asOperator('usage of messages answered outside', async (tx) => charge(tx, subject, body, uuidFrom('usage', subject.subscriptionId, eventId), timeOf(body, now)));
    return { status: 'recorded' };
  };
}

/** The subscription whose own endpoint signed this; 401 for everything else, whatever is wrong with it. */
async function signer({ platform, vault, subjects }: ReportParts, subscriptionId: string, request: FastifyRequest, id: string): Promise<Metered> {
  const refused = () => new Problem(kernel.unauthenticated, 'Sign the report with the secret of the endpoint this product runs on, or send the token of its run.');
  const [row] = await systemProcess(platform, 'find whose usage is reported').asOperator('find whose usage is reported', async ({ tx }) => tx.select({ tenant: subscriptions.tenantId }).from(subscriptions).where(eq(subscriptions.id, subscriptionId)));
  if (!row || id === '') throw refused();
  const subject = await subjects.forSubscription(row.tenant, subscriptionId);
  const server = subject.remote?.kind === 'http' ? await serverOf(platform, subject.sellerId, 'http', subject.remote.server) : null;
  if (!server) throw refused();
  const message = { id, timestamp: headerOf(request, SIGNATURE_HEADERS.timestamp), signatures: headerOf(request, SIGNATURE_HEADERS.signature), body: request.rawBody ?? '' };
  if (!isSignedBy(secretOfServer(vault, server), message, platform.now())) throw refused();
  return { ...subject, subscriptionId };
}

/** Takes credits and quota and writes the usage, all once. 402 when the organization cannot pay; then nothing is kept. */
async function charge(tx: Tx, subject: Metered, body: Reported, reference: string, at: Date): Promise<void> {
  const { tenant, subscriptionId, creditsPerMessage } = subject;
  const calls = BigInt(body.api_calls);
  const parts = [{ unit: CREDIT, amount: calls * BigInt(creditsPerMessage) }, ...(subject.countsMessages ? [{ unit: messageQuota(subscriptionId), amount: calls }] : [])]
    .map((part) => ({ ...part, id: uuidFrom('hold', reference, part.unit) }));
  const common = { tenant, reason: 'message', reference, subscriptionId };
  // A hold of nothing takes the lock of the accounts, so that the same event on another connection waits here.
  await holdAll(tx, [{ ...common, parts: parts.map((part) => ({ ...part, amount: 0n })) }]);
  const known = await tx.select({ id: usageEvents.id }).from(usageEvents).where(and(eq(usageEvents.subscriptionId, subscriptionId), eq(usageEvents.reference, reference))).limit(1);
  if (known.length > 0) return;
  const [held] = await holdAll(tx, [{ ...common, parts: parts.filter((part) => part.amount > 0n) }]);
  if (held?.ok === false) {
    throw new Problem(held.unit === CREDIT ? problems['insufficient-credits'] : problems['quota-exceeded'], 'These messages cannot be paid for; nothing was recorded. Report them again after the organization topped up.', { extra: { balance: Number(held.available) } });
  }
  await endAll(tx, parts.filter((part) => part.amount > 0n).map((part) => ({ ...common, id: uuidFrom('end', part.id), holdId: part.id, unit: part.unit, held: part.amount, used: part.amount })));
  await recordUsage(tx, recordsOf(subject, body, reference, at));
}

function recordsOf(subject: Metered, body: Pick<RuntimeUsageFigures, 'api_calls' | 'tokens_input' | 'tokens_output'>, reference: string, occurredAt: Date) {
  const { tenant, sellerId, subscriptionId, productId, creditsPerMessage } = subject;
  const common = { tenant, sellerId, subscriptionId, productId, keyId: null, reference, channel: 'runtime', occurredAt };
  return [
    { ...common, metric: 'messages', quantity: body.api_calls, credits: body.api_calls * creditsPerMessage }, { ...common, metric: 'api_calls', quantity: body.api_calls, credits: 0 },
    { ...common, metric: 'tokens_in', quantity: body.tokens_input, credits: 0 }, { ...common, metric: 'tokens_out', quantity: body.tokens_output, credits: 0 },
  ].filter((record) => record.quantity > 0);
}

type RuntimeUsageFigures = (typeof RuntimeUsage)['_output'];

function timeOf({ occurred_at: stated }: Reported, now: Date): Date {
  const at = stated === undefined ? now : new Date(stated);
  if (at.getTime() > now.getTime() + 300_000 || at.getTime() < now.getTime() - AGE_MS_MAX) throw new Problem(kernel.invalid, undefined, { issues: [{ path: 'occurred_at', message: 'Reports are taken for three days, and not for the future.' }] });
  return at;
}

const headerOf = (request: FastifyRequest, name: string): string => {
  const value = request.headers[name];
  return typeof value === 'string' ? value : '';
};
