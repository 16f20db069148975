import type { DeclaredCapabilities } from './contract/declared-capabilities.ts';
import { ProductCapabilities, SUBCATEGORIES } from './contract/product-capabilities.ts';
import type { Category, Subcategory } from './contract/product-capabilities.ts';
import { isRecord, mergeDeep } from './merge-deep.ts';
import { foldCapabilities, withKnowledgeMirrored } from './normalize-capabilities.ts';

/**
 * The complete capabilities of a product: the seller's declaration (any part, short forms allowed) over the defaults of
 * its category and subcategory, over the safe default of each field. Objects merge, arrays replace. The arguments decide
 * category and subcategory, whatever the declaration says about them; with a null subcategory the declared one stays.
 * Throws ZodError, with the path of each fault, where the declaration does not match the schema.
 */
export const withCategoryDefaults = (category: Category, subcategory: Subcategory | null, declared: unknown): ProductCapabilities => {
  const folded = foldCapabilities(declared);
  const merged = mergeDeep(categoryDefaults(category, subcategory ?? declaredKind(category, folded)), folded);
  const named = isRecord(merged)
    ? { ...merged, category, ...(subcategory === null ? {} : { subcategory: { [category]: subcategory } }) }
    : merged;
  return withKnowledgeMirrored(ProductCapabilities.parse(named));
};

const declaredKind = (category: Category, declared: unknown): Subcategory | null => {
  const kinds = isRecord(declared) && isRecord(declared.subcategory) ? declared.subcategory : {};
  return SUBCATEGORIES[category].find((kind) => kind === kinds[category]) ?? null;
};

/** What a category brings before the seller says anything. */
const categoryDefaults = (category: Category, subcategory: Subcategory | null): DeclaredCapabilities =>
  category === 'assistant' && subcategory === 'general' ? GENERAL_ASSISTANT : CATEGORY_DEFAULTS[category];

/** Knowledge as agents have it: buyers adjust retrieval in the knowledge settings, so that is open to them. */
export const KNOWLEDGE: NonNullable<DeclaredCapabilities['configuration']>['rag'] = {
  enabled: true,
  sources: {
    documents: { enabled: true, maxFiles: 50, maxTotalSize: 500 },
    websites: { enabled: true, maxUrls: 100 },
    qaPairs: { enabled: true },
    databases: { enabled: false },
    apis: { enabled: false },
  },
  limits: { maxChunks: 50_000 },
  retrieval: {
    search: { topK: 5, method: 'hybrid', customizable: true },
    reranking: { enabled: true },
    citations: { enabled: true, format: 'inline', includeSnippets: true },
  },
  generation: { grounding: { strictMode: false, fallbackBehavior: 'general' } },
};

/** Off, yet with sensible sources and limits for the moment a seller switches it on. */
const KNOWLEDGE_OFF = { ...KNOWLEDGE, enabled: false };

const BRANDING: NonNullable<DeclaredCapabilities['configuration']>['branding'] = { enabled: true, options: { logo: true, colors: true } };

const ASSISTANT: DeclaredCapabilities = {
  interfaces: {
    chat: { enabled: true, modes: ['text'], features: { fileUpload: true, imageInput: true } },
    widget: { enabled: true, types: ['inline', 'popup'] },
    api: { enabled: true, protocols: ['rest'], authentication: ['api_key'] },
  },
  configuration: {
    persona: { enabled: true, options: { tone: true, language: true } },
    branding: BRANDING,
    output: { enabled: true, options: { format: true, quality: true, style: true, templates: true } },
    rag: KNOWLEDGE_OFF,
  },
  analytics: { usage: { enabled: true, metrics: ['tokens', 'api_calls'] } },
};

/** Assistants for general work, such as one for HR, answer from the buyer's documents; the others create content. */
const GENERAL_ASSISTANT: DeclaredCapabilities = { ...ASSISTANT, configuration: { ...ASSISTANT.configuration, rag: KNOWLEDGE } };

export const CATEGORY_DEFAULTS: Readonly<Record<Category, DeclaredCapabilities>> = {
  agent: {
    interfaces: {
      chat: { enabled: true, modes: ['text'], features: { multiTurn: true, streaming: true } },
      widget: { enabled: true, types: ['floating'], customization: { theme: true, colors: true } },
      api: { enabled: true, protocols: ['rest', 'mcp'], authentication: ['api_key'] },
    },
    configuration: {
      persona: { enabled: true, options: { name: true, tone: true, instructions: true } },
      conversation: { enabled: true, options: { welcomeMessage: true, suggestedPrompts: true } },
      branding: BRANDING,
      rag: KNOWLEDGE,
    },
    analytics: {
      usage: { enabled: true, metrics: ['messages', 'sessions', 'users'] },
      conversations: { enabled: true, features: { transcripts: true } },
    },
  },
  app: {
    interfaces: {
      chat: { enabled: false },
      widget: { enabled: true, types: ['inline', 'fullpage'] },
      api: { enabled: true, protocols: ['rest', 'graphql'], authentication: ['api_key', 'oauth2'] },
      integrations: { enabled: true, platforms: ['slack', 'teams'] },
    },
    configuration: {
      persona: { enabled: false },
      branding: BRANDING,
      workflow: { enabled: true, options: { triggers: true, actions: true, variables: true } },
      rag: KNOWLEDGE_OFF,
    },
    analytics: { usage: { enabled: true, metrics: ['api_calls', 'compute_time'] } },
  },
  assistant: ASSISTANT,
  automation: {
    interfaces: {
      chat: { enabled: false },
      widget: { enabled: false },
      api: { enabled: true, protocols: ['rest', 'websocket'], authentication: ['api_key'], features: { webhooks: true } },
    },
    configuration: {
      persona: { enabled: false },
      branding: BRANDING,
      workflow: { enabled: true, options: { triggers: true, schedule: true, conditions: true, actions: true, secrets: true } },
      rag: KNOWLEDGE_OFF,
      workflowAdvanced: {
        enabled: true,
        triggers: {
          webhook: { enabled: true }, schedule: { enabled: true }, event: { enabled: true }, manual: { enabled: true }, api: { enabled: true },
        },
        flow: {
          conditionals: { enabled: true },
          loops: { enabled: true, parallelExecution: true },
          subWorkflows: { enabled: false },
          errorHandling: { enabled: true },
        },
        actions: {
          http: { enabled: true }, database: { enabled: true }, ai: { enabled: true }, messaging: { enabled: true },
          storage: { enabled: true }, transform: { enabled: true }, code: { enabled: false },
        },
        data: { variables: { enabled: true }, secrets: { enabled: true }, state: { persistence: true } },
      },
    },
    analytics: {
      usage: { enabled: true, metrics: ['api_calls', 'compute_time', 'executions'] },
      alerts: { enabled: true, types: ['error_rate', 'latency', 'failure'] },
    },
  },
};
