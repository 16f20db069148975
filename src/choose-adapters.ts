import path from 'node:path';
import { ConfigError, type Config } from '#config';
import { createCodePool } from '#adapters/code-sandbox/code-pool.ts';
import { diskFileStore } from '#adapters/disk/disk-file-store.ts';
import { httpRuntime } from '#adapters/http-runtime/http-runtime.ts';
import { langflowRuntime, langflowStudio } from '#adapters/langflow/langflow-runtime.ts';
import { anthropicProvider } from '#adapters/models/anthropic.ts';
import { cohereProvider } from '#adapters/models/cohere.ts';
import { openaiCompatibleProvider } from '#adapters/models/openai-compatible.ts';
import { n8nRuntime } from '#adapters/n8n-server/n8n-runtime.ts';
import { ragflowEngine } from '#adapters/ragflow/ragflow-engine.ts';
import { sandboxPayments } from '#adapters/sandbox-payments/sandbox-payments.ts';
import { smtpMailer } from '#adapters/smtp/smtp-mailer.ts';
import { modelDirectory, ModelError, type CatalogueEntry, type InstalledModels } from '#modules/models/index.ts';
import type { KnowledgeEngine } from '#modules/knowledge/ports.ts';
import type { RemoteRuntimes } from '#modules/runtime/ports.ts';
import { createEgress, type Egress } from '#platform/egress/egress.ts';
import type { Logger } from '#platform/log/logger.ts';
import type { Mailer } from '#platform/mail/mailer.ts';
import type { Adapters } from './compose.ts';

/** The implementations of ports that the settings ask for; the database is opened by the caller, who also closes it. */
export function chooseAdapters(config: Config, database: Pick<Adapters, 'database' | 'databaseUrl' | 'embedded'>, log: Logger): Adapters {
  // Addresses the operator configured are reached although they may be private.
  const configured = [config.OPENAI_BASE_URL, config.ANTHROPIC_BASE_URL, config.COHERE_BASE_URL].flatMap((url) => (url ? [new URL(url).host] : []));
  const egress = createEgress([...config.EGRESS_ALLOW, ...configured]);
  // Like the operator's own Langflow: through the common guard sellers could reach these servers too.
  const toAdded = createEgress(config.models.map(({ baseUrl }) => new URL(baseUrl).host));
  return {
    ...database,
    egress: { ...egress, close: async () => { await Promise.all([egress.close(), toAdded.close()]); } },
    code: createCodePool({ cacheDir: path.join(config.DATA_DIR, 'cache') }),
    files: diskFileStore(path.join(config.DATA_DIR, 'files')),
    models: chooseModels(config, egress, toAdded, log),
    runtimes: chooseRuntimes(config, egress),
    knowledgeEngine: chooseKnowledgeEngine(config),
    mailer: chooseMailer(config, log),
    // No money moves in the sandbox, so production without a provider sells only what is free.
    payments: config.production ? null : sandboxPayments(),
  };
}

/** The models of this installation. Throws {@link ConfigError} for an added one whose id is taken, and for a default that cannot serve. */
function chooseModels(config: Config, egress: Egress, toAdded: Egress, log: Logger): InstalledModels {
  const openai = config.OPENAI_API_KEY || config.OPENAI_BASE_URL
    ? openaiCompatibleProvider({ baseUrl: config.OPENAI_BASE_URL ?? 'https://api.openai.com/v1', apiKey: config.OPENAI_API_KEY ?? '', reranks: isOwnServer(config.OPENAI_BASE_URL), fetch: egress.request }) : undefined;
  const anthropic = config.ANTHROPIC_API_KEY
    ? anthropicProvider({ baseUrl: config.ANTHROPIC_BASE_URL ?? 'https://api.anthropic.com/v1', apiKey: config.ANTHROPIC_API_KEY, fetch: egress.request }) : undefined;
  const cohere = config.COHERE_API_KEY ? cohereProvider({ baseUrl: config.COHERE_BASE_URL ?? 'https://api.cohere.com', apiKey: config.COHERE_API_KEY, fetch: egress.request }) : undefined;
  try {
    return modelDirectory({
      providers: { ...(openai ? { openai } : {}), ...(anthropic ? { anthropic } : {}), ...(cohere ? { cohere } : {}) },
      added: config.models.map((model) => ({
        entry: entryOf(model), server: model.baseUrl, provider: openaiCompatibleProvider({ baseUrl: model.baseUrl, apiKey: model.key, reranks: true, fetch: toAdded.request }),
      })),
      defaultChat: config.DEFAULT_CHAT_MODEL ?? null, defaultEmbedding: config.DEFAULT_EMBEDDING_MODEL ?? null,
      onSubstitution: (choice) => log.warn({ asked: choice.asked, serves: choice.entry.id, reason: choice.substituted }, 'another model serves'),
    });
  } catch (error) {
    throw error instanceof ModelError ? new ConfigError(`MODELS, DEFAULT_CHAT_MODEL or DEFAULT_EMBEDDING_MODEL: ${error.message}`) : error;
  }
}

const entryOf = (model: Config['models'][number]): CatalogueEntry => ({
  id: model.id, title: model.name, kind: model.kind, provider: 'openai-compatible', remoteName: model.remoteName ?? model.id,
  dimensions: model.kind === 'embedding' ? model.dimensions : null, dimensionsMin: model.kind === 'embedding' ? model.dimensionsMin ?? null : null,
  contextTokens: model.contextTokens ?? null, price: model.price ?? null,
  features: { tools: model.kind === 'chat' && model.tools, images: model.kind === 'chat' && model.images, streaming: model.kind === 'chat' },
});

/**
 * Servers that run products. Sellers name theirs, so these are reached like every address that people wrote. The
 * operator's own may be private, and is reached past a guard of its own: through the common one sellers could reach it too.
 */
function chooseRuntimes(config: Config, egress: Egress): RemoteRuntimes {
  const { LANGFLOW_BASE_URL: baseUrl, LANGFLOW_API_KEY: apiKey = '' } = config;
  const own = baseUrl === undefined ? null : createEgress([new URL(baseUrl).host]);
  const langflow = own === null || baseUrl === undefined ? null : { baseUrl, apiKey, request: own.request, shared: true };
  return {
    operator: langflow && langflowRuntime(langflow),
    studio: langflow && langflowStudio(langflow, langflow.baseUrl),
    at: ({ kind, url, secret, header }) => {
      switch (kind) {
        case 'langflow': return langflowRuntime({ baseUrl: url, apiKey: secret, request: egress.request });
        case 'n8n': return n8nRuntime({ webhookUrl: url, header: secret === '' ? null : { name: header, value: secret }, request: egress.request });
        case 'http': return httpRuntime({ url, secret, request: egress.request });
      }
    },
    close: async () => { await own?.close(); },
  };
}

/** Like the operator's own Langflow, it may be private and has a guard of its own. */
function chooseKnowledgeEngine({ RAGFLOW_BASE_URL: baseUrl, RAGFLOW_API_KEY: apiKey }: Config): KnowledgeEngine | null {
  if (baseUrl === undefined || apiKey === undefined) return null;
  const own = createEgress([new URL(baseUrl).host]);
  return ragflowEngine({ baseUrl, apiKey, request: own.request, close: async () => own.close() });
}

/** The operator's mail server may be private, and is reached past a guard of its own. Without one it is said, once, that nobody is written to. */
function chooseMailer({ SMTP_URL: url, MAIL_FROM, BASE_URL, BRAND_NAME: name }: Config, log: Logger): Mailer | null {
  if (url === undefined) {
    log.info({}, 'no mail is sent: SMTP_URL is not set');
    return null;
  }
  return smtpMailer({ url, from: { name, address: MAIL_FROM ?? `no-reply@${new URL(BASE_URL).hostname}` }, egress: createEgress([new URL(url).hostname]) });
}

/** A server that speaks OpenAI's protocol and may have more than OpenAI has. */
const isOwnServer = (baseUrl: string | undefined): boolean => baseUrl !== undefined && new URL(baseUrl).hostname !== 'api.openai.com';
