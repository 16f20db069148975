import { expect, test } from 'vitest';
import { apiKeyEndpoints } from '#modules/gateway/contract.ts';
import { subscriptionEndpoints } from '#modules/subscriptions/contract.ts';
import { startApp } from '../../testing/app.ts';
import { sampleProduct } from '../../testing/products.ts';
import { widgetEndpoints } from './contract.ts';
import { draftConfig } from './web/draft-config.ts';

const app = await startApp();
const product = await sampleProduct(app, {
  knowledge: false,
  capabilities: { configuration: { rag: { enabled: false } }, interfaces: { widget: { enabled: true, types: ['floating', 'inline', 'popup', 'fullpage'], customization: { theme: true, colors: true, position: true, size: true, avatar: true, launcher: true } } } },
});

async function subscriber() {
  const buyer = await app.person('Wil');
  await app.settled();
  const { subscription_id: subscriptionId } = await buyer.ok(subscriptionEndpoints.subscribe, { body: { product_id: product.productId, plan_id: product.planIds.free ?? '', project_id: buyer.projectId } });
  await app.settled();
  const params = { subscriptionId };
  const configure = async (configuration: Record<string, unknown>) => { await buyer.ok(subscriptionEndpoints.configure, { params, body: { configuration } }); };
  return { buyer, params, configure, embed: async () => buyer.ok(widgetEndpoints.embed, { params }) };
}

test('the builder’s preview shows exactly what the widget would be told after saving', async () => {
  const { buyer, params, configure, embed } = await subscriber();
  await configure({ branding: { primaryColor: '#7c3aed', logo: 'https://cdn.example.com/logo.png' }, persona: { name: 'Ada' } });
  const before = await embed();
  const { effective } = await buyer.ok(subscriptionEndpoints.getConfiguration, { params });
  const { logo } = await buyer.ok(subscriptionEndpoints.get, { params });
  const ground = { saved: before.config, effective, logo, origin: app.baseUrl };
  expect(before.config).toMatchObject({ avatar: 'https://cdn.example.com/logo.png', logo: null });
  expect(draftConfig(ground, {})).toEqual(before.config);

  const drafts = [
    { theme: 'dark', primaryColor: '#0e7490', position: 'top-left', size: 'large', avatar: 'https://cdn.example.com/a.png', launcher: { label: 'Ask us', icon: '/files/icon.png' }, greeting: 'Hello', autoOpen: true, sound: true },
    { theme: 'custom', primaryColor: '', launcher: { label: '', icon: '' } },
  ];
  for (const draft of drafts) {
    await configure({ widget: { ...effective.widget, ...draft } });
    expect(draftConfig(ground, draft)).toEqual((await embed()).config);
  }
});

test('half a colour or a broken address in the form leaves the preview as it was', async () => {
  const { buyer, params, embed } = await subscriber();
  const { config } = await embed();
  const { effective } = await buyer.ok(subscriptionEndpoints.getConfiguration, { params });
  const ground = { saved: config, effective, logo: null, origin: app.baseUrl };
  expect(draftConfig(ground, { primaryColor: '#7c3', avatar: 'https://', theme: 'pink', position: null, launcher: 'x' })).toMatchObject({ colors: config.colors, avatar: null, theme: config.theme, position: config.position, launcher: { icon: null, label: null } });
});

test('code is given for the shapes that are switched on, with the newest key that still works', async () => {
  const { buyer, params, configure, embed } = await subscriber();
  const keys = async () => (await embed()).snippets.map(({ key }) => key);
  const floating = ['script', 'init', 'queue', 'legacy'];
  expect(await keys()).toEqual([...floating, 'inline', 'popup', 'fullpage']);
  await configure({ widget: { types: ['floating'] } });
  expect(await keys()).toEqual(floating);

  const { data } = await buyer.ok(apiKeyEndpoints.list, { params });
  const old = data.find(({ kind }) => kind === 'publishable');
  const successor = await buyer.ok(apiKeyEndpoints.rotate, { params: { ...params, keyId: old?.id ?? '' }, body: { overlap_hours: 24 } });
  const shown = await embed();
  expect(shown.publishable_key).toBe(successor.secret);
  for (const { code } of shown.snippets) expect(code).toContain(successor.secret);
});
