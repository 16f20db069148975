import { expect, test } from 'vitest';
import { z } from 'zod';
import { withCategoryDefaults } from '../../category-defaults.ts';
import { Configuration } from './configuration.ts';
import { SECTIONS } from './sections.ts';
import { checkConfiguration, configurationSchema, configurationSections, defaultConfiguration, effectiveConfiguration } from './configuration-schema.ts';
import { CATEGORIES, ProductCapabilities } from '../../contract.ts';
import type { FlowParameterShape } from '../flow-shape.ts';
import { isRecord } from '../../merge-deep.ts';

const parameter = (over: Partial<FlowParameterShape>): FlowParameterShape =>
  ({ name: 'brand_voice', title: 'Brand voice', description: '', kind: 'text', choices: [], default: null, node: 'n1', exposed: true, ...over });

const agent = withCategoryDefaults('agent', 'single', {});
const nothing = ProductCapabilities.parse({ category: 'agent' });

/** Every switch on, so that every field is open. */
const switchedOn = (value: unknown): unknown =>
  (value === false ? true : isRecord(value) ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, switchedOn(inner)])) : value);
const everything = ProductCapabilities.parse(switchedOn(nothing));

const issuesOf = (capabilities: ProductCapabilities, candidate: unknown, parameters: readonly FlowParameterShape[] = []) => {
  const checked = checkConfiguration(capabilities, parameters, candidate);
  return checked.ok ? [] : checked.issues;
};
const pathsOf = (...args: Parameters<typeof issuesOf>) => issuesOf(...args).map((issue) => issue.path);

/** Every field the widest configuration knows, as `section.field`. */
const allFields = Object.entries(SECTIONS).flatMap(([key, { fields }]) => Object.keys(fields).map((field) => [key, field] as const));

test('a product that opens nothing accepts only an empty configuration', () => {
  expect(defaultConfiguration(nothing)).toEqual({});
  for (const [key, field] of allFields) {
    expect(issuesOf(nothing, { [key]: { [field]: 'x' } })).toEqual([{ path: key, message: `This product does not let you set ${key}.` }]);
  }
});

test('a product that opens everything accepts every field at its initial value', () => {
  const configuration = defaultConfiguration(everything);
  for (const [key, field] of allFields) expect(configuration, `${key}.${field}`).toHaveProperty([key, field]);
  expect(checkConfiguration(everything, [], configuration)).toEqual({ ok: true, value: configuration });
});

test('for every category each field is either open with a default or refused with its path', () => {
  for (const category of CATEGORIES) {
    const capabilities = withCategoryDefaults(category, null, {});
    const open: Readonly<Record<string, unknown>> = defaultConfiguration(capabilities);
    for (const [key, field] of allFields) {
      const section = open[key];
      const value = isRecord(section) ? section[field] : undefined;
      if (value !== undefined) expect(pathsOf(capabilities, { [key]: { [field]: value } }), `${category} ${key}.${field}`).toEqual([]);
      else expect(pathsOf(capabilities, { [key]: { [field]: 'x' } }), `${category} ${key}.${field}`).toEqual([section === undefined ? key : `${key}.${field}`]);
    }
  }
});

test('turning one option off closes exactly its fields', () => {
  for (const option of ['name', 'avatar', 'tone', 'language', 'instructions', 'boundaries'] as const) {
    const capabilities = structuredClone(everything);
    capabilities.configuration.persona.options[option] = false;
    const closed = option === 'name' ? ['name', 'role'] : [option];
    expect(Object.keys(SECTIONS.persona.fields).filter((field) => !(field in (defaultConfiguration(capabilities).persona ?? {})))).toEqual(closed);
  }
});

test('retrieval opens to buyers only where the seller lets them change it', () => {
  const open = (retrieval: object) => Object.keys(defaultConfiguration(withCategoryDefaults('agent', 'single', { configuration: { rag: { retrieval } } })).rag ?? {});
  const always = ['strictMode', 'fallback', 'confidenceThreshold'];
  expect(open({})).toEqual(['topK', 'method', 'reranking', ...always, 'citations', 'includeSnippets', 'historyTurns']);
  expect(open({ search: { customizable: false }, citations: false })).toEqual([...always, 'historyTurns']);
  expect(open({ reranking: false, citations: false })).toEqual(['topK', 'method', ...always, 'historyTurns']);
});

test('what a product does not open is named in the refusal, wherever it is', () => {
  const issues = issuesOf(agent, { persona: { avatar: '/files/a' }, output: {}, rag: { chunking: { chunkSize: 300 } } });
  expect(issues).toHaveLength(3);
  for (const path of ['persona.avatar', 'rag.chunking', 'output']) expect(issues).toContainEqual({ path, message: `This product does not let you set ${path}.` });
});

test('faults are told in words that say what to do', () => {
  expect(Object.fromEntries(issuesOf(everything, {
    persona: { name: 'x'.repeat(81), tone: 'rude', instructions: 5 }, conversation: { suggestedPrompts: Array.from({ length: 9 }, () => 'x'), welcomeVariants: [''] },
    behavior: { temperature: 7, maxTokens: 1 }, rag: { topK: 2.5, strictMode: 'yes' }, widget: { types: [] }, branding: 'blue',
  }).map(({ path, message }) => [path, message]))).toEqual({
    'persona.name': 'Use at most 80 characters.',
    'persona.tone': 'Choose one of: default, professional, friendly, casual, formal.',
    'persona.instructions': 'Enter text.',
    'conversation.suggestedPrompts': 'Use at most 8 entries.',
    'conversation.welcomeVariants.0': 'Use at least 1 character.',
    'behavior.temperature': 'Enter at most 1.',
    'behavior.maxTokens': 'Enter at least 16.',
    'rag.topK': 'Enter a whole number.',
    'rag.strictMode': 'Choose yes or no.',
    'widget.types': 'Use at least 1 entry.',
    branding: 'Send an object with fields.',
  });
});

test('keys of prototypes, unknown keys and endless depth are refused without harm', () => {
  for (const key of ['__proto__', 'constructor', 'prototype', 'toString', 'surprise']) {
    expect(pathsOf(everything, JSON.parse(`{"${key}":{"x":1}}`))).toEqual([key]);
    for (const section of Object.keys(SECTIONS)) expect(pathsOf(everything, JSON.parse(`{"${section}":{"${key}":{"x":1}}}`))).toEqual([`${section}.${key}`]);
    expect(pathsOf(everything, JSON.parse(`{"parameters":{"${key}":1}}`), [parameter({}), parameter({ name: 'constructor' })])).toEqual([`parameters.${key}`]);
  }
  let deep: unknown = 1;
  for (let level = 0; level < 10_000; level++) deep = { persona: deep };
  expect(pathsOf(everything, deep)).toEqual(['persona.persona']);
  expect(pathsOf(everything, { persona: { name: deep } })).toEqual(['persona.name']);
  for (const candidate of [null, 5, 'text', [], [[]]]) expect(pathsOf(everything, candidate)).toEqual(['']);
  expect(issuesOf(everything, Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`k${index}`, 1])))).toHaveLength(50);
  expect(pathsOf(everything, { ['x'.repeat(10_000)]: 1 })[0]).toHaveLength(80);
  expect(Object.hasOwn(Object.prototype, 'x')).toBe(false);
});

test.each([
  ['branding.primaryColor', 'red'], ['branding.primaryColor', '#12345'], ['branding.primaryColor', '#2563eb;}'], ['widget.primaryColor', 'url(x)'],
  ['branding.logo', 'javascript:alert(1)'], ['branding.logo', 'http://a.example/x.png'], ['branding.logo', '/files/../secret'], ['branding.logo', '/other/x'],
  ['branding.logo', 'https://a.example/x.png" onerror="x'], ['branding.logo', 'https://user@a.example/x'], ['persona.avatar', 'data:text/html,x'],
  ['branding.customCss', 'a{}</style><script>'], ['branding.customCss', '@IMPORT "x";'], ['branding.customCss', 'a{background:URL(https://x)}'], ['branding.customCss', 'a{b:\\75rl(x)}'], ['branding.customCss', 'a{b:image("https://x")}'],
  ['persona.language', 'english!'], ['persona.tone', 'rude'], ['persona.name', 'x'.repeat(81)], ['persona.instructions', 'x'.repeat(4001)],
  ['behavior.temperature', 1.1], ['behavior.temperature', Number.NaN], ['behavior.maxTokens', 1e9], ['behavior.maxTokens', 12.5], ['behavior.escalateAfterUnanswered', -1],
  ['rag.topK', 0], ['rag.topK', 51], ['rag.method', 'magic'], ['rag.confidenceThreshold', 2], ['rag.chunking', { chunkSize: 64, overlap: 64 }],
  ['widget.types', []], ['widget.types', ['popup']], ['widget.position', 'middle'],
  ['widget.allowedDomains', ['*.com']], ['widget.allowedDomains', ['https://a.example']], ['widget.allowedDomains', ['a.example/path']], ['widget.allowedDomains', ['*']], ['widget.allowedDomains', ['*.example.co.uk']],
  ['conversation.welcomeVariants', Array.from({ length: 11 }, () => 'x')],
])('%s refuses %j', (path, value) => {
  const [section = '', field = ''] = path.split('.');
  const issues = pathsOf(everything, { [section]: { [field]: value } });
  expect(issues).toHaveLength(1);
  expect(issues[0]).toContain(path);
});

test.each([
  ['branding.primaryColor', '#6B46C1'], ['branding.logo', 'https://mycompany.com/logo.png?v=2'], ['branding.logo', '/files/0b0f/logo.png'], ['branding.logo', ''],
  ['branding.customCss', '.launcher { border-radius: 4px !important } /* mine */'], ['persona.language', 'auto'], ['persona.language', 'zh-Hant-TW'],
  ['widget.allowedDomains', ['example.com', 'localhost:3000', 'xn--mnchen-3ya.de', 'shop.xn--p1ai']], ['rag.chunking', { chunkSize: 300 }],
])('%s accepts %j', (path, value) => {
  const [section = '', field = ''] = path.split('.');
  expect(issuesOf(everything, { [section]: { [field]: value } })).toEqual([]);
});

test('bounds of patterns are reached in no time, whatever the text', () => {
  const started = performance.now();
  for (const hostile of ['a.'.repeat(60_000), `${'a'.repeat(60_000)}!`, `https://${'a.'.repeat(60_000)}`, '/files/' + '../'.repeat(30_000), '#'.repeat(60_000), 'url'.repeat(6000)])
    issuesOf(everything, { branding: { logo: hostile, primaryColor: hostile, customCss: hostile }, persona: { language: hostile }, widget: { allowedDomains: [hostile, hostile] } });
  expect(performance.now() - started).toBeLessThan(500);
});

test('models are narrowed to those the seller allows, and to the catalogue where none is named', () => {
  const choosing = structuredClone(agent);
  choosing.configuration.rag.generation.model = { default: 'large', alternatives: ['small', 'large'], customizable: true };
  expect(defaultConfiguration(choosing).behavior?.model).toBe('large');
  expect(pathsOf(choosing, { behavior: { model: 'small' } })).toEqual([]);
  expect(pathsOf(choosing, { behavior: { model: 'other' } })).toEqual(['behavior.model']);
  expect(pathsOf(agent, { behavior: { model: 'small' } })).toEqual(['behavior.model']);
  choosing.configuration.rag.generation.model.alternatives = [];
  expect(pathsOf(choosing, { behavior: { model: 'any-of-the-catalogue' } })).toEqual([]);
});

test('exposed parameters are typed after the flow, others are refused', () => {
  const parameters = [
    parameter({ name: 'languages', kind: 'list', default: ['en'] }), parameter({ name: 'depth', kind: 'number', default: 3 }),
    parameter({ name: 'style', kind: 'choice', choices: ['a', 'b', 'a'], default: 'b' }), parameter({ name: 'verbose', kind: 'boolean' }),
    parameter({ name: 'long', kind: 'long-text', default: 7 }), parameter({ name: 'hidden_one', exposed: false }), parameter({ name: '__proto__' }), parameter({ name: 'Bad-Name' }),
  ];
  const good = { parameters: { languages: ['de'], depth: 2, style: 'a', verbose: true, long: 'x'.repeat(4000) } };
  expect(checkConfiguration(nothing, parameters, good)).toEqual({ ok: true, value: good });
  expect(pathsOf(nothing, { parameters: { languages: 'de', depth: '2', style: 'c', verbose: 1, long: 'x'.repeat(4001) } }, parameters))
    .toEqual(['parameters.languages', 'parameters.depth', 'parameters.style', 'parameters.verbose', 'parameters.long']);
  expect(issuesOf(nothing, { parameters: { hidden_one: 'x' } }, parameters)).toEqual([{ path: 'parameters.hidden_one', message: 'This product does not let you set parameters.hidden_one.' }]);
  const form = z.toJSONSchema(configurationSchema(nothing, { parameters }), { io: 'input' });
  expect(form.properties).toMatchObject({ parameters: { properties: {
    languages: { type: 'array', default: ['en'], title: 'Brand voice', ui: { widget: 'tags' } }, style: { enum: ['a', 'b'], default: 'b' }, depth: { type: 'number', default: 3 },
  } } });
  expect(Object.keys(Object(form.properties).parameters.properties)).toEqual(['languages', 'depth', 'style', 'verbose', 'long']);
});

test('the form schema carries title, description, hint, bounds and default of every field', () => {
  const form = z.toJSONSchema(configurationSchema(everything), { io: 'input' });
  const sections = Object.entries(Object(form.properties));
  expect(sections.map(([key]) => key)).toEqual(Object.keys(SECTIONS));
  for (const [key, section] of sections) {
    if (!isRecord(section) || !isRecord(section.properties)) throw new Error(`${key} is not an object`);
    expect(section, key).toMatchObject({ title: expect.any(String), description: expect.any(String), additionalProperties: false });
    for (const [name, field] of Object.entries(section.properties)) {
      expect(field, `${key}.${name}`).toMatchObject({ title: expect.any(String), description: expect.stringMatching(/\.$/), default: expect.anything() });
      if (Object(field).type !== 'object') expect(field, `${key}.${name}`).toMatchObject({ ui: { widget: expect.any(String) } });
    }
  }
  expect(Object(form.properties).rag.properties.topK).toMatchObject({ type: 'integer', minimum: 1, maximum: 50, default: 5, ui: { widget: 'number', min: 1, max: 50 } });
  expect(Object(form.properties).widget.properties.types).toMatchObject({ title: 'Widget types', items: { enum: ['floating'] }, default: ['floating'] });
  expect(Object(form.properties).guardrails.properties.competitors.ui.when).toEqual({ path: 'blockCompetitors', equals: true });
});

test('sections come in the order buyers see them and say which the product has', () => {
  const enabled = (capabilities: ProductCapabilities, parameters: readonly FlowParameterShape[] = []) =>
    configurationSections(capabilities, { parameters }).filter((section) => section.enabled).map((section) => section.key);
  expect(configurationSections(nothing).map((section) => section.key)).toEqual(['persona', 'conversation', 'branding', 'behavior', 'guardrails', 'rag', 'widget', 'output', 'parameters']);
  expect(enabled(nothing)).toEqual([]);
  expect(enabled(agent)).toEqual(['persona', 'conversation', 'branding', 'behavior', 'guardrails', 'rag', 'widget']);
  expect(enabled(withCategoryDefaults('assistant', 'writer', {}))).toEqual(['persona', 'branding', 'behavior', 'guardrails', 'widget', 'output']);
  expect(enabled(withCategoryDefaults('automation', null, {}), [parameter({})])).toEqual(['branding', 'parameters']);
});

test('what the seller fixed applies, whatever was stored before', () => {
  const strict = withCategoryDefaults('agent', 'single', { configuration: { rag: { retrieval: { search: { topK: 8, customizable: false } } } } });
  expect(pathsOf(strict, { rag: { topK: 3 } })).toEqual(['rag.topK']);
  const stored = Configuration.parse({ rag: { topK: 3, strictMode: true }, persona: { name: 'Acme', avatar: '/files/a' }, parameters: { brand_voice: 'warm', gone: 1 } });
  const effective = effectiveConfiguration(strict, [parameter({})], stored);
  expect(effective.rag).toMatchObject({ topK: 8, strictMode: true, method: 'hybrid', reranking: true, citations: 'inline' });
  expect(effective.persona).toEqual({ name: 'Acme', role: '', avatar: '', tone: 'default', language: 'auto', instructions: '', boundaries: '' });
  expect(effective.parameters).toEqual({ brand_voice: 'warm' });
  const hostile = effectiveConfiguration(strict, [parameter({})], { persona: JSON.parse('{"constructor":1,"__proto__":{"name":"x"}}'), parameters: { constructor: 'x', brand_voice: 5 } });
  expect(hostile.persona.name).toBe('');
  expect(hostile.parameters).toEqual({});
});

test('an effective configuration is complete for every category, even of an empty one', () => {
  for (const category of CATEGORIES) {
    const effective = effectiveConfiguration(withCategoryDefaults(category, null, {}), [], {});
    for (const [key, field] of allFields) expect(effective, `${category} ${key}.${field}`).toHaveProperty([key, field]);
  }
  expect(effectiveConfiguration(ProductCapabilities.parse({ category: 'app', interfaces: { widget: { types: [] } } }), [], {}).widget.types).toEqual([]);
});
