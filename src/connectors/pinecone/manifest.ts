import { apiKeyHeader, count, data, defineConnector, flag, itemsAt, json, line, list, post, read, words, write, get } from '#modules/connections/kit.ts';

const namespace = line('Namespace').optional();

export const pinecone = defineConnector({
  id: 'pinecone', title: 'Pinecone', description: 'A vector database. The address is the host of the index.', category: 'vectors',
  auth: apiKeyHeader('api-key'), baseUrl: null, ownHost: true, headers: { 'x-pinecone-api-version': '2025-04' }, probe: get('/describe_index_stats'),
  actions: [
    read(['query', 'Find by vector', 'The vectors nearest to a vector.'], { vector: data('Vector'), topK: count('Vectors', 1, 10_000).default(4), namespace, filter: json('Filter').optional(), includeMetadata: flag('With metadata').default(true), includeValues: flag('With values').default(false) }, (body) => post('/query', body), (body) => itemsAt(body, 'matches')),
    write(['upsert', 'Store vectors', 'Stores vectors with metadata.'], { vectors: list('Vectors', 'A list of {id, values, metadata}.').min(1).max(1000), namespace }, (body) => post('/vectors/upsert', body)),
    write(['delete', 'Delete vectors', 'Deletes vectors by id or by filter.'], { ids: words('Ids').optional(), filter: json('Filter').optional(), deleteAll: flag('All of the namespace').optional(), namespace }, (body) => post('/vectors/delete', body)),
    read(['stats', 'Numbers', 'How many vectors the index holds.'], {}, () => get('/describe_index_stats')),
  ],
});
