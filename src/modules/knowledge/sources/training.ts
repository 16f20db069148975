import { Problem, problems as kernel } from '#platform/http/problem.ts';
import type { Serve } from '#platform/http/serve.ts';
import { NewSource, type Source } from './contract.ts';
import type { sourceService } from './sources.ts';
import { trainingEndpoints, type NewTrainingSource, type TrainingSource } from './training-contract.ts';

/** Sources under the paths and in the fields of the older instance API. */
export function serveTraining(serve: Serve, sources: ReturnType<typeof sourceService>): void {
  serve(trainingEndpoints.list, async (ctx, { params }) => ({ data: (await sources.list(ctx, { params })).data.map(present) }));
  serve(trainingEndpoints.add, async (ctx, { params, body }) => present(await sources.add(ctx, { params, body: NewSource.parse(translated(body)) })));
  serve.process(trainingEndpoints.remove, async (process, { params }) => sources.remove(process, { params }));
  serve(trainingEndpoints.sync, async (ctx, { params }) => ({ data: (await sources.syncAll(ctx, { params })).data.map(present) }));
}

const TYPES = { upload: 'document', qa: 'qa', api: 'document', website: 'website', rest: 'api', notion: 'api', confluence: 'api', git: 'api', database: 'database' } as const satisfies Record<Source['kind'], TrainingSource['type']>;

const present = (source: Source): TrainingSource => ({
  id: source.id, type: TYPES[source.kind], name: source.name, config: source.config, status: source.status === 'failed' ? 'error' : source.status, refresh: source.refresh,
  last_sync: source.last_sync_at, document_count: source.documents.total, error_message: source.last_error?.message ?? null, source,
});

function translated(body: NewTrainingSource): unknown {
  const { name, refresh } = body;
  switch (body.type) {
    case 'website':
      return { kind: 'website', name, refresh, config: { url: body.url, depth: body.crawl_depth, pagesMax: body.max_pages } };
    case 'api':
      return { kind: 'rest', name, refresh, secrets: body.secrets, config: { ...body.config, url: body.endpoint, auth: body.auth === 'bearer_token' ? 'bearer' : body.auth } };
    case 'database': {
      const { config, secrets } = connectionOf(body.connection);
      return { kind: 'database', name, refresh, secrets, config: { ...body.config, ...config, tables: body.tables } };
    }
  }
}

const ENGINES: Readonly<Record<string, string>> = { 'postgres:': 'postgres', 'postgresql:': 'postgres', 'mysql:': 'mysql', 'mariadb:': 'mysql', 'mongodb:': 'mongodb' };

/** An address of a database taken apart. Throws 422, never naming what stood in it. */
function connectionOf(connection: string): { config: Record<string, unknown>; secrets: Record<string, string> } {
  const url = URL.parse(connection);
  const engine = url && ENGINES[url.protocol];
  if (!url || !engine || url.hostname === '') throw new Problem(kernel.invalid, 'connection: Write an address such as postgresql://user:password@host:5432/database.');
  return {
    config: { engine, host: url.hostname.replace(/^\[|\]$/g, ''), port: url.port === '' ? null : Number(url.port), database: decodeURIComponent(url.pathname.slice(1)), user: decodeURIComponent(url.username) },
    secrets: url.password === '' ? {} : { password: decodeURIComponent(url.password) },
  };
}
