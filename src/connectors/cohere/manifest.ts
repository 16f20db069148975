import { bearer, choice, count, defineConnector, get, itemsAt, line, post, read, words } from '#modules/connections/kit.ts';

export const cohere = defineConnector({
  id: 'cohere', title: 'Cohere', description: 'Sorts texts by how well they answer a question; vectors of texts.', category: 'ai',
  auth: bearer(), baseUrl: 'https://api.cohere.com', probe: get('/v1/models', { page_size: 1 }),
  actions: [
    read(['rerank', 'Sort by relevance', 'Sorts texts by how well they fit a question.'], { query: line('Question'), documents: words('Texts').min(1), model: line('Model').default('rerank-v3.5'), top_n: count('Best', 1, 1000).optional() },
      (body) => post('/v2/rerank', body), (body, input) => itemsAt(body, 'results').map((result) => ({ ...(result !== null && typeof result === 'object' ? result : {}), text: input.documents[placeOf(result)] ?? '' }))),
    read(['embed', 'Vectors of texts', 'Vectors of texts, for search by meaning.'], { texts: words('Texts').min(1).max(96), model: line('Model').default('embed-v4.0'), input_type: choice('What they are', ['search_document', 'search_query', 'classification', 'clustering']).default('search_document') },
      (body) => post('/v2/embed', { ...body, embedding_types: ['float'] }), (body) => itemsAt(body, 'embeddings.float')),
  ],
});

const placeOf = (result: unknown): number => (result !== null && typeof result === 'object' && 'index' in result && typeof result.index === 'number' ? result.index : -1);
