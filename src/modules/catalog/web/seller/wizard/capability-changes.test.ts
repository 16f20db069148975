import { expect, test } from 'vitest';
import { changedPaths, declaredPart, spoken } from './capability-changes.ts';

const base = {
  category: 'agent', interfaces: { chat: { enabled: true, modes: ['text'] }, widget: { enabled: true } },
  configuration: { knowledge: { enabled: true }, rag: { enabled: true, limits: { maxChunks: 50 } } },
};

test('only what differs is declared, and lists are declared as a whole', () => {
  const value = { ...base, interfaces: { chat: { enabled: true, modes: ['text', 'voice'] }, widget: { enabled: false } } };
  expect(declaredPart(value, base)).toEqual({ interfaces: { chat: { modes: ['text', 'voice'] }, widget: { enabled: false } } });
  expect(changedPaths(value, base)).toEqual([['interfaces', 'chat', 'modes'], ['interfaces', 'widget', 'enabled']]);
});

test('nothing changed declares nothing', () => {
  expect(declaredPart(structuredClone(base), base)).toEqual({});
  expect(changedPaths(structuredClone(base), base)).toEqual([]);
});

test('the mirror of the knowledge block and the category are never declared', () => {
  const value = { ...base, category: 'app', configuration: { knowledge: { enabled: false }, rag: { enabled: false, limits: { maxChunks: 50 } } } };
  expect(declaredPart(value, base)).toEqual({ configuration: { rag: { enabled: false } } });
});

test('values are said in words', () => {
  expect([true, false, [], ['a', 'b'], '', 12].map(spoken)).toEqual(['On', 'Off', 'None', 'a, b', 'Empty', '12']);
});
