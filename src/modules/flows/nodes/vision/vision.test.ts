import { expect, test } from 'vitest';
import { runContext, scriptedModel } from '../../engine/testing/run-context.ts';
import type { NodeContext } from '../../node-type.ts';
import { nodeTypes } from '../registry.ts';
import { textOf } from '../values.ts';

const PICTURE = 'data:image/png;base64,iVBORw0KGgo=';
const look = async (context: NodeContext, config: Record<string, unknown> = {}) => {
  const node = nodeTypes.get('vision.describe');
  if (!node) throw new Error('no vision.describe');
  return textOf((await node.run(context, node.config.parse(config), {}))['text']);
};

test('a model that sees is asked about the pictures of the message, and what it says is counted', async () => {
  const model = scriptedModel(() => 'A 65 W charger.');
  let spent = 0;
  const context = runContext('Is it compatible?', { model: () => model, countTokens: ({ outputTokens }) => { spent += outputTokens; }, input: { text: 'Is it compatible?', history: [], images: [PICTURE] } });
  expect(await look(context, { prompt: 'Which charger is this?' })).toBe('A 65 W charger.');
  expect(model.requests[0]?.messages.at(-1)).toEqual({ role: 'user', content: 'Which charger is this?', images: [PICTURE] });
  expect(spent).toBe(5);
});

test('without pictures nothing is asked, and a model that does not see is an error in words', async () => {
  const model = scriptedModel(() => 'never');
  expect(await look(runContext('Hi', { model: () => model }))).toBe('');
  expect(model.requests).toEqual([]);
  const blind = scriptedModel(() => 'never', { tools: true, images: false });
  await expect(look(runContext('Hi', { model: () => blind, input: { text: 'Hi', history: [], images: [PICTURE] } }))).rejects.toThrow('does not see pictures');
});
