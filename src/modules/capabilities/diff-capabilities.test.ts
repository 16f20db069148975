import { expect, test } from 'vitest';
import { withCategoryDefaults } from './category-defaults.ts';
import { checkConfiguration, defaultConfiguration } from './contract/configuration/configuration-schema.ts';
import type { FlowParameterShape } from './contract/flow-shape.ts';
import { diffCapabilities } from './diff-capabilities.ts';
import { migrateConfiguration } from './migrate-configuration.ts';

const product = (declared: object = {}) => withCategoryDefaults('agent', 'single', declared);
const parameter = (name: string, more: Partial<FlowParameterShape> = {}): FlowParameterShape => ({ name, title: `The ${name}`, description: '', kind: 'text', choices: [], default: null, node: 'n', exposed: true, ...more });

test('equal declarations do not differ', () => {
  expect(diffCapabilities(product(), product())).toEqual([]);
});

test('what buyers gain and lose is named by path and in the words of the form', () => {
  const before = product({ interfaces: { chat: { features: { fileUpload: false, streaming: true } } }, runtime: { limits: { concurrency: 5 } } });
  const after = product({ interfaces: { chat: { features: { fileUpload: true, streaming: false } } }, runtime: { limits: { concurrency: 20 } } });
  expect(diffCapabilities(before, after).map(({ path, effect, title }) => [path, effect, title])).toEqual([
    ['interfaces.chat.features.streaming', 'loss', expect.stringMatching(/^Interfaces, Chat/)], ['interfaces.chat.features.fileUpload', 'gain', expect.stringContaining('Interfaces, Chat')],
    ['runtime.limits.concurrency', 'gain', expect.stringContaining('Runtime')],
  ]);
});

test('a list that only grew is a gain, one that only shrank a loss, any other a change', () => {
  const formats = (list: string[]) => product({ configuration: { rag: { enabled: true, sources: { documents: { enabled: true, formats: list } } } } });
  const effect = (before: string[], after: string[]) => diffCapabilities(formats(before), formats(after)).map((change) => change.effect);
  expect([effect(['pdf'], ['pdf', 'csv']), effect(['pdf', 'csv'], ['csv']), effect(['pdf'], ['csv'])]).toEqual([['gain'], ['loss'], ['change']]);
});

test('what changes inside a block that stays off is not told, and knowledge is told once', () => {
  const rag = (enabled: boolean, maxFiles: number) => product({ configuration: { rag: { enabled, sources: { documents: { enabled: true, maxFiles } } } } });
  expect(diffCapabilities(rag(false, 10), rag(false, 20))).toEqual([]);
  expect(diffCapabilities(rag(true, 10), rag(true, 20)).map(({ path }) => path)).toEqual(['configuration.rag.sources.documents.maxFiles']);
  expect(diffCapabilities(rag(true, 10), rag(false, 10))).toContainEqual(expect.objectContaining({ path: 'configuration.rag.enabled', effect: 'loss' }));
});

const open = product();
const closed = product({ configuration: { persona: { enabled: false } } });

test('values a buyer set are kept where they fit, and others are named with the reason', () => {
  const configured = { ...defaultConfiguration(open), persona: { ...defaultConfiguration(open).persona, name: 'Robin' }, parameters: { tone: 'warm', region: 'north', gone: 'x' } };
  const from = { capabilities: open, parameters: [parameter('tone'), parameter('region'), parameter('gone')] };
  const to = { capabilities: closed, parameters: [parameter('tone'), parameter('region', { kind: 'choice', choices: ['south'] })] };
  const { configuration, kept, lost } = migrateConfiguration(from, to, configured);
  expect(kept).toEqual(['parameters.tone']);
  expect(configuration.parameters).toEqual({ tone: 'warm' });
  expect(configuration.persona).toBeUndefined();
  expect(lost).toEqual([
    { path: 'persona.name', title: 'Name', value: 'Robin', reason: 'It can no longer be set.' },
    { path: 'parameters.region', title: 'The region', value: 'north', reason: 'Choose one of: south.' },
    { path: 'parameters.gone', title: 'The gone', value: 'x', reason: 'It can no longer be set.' },
  ]);
  expect(checkConfiguration(to.capabilities, to.parameters, configuration).ok).toBe(true);
});

test('what the buyer never changed follows the new version', () => {
  const strict = product({ configuration: { rag: { enabled: true } } });
  const other = product({ configuration: { rag: { enabled: true, retrieval: { topK: 9 } } } });
  const begun = defaultConfiguration(strict);
  const { configuration, kept, lost } = migrateConfiguration({ capabilities: strict, parameters: [] }, { capabilities: other, parameters: [] }, begun);
  expect([kept, lost]).toEqual([[], []]);
  expect(configuration).toEqual(defaultConfiguration(other));
});

test('moving to the same version changes nothing', () => {
  const configured = { ...defaultConfiguration(open), branding: { ...defaultConfiguration(open).branding, companyName: 'Acme' } };
  const ground = { capabilities: open, parameters: [] };
  expect(migrateConfiguration(ground, ground, configured)).toEqual({ configuration: configured, kept: ['branding.companyName'], lost: [] });
});
