import { at, count, custom, data, defineConnector, get, itemsAt, line, list, OutsideError, post, read, runs, secret, table, textArea, textAt, words, write, type Outside } from '#modules/connections/kit.ts';

/** Names go into the query itself, so only letters, digits and underscores are names. */
const name = (title: string) => line(title).regex(/^[A-Za-z_]\w{0,230}$/, 'letters, digits and underscores');
const properties = words('Properties').min(1).refine((names) => names.every((property) => /^[A-Za-z_]\w{0,230}$/.test(property)), 'letters, digits and underscores');

async function find({ http }: Outside, collection: string, wanted: readonly string[], condition: string, limit: number): Promise<unknown[]> {
  const { body } = await http(post('/v1/graphql', { query: `{ Get { ${collection}(limit: ${limit}, ${condition}) { ${wanted.join(' ')} _additional { id distance score } } } }` }));
  const refusal = textAt(body, 'errors.0.message');
  if (refusal !== '') throw new OutsideError('call-failed', `Weaviate refused the query: ${refusal.slice(0, 300)}`);
  return itemsAt(at(body, 'data.Get'), collection);
}

export const weaviate = defineConnector({
  id: 'weaviate', title: 'Weaviate', description: 'A vector database.', category: 'vectors',
  auth: custom({ token: secret('API key').optional() }, ({ token }): { headers?: Record<string, string> } => (token ? { headers: { authorization: `Bearer ${token}` } } : {})), baseUrl: null, ownHost: true, probe: get('/v1/schema'),
  actions: [
    runs('read', ['search', 'Find by vector', 'The objects nearest to a vector.'], { collection: name('Collection'), vector: data('Vector'), properties, limit: count('Objects', 1, 1000).default(4) }, async (outside, input) => find(outside, input.collection, input.properties, `nearVector: { vector: ${JSON.stringify(input.vector)} }`, input.limit)),
    runs('read', ['search-text', 'Find by words', 'The objects that fit words, by the server\'s own vectors and keywords.'], { collection: name('Collection'), query: line('Words'), properties, limit: count('Objects', 1, 1000).default(4) }, async (outside, input) => find(outside, input.collection, input.properties, `hybrid: { query: ${JSON.stringify(input.query)} }`, input.limit)),
    write(['upsert', 'Store objects', 'Stores objects with vectors.'], { collection: name('Collection'), objects: list('Objects', 'A list of {id, properties, vector}.').min(1) }, ({ collection, objects }) => post('/v1/batch/objects', { objects: objects.map((object) => ({ ...(object !== null && typeof object === 'object' ? object : {}), class: collection })) })),
    write(['create-collection', 'Make a collection', 'Makes a collection.'], { collection: name('Collection'), definition: table('Definition').default({}), description: textArea('Description').optional() }, ({ collection, definition, description }) => post('/v1/schema', { ...definition, class: collection, description })),
    read(['list-collections', 'Collections', 'The collections of the server.'], {}, () => get('/v1/schema'), (body) => itemsAt(body, 'classes')),
  ],
});
