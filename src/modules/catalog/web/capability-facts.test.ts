import { expect, test } from 'vitest';
import { withCategoryDefaults } from '#modules/capabilities/index.ts';
import { capabilityFacts } from './capability-facts.ts';

const factsOf = (category: 'agent' | 'automation', declared: unknown, parameters: Parameters<typeof capabilityFacts>[0]['parameters'] = []) =>
  capabilityFacts({ capabilities: withCategoryDefaults(category, null, declared), parameters });
const texts = (groups: ReturnType<typeof factsOf>, key: string) => groups.find((group) => group.key === key)?.facts.map(({ text }) => text) ?? [];

test('what is switched off is not promised', () => {
  const groups = factsOf('agent', { interfaces: { widget: { enabled: false }, api: { enabled: false } }, configuration: { rag: { enabled: false } } });
  expect(texts(groups, 'channels')).toEqual(['Chat page']);
  expect(texts(groups, 'data')).toContain('Works with what you send it');
  expect(texts(groups, 'does')).not.toContain('Answers from your own content');
});

test('limits of the declaration appear in the words', () => {
  const groups = factsOf('agent', { configuration: { rag: { sources: { documents: { enabled: true, maxFiles: 1, maxFileSize: 20, formats: ['pdf', 'md'] } } } } });
  const documents = groups.find(({ key }) => key === 'data')?.facts.find(({ text }) => text === 'Documents you upload');
  expect(documents?.detail).toBe('PDF and MD; up to 1 file, 20 MB each');
});

test('an automation says what starts it and what it works with', () => {
  const does = factsOf('automation', {}).find(({ key }) => key === 'does')?.facts ?? [];
  expect(does.find(({ text }) => text === 'Runs by itself')?.detail).toBe('started by webhook, schedule, event, manual, and API');
  expect(does.find(({ text }) => text === 'Acts in other systems')?.detail).not.toContain('code');
});

test('a group without a line is left out', () => {
  expect(factsOf('agent', { analytics: { usage: { enabled: false }, conversations: { enabled: false } } }).map(({ key }) => key)).not.toContain('see');
});

test('what cannot be used yet is announced, not promised', () => {
  const groups = factsOf('agent', { interfaces: { api: { enabled: true, protocols: ['rest', 'mcp'] } }, configuration: { rag: { sources: { websites: { enabled: true } } } } });
  expect(texts(groups, 'data')).toContain('Pages of your website');
  expect(groups.find(({ key }) => key === 'channels')?.facts.find(({ text }) => text === 'API')?.detail).toMatch(/^REST and MCP \(coming\);/);
});

test('a product that runs elsewhere says who gets the messages', () => {
  const on = (engine: unknown) => factsOf('agent', { runtime: { engine } }).find(({ key }) => key === 'runs')?.facts[0];
  expect(on({ kind: 'builtin' })?.text).toBe('On the shared runtime of this marketplace');
  expect(on({ kind: 'http', server: 'x' })).toEqual({ text: 'On a server of its provider', detail: 'which gets your messages, what you configured and matching passages of your knowledge' });
  expect(on({ kind: 'langflow', server: 'operator' })?.text).toBe('On the Langflow server of this marketplace');
});
