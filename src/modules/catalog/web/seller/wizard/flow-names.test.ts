import { expect, test } from 'vitest';
import { flowNames } from './flow-names.ts';

test('a collection names its flows in order', () => {
  expect(flowNames(JSON.stringify({ flows: [{ name: 'Support' }, { name: ' ' }, {}] }))).toEqual(['Support', 'Flow 2', 'Flow 3']);
  expect(flowNames(JSON.stringify([{ name: 'A' }, { name: 'B' }]))).toEqual(['A', 'B']);
});

test('a single flow and a broken file need no choice', () => {
  expect(flowNames(JSON.stringify({ name: 'One', data: { nodes: [] } }))).toEqual([]);
  expect(flowNames(JSON.stringify([{ name: 'One' }]))).toEqual([]);
  expect(flowNames('{"flows": [')).toEqual([]);
  expect(flowNames('null')).toEqual([]);
});
