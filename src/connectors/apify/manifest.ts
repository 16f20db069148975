import { bearer, count, defineConnector, get, line, path, post, read, table, write } from '#modules/connections/kit.ts';

const actor = line('Actor', 'Its id, or user/name.');
/** The API writes `user~name` where people write `user/name`. */
const actorId = (written: string) => written.replace('/', '~');

export const apify = defineConnector({
  id: 'apify', title: 'Apify', description: 'Runs ready-made scrapers ("actors") and returns what they found.', category: 'web',
  auth: bearer('API token'), baseUrl: 'https://api.apify.com', probe: get('/v2/users/me'),
  actions: [
    write(['run-actor', 'Run an actor and wait', 'Runs an actor (at most five minutes) and returns the items it produced.'], { actor, input: table('Input').default({}), limit: count('Items', 1, 10_000).default(100), timeout: count('Time', 1, 300, 'Seconds.').optional() },
      ({ actor: id, input, limit, timeout }) => post(path`/v2/acts/${actorId(id)}/run-sync-get-dataset-items`, input, { limit, timeout })),
    write(['start-actor', 'Start an actor', 'Starts an actor and returns the run.'], { actor, input: table('Input').default({}) }, ({ actor: id, input }) => post(path`/v2/acts/${actorId(id)}/runs`, input)),
    read(['get-run', 'State of a run', 'How far a run is.'], { runId: line('Run') }, ({ runId }) => get(path`/v2/actor-runs/${runId}`)),
    read(['get-items', 'Items of a dataset', 'Returns what a run has stored.'], { datasetId: line('Dataset'), limit: count('Items', 1, 10_000).default(100), offset: count('Skip', 0, 10_000_000).default(0) },
      ({ datasetId, ...query }) => get(path`/v2/datasets/${datasetId}/items`, query)),
  ],
});
