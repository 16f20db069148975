import { leafChanges } from '#platform/json/leaf-changes.ts';
import type { Flow, FlowNode, FlowParameter } from './contract.ts';
import type { FlowDiff } from './diff-contract.ts';

/** Entries of each list, and fields of each step, that are told; the others are counted. */
const LISTED_MAX = 200;
const FIELDS_MAX = 60;

/**
 * What differs between two flows. Steps are the same when they have the same id or, where an export gave new ids, when
 * type and name occur once on either side. Where a step stands on the canvas is no difference. Pure and linear in size.
 */
export function diffFlows(before: Flow, after: Flow): FlowDiff {
  const pairs = pairSteps(before.nodes, after.nodes);
  const later = new Map(pairs.map(([one, other]) => [one.id, other.id]));
  const [kept, keptLater] = [new Set(later.keys()), new Set(later.values())];
  const changed = pairs.flatMap(([one, other]) => {
    const { changes, omitted } = leafChanges(comparable(one), comparable(other), FIELDS_MAX);
    return changes.length === 0 ? [] : [{ ...stepOf(other), fields: changes, omitted }];
  });
  const cut = new Cut();
  return {
    steps: {
      added: cut.to(after.nodes.filter((node) => !keptLater.has(node.id)).map(stepOf)),
      removed: cut.to(before.nodes.filter((node) => !kept.has(node.id)).map(stepOf)),
      changed: cut.to(changed),
    },
    wires: diffWires(before, after, later, cut),
    parameters: diffParameters(before, after, later, new Set(changed.flatMap(({ id, fields }) => fields.map(({ path }) => `${id} ${path}`))), cut),
    requires: diffRequires(before, after, cut),
    omitted: cut.omitted,
  };
}

/** Shortens lists and counts what it left out. */
class Cut {
  omitted = 0;
  to<T>(list: readonly T[]): T[] {
    this.omitted += Math.max(0, list.length - LISTED_MAX);
    return list.slice(0, LISTED_MAX);
  }
}

const stepOf = ({ id, name, type }: FlowNode) => ({ id, name: name === '' ? id : name, type });
const comparable = ({ id: _id, position: _position, ...rest }: FlowNode): unknown => rest;

/** Steps of both flows that are the same step. */
export function pairSteps(before: readonly FlowNode[], after: readonly FlowNode[]): [FlowNode, FlowNode][] {
  const byId = new Map(after.map((node) => [node.id, node]));
  const pairs: [FlowNode, FlowNode][] = [];
  const left: FlowNode[] = [];
  for (const node of before) {
    const same = byId.get(node.id);
    if (same?.type === node.type) pairs.push([node, same]);
    else left.push(node);
  }
  const taken = new Set(pairs.map(([, node]) => node.id));
  const key = ({ type, name }: FlowNode) => `${type}\n${name}`;
  const once = (nodes: readonly FlowNode[]) => new Map([...Map.groupBy(nodes, key)].flatMap(([name, group]) => (group.length === 1 && group[0] ? [[name, group[0]]] : [])));
  const others = once(after.filter((node) => !taken.has(node.id)));
  for (const [name, node] of once(left)) {
    const same = others.get(name);
    if (same) pairs.push([node, same]);
  }
  return pairs;
}

/** Edges as they would be with the ids of the later flow; those of steps that are gone keep their own. */
function diffWires(before: Flow, after: Flow, later: ReadonlyMap<string, string>, cut: Cut): FlowDiff['wires'] {
  const names = new Map([...before.nodes, ...after.nodes].map((node) => [node.id, stepOf(node).name]));
  const keyed = (edges: Flow['edges'], map: (id: string) => string) => new Map(edges.map((edge) => [JSON.stringify([map(edge.source), edge.sourcePort, map(edge.target), edge.targetPort]), edge]));
  const [old, fresh] = [keyed(before.edges, (id) => later.get(id) ?? `gone ${id}`), keyed(after.edges, (id) => id)];
  const only = (these: ReadonlyMap<string, Flow['edges'][number]>, others: ReadonlyMap<string, unknown>) => cut.to([...these].filter(([key]) => !others.has(key)))
    .map(([, edge]) => ({ from: names.get(edge.source) ?? edge.source, fromPort: edge.sourcePort, to: names.get(edge.target) ?? edge.target, toPort: edge.targetPort }));
  return { added: only(fresh, old), removed: only(old, fresh) };
}

/** Parameters by name, for that is what buyers set. A default that repeats a setting of a step is told there (`told`: `step config.path`). */
function diffParameters(before: Flow, after: Flow, later: ReadonlyMap<string, string>, told: ReadonlySet<string>, cut: Cut): FlowDiff['parameters'] {
  const [old, fresh] = [new Map(before.parameters.map((item) => [item.name, item])), new Map(after.parameters.map((item) => [item.name, item]))];
  const named = ({ name, title }: FlowParameter) => ({ name, title: title === '' ? name : title });
  const changed = [...fresh.values()].flatMap((parameter) => {
    const known = old.get(parameter.name);
    const fields = known ? leafChanges({ ...known, node: later.get(known.node) ?? known.node }, parameter, FIELDS_MAX).changes.filter(({ path }) => path !== 'default' || !told.has(`${parameter.node} config.${parameter.path}`)) : [];
    return fields.length === 0 ? [] : [{ ...named(parameter), fields }];
  });
  return {
    added: cut.to([...fresh.values()].filter(({ name }) => !old.has(name)).map(named)), removed: cut.to([...old.values()].filter(({ name }) => !fresh.has(name)).map(named)), changed: cut.to(changed),
  };
}

function diffRequires(before: Flow, after: Flow, cut: Cut): FlowDiff['requires'] {
  const all = ({ requires }: Flow) => new Set(Object.entries(requires).flatMap(([kind, names]) => names.map((name) => `${kind}.${name}`)));
  const [old, fresh] = [all(before), all(after)];
  return { added: cut.to([...fresh].filter((name) => !old.has(name))), removed: cut.to([...old].filter((name) => !fresh.has(name))) };
}
