import type { Flow, FlowNode } from '#modules/flows/contract.ts';

/** The steps in the order they run, as far as there is one; what runs in a circle follows in the order of the flow. */
export const stepOrder = (flow: Flow): readonly FlowNode[] => {
  const waits = new Map(flow.nodes.map(({ id }) => [id, 0]));
  const next = new Map<string, string[]>();
  for (const { source, target } of flow.edges) {
    if (!waits.has(source) || !waits.has(target)) continue;
    waits.set(target, (waits.get(target) ?? 0) + 1);
    next.set(source, [...(next.get(source) ?? []), target]);
  }
  const byId = new Map(flow.nodes.map((node) => [node.id, node]));
  const ready = flow.nodes.filter(({ id }) => waits.get(id) === 0).map(({ id }) => id);
  const order: FlowNode[] = [];
  for (let at = 0; at < ready.length; at++) {
    const node = byId.get(ready[at] ?? '');
    if (node === undefined) continue;
    order.push(node);
    for (const target of next.get(node.id) ?? []) {
      const left = (waits.get(target) ?? 0) - 1;
      waits.set(target, left);
      if (left === 0) ready.push(target);
    }
  }
  const placed = new Set(order);
  return [...order, ...flow.nodes.filter((node) => !placed.has(node))];
};
