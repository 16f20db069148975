import { createHash } from 'node:crypto';
import { isRow } from '../nodes/values.ts';
import type { McpTool } from './protocol.ts';

/** Names a tool as it was when it was chosen: a hash of its name, description and schema, whatever the order of keys. */
export const pinOf = ({ name, description, inputSchema }: Pick<McpTool, 'name' | 'description' | 'inputSchema'>): string =>
  createHash('sha256').update(JSON.stringify([name, description, sorted(inputSchema, 0)])).digest('hex');

const DEPTH_MAX = 60;

function sorted(value: unknown, depth: number): unknown {
  if (depth > DEPTH_MAX) return null;
  if (Array.isArray(value)) return value.map((item) => sorted(item, depth + 1));
  if (!isRow(value)) return value;
  return Object.fromEntries(Object.keys(value).toSorted().map((key) => [key, sorted(value[key], depth + 1)]));
}

/** Only a tool that says it changes nothing is taken to change nothing. */
export const effectOf = ({ annotations }: Pick<McpTool, 'annotations'>): 'read' | 'write' => (annotations?.readOnlyHint === true && annotations.destructiveHint !== true ? 'read' : 'write');
