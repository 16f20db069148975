import { count, custom, data, defineConnector, flag, get, json, line, list, path, post, read, secret, words, write, type Outside } from '#modules/connections/kit.ts';

const collection = line('Collection', 'Its id.');
const root = ({ fields }: Outside) => path`/api/v2/tenants/${fields['tenant'] ?? 'default_tenant'}/databases/${fields['database'] ?? 'default_database'}/collections`;

export const chroma = defineConnector({
  id: 'chroma', title: 'Chroma', description: 'A vector database.', category: 'vectors',
  auth: custom({ token: secret('Token').optional(), tenant: line('Tenant').optional(), database: line('Database').optional() }, ({ token }): { headers?: Record<string, string> } => (token ? { headers: { 'x-chroma-token': token } } : {})),
  baseUrl: null, ownHost: true, probe: async (outside) => outside.http(get(root(outside), { limit: 1 })),
  actions: [
    read(['query', 'Find by vector', 'The entries nearest to a vector.'], { collection, vector: data('Vector'), n_results: count('Entries', 1, 1000).default(4), where: json('Filter').optional() },
      ({ collection: id, vector, ...body }, outside) => post(`${root(outside)}${path`/${id}/query`}`, { ...body, query_embeddings: [vector], include: ['documents', 'metadatas', 'distances'] })),
    write(['upsert', 'Store entries', 'Stores texts with vectors.'], { collection, ids: words('Ids').min(1), embeddings: list('Vectors'), documents: words('Texts').optional(), metadatas: list('Metadata').optional() },
      ({ collection: id, ...body }, outside) => post(`${root(outside)}${path`/${id}/upsert`}`, body)),
    write(['delete', 'Delete entries', 'Deletes entries by id or by filter.'], { collection, ids: words('Ids').optional(), where: json('Filter').optional() }, ({ collection: id, ...body }, outside) => post(`${root(outside)}${path`/${id}/delete`}`, body)),
    read(['list-collections', 'Collections', 'The collections of the database, with their ids.'], {}, (_input, outside) => get(root(outside))),
    write(['create-collection', 'Make a collection', 'Makes a collection, or finds it.'], { name: line('Name'), get_or_create: flag('Find an existing one').default(true) }, (body, outside) => post(root(outside), body)),
  ],
});
