import { expect, test } from 'vitest';
import { withCategoryDefaults } from './category-defaults.ts';
import { CATEGORIES, Entitlements, ProductCapabilities } from './contract.ts';
import type { EntitledPlan } from './contract.ts';
import { entitlements } from './entitlements.ts';

const plan = (over: Partial<EntitledPlan> = {}): EntitledPlan => ({ tier: 'starter', limits: {}, runtime: 'shared', ...over });
const agent = withCategoryDefaults('agent', 'single', {});

test('limits a plan does not state are those of its tier', () => {
  expect(entitlements(agent, plan())).toMatchObject({
    messagesPerPeriod: 1000, tokensPerPeriod: 100_000, apiCallsPerPeriod: null, apiCallsPerMinute: 60, concurrency: 5, users: 1, priority: 'normal', support: 'email', sla: 'best-effort', runtime: 'shared',
  });
  expect(entitlements(agent, plan({ tier: 'pro' }))).toMatchObject({
    messagesPerPeriod: 10_000, tokensPerPeriod: 1_000_000, apiCallsPerMinute: 300, concurrency: 20, users: 5, priority: 'high', support: 'priority', sla: '99.5%',
  });
  expect(entitlements(agent, plan({ tier: 'enterprise', runtime: 'dedicated' }))).toMatchObject({
    messagesPerPeriod: null, tokensPerPeriod: null, apiCallsPerMinute: 1000, concurrency: 100, users: null, priority: 'highest', support: '24x7', sla: '99.9%', runtime: 'dedicated',
  });
});

test('what a plan states wins over its tier, and null is unlimited', () => {
  const stated = entitlements(agent, plan({ limits: { messages: 50, tokens: null, apiCalls: 9, users: null, requestsPerMinute: 30, concurrency: 2, storageMB: 5, documents: 3 } }));
  expect(stated).toMatchObject({ messagesPerPeriod: 50, tokensPerPeriod: null, apiCallsPerPeriod: 9, users: null, apiCallsPerMinute: 30, concurrency: 2, storageBytes: 5 * 1024 * 1024, documentsMax: 3 });
});

test('the product’s own limits bound every plan', () => {
  const fragile = withCategoryDefaults('agent', 'single', { runtime: { limits: { rateLimit: 10, concurrency: 2, timeout: 30 } } });
  for (const tier of ['starter', 'pro', 'enterprise', 'custom'] as const)
    expect(entitlements(fragile, plan({ tier, limits: { requestsPerMinute: null, concurrency: null, storageMB: null, documents: 10_000 } })))
      .toMatchObject({ apiCallsPerMinute: 10, concurrency: 2, timeoutSeconds: 30, storageBytes: 500 * 1024 * 1024, documentsMax: 50 });
});

test('a custom plan states its quotas itself, with the rates of a starter when shared and of enterprise when dedicated', () => {
  expect(entitlements(agent, plan({ tier: 'custom' }))).toMatchObject({ messagesPerPeriod: null, apiCallsPerMinute: 60, priority: 'normal', runtime: 'shared' });
  expect(entitlements(agent, plan({ tier: 'custom', runtime: 'dedicated' }))).toMatchObject({ apiCallsPerMinute: 1000, priority: 'highest', runtime: 'dedicated' });
});

test('without knowledge there is nothing to store', () => {
  expect(entitlements(withCategoryDefaults('app', null, {}), plan({ limits: { storageMB: 100, documents: 100 } }))).toMatchObject({
    storageBytes: 0, documentsMax: 0, documentBytesMax: 0, urlsMax: 0, chunksMax: 0, qaPairsMax: 0,
    features: { knowledge: false, knowledgeSources: [], documentFormats: [], citations: false },
  });
});

test('sources and steps for enterprise stay closed to other plans', () => {
  const declared = { configuration: { rag: { enabled: true, sources: { databases: true, apis: true, websites: false } }, workflowAdvanced: { enabled: true, actions: { code: true } } } };
  const product = withCategoryDefaults('agent', 'single', declared);
  expect(entitlements(product, plan({ tier: 'pro' })).features).toMatchObject({ knowledgeSources: ['documents', 'qaPairs'], codeSteps: false });
  expect(entitlements(product, plan({ tier: 'enterprise' })).features).toMatchObject({ knowledgeSources: ['documents', 'qaPairs', 'databases', 'apis'], codeSteps: true });
});

test('no plan entitles to what is not declared', () => {
  const { features } = entitlements(ProductCapabilities.parse({ category: 'agent' }), plan({ tier: 'enterprise', runtime: 'dedicated' }));
  for (const [name, value] of Object.entries(features)) expect(Array.isArray(value) ? value.length : value, name).toBe(Array.isArray(value) ? 0 : false);
});

test('a switch inside a block that is off stays off', () => {
  const off = withCategoryDefaults('agent', 'single', { interfaces: { chat: { enabled: false }, widget: { enabled: false }, api: { enabled: false } }, analytics: { conversations: { enabled: false } } });
  expect(entitlements(off, plan()).features).toMatchObject({ streaming: false, multiTurn: false, widgetTypes: [], apiProtocols: [], transcripts: false });
});

test('a product that needs its own space gets it on any plan', () => {
  expect(entitlements(withCategoryDefaults('agent', 'single', { runtime: { deployment: 'dedicated' } }), plan()).runtime).toBe('dedicated');
});

test('entitlements always match their published schema', () => {
  for (const category of CATEGORIES) for (const tier of ['starter', 'pro', 'enterprise', 'custom'] as const)
    for (const limits of [{}, { requestsPerMinute: 0, concurrency: 0, storageMB: 0 }])
      expect(Entitlements.safeParse(entitlements(withCategoryDefaults(category, null, {}), plan({ tier, limits }))).error).toBeUndefined();
});
