import { z } from 'zod';
import { API_PROTOCOLS, INTEGRATION_PLATFORMS, WIDGET_TYPES } from './interfaces.ts';
import { API_AUTH_METHODS, DATABASE_ENGINES, DOCUMENT_FORMATS, REFRESH_INTERVALS } from './rag.ts';
import { ENGINES } from './runtime.ts';

export const KNOWLEDGE_SOURCES = ['documents', 'websites', 'qaPairs', 'databases', 'apis'] as const;
export const WORKFLOW_TRIGGERS = ['webhook', 'schedule', 'event', 'manual', 'api'] as const;

const amount = z.int().min(0);
/** Null means unlimited. */
const quota = amount.nullable();

/** What a plan includes, as far as limits at run time need to know. An absent limit takes that of the tier; null is unlimited. */
export const EntitledPlan = z.object({
  tier: z.enum(['starter', 'pro', 'enterprise', 'custom']),
  limits: z.object({
    messages: quota, tokens: quota, apiCalls: quota, users: quota, storageMB: quota, documents: quota,
    requestsPerMinute: quota, concurrency: quota,
  }).partial(),
  runtime: z.enum(['shared', 'dedicated']),
});
export type EntitledPlan = z.infer<typeof EntitledPlan>;

/** Limits and switches of one subscription: what the gateway, knowledge, widget and automation ask at run time. */
export const Entitlements = z.strictObject({
  messagesPerPeriod: quota,
  tokensPerPeriod: quota,
  apiCallsPerPeriod: quota,
  apiCallsPerMinute: amount,
  /** Requests in progress at the same time. */
  concurrency: amount,
  /** Longest one execution may take. */
  timeoutSeconds: z.int().min(1),
  priority: z.enum(['normal', 'high', 'highest']),
  users: quota,
  storageBytes: amount,
  documentsMax: amount,
  documentBytesMax: amount,
  urlsMax: amount,
  crawlDepthMax: amount,
  chunksMax: amount,
  qaPairsMax: amount,
  /** Passage text that one answer may rest on. */
  contextTokensMax: amount,
  /** How often at most sources of each kind are read again. */
  sourceRefresh: z.strictObject({ websites: z.enum(REFRESH_INTERVALS), databases: z.enum(REFRESH_INTERVALS), apis: z.enum(REFRESH_INTERVALS) }),
  /** Model that orders passages a second time; empty for the installation's own. */
  rerankModel: z.string(),
  features: z.strictObject({
    chat: z.boolean(),
    voice: z.boolean(),
    streaming: z.boolean(),
    fileUpload: z.boolean(),
    imageInput: z.boolean(),
    multiTurn: z.boolean(),
    suggestedReplies: z.boolean(),
    widget: z.boolean(),
    widgetTypes: z.array(z.enum(WIDGET_TYPES)),
    api: z.boolean(),
    apiProtocols: z.array(z.enum(API_PROTOCOLS)),
    webhooks: z.boolean(),
    callbacks: z.boolean(),
    batch: z.boolean(),
    integrations: z.array(z.enum(INTEGRATION_PLATFORMS)),
    knowledge: z.boolean(),
    knowledgeSources: z.array(z.enum(KNOWLEDGE_SOURCES)),
    documentFormats: z.array(z.enum(DOCUMENT_FORMATS)),
    /** What searches may be narrowed by. */
    searchFilters: z.array(z.enum(['metadata', 'date', 'source'])),
    /** Buyers may give documents fields of their own. */
    customMetadata: z.boolean(),
    /** Buyers may choose another embedding model. */
    embeddingChoice: z.boolean(),
    databaseEngines: z.array(z.enum(DATABASE_ENGINES)),
    apiAuthMethods: z.array(z.enum(API_AUTH_METHODS)),
    citations: z.boolean(),
    workflow: z.boolean(),
    triggers: z.array(z.enum(WORKFLOW_TRIGGERS)),
    codeSteps: z.boolean(),
    usageAnalytics: z.boolean(),
    transcripts: z.boolean(),
    transcriptSearch: z.boolean(),
    export: z.boolean(),
    insights: z.boolean(),
    alerts: z.boolean(),
  }),
  support: z.enum(['email', 'priority', '24x7']),
  sla: z.enum(['best-effort', '99.5%', '99.9%']),
  runtime: z.enum(['shared', 'dedicated']),
  /** What answers: the built-in engine, or a server by its kind and id. */
  engine: z.strictObject({ kind: z.enum(ENGINES), server: z.string() }),
});
export type Entitlements = z.infer<typeof Entitlements>;
