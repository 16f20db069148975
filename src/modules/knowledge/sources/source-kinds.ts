import { z } from 'zod';
import type { Entitlements } from '#modules/capabilities/contract.ts';
import { Problem, problems as kernel } from '#platform/http/problem.ts';
import { problems } from '../problems.ts';
import type { ReadSourceKind, RefreshInterval, SourceKind, SourceKindInfo } from './contract.ts';
import { DatabaseConfig } from './contract/database.ts';
import { RestConfig } from './contract/rest.ts';
import { refreshChoices } from './refresh.ts';
import type { SourceReader } from './source-reader.ts';

/** What is to be declared and bought for a kind of source: websites, databases, or connected services. */
const FEATURE = { website: 'websites', database: 'databases', rest: 'apis', notion: 'apis', confluence: 'apis', git: 'apis' } as const satisfies Record<ReadSourceKind, string>;
const FEATURE_WORDS = { websites: 'websites', databases: 'databases', apis: 'connected services' } as const;

export const isReadKind = (kind: SourceKind): kind is ReadSourceKind => kind !== 'upload' && kind !== 'qa' && kind !== 'api';

/** How often a source of this kind may be read at most. */
export const fastestRefresh = ({ sourceRefresh }: Entitlements, kind: ReadSourceKind): RefreshInterval => sourceRefresh[FEATURE[kind]];

/** Why a kind of source may not be added, in words for the buyer; null where it may. */
export function closedBecause({ features }: Entitlements, kind: ReadSourceKind): string | null {
  const feature = FEATURE[kind];
  return features.knowledgeSources.includes(feature) ? null : `Your plan of this product does not include ${FEATURE_WORDS[feature]}.`;
}

export const kindInfo = (entitlements: Entitlements, reader: SourceReader): z.infer<typeof SourceKindInfo> => {
  const because = closedBecause(entitlements, reader.kind);
  return {
    kind: reader.kind, title: reader.title, description: reader.description, available: because === null, unavailable_because: because,
    refresh: refreshChoices(fastestRefresh(entitlements, reader.kind)),
    config: jsonSchema(reader.config), secrets: jsonSchema(reader.secrets),
  };
};

const jsonSchema = (schema: z.ZodType): Record<string, unknown> => z.record(z.string(), z.unknown()).parse(z.toJSONSchema(schema, { io: 'input' }));

export interface CheckedSettings { config: Record<string, unknown>; secrets: Record<string, string> }

/**
 * Settings and secrets as their kind's schemas want them, within what is included. Throws 403 where the kind is not, and 422
 * with the path of each value that does not fit.
 */
export function checkSettings(entitlements: Entitlements, reader: SourceReader, given: { config: unknown; secrets: unknown }): CheckedSettings {
  const because = closedBecause(entitlements, reader.kind);
  if (because !== null) throw new Problem(problems['source-not-included'], because);
  const config = reader.config.safeParse(given.config);
  const secrets = reader.secrets.safeParse(given.secrets);
  const issues = [...(config.error?.issues ?? []).map((issue) => ({ path: ['config', ...issue.path].join('.'), message: issue.message })),
    ...(secrets.error?.issues ?? []).map((issue) => ({ path: ['secrets', ...issue.path].join('.'), message: issue.message }))];
  if (issues.length > 0) throw new Problem(kernel.invalid, issues.slice(0, 5).map(({ path, message }) => `${path}: ${message}`).join('; '), { issues });
  const checked = { config: z.record(z.string(), z.unknown()).parse(config.data), secrets: z.record(z.string(), z.string()).parse(secrets.data) };
  refuseUndeclared(entitlements, reader.kind, checked.config);
  return checked;
}

/** Kinds of database and of signing in are declared one by one. */
function refuseUndeclared({ features }: Entitlements, kind: ReadSourceKind, config: Record<string, unknown>): void {
  if (kind === 'database') {
    const { engine } = DatabaseConfig.pick({ engine: true }).parse({ engine: config.engine });
    if (!features.databaseEngines.includes(engine)) throw new Problem(problems['source-not-included'], `This product does not read databases of this kind; it reads ${features.databaseEngines.join(', ')}.`);
  }
  if (kind === 'rest') {
    const { auth } = RestConfig.pick({ auth: true }).parse({ auth: config.auth });
    // A bearer token is a key that travels in another header.
    const method = auth === 'bearer' ? 'api_key' : auth;
    if (method !== 'none' && !features.apiAuthMethods.includes(method)) throw new Problem(problems['source-not-included'], `This product does not sign in to services this way; it takes ${features.apiAuthMethods.join(', ')}.`);
  }
}
