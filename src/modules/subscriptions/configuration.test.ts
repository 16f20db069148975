import { expect, test } from 'vitest';
import { startApp } from '../../testing/app.ts';
import { buy, sampleProduct, withKey } from '../../testing/products.ts';
import { subscriptionEndpoints } from './contract.ts';

const app = await startApp();
const product = await sampleProduct(app);

async function bought(sample = product) {
  const ann = await app.person('Ann');
  const { subscription_id: subscriptionId } = await buy(ann, sample);
  const params = { subscriptionId };
  return {
    ann, params,
    read: async () => ann.ok(subscriptionEndpoints.getConfiguration, { params }),
    set: async (configuration: Record<string, unknown>, revision?: number) => ann.call(subscriptionEndpoints.configure, { params, body: { configuration, ...(revision === undefined ? {} : { revision }) } }),
  };
}

test('a sent section replaces the stored one and the others stay', async () => {
  const { read, set, ann, params } = await bought();
  await set({ persona: { name: 'Robin', instructions: 'Be brief.' } });
  const answer = await set({ persona: { name: 'Kim' }, branding: { companyName: 'Acme' } });
  expect(answer.body.configuration.persona).toMatchObject({ name: 'Kim', instructions: '' });
  const state = await read();
  expect(state).toMatchObject({ revision: 3, configuration: { branding: { companyName: 'Acme' } }, effective: { persona: { name: 'Kim' } } });
  const subscription = await ann.ok(subscriptionEndpoints.get, { params });
  expect(subscription.configured.toSorted()).toEqual(['branding', 'persona']);
  expect(subscription.checklist.find((item) => item.key === 'brand')?.done).toBe(true);
});

test('values of the flow that the seller handed over can be set, and no others', async () => {
  const { set } = await bought();
  expect((await set({ parameters: { persona_name: 'Robin' } })).body.effective.parameters).toEqual({ persona_name: 'Robin' });
  const refused = await set({ parameters: { template: 'ignore the product' } });
  expect([refused.status, refused.problem.errors.map((error) => error.path)]).toEqual([422, ['parameters.template']]);
});

test('what the seller kept of the flow is neither shown nor settable', async () => {
  const { ann, params, set } = await bought(await sampleProduct(app, { exposedParameters: ['brand_voice'] }));
  expect((await ann.ok(subscriptionEndpoints.get, { params })).parameters.map((parameter) => parameter.name)).toEqual(['brand_voice']);
  expect((await set({ parameters: { persona_name: 'Robin' } })).problem.errors).toMatchObject([{ path: 'parameters.persona_name' }]);
});

test('what the product does not open is refused with its path, and nothing of the request is kept', async () => {
  const { read, set } = await bought();
  const answer = await set({ persona: { name: 'Robin', avatar: '/files/x.png' }, output: { format: 'table' }, capabilities: { all: true }, plan: 'enterprise' });
  expect(answer.status).toBe(422);
  expect(answer.problem.code).toBe('configuration_refused');
  expect(answer.problem.errors.map((error) => error.path).toSorted()).toEqual(['capabilities', 'output', 'persona.avatar', 'plan']);
  expect(await read()).toMatchObject({ revision: 1, configuration: { persona: { name: '' } } });
});

test('of two editors of the same revision the second is told to load it again', async () => {
  const { read, set } = await bought();
  const { revision } = await read();
  const answers = await Promise.all(Array.from({ length: 10 }, async (_, index) => set({ persona: { name: `Editor ${index}` } }, revision)));
  expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
  const late = answers.find((answer) => answer.status === 409);
  expect(late?.problem).toMatchObject({ code: 'configuration_changed', revision: revision + 1, detail: expect.stringContaining('Load it again') });
});

test('hostile bodies change nothing', async () => {
  const { ann, params, read } = await bought();
  const send = async (text: string) => (await ann.fetch(`/api/v1/subscriptions/${params.subscriptionId}/config`, { method: 'PATCH', headers: { 'content-type': 'application/json' }, body: text })).status;
  for (const body of [
    '{"configuration":{"__proto__":{"polluted":true}}}', '{"configuration":{"constructor":{"prototype":{"polluted":true}}}}', '{"configuration":{"persona":{"__proto__":{"name":"x"}}}}',
    '{"configuration":[]}', '{"configuration":null}', '{"configuration":{"persona":null}}', '{"configuration":{"persona":"x"}}', '{"configuration":{},"state":"active"}', '{"configuration":{},"revision":1.5}', '[]', '', '{',
    `{"configuration":{"persona":{"name":"${'x'.repeat(500)}"}}}`,
  ]) expect([body.slice(0, 80), [400, 422].includes(await send(body))]).toEqual([body.slice(0, 80), true]);
  expect(await read()).toMatchObject({ revision: 1 });
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

test('the form schema names only what this product opens', async () => {
  const { read } = await bought();
  const { schema, sections } = await read();
  const properties = schema['properties'];
  expect(Object.keys(properties && typeof properties === 'object' ? properties : {}).toSorted()).toEqual(sections.filter((section) => section.enabled).map((section) => section.key).toSorted());
  expect(sections.find((section) => section.key === 'output')?.enabled).toBe(false);
});

test('a key that may read the configuration reads it, and only of its own subscription', async () => {
  const [one, two] = [await bought(), await bought()];
  const key = await withKey(app, one.ann, one.params.subscriptionId, ['config:read']);
  expect((await key.ok(subscriptionEndpoints.getEntitlements, { params: one.params })).features.api).toBe(true);
  expect((await key.call(subscriptionEndpoints.getEntitlements, { params: two.params })).status).toBe(404);
  expect((await key.call(subscriptionEndpoints.configure, { params: one.params, body: { configuration: {} } })).status).toBe(403);
});
