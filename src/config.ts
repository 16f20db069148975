import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { AddedModels, type AddedModel } from '#modules/models/added-contract.ts';

const port = z.coerce.number().int().min(0).max(65_535);
const url = z.url({ protocol: /^https?$/ }).transform((value) => value.replace(/\/+$/, ''));
const list = z.string().transform((value) => value.split(',').map((item) => item.trim()).filter(Boolean));
const json = z.string().transform((text, { addIssue }): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    addIssue({ code: 'custom', message: 'is not JSON' });
    return z.NEVER;
  }
});
const ROLES = ['web', 'worker', 'scheduler'] as const;

/** The environment, one entry for each variable. Each is also read from the file named by `NAME_FILE`. */
const Environment = z.object({
  NODE_ENV: z.enum(['development', 'production', 'test']).default('development'),
  PORT: port.default(3000),
  HOST: z.string().min(1).default('127.0.0.1'),
  BASE_URL: url.optional(),
  BRAND_NAME: z.string().min(1).max(60).default('CMP'),
  DATA_DIR: z.string().min(1).default('.data'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }).optional(),
  ROLES: list.pipe(z.array(z.enum(ROLES)).min(1)).default([...ROLES]),
  SECRET_KEY: z.string().min(32, 'must be at least 32 characters').optional(),
  SAMPLE_CONTENT: z.enum(['true', 'false']).optional(),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  EGRESS_ALLOW: list.default([]),
  STORAGE_URL: z.string().regex(/^(file|s3):\/\//, 'must start with file:// or s3://').optional(),
  STRIPE_SECRET_KEY: z.string().min(1).optional(),
  STRIPE_WEBHOOK_SECRET: z.string().min(1).optional(),
  STRIPE_API_BASE: url.optional(),
  OPENAI_API_KEY: z.string().min(1).optional(),
  OPENAI_BASE_URL: url.optional(),
  ANTHROPIC_API_KEY: z.string().min(1).optional(),
  ANTHROPIC_BASE_URL: url.optional(),
  COHERE_API_KEY: z.string().min(1).optional(),
  COHERE_BASE_URL: url.optional(),
  MODELS: json.pipe(AddedModels).default([]),
  DEFAULT_CHAT_MODEL: z.string().min(1).optional(),
  DEFAULT_EMBEDDING_MODEL: z.string().min(1).optional(),
  LANGFLOW_BASE_URL: url.optional(),
  LANGFLOW_API_KEY: z.string().min(1).optional(),
  RAGFLOW_BASE_URL: url.optional(),
  RAGFLOW_API_KEY: z.string().min(1).optional(),
  OIDC_ISSUER: url.optional(),
  OIDC_CLIENT_ID: z.string().min(1).optional(),
  OIDC_CLIENT_SECRET: z.string().min(1).optional(),
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  MAIL_FROM: z.email().optional(),
  VAULT_ADDR: url.optional(),
  VAULT_TOKEN: z.string().min(1).optional(),
  METRICS_TOKEN: z.string().min(16).optional(),
});
type Environment = z.infer<typeof Environment>;

/** Settings of this process after parsing; nobody else reads the environment. */
export interface Config extends Omit<Environment, 'SECRET_KEY' | 'BASE_URL' | 'SAMPLE_CONTENT' | 'MODELS'> {
  /** Where people and customers' sites reach this installation, without a trailing slash. */
  BASE_URL: string;
  /** 32 bytes or more of key material for sealing secrets and signing sessions. */
  SECRET_KEY: string;
  /** Whether sample accounts and products are created. Never in production. */
  sampleContent: boolean;
  production: boolean;
  /** The operator's own models, each with the key its variable holds; null without one. */
  models: readonly (AddedModel & { key: string | null })[];
}

/** The environment does not describe a server that can start. The message names each variable, never a value. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/**
 * Parses the environment. In production SECRET_KEY and BASE_URL must be given; elsewhere a key is made once and kept in
 * DATA_DIR. Throws {@link ConfigError}.
 */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const values: Record<string, string> = {};
  for (const name of Object.keys(Environment.shape)) {
    const value = env[name] ?? fromFile(name, env[`${name}_FILE`]);
    if (value !== undefined && value !== '') values[name] = value;
  }
  const parsed = Environment.safeParse(values);
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'));
  }
  const { MODELS, ...settings } = parsed.data;
  const production = settings.NODE_ENV === 'production';
  if (production && !settings.SECRET_KEY) throw new ConfigError('SECRET_KEY: required in production (32 characters or more)');
  if (production && !settings.BASE_URL) throw new ConfigError('BASE_URL: required in production');
  if (settings.RAGFLOW_BASE_URL && !settings.RAGFLOW_API_KEY) throw new ConfigError('RAGFLOW_API_KEY: required with RAGFLOW_BASE_URL');
  if (production && settings.SAMPLE_CONTENT === 'true') {
    throw new ConfigError('SAMPLE_CONTENT: sample accounts have a public password and are refused in production');
  }
  return {
    ...settings,
    production,
    DATA_DIR: path.resolve(settings.DATA_DIR),
    BASE_URL: settings.BASE_URL ?? `http://localhost:${settings.PORT}`,
    SECRET_KEY: settings.SECRET_KEY ?? keptKey(path.resolve(settings.DATA_DIR)),
    sampleContent: !production && settings.SAMPLE_CONTENT !== 'false',
    models: MODELS.map((model, index) => ({ ...model, key: keyOf(model, index, env) })),
  };
}

function fromFile(name: string, file: string | undefined): string | undefined {
  if (!file) return undefined;
  if (!existsSync(file)) throw new ConfigError(`${name}_FILE: the file it names does not exist`);
  return readFileSync(file, 'utf8').trim();
}

function keyOf({ keyVariable: name }: AddedModel, index: number, env: NodeJS.ProcessEnv): string | null {
  if (name === undefined) return null;
  const key = env[name] ?? fromFile(name, env[`${name}_FILE`]);
  if (!key) throw new ConfigError(`MODELS.${index}.keyVariable: the variable ${name} is not set`);
  return key;
}

function keptKey(dataDir: string): string {
  const file = path.join(dataDir, 'secret.key');
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  mkdirSync(dataDir, { recursive: true });
  const key = randomBytes(32).toString('base64url');
  writeFileSync(file, key, { mode: 0o600 });
  return key;
}
