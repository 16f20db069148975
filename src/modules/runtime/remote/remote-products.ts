import { and, eq, exists, inArray, isNull, not, or, sql } from 'drizzle-orm';
import { createFreshMemory } from '#platform/batch/fresh-memory.ts';
import type { Ctx, Platform } from '#platform/context.ts';
import { uuidFrom } from '#platform/crypto/ids.ts';
import type { Vault } from '#platform/crypto/seal.ts';
import { systemProcess } from '#platform/process.ts';
import type { FileStore } from '#platform/storage/file-store.ts';
import { getFlow, type StoredFlow } from '#modules/flows/index.ts';
import { requireSubscription, subscriptions } from '#modules/subscriptions/index.ts';
import { RemoteError, type RemoteEvent, type RemoteQuestion, type RemoteRuntime, type RemoteRuntimes } from '../ports.ts';
import type { Subject } from '../subject.ts';
import { openRuntime } from './open-server.ts';
import type { RemoteProduct } from './remote-product.ts';
import { issueRunToken } from './run-token.ts';
import { runtimeDeployments } from './tables.ts';

type Deployment = typeof runtimeDeployments.$inferSelect;

export interface RemoteParts { platform: Platform; vault: Vault; runtimes: RemoteRuntimes; files: FileStore }

/** Products on other servers: put there once, asked there, taken away. */
export interface RemoteProducts {
  /**
   * Asks the server, after putting the flow there where it is missing or was changed. With `explain`, a flow that fails is
   * built once more to name the step that fails, where its server can tell.
   */
  run(subject: Subject, remote: RemoteProduct, question: RemoteQuestion, options: { signal: AbortSignal; explain: boolean }): AsyncIterable<RemoteEvent>;
  /** Puts the flow on its server, so that the first question need not wait for it. */
  deploy(subject: Subject, remote: RemoteProduct, signal: AbortSignal): Promise<void>;
  /** Takes away what was put somewhere for a subscription. */
  remove(tenant: string, subscriptionId: string, signal: AbortSignal): Promise<void>;
  /** Takes away what nobody needs any more: flows of drafts that were replaced, and what the end of a subscription left behind. */
  sweep(signal: AbortSignal): Promise<void>;
  tokenFor(subject: Subject, runId: string): string;
}

/** How long an opened server is used without looking whether its credential changed. */
const TRUST_MS = 1_000;
const REMEMBERED_MAX = 1_000;
/** How long after its time limit a run may still be reported for. */
const TOKEN_GRACE_SECONDS = 600;
/** How long a flow that failed is built to find the step. */
const CHECK_MS = 30_000;
/** A copy of a copy; a flow copied more often than this has lost its file. */
const COPIES_MAX = 10;

export function createRemoteProducts(parts: RemoteParts): RemoteProducts {
  const { platform, vault, files } = parts;
  const opened = createFreshMemory<RemoteRuntime>(TRUST_MS, REMEMBERED_MAX, () => platform.now().getTime());
  const open = async (sellerId: string, { kind, server }: Pick<RemoteProduct, 'kind' | 'server'>) =>
    opened.get(`${sellerId}:${kind}:${server}`, async () => openRuntime(parts, { sellerId, kind, server }));

  /** The same flow on the same server is put there once, however many ask at the same time. */
  const deploying = new Map<string, Promise<string>>();

  async function referenceOf(subject: Subject, remote: RemoteProduct, runtime: RemoteRuntime, signal: AbortSignal, again = false): Promise<string> {
    const key = keyOf(subject);
    const process = systemProcess(platform, 'find a deployment', subject.tenant);
    const known = await process.run(async (ctx) => deploymentOf(ctx, key));
    const sameServer = known?.server === remote.server && known.kind === remote.kind;
    if (known && sameServer && known.flowId === subject.flowId && !again) return known.reference;
    // An update of the product moved it to another server. What stays on the old one is lost, so that is told.
    if (known && !sameServer) await takeAway(known, signal).catch((error: unknown) => { platform.log.warn({ err: error, deployment: known.id }, 'a flow stays on the server its product left'); });
    const busy = `${subject.tenant}:${key}:${subject.flowId}`;
    const running = deploying.get(busy) ?? put(subject, remote, runtime, signal).finally(() => { deploying.delete(busy); });
    deploying.set(busy, running);
    return running;
  }

  const takeAway = async (row: Deployment, signal: AbortSignal) => (await open(row.sellerId, row)).remove(row.reference, signal);

  async function put(subject: Subject, remote: RemoteProduct, runtime: RemoteRuntime, signal: AbortSignal): Promise<string> {
    const { tenant, subscriptionId, sellerId, flowId } = subject;
    const key = keyOf(subject);
    const process = systemProcess(platform, 'put a flow on its server', tenant);
    const project = subscriptionId === null ? 'previews' : (await process.run(async (ctx) => requireSubscription(ctx, subscriptionId))).projectId;
    const reference = await runtime.deploy({
      id: uuidFrom('deployment', tenant, key), name: subject.name, place: `tenant_${tenant}_${project}`, definition: remote.kind === 'langflow' ? await definitionOf(flowId) : null,
    }, signal);
    const row = { key, subscriptionId, flowId, sellerId, kind: remote.kind, server: remote.server, reference, deployedAt: platform.now() };
    await process.run(async ({ tx }) => tx.insert(runtimeDeployments).values(row).onConflictDoUpdate({ target: [runtimeDeployments.tenantId, runtimeDeployments.key], set: row }));
    return reference;
  }

  /** The failure of a run with the step that fails, or as it was: a check that fails itself is not what the seller asked for. */
  async function explained(failure: RemoteError, runtime: RemoteRuntime, { reference, question, signal }: { reference: string; question: RemoteQuestion; signal: AbortSignal }): Promise<RemoteError> {
    try {
      const finding = await runtime.check?.(reference, question, AbortSignal.any([signal, AbortSignal.timeout(CHECK_MS)])) ?? null;
      return finding === null ? failure : new RemoteError(failure.code, finding, { cause: failure });
    } catch (error) {
      if (!(error instanceof RemoteError) && !(error instanceof Error && error.name === 'TimeoutError')) throw error;
      platform.log.warn({ err: error }, 'a flow that failed could not be checked on its server');
      return failure;
    }
  }

  /** The file the flow was imported from; a buyer's copy has none of its own. */
  async function definitionOf(flowId: string): Promise<unknown> {
    const fileKey = await systemProcess(platform, 'read a flow').asOperator('find the file a deployed flow came from', async (ctx) => {
      let flow: StoredFlow = await getFlow(ctx, flowId);
      for (let copies = 0; flow.fileKey === null && flow.copiedFrom !== null && copies < COPIES_MAX; copies++) flow = await getFlow(ctx, flow.copiedFrom);
      return flow.fileKey;
    });
    const bytes = fileKey === null ? null : await files.get(fileKey);
    if (!bytes) throw new RemoteError('flow-missing', 'The file this flow was imported from is no longer there, so it cannot be put on its server.');
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  }

  return {
    async *run(subject, remote, question, { signal, explain }) {
      const runtime = await open(subject.sellerId, remote);
      const reference = await referenceOf(subject, remote, runtime, signal);
      let begun = false;
      try {
        for await (const event of runtime.run(reference, question, signal)) {
          begun = true;
          yield event;
        }
      } catch (error) {
        if (explain && error instanceof RemoteError && error.code === 'flow-failed') throw await explained(error, runtime, { reference, question, signal });
        // Somebody removed the flow from the server, or the server was set up anew: it is put there once more.
        if (begun || remote.kind !== 'langflow' || !(error instanceof RemoteError) || error.code !== 'flow-missing') throw error;
        yield* runtime.run(await referenceOf(subject, remote, runtime, signal, true), question, signal);
      }
    },
    async deploy(subject, remote, signal) {
      await referenceOf(subject, remote, await open(subject.sellerId, remote), signal);
    },
    async remove(tenant, subscriptionId, signal) {
      const process = systemProcess(platform, 'take a flow off its server', tenant);
      const row = await process.run(async (ctx) => deploymentOf(ctx, subscriptionId));
      if (!row) return;
      await takeAway(row, signal);
      await process.run(async ({ tx }) => tx.delete(runtimeDeployments).where(and(eq(runtimeDeployments.key, subscriptionId), eq(runtimeDeployments.reference, row.reference))));
    },
    async sweep(signal) {
      const system = systemProcess(platform, 'sweep other servers');
      for (const row of await system.asOperator('find flows that nobody needs on other servers', needless)) {
        try {
          await takeAway(row, signal);
          await system.asOperator('forget a flow that was taken off its server', async ({ tx }) => tx.delete(runtimeDeployments).where(eq(runtimeDeployments.id, row.id)));
        } catch (error) {
          platform.log.warn({ err: error, deployment: row.id }, 'a flow that nobody needs stays on its server; trying again');
        }
      }
    },
    tokenFor({ tenant, subscriptionId, entitlements }, runId) {
      if (subscriptionId === null) return '';
      return issueRunToken(vault, { run: runId, subscription: subscriptionId, tenant, expires: Math.floor(platform.now().getTime() / 1000) + entitlements.timeoutSeconds + TOKEN_GRACE_SECONDS });
    },
  };
}

const SWEEP_MAX = 50;

/** Only tried, and its flow is gone; or of a subscription that has ended. */
async function needless({ tx }: Ctx): Promise<Deployment[]> {
  const ended = tx.select({ id: subscriptions.id }).from(subscriptions).where(and(eq(subscriptions.id, runtimeDeployments.subscriptionId), inArray(subscriptions.state, ['cancelled', 'expired'])));
  return tx.select().from(runtimeDeployments)
    .where(or(and(isNull(runtimeDeployments.subscriptionId), not(exists(sql`(select 1 from flows where flows.id = ${runtimeDeployments.flowId})`))), exists(ended))).limit(SWEEP_MAX);
}

const keyOf = ({ subscriptionId, flowId }: Subject): string => subscriptionId ?? flowId;

async function deploymentOf({ tx }: Ctx, key: string): Promise<Deployment | undefined> {
  const [row] = await tx.select().from(runtimeDeployments).where(eq(runtimeDeployments.key, key));
  return row;
}
