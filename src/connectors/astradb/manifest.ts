import { apiKeyHeader, at, count, data, defineConnector, itemsAt, json, line, list, OutsideError, path, post, read, textAt, write } from '#modules/connections/kit.ts';

const collection = line('Collection');
const keyspace = line('Keyspace').default('default_keyspace');
const place = { collection, keyspace };
const send = (input: { keyspace: string; collection: string }, command: object) => post(path`/api/json/v1/${input.keyspace}/${input.collection}`, command);
/** The Data API answers refusals with status 200. */
const accepted = (body: unknown): unknown => {
  const refusal = textAt(body, 'errors.0.message');
  if (refusal !== '') throw new OutsideError('call-failed', `Astra DB refused the call: ${refusal.slice(0, 300)}`);
  return body;
};

export const astradb = defineConnector({
  id: 'astradb', title: 'Astra DB', description: 'A vector database. The address is the API endpoint of the database.', category: 'vectors',
  auth: apiKeyHeader('token', { title: 'Application token' }), baseUrl: null, ownHost: true, probe: async ({ http }) => accepted((await http(post('/api/json/v1', { findKeyspaces: {} }))).body),
  actions: [
    read(['search', 'Find by vector', 'The documents nearest to a vector.'], { ...place, vector: data('Vector'), limit: count('Documents', 1, 1000).default(4), filter: json('Filter').optional() },
      (input) => send(input, { find: { ...(input.filter === undefined ? {} : { filter: input.filter }), sort: { $vector: input.vector }, projection: { $vector: 0 }, options: { limit: input.limit, includeSimilarity: true } } }), (body) => itemsAt(accepted(body), 'data.documents')),
    read(['find', 'Find documents', 'The documents that fit a filter.'], { ...place, filter: json('Filter').optional(), limit: count('Documents', 1, 1000).default(20) }, (input) => send(input, { find: { filter: input.filter ?? {}, options: { limit: input.limit } } }), (body) => itemsAt(accepted(body), 'data.documents')),
    write(['insert', 'Store documents', 'Stores documents, with $vector where they have one.'], { ...place, documents: list('Documents').min(1).max(100) }, (input) => send(input, { insertMany: { documents: input.documents } }), (body) => at(accepted(body), 'status')),
    write(['delete', 'Delete documents', 'Deletes the documents that fit a filter.'], { ...place, filter: json('Filter') }, (input) => send(input, { deleteMany: { filter: input.filter } }), (body) => at(accepted(body), 'status')),
  ],
});
