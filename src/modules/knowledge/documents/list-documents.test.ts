import { expect, test } from 'vitest';
import { startApp } from '../../../testing/app.ts';
import { buy, sampleProduct } from '../../../testing/products.ts';
import { knowledgeEndpoints } from '../contract.ts';

const app = await startApp();
const ann = await app.person('Ann');
const { subscription_id: subscriptionId } = await buy(ann, await sampleProduct(app));
await app.settled();
const params = { subscriptionId };

const form = new FormData();
for (const [name, words] of [['Éclairs.md', 3], ['bread.md', 900], ['Apples.txt', 40], ['cake.md', 40]] as const) form.append('file', new Blob([`${name} ${`${name}-word `.repeat(words)}`]), name);
await ann.fetch(knowledgeEndpoints.addDocuments.path.replace(':subscriptionId', subscriptionId), { method: 'POST', body: form });
await ann.fetch(knowledgeEndpoints.addDocuments.path.replace(':subscriptionId', subscriptionId), {
  method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ documents: [{ external_id: 'menu', title: 'Menu', text: 'Soup of the day', url: 'https://shop.example/menu' }] }),
});
await app.settled();

type Query = Partial<Record<'search' | 'state' | 'source_id' | 'kind' | 'sort' | 'cursor', string>> & { limit?: number };
const list = async (query: Query) => ann.ok(knowledgeEndpoints.listDocuments, { params, query: query as never });

test('documents are sorted by name, size and age in both directions, over any number of pages', async () => {
  for (const sort of ['title', 'bytes', 'chunks', 'created_at']) {
    const whole = (await list({ sort })).data.map(({ id }) => id);
    expect(whole).toHaveLength(5);
    const pages: string[] = [];
    for (let cursor: string | undefined; ;) {
      const { data, next_cursor: next } = await list({ sort, limit: 2, ...(cursor === undefined ? {} : { cursor }) });
      pages.push(...data.map(({ id }) => id));
      if (next === null) break;
      cursor = next;
    }
    expect(pages, sort).toEqual(whole);
    expect((await list({ sort: `-${sort}` })).data.map(({ id }) => id), `-${sort}`).toEqual(whole.toReversed());
  }
  expect((await list({ sort: 'title' })).data.map(({ title }) => title).slice(0, 2)).toEqual(['Apples', 'bread']);
  const sizes = (await list({ sort: '-bytes' })).data.map(({ bytes }) => bytes);
  expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
});

test('documents are narrowed by kind, source, state and the address of the original', async () => {
  const [menu] = (await list({ kind: 'api' })).data;
  expect(menu).toMatchObject({ title: 'Menu', source: 'api', url: 'https://shop.example/menu', duplicate_of: null, authored_at: null });
  expect((await list({ source_id: menu?.source_id ?? '' })).data.map(({ title }) => title)).toEqual(['Menu']);
  expect((await list({ search: 'shop.example' })).data.map(({ title }) => title)).toEqual(['Menu']);
  expect((await list({ kind: 'upload' })).total).toBe(4);
  expect((await list({ state: 'indexed' })).total).toBe(5);
  expect((await list({ state: 'processing' })).total).toBe(0);
});

test('a cursor that belongs to another order is refused', async () => {
  const { next_cursor: cursor } = await list({ sort: 'title', limit: 1 });
  const answer = await ann.call(knowledgeEndpoints.listDocuments, { params, query: { sort: 'bytes', cursor: cursor ?? '' } });
  expect(answer.status).toBe(422);
});
