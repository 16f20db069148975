import type { z } from 'zod';
import type { NodeInputs, NodeType, Value } from '../node-type.ts';

/** Declares a node type; only ties the type of the configuration to its schema. */
export const defineNode = <Config extends z.ZodType>(type: NodeType<Config>): NodeType<Config> => type;

export type { NodeInputs };

/** The value at a port; undefined when nothing is connected or the branch before it was skipped. */
export function inputAt(inputs: NodeInputs, port: string): Value | undefined {
  const value = Object.hasOwn(inputs, port) ? inputs[port] : undefined;
  return isList(value) ? value[0] : value;
}

/** All values at a `many` port. */
export function inputsAt(inputs: NodeInputs, port: string): readonly Value[] {
  const value = Object.hasOwn(inputs, port) ? inputs[port] : undefined;
  if (value === undefined) return [];
  return isList(value) ? value : [value];
}

const isList = (value: Value | readonly Value[] | undefined): value is readonly Value[] => Array.isArray(value);

export const text = (value: string): Value => ({ kind: 'text', text: value });
export const json = (value: unknown): Value => ({ kind: 'json', json: value });
