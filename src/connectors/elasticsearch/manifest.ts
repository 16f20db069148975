import { apiKeyHeader, count, data, defineConnector, get, itemsAt, json, line, path, post, put, read, table, words, write } from '#modules/connections/kit.ts';

const index = line('Index');
const id = line('Document', 'Its id.');

export const elasticsearch = defineConnector({
  id: 'elasticsearch', title: 'Elasticsearch', description: 'A search engine and document store.', category: 'data',
  auth: apiKeyHeader('authorization', { prefix: 'ApiKey ' }), baseUrl: null, ownHost: true, probe: get('/'),
  actions: [
    read(['search', 'Search', 'The documents that fit words or a query.'], { index, text: line('Words').optional(), query: json('Query', 'After the query language; instead of words.').optional(), size: count('Documents', 0, 10_000).default(10), from: count('Skip', 0, 10_000).default(0) },
      ({ index: name, text, query, ...body }) => post(path`/${name}/_search`, { ...body, query: query ?? (text ? { multi_match: { query: text } } : { match_all: {} }) }), (body) => itemsAt(body, 'hits.hits')),
    read(['search-vector', 'Find by vector', 'The documents nearest to a vector.'], { index, field: line('Field'), vector: data('Vector'), k: count('Documents', 1, 1000).default(4), fields: words('Fields to return').optional() },
      ({ index: name, field, vector, k, fields }) => post(path`/${name}/_search`, { knn: { field, query_vector: vector, k, num_candidates: Math.max(50, k * 10) }, size: k, ...(fields ? { _source: fields } : {}) }), (body) => itemsAt(body, 'hits.hits')),
    read(['get', 'Document', 'One document.'], { index, id }, (input) => get(path`/${input.index}/_doc/${input.id}`)),
    write(['index', 'Store a document', 'Stores a document, replacing one of the same id.'], { index, id: id.optional(), document: table('Document') }, (input) => (input.id ? put(path`/${input.index}/_doc/${input.id}`, input.document) : post(path`/${input.index}/_doc`, input.document))),
    write(['delete-by-query', 'Delete documents', 'Deletes the documents that fit a query.'], { index, query: json('Query') }, (input) => post(path`/${input.index}/_delete_by_query`, { query: input.query })),
  ],
});
