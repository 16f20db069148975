import type { StepFragment } from './fragment.ts';
import type { StepBuilder } from './step-builder.ts';

/** A node with one way in and one way out. */
export interface AddedNode { node: string; input: string; output: string }

/** Sets fields of every item; the others go, as n8n's steps give only what they made. */
export function addItems(step: StepBuilder, fields: Record<string, unknown>, suffix = ''): AddedNode {
  const node = step.add('transform.set', { fields: Object.entries(fields).map(([name, value]) => ({ name, value })), keep: 'none', dotPaths: false }, suffix);
  return { node, input: 'input', output: 'output' };
}

/** Brings several ways together. */
export function addMerge(step: StepBuilder, mode: string, suffix: string): AddedNode {
  const node = step.add('logic.merge', { mode }, suffix, 'together');
  return { node, input: 'inputs', output: 'output' };
}

/** Does a step that works once on one value for every item by itself, and collects the results. */
export function perItem(step: StepBuilder, type: string, config: Record<string, unknown>, ports: { input: string; output: string }): StepFragment {
  const loop = step.add('logic.for-each', {}, 'each', 'each item');
  const work = step.add(type, config, 'work', 'work');
  const id = step.add('logic.pass', {});
  step.link(loop, 'item', work, ports.input);
  step.link(work, ports.output, loop, 'feedback');
  step.link(loop, 'done', id, 'input');
  return step.fragment({ mappedTo: type, input: () => ({ node: loop, port: 'items' }), outputPort: 'output' });
}
