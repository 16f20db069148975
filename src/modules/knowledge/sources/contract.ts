import { z } from 'zod';
import { endpoint, Id, Timestamp } from '#platform/contract/endpoint.ts';
import { REFRESH_INTERVALS } from '#modules/capabilities/contract.ts';

/**
 * Kinds of source. `upload`, `qa` and `api` (texts that are sent) are filled from outside; the others are read by us.
 */
export const SOURCE_KINDS = ['upload', 'qa', 'api', 'website', 'rest', 'database', 'notion', 'confluence', 'git'] as const;
export const SourceKind = z.enum(SOURCE_KINDS);
export type SourceKind = z.infer<typeof SourceKind>;
export const ReadSourceKind = SourceKind.exclude(['upload', 'qa', 'api']);
export type ReadSourceKind = z.infer<typeof ReadSourceKind>;

export const RefreshInterval = z.enum(REFRESH_INTERVALS);
export type RefreshInterval = z.infer<typeof RefreshInterval>;

/** How far a reading has come. `total` is null while nobody knows. */
export const SyncProgress = z.object({ done: z.number().int(), total: z.number().int().nullable(), message: z.string() });
export type SyncProgress = z.infer<typeof SyncProgress>;

/** What a reading changed. `problems` names single documents that could not be taken, the first of them. */
export const SyncResult = z.object({
  added: z.number().int(), changed: z.number().int(), unchanged: z.number().int(), removed: z.number().int(), skipped: z.number().int(),
  /** Why a reading ended before everything was seen; then nothing is removed. */
  incomplete: z.string().nullable(),
  /** What the reader has to say of it, such as how many dead links there were. */
  message: z.string(),
  problems: z.array(z.object({ name: z.string(), message: z.string() })),
});
export type SyncResult = z.infer<typeof SyncResult>;

export const Source = z.object({
  id: Id, kind: SourceKind, name: z.string(),
  /** Settings without secrets. */
  config: z.record(z.string(), z.unknown()),
  /** Names of the secrets that are stored; their values never leave. */
  secrets: z.array(z.string()),
  refresh: RefreshInterval,
  /** `pending`: never read. */
  status: z.enum(['pending', 'syncing', 'synced', 'failed', 'paused']),
  progress: SyncProgress.nullable(),
  documents: z.object({ total: z.number().int(), indexed: z.number().int(), processing: z.number().int(), failed: z.number().int() }),
  chunks: z.number().int(), bytes: z.number().int(),
  last_sync_at: Timestamp.nullable(), next_sync_at: Timestamp.nullable(),
  last_error: z.object({ code: z.string(), message: z.string() }).nullable(),
  last_result: SyncResult.nullable(),
  created_at: Timestamp,
}).meta({ id: 'KnowledgeSource' });
export type Source = z.infer<typeof Source>;

/** A source whose last reading failed, until one succeeds, it is paused or it is removed. What was read of it before is still searched. */
export const FailingSource = z.object({
  id: Id, kind: ReadSourceKind, name: z.string(),
  /** When the first of the readings that failed in a row did. */
  since: Timestamp,
  error: z.object({ code: z.string(), message: z.string() }),
  /** When it was last read; null: never. */
  last_sync_at: Timestamp.nullable(),
}).meta({ id: 'FailingSource' });
export type FailingSource = z.infer<typeof FailingSource>;

/** What may be added to a knowledge base, and why something may not. */
export const SourceKindInfo = z.object({
  kind: ReadSourceKind, title: z.string(), description: z.string(),
  available: z.boolean(),
  /** In words for the buyer; null where it is available. */
  unavailable_because: z.string().nullable(),
  refresh: z.array(RefreshInterval),
  /** JSON Schemas of the settings and of the secrets. */
  config: z.record(z.string(), z.unknown()), secrets: z.record(z.string(), z.unknown()),
});

const settings = {
  config: z.record(z.string().max(100), z.unknown()).default({}),
  /** What is left out stays as it is. */
  secrets: z.record(z.string().max(100), z.string().max(20_000)).default({}),
};
const name = z.string().trim().max(120);
export const NewSource = z.strictObject({ kind: ReadSourceKind, name: name.default(''), ...settings, refresh: RefreshInterval.default('never'), sync: z.boolean().default(true) });
export const SourcePatch = z.strictObject({ name: name.optional(), config: settings.config.unwrap().optional(), secrets: settings.secrets.unwrap().optional(), refresh: RefreshInterval.optional(), paused: z.boolean().optional() });

/** A look at a source before it is kept: whether it answers, and the first of what it holds. */
export const SourceTest = z.object({
  ok: z.boolean(), message: z.string(),
  /** How many documents there are, where that is cheap to know. */
  found: z.number().int().nullable(),
  sample: z.array(z.object({ title: z.string(), text: z.string(), url: z.string().nullable() })),
});
export type SourceTest = z.infer<typeof SourceTest>;

const subscriptionParams = z.object({ subscriptionId: Id });
const sourceParams = subscriptionParams.extend({ sourceId: Id });
const read = { member: 'member', scope: 'knowledge:read' } as const;
const write = { member: 'member', scope: 'knowledge:write' } as const;
const tags = ['Knowledge'];
const base = '/api/v1/subscriptions/:subscriptionId/knowledge';

export const sourceEndpoints = {
  listSources: endpoint({ method: 'GET', path: `${base}/sources`, access: read, summary: 'Where the knowledge comes from', tags, params: subscriptionParams, response: z.object({ data: z.array(Source) }) }),
  listSourceKinds: endpoint({ method: 'GET', path: `${base}/source-kinds`, access: read, summary: 'Kinds of source that may be added', tags, params: subscriptionParams, response: z.object({ data: z.array(SourceKindInfo) }) }),
  addSource: endpoint({ method: 'POST', path: `${base}/sources`, access: write, summary: 'Add a source', tags, params: subscriptionParams, body: NewSource, status: 201, response: Source }),
  /** Nothing is kept. With `source_id` the secrets that are left out are those of that source. */
  testSource: endpoint({
    method: 'POST', path: `${base}/sources/test`, access: write, summary: 'Try whether a source can be read', tags, params: subscriptionParams,
    body: z.strictObject({ kind: ReadSourceKind, ...settings, source_id: Id.nullable().default(null) }), response: SourceTest,
  }),
  getSource: endpoint({ method: 'GET', path: `${base}/sources/:sourceId`, access: read, summary: 'A source', tags, params: sourceParams, response: Source }),
  changeSource: endpoint({ method: 'PATCH', path: `${base}/sources/:sourceId`, access: write, summary: 'Change, pause or resume a source', tags, params: sourceParams, body: SourcePatch, response: Source }),
  removeSource: endpoint({ method: 'DELETE', path: `${base}/sources/:sourceId`, access: write, summary: 'Remove a source and its documents', tags, params: sourceParams, status: 204, response: z.undefined() }),
  syncSource: endpoint({ method: 'POST', path: `${base}/sources/:sourceId/sync`, access: write, summary: 'Read a source now', tags, params: sourceParams, status: 202, response: Source }),
  stopSource: endpoint({ method: 'POST', path: `${base}/sources/:sourceId/stop`, access: write, summary: 'End the running reading; what is there stays', tags, params: sourceParams, status: 202, response: Source }),
  syncAll: endpoint({ method: 'POST', path: `${base}/sync`, access: write, summary: 'Read all sources now', tags, params: subscriptionParams, status: 202, response: z.object({ data: z.array(Source) }) }),
};
