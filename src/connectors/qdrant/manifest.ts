import { custom, count, data, defineConnector, flag, get, itemsAt, json, line, list, path, post, put, read, secret, write, choice } from '#modules/connections/kit.ts';

const collection = line('Collection');
const filter = json('Filter', 'After the filter language of Qdrant.').optional();

export const qdrant = defineConnector({
  id: 'qdrant', title: 'Qdrant', description: 'A vector database.', category: 'vectors',
  auth: custom({ token: secret('API key').optional() }, ({ token }): { headers?: Record<string, string> } => (token ? { headers: { 'api-key': token } } : {})), baseUrl: null, ownHost: true, probe: get('/collections'),
  actions: [
    read(['search', 'Find by vector', 'The points nearest to a vector.'], { collection, vector: data('Vector'), limit: count('Points', 1, 1000).default(4), filter, with_payload: flag('With payload').default(true), score_threshold: json('Least score').optional() },
      ({ collection: name, ...body }) => post(path`/collections/${name}/points/search`, body), (body) => itemsAt(body, 'result')),
    read(['scroll', 'List points', 'The points of a collection that fit a filter.'], { collection, filter, limit: count('Points', 1, 10_000).default(100), offset: json('Continue at').optional(), with_payload: flag('With payload').default(true) },
      ({ collection: name, ...body }) => post(path`/collections/${name}/points/scroll`, body)),
    write(['upsert', 'Store points', 'Stores points with vectors and payload.'], { collection, points: list('Points', 'A list of {id, vector, payload}.').min(1) }, ({ collection: name, points }) => put(path`/collections/${name}/points`, { points }, { wait: true })),
    write(['delete', 'Delete points', 'Deletes the points that fit a filter.'], { collection, filter: json('Filter') }, ({ collection: name, filter: which }) => post(path`/collections/${name}/points/delete`, { filter: which }, { wait: true })),
    write(['create-collection', 'Make a collection', 'Makes a collection.'], { collection, size: count('Dimensions', 1, 65_536), distance: choice('Distance', ['Cosine', 'Dot', 'Euclid', 'Manhattan']).default('Cosine') }, ({ collection: name, ...vectors }) => put(path`/collections/${name}`, { vectors })),
    read(['list-collections', 'Collections', 'The collections of the server.'], {}, () => get('/collections'), (body) => itemsAt(body, 'result.collections')),
  ],
});
