import { createFreshMemory } from '#platform/batch/fresh-memory.ts';
import type { Platform, Process } from '#platform/context.ts';
import { Problem } from '#platform/http/problem.ts';
import { systemProcess } from '#platform/process.ts';
import { defaultConfiguration, effectiveConfiguration, entitlements, parameterValues, type EffectiveConfiguration, type Entitlements, type ProductCapabilities } from '#modules/capabilities/index.ts';
import { activeVersion, draftForPreview, ownVersion } from '#modules/catalog/index.ts';
import type { Flow } from '#modules/flows/contract.ts';
import { compileFlow, configureFlow, FlowError, getFlow, type CompiledFlow } from '#modules/flows/index.ts';
import { ensurePeriod, loadSubscription, proposeUpdate, requireOffer } from '#modules/subscriptions/index.ts';
import { problems } from './problems.ts';
import { remoteParts } from './remote/remote-product.ts';
import type { Subject } from './subject.ts';

/** Prepares what runs: reads, compiles and remembers. */
export interface Subjects {
  /** An active subscription. Throws a Problem when it is not active or not set up yet. */
  forSubscription(tenant: string, subscriptionId: string): Promise<Subject>;
  /** The same with the flow a run began with, which an update of the subscription does not change. */
  forRun(tenant: string, subscriptionId: string, flowId: string): Promise<Subject>;
  /** A listed product as anybody may try it: the seller's flow and knowledge with the defaults of its capabilities. */
  forDemo(productId: string): Promise<Subject>;
  /** A seller's draft as it would be sold. */
  forPreview(process: Process, productId: string): Promise<Subject>;
  /** A version of the acting organization, approved or not, with the seller's own knowledge. */
  forVersion(process: Process, versionId: string): Promise<Subject>;
  /**
   * A subscription as it is and as it would be on the version it is offered, with the buyer's knowledge and configuration.
   * Nothing is kept or charged. Throws 409 when another version, or none, is offered.
   */
  forTrial(process: Process, subscriptionId: string, versionId: string): Promise<{ current: Subject; offered: Subject }>;
  /** A subscription as it is, for questions of its owner that keep and charge nothing. */
  forTest(tenant: string, subscriptionId: string): Promise<Subject>;
  /** Forgets a subscription, so that a change holds at once in this process. */
  forget(subscriptionId: string): void;
}

/** How long a subscription is trusted without looking: a change or cancellation holds everywhere within this time. */
const TRUST_MS = 1_000;
const REMEMBERED_MAX = 10_000;

export function createSubjects(platform: Platform): Subjects {
  const subscriptions = createFreshMemory<Subject>(TRUST_MS, REMEMBERED_MAX, () => platform.now().getTime());
  const demos = createFreshMemory<Subject>(TRUST_MS, REMEMBERED_MAX, () => platform.now().getTime());
  /** Flows never change, so what was compiled stays good. */
  let compiled = new Map<string, CompiledFlow>();

  const compile = (flowId: string, flow: Flow): CompiledFlow => {
    let known = compiled.get(flowId);
    if (!known) {
      if (compiled.size >= REMEMBERED_MAX) compiled = new Map();
      compiled.set(flowId, known = compileFlow(flow));
    }
    return known;
  };

  async function loadForSubscription(tenant: string, subscriptionId: string): Promise<Subject> {
    const process = systemProcess(platform, 'prepare a subscription', tenant);
    const { row, configuration, entitlements: granted } = await process.run(async (ctx) => loadSubscription(ctx, subscriptionId));
    if (row.state === 'pending' || !row.flowId) throw new Problem(problems['not-provisioned'], undefined, { headers: { 'retry-after': '2' } });
    if (row.state !== 'active') throw new Problem(problems['subscription-inactive'], `This subscription is ${row.state}.`);
    await ensurePeriod(process, subscriptionId);
    const { flowId } = row;
    const flow = compiled.get(flowId)?.flow ?? (await process.run(async (ctx) => getFlow(ctx, flowId))).definition;
    return assemble({
      tenant, subscriptionId, productId: row.productId, sellerId: row.sellerId, name: row.name, revision: row.revision, flowId, flow, configuration, entitlements: granted,
      knowledge: row.knowledgeBaseId ? { tenant, knowledgeBaseId: row.knowledgeBaseId } : null, creditsPerMessage: row.plan.rateCard.message, countsMessages: row.plan.limits.messages !== null,
    });
  }

  function assemble({ flowId, flow, ...rest }: Omit<Subject, 'flow' | 'parameters' | 'remote'> & { flow: Flow }): Subject {
    const remote = remoteParts(flow, rest.configuration, rest.entitlements);
    if (remote) return { ...rest, flowId, ...remote };
    const parameters = parameterValues(flow.parameters.filter((parameter) => parameter.exposed), rest.configuration);
    return { ...rest, flowId, flow: configureFlow(compile(flowId, flow), parameters), parameters, remote: null };
  }

  /** A product that is only tried: nothing is kept, nothing charged, and its own limits bound it. */
  function tried(version: { productId: string; sellerId: string; name: string; flowId: string; capabilities: ProductCapabilities; knowledgeBaseId: string | null }, flow: Flow): Subject {
    const { capabilities } = version;
    const configuration: EffectiveConfiguration = effectiveConfiguration(capabilities, flow.parameters, defaultConfiguration(capabilities));
    const granted: Entitlements = entitlements(capabilities, { tier: 'starter', limits: {}, runtime: 'shared' });
    return assemble({
      tenant: version.sellerId, subscriptionId: null, productId: version.productId, sellerId: version.sellerId, name: version.name, revision: 0, flowId: version.flowId, flow, configuration, entitlements: granted,
      knowledge: version.knowledgeBaseId ? { tenant: version.sellerId, knowledgeBaseId: version.knowledgeBaseId } : null, creditsPerMessage: 0, countsMessages: false,
    });
  }

  return {
    forSubscription: async (tenant, subscriptionId) => subscriptions.get(`${tenant}:${subscriptionId}`, async () => loadForSubscription(tenant, subscriptionId)),
    async forRun(tenant, subscriptionId, flowId) {
      const subject = await this.forSubscription(tenant, subscriptionId);
      if (subject.flowId === flowId) return subject;
      const { definition } = await systemProcess(platform, 'resume a run', tenant).run(async (ctx) => getFlow(ctx, flowId));
      return assemble({ ...subject, flowId, flow: definition });
    },
    forDemo: async (productId) => demos.get(productId, async () => {
      const version = await systemProcess(platform, 'prepare a demo').asPublic(async (ctx) => activeVersion(ctx, productId));
      if (version.availability !== 'available') throw new Problem(problems['subscription-inactive'], 'This product is coming; it cannot be tried yet.');
      const { definition } = await systemProcess(platform, 'prepare a demo', version.sellerId).run(async (ctx) => getFlow(ctx, version.flowId));
      return tried({ ...version, name: version.listing.name }, definition);
    }),
    forPreview: async (process, productId) => {
      const draft = await process.run(async (ctx) => draftForPreview(ctx, productId));
      const { definition } = await process.run(async (ctx) => getFlow(ctx, draft.flowId));
      return prepared(() => tried({ ...draft, sellerId: process.tenant }, definition));
    },
    forVersion: async (process, versionId) => {
      const { version, flow } = await process.run(async (ctx) => {
        const own = await ownVersion(ctx, versionId);
        return { version: own, flow: await getFlow(ctx, own.flowId) };
      });
      return prepared(() => tried({ ...version, name: version.listing.name }, flow.definition));
    },
    forTrial: async (process, subscriptionId, versionId) => {
      const { tenant } = process;
      const current = await loadForSubscription(tenant, subscriptionId);
      const { row, version, flow, plan, migrated } = requireOffer(await proposeUpdate(process, subscriptionId), versionId);
      const configuration = effectiveConfiguration(version.capabilities, flow.parameters, migrated.configuration);
      return {
        current: { ...current, ...unkept(subscriptionId) },
        offered: prepared(() => assemble({
          tenant, productId: row.productId, sellerId: row.sellerId, name: row.name, revision: row.revision, flowId: version.flowId, flow, configuration,
          entitlements: entitlements(version.capabilities, plan.after), knowledge: row.knowledgeBaseId ? { tenant, knowledgeBaseId: row.knowledgeBaseId } : null, ...unkept(subscriptionId),
        })),
      };
    },
    async forTest(tenant, subscriptionId) {
      return { ...await this.forSubscription(tenant, subscriptionId), ...unkept(subscriptionId) };
    },
    forget(subscriptionId) {
      subscriptions.delete((key) => key.endsWith(`:${subscriptionId}`));
    },
  };
}

/** Nothing is kept or charged of a try-out; connections of the subscription serve. */
const unkept = (subscriptionId: string) => ({ subscriptionId: null, triedFor: subscriptionId, creditsPerMessage: 0, countsMessages: false });

/** What was saved before it could run is told in words, step by step. */
function prepared(make: () => Subject): Subject {
  try {
    return make();
  } catch (error) {
    if (error instanceof FlowError) throw new Problem(problems['flow-not-ready'], error.problems.slice(0, 3).map(({ message }) => message).join(' '), { issues: error.problems.map(({ node, message }) => ({ path: node === null ? 'flow' : `flow.nodes.${node}`, message })) });
    throw error;
  }
}
