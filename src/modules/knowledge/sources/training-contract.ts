import { z } from 'zod';
import { endpoint, Id, Timestamp } from '#platform/contract/endpoint.ts';
import { RefreshInterval, Source } from './contract.ts';

/** A source in the words of the older instance API: what it is, how it stands, and how many documents it gave. */
export const TrainingSource = z.object({
  id: Id, type: z.enum(['website', 'document', 'qa', 'api', 'database']), name: z.string(), config: z.record(z.string(), z.unknown()),
  status: z.enum(['pending', 'syncing', 'synced', 'error', 'paused']), refresh: RefreshInterval,
  last_sync: Timestamp.nullable(), document_count: z.number().int(), error_message: z.string().nullable(),
  source: Source,
}).meta({ id: 'TrainingSource' });
export type TrainingSource = z.infer<typeof TrainingSource>;

const refresh = RefreshInterval.default('never');
const name = z.string().trim().max(120).default('');
const secrets = z.record(z.string().max(100), z.string().max(20_000)).default({});
const authentication = z.enum(['none', 'api_key', 'bearer_token', 'bearer', 'basic', 'oauth2']).default('none');

/** The sources of that API in its own fields. Documents are uploaded, see the documents endpoint. */
export const NewTrainingSource = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('website'), name, url: z.string().max(2048), crawl_depth: z.int().min(1).max(10).default(2), max_pages: z.int().min(1).max(100_000).default(100), refresh }),
  z.strictObject({ type: z.literal('api'), name, endpoint: z.string().max(2048), auth: authentication, config: z.record(z.string().max(100), z.unknown()).default({}), secrets, refresh }),
  /** `connection`: an address such as `postgresql://user:password@host/database`; its password is stored sealed. */
  z.strictObject({ type: z.literal('database'), name, connection: z.string().max(2048), tables: z.array(z.string().max(200)).max(100).default([]), config: z.record(z.string().max(100), z.unknown()).default({}), refresh }),
]);
export type NewTrainingSource = z.infer<typeof NewTrainingSource>;

const params = z.object({ subscriptionId: Id });
const sourceParams = params.extend({ sourceId: Id });
const read = { member: 'member', scope: 'knowledge:read' } as const;
const write = { member: 'member', scope: 'knowledge:write' } as const;
const tags = ['Knowledge'];
const base = '/instances/:subscriptionId/training';

export const trainingEndpoints = {
  list: endpoint({ method: 'GET', path: `${base}/sources`, access: read, summary: 'Training sources', tags, params, response: z.object({ data: z.array(TrainingSource) }) }),
  add: endpoint({ method: 'POST', path: `${base}/sources`, access: write, summary: 'Add a training source', tags, params, body: NewTrainingSource, status: 201, response: TrainingSource }),
  remove: endpoint({ method: 'DELETE', path: `${base}/sources/:sourceId`, access: write, summary: 'Remove a training source and its documents', tags, params: sourceParams, status: 204, response: z.undefined() }),
  sync: endpoint({ method: 'POST', path: `${base}/sync`, access: write, summary: 'Read all training sources now', tags, params, status: 202, response: z.object({ data: z.array(TrainingSource) }) }),
};
