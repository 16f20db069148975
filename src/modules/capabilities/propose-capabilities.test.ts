import { expect, test } from 'vitest';
import { withCategoryDefaults } from './category-defaults.ts';
import { DeclaredCapabilities } from './contract.ts';
import { proposeCapabilities } from './propose-capabilities.ts';
import type { FlowSummary } from './propose-capabilities.ts';

const summary: FlowSummary = {
  traits: { chat: true, streaming: true, knowledge: true, memory: true, tools: true, files: false, images: true, agents: 3, code: false },
  entryPoints: [{ kind: 'chat' }], parameters: [{ name: 'persona_name' }, { name: 'supported_languages' }],
  requires: { models: ['large', 'large', ''], connections: ['crm'], secrets: [], mcpServers: ['x'.repeat(500)] },
};

test('a multilingual, seeing team of agents is proposed as such', () => {
  const proposed = proposeCapabilities('agent', null, summary);
  expect(DeclaredCapabilities.safeParse(proposed).error).toBeUndefined();
  const capabilities = withCategoryDefaults('agent', null, proposed);
  expect(capabilities.subcategory).toEqual({ agent: 'multi' });
  expect(capabilities.interfaces.chat.features).toEqual({ streaming: true, fileUpload: false, imageInput: true, multiTurn: true, suggestedReplies: true });
  expect(capabilities.configuration.persona.options).toMatchObject({ name: true, language: true, tone: true });
  expect(capabilities.configuration.rag).toMatchObject({ enabled: true, sources: { documents: { enabled: true } } });
  expect(capabilities.runtime.dependencies).toEqual({ models: ['large'], services: ['crm'], mcpServers: [] });
});

test('what the flow does not do is declared off, over the defaults of the category', () => {
  const traits = { ...summary.traits, knowledge: false, images: false, streaming: false };
  const assistant = withCategoryDefaults('assistant', 'general', proposeCapabilities('assistant', 'general', { ...summary, traits }));
  expect(assistant.configuration.rag.enabled).toBe(false);
  expect(assistant.interfaces.chat.features).toMatchObject({ fileUpload: false, imageInput: false, streaming: false });
  expect(assistant.subcategory).toEqual({ assistant: 'general' });
});

test('a flow that answers in chat form but takes no message is not proposed for chat', () => {
  const agent = withCategoryDefaults('agent', null, proposeCapabilities('agent', null, { ...summary, entryPoints: [{ kind: 'manual' }] }));
  expect([agent.interfaces.chat.enabled, agent.interfaces.widget.enabled, agent.interfaces.api.enabled]).toEqual([false, false, true]);
});

test('an app that searches knowledge gets sources to fill it from', () => {
  const { rag } = withCategoryDefaults('app', null, proposeCapabilities('app', null, summary)).configuration;
  expect(rag).toMatchObject({ enabled: true, sources: { documents: { enabled: true }, databases: { enabled: false } } });
});

test('an automation is proposed with the triggers its flow has', () => {
  const automation = withCategoryDefaults('automation', null, proposeCapabilities('automation', null, { ...summary, entryPoints: [{ kind: 'webhook' }] }));
  expect(automation.interfaces.chat.enabled).toBe(false);
  expect(automation.configuration.workflowAdvanced.triggers).toMatchObject({ webhook: { enabled: true }, event: { enabled: false }, manual: { enabled: true } });
});
