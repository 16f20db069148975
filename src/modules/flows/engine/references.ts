import type { FlowNode } from '../contract.ts';
import { references } from '../expression/resolve.ts';
import { typeOf } from './flow-graph.ts';

/** Ids of the steps a node names in its expressions or code. They run before it, although no edge says so. */
export function referencesOf(node: FlowNode, nodes: ReadonlyMap<string, FlowNode>): readonly string[] {
  const type = typeOf(node);
  const named = new Set<string>(type?.expressions ? references(node.config) : []);
  const listed = type?.family === 'code' ? node.config['references'] : undefined;
  if (Array.isArray(listed)) for (const id of listed) if (typeof id === 'string') named.add(id);
  named.delete(node.id);
  return [...named].filter((id) => nodes.has(id));
}
