import path from 'node:path';
import type { Config } from '#config';
import { diskFileStore } from '#adapters/disk/disk-file-store.ts';
import { anthropicProvider } from '#adapters/models/anthropic.ts';
import { openaiCompatibleProvider } from '#adapters/models/openai-compatible.ts';
import { sandboxPayments } from '#adapters/sandbox-payments/sandbox-payments.ts';
import { modelDirectory } from '#modules/models/index.ts';
import { createEgress } from '#platform/egress/egress.ts';
import type { Logger } from '#platform/log/logger.ts';
import type { Adapters } from './compose.ts';

/** The implementations of ports that the settings ask for; the database is opened by the caller, who also closes it. */
export function chooseAdapters(config: Config, database: Pick<Adapters, 'database' | 'databaseUrl' | 'embedded'>, log: Logger): Adapters {
  // Addresses the operator configured are reached although they may be private.
  const configured = [config.OPENAI_BASE_URL, config.ANTHROPIC_BASE_URL, config.COHERE_BASE_URL].flatMap((url) => (url ? [new URL(url).host] : []));
  const egress = createEgress([...config.EGRESS_ALLOW, ...configured]);
  const openai = config.OPENAI_API_KEY || config.OPENAI_BASE_URL
    ? openaiCompatibleProvider({ baseUrl: config.OPENAI_BASE_URL ?? 'https://api.openai.com/v1', apiKey: config.OPENAI_API_KEY ?? '', fetch: egress.request }) : undefined;
  const anthropic = config.ANTHROPIC_API_KEY
    ? anthropicProvider({ baseUrl: config.ANTHROPIC_BASE_URL ?? 'https://api.anthropic.com/v1', apiKey: config.ANTHROPIC_API_KEY, fetch: egress.request }) : undefined;
  return {
    ...database,
    egress,
    files: diskFileStore(path.join(config.DATA_DIR, 'files')),
    models: modelDirectory({
      providers: { ...(openai ? { openai } : {}), ...(anthropic ? { anthropic } : {}) },
      onSubstitution: (choice) => log.warn({ asked: choice.asked, serves: choice.entry.id, reason: choice.substituted }, 'another model serves'),
    }),
    // No money moves in the sandbox, so production without a provider sells only what is free.
    payments: config.production ? null : sandboxPayments(),
  };
}
