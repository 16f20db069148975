import { KNOWLEDGE_SOURCES, WORKFLOW_TRIGGERS } from './contract/entitlements.ts';
import type { EntitledPlan, Entitlements } from './contract/entitlements.ts';
import type { ProductCapabilities } from './contract/product-capabilities.ts';

/**
 * What one subscription may do and how much of it: the product's capabilities bounded by the plan. A limit the plan does
 * not state is that of its tier; null in the plan is unlimited, except for rates and sizes, which the product's own
 * limits always bound. Nothing that is not declared is ever entitled, whatever the plan.
 */
export const entitlements = (capabilities: ProductCapabilities, plan: EntitledPlan): Entitlements => {
  const tier = tierOf(plan);
  const { limits } = plan;
  const own = capabilities.runtime.limits;
  return {
    messagesPerPeriod: stated(limits.messages, tier.messages),
    tokensPerPeriod: stated(limits.tokens, tier.tokens),
    apiCallsPerPeriod: stated(limits.apiCalls, null),
    apiCallsPerMinute: atMost(stated(limits.requestsPerMinute, tier.requestsPerMinute), own.rateLimit),
    concurrency: atMost(stated(limits.concurrency, tier.concurrency), own.concurrency),
    timeoutSeconds: own.timeout,
    priority: tier.priority,
    users: stated(limits.users, tier.users),
    ...knowledgeLimits(capabilities, plan),
    rerankModel: capabilities.configuration.rag.retrieval.reranking.model,
    features: { ...interfaceFeatures(capabilities), ...knowledgeFeatures(capabilities, plan), ...workflowFeatures(capabilities, plan), ...analyticsFeatures(capabilities) },
    support: tier.support,
    sla: tier.sla,
    runtime: plan.runtime === 'dedicated' || capabilities.runtime.deployment === 'dedicated' ? 'dedicated' : 'shared',
    engine: capabilities.runtime.engine,
  };
};

interface Tier extends Pick<Entitlements, 'priority' | 'support' | 'sla'> {
  messages: number | null;
  tokens: number | null;
  users: number | null;
  requestsPerMinute: number | null;
  concurrency: number | null;
}

const STARTER: Tier = {
  messages: 1000, tokens: 100_000, users: 1, requestsPerMinute: 60, concurrency: 5, priority: 'normal', support: 'email', sla: 'best-effort',
};
const PRO: Tier = {
  messages: 10_000, tokens: 1_000_000, users: 5, requestsPerMinute: 300, concurrency: 20, priority: 'high', support: 'priority', sla: '99.5%',
};
const ENTERPRISE: Tier = {
  messages: null, tokens: null, users: null, requestsPerMinute: null, concurrency: null, priority: 'highest', support: '24x7', sla: '99.9%',
};
/** A plan of the seller's own making on the shared runtime: quotas as it states them, the rates of a starter. */
const CUSTOM: Tier = { ...STARTER, messages: null, tokens: null, users: null };

const TIERS = { starter: STARTER, pro: PRO, enterprise: ENTERPRISE, custom: CUSTOM };

const tierOf = (plan: EntitledPlan): Tier => (isEnterprise(plan) ? ENTERPRISE : TIERS[plan.tier]);

/** Databases, outside APIs and code steps are for these plans only. */
const isEnterprise = ({ tier, runtime }: EntitledPlan): boolean => tier === 'enterprise' || (tier === 'custom' && runtime === 'dedicated');

const stated = (limit: number | null | undefined, otherwise: number | null): number | null => (limit === undefined ? otherwise : limit);
const atMost = (limit: number | null | undefined, bound: number): number => Math.min(limit ?? bound, bound);

const BYTES_PER_MB = 1024 * 1024;

const knowledgeLimits = ({ configuration: { rag } }: ProductCapabilities, { limits }: EntitledPlan) => {
  const { documents, websites, qaPairs, databases, apis } = rag.sources;
  const every = (source: { enabled: boolean }, interval: Entitlements['sourceRefresh']['websites']) => (rag.enabled && source.enabled ? interval : 'never');
  const when = (source: { enabled: boolean }, amount: number) => (rag.enabled && source.enabled ? amount : 0);
  return {
    storageBytes: rag.enabled ? atMost(limits.storageMB, documents.maxTotalSize) * BYTES_PER_MB : 0,
    documentsMax: when(documents, atMost(limits.documents, documents.maxFiles)),
    documentBytesMax: when(documents, documents.maxFileSize * BYTES_PER_MB),
    urlsMax: when(websites, websites.maxUrls),
    crawlDepthMax: when(websites, websites.maxDepth),
    chunksMax: rag.enabled ? rag.limits.maxChunks : 0,
    qaPairsMax: when(qaPairs, qaPairs.maxPairs),
    contextTokensMax: rag.generation.context.maxTokens,
    sourceRefresh: { websites: every(websites, websites.refreshInterval), databases: every(databases, databases.syncInterval), apis: every(apis, apis.syncInterval) },
  };
};

const interfaceFeatures = ({ interfaces: { chat, widget, api, integrations } }: ProductCapabilities) => ({
  chat: chat.enabled,
  voice: chat.enabled && chat.modes.includes('voice'),
  streaming: chat.enabled && chat.features.streaming,
  fileUpload: chat.enabled && chat.features.fileUpload,
  imageInput: chat.enabled && chat.features.imageInput,
  multiTurn: chat.enabled && chat.features.multiTurn,
  suggestedReplies: chat.enabled && chat.features.suggestedReplies,
  widget: widget.enabled,
  widgetTypes: widget.enabled ? [...widget.types] : [],
  api: api.enabled,
  apiProtocols: api.enabled ? [...api.protocols] : [],
  webhooks: api.enabled && api.features.webhooks,
  callbacks: api.enabled && api.features.callbacks,
  batch: api.enabled && api.features.batch,
  integrations: integrations.enabled ? [...integrations.platforms] : [],
});

const knowledgeFeatures = ({ configuration: { rag } }: ProductCapabilities, plan: EntitledPlan) => {
  const enterpriseOnly = (source: (typeof KNOWLEDGE_SOURCES)[number]) => source === 'databases' || source === 'apis';
  const open = (source: (typeof KNOWLEDGE_SOURCES)[number]) =>
    rag.enabled && rag.sources[source].enabled && (!enterpriseOnly(source) || isEnterprise(plan));
  return {
    knowledge: rag.enabled,
    knowledgeSources: KNOWLEDGE_SOURCES.filter(open),
    documentFormats: open('documents') ? [...rag.sources.documents.formats] : [],
    searchFilters: filterKinds(rag),
    customMetadata: rag.enabled && rag.processing.metadata.customFields,
    embeddingChoice: rag.enabled && rag.processing.embedding.customizable && isEnterprise(plan),
    databaseEngines: open('databases') ? [...rag.sources.databases.connectors] : [],
    apiAuthMethods: open('apis') ? [...rag.sources.apis.authMethods] : [],
    citations: rag.enabled && rag.retrieval.citations.enabled,
  };
};

type Rag = ProductCapabilities['configuration']['rag'];

const filterKinds = ({ enabled, retrieval: { filtering } }: Rag): Entitlements['features']['searchFilters'] => {
  const open = { metadata: filtering.byMetadata, date: filtering.byDate, source: filtering.bySource };
  return (['metadata', 'date', 'source'] as const).filter((kind) => enabled && open[kind]);
};

const workflowFeatures = ({ configuration: { workflowAdvanced: { enabled, triggers, actions } } }: ProductCapabilities, plan: EntitledPlan) => ({
  workflow: enabled,
  triggers: WORKFLOW_TRIGGERS.filter((trigger) => enabled && triggers[trigger].enabled),
  codeSteps: enabled && actions.code.enabled && isEnterprise(plan),
});

const analyticsFeatures = ({ analytics: { usage, conversations, insights, alerts } }: ProductCapabilities) => ({
  usageAnalytics: usage.enabled,
  transcripts: conversations.enabled && conversations.features.transcripts,
  transcriptSearch: conversations.enabled && conversations.features.search,
  export: conversations.enabled && conversations.features.export,
  insights: insights.enabled,
  alerts: alerts.enabled,
});
