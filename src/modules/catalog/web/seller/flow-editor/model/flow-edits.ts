import { FailurePolicy, type Flow, type FlowEdge, type FlowNode, type FlowParameter } from '#modules/flows/contract.ts';

/** One edge by its ends; a flow has each at most once. */
export const edgeKey = ({ source, sourcePort, target, targetPort }: FlowEdge): string => JSON.stringify([source, sourcePort, target, targetPort]);

export interface Point { x: number; y: number }

/** Nodes and the edges between them, to be put in elsewhere. */
export interface FlowPart { nodes: readonly FlowNode[]; edges: readonly FlowEdge[] }

/** How far beside its original a copy is put. */
const BESIDE = 32;

const freeId = (taken: ReadonlySet<string>, wanted: string): string => {
  if (!taken.has(wanted)) return wanted;
  for (let number = 2; ; number++) if (!taken.has(`${wanted}-${number}`)) return `${wanted}-${number}`;
};

const idsOf = (flow: Flow): Set<string> => new Set(flow.nodes.map(({ id }) => id));

/** `tool.current-date` to `current-date`. */
const idOfType = (type: string): string => (type.split('.').at(-1) ?? type).replaceAll(/[^\w-]+/g, '-').slice(0, 40) || 'step';

export const addNode = (flow: Flow, { type, title, position }: { type: string; title: string; position: Point }): { flow: Flow; id: string } => {
  const id = freeId(idsOf(flow), idOfType(type));
  const names = new Set(flow.nodes.map(({ name }) => name));
  let name = title;
  for (let number = 2; names.has(name); number++) name = `${title} ${number}`;
  return { flow: { ...flow, nodes: [...flow.nodes, { id, type, name, config: {}, position }] }, id };
};

/** Removes nodes with what hangs on them: their edges and the values of them that buyers could set. */
export const removeNodes = (flow: Flow, ids: readonly string[]): Flow => {
  const gone = new Set(ids);
  if (!flow.nodes.some(({ id }) => gone.has(id))) return flow;
  return {
    ...flow,
    nodes: flow.nodes.filter(({ id }) => !gone.has(id)),
    edges: flow.edges.filter(({ source, target }) => !gone.has(source) && !gone.has(target)),
    parameters: flow.parameters.filter(({ node }) => !gone.has(node)),
  };
};

export const moveNodes = (flow: Flow, places: ReadonlyMap<string, Point>): Flow => {
  const moved = flow.nodes.some(({ id, position }) => { const to = places.get(id); return to !== undefined && (to.x !== position?.x || to.y !== position.y); });
  return moved ? { ...flow, nodes: flow.nodes.map((node) => { const to = places.get(node.id); return to === undefined ? node : { ...node, position: { x: to.x, y: to.y } }; }) } : flow;
};

export const addEdge = (flow: Flow, edge: FlowEdge): Flow => (flow.edges.some((other) => edgeKey(other) === edgeKey(edge)) ? flow : { ...flow, edges: [...flow.edges, edge] });

export const removeEdges = (flow: Flow, keys: readonly string[]): Flow => {
  const gone = new Set(keys);
  const edges = flow.edges.filter((edge) => !gone.has(edgeKey(edge)));
  return edges.length === flow.edges.length ? flow : { ...flow, edges };
};

const changeNode = (flow: Flow, id: string, change: (node: FlowNode) => FlowNode): Flow => ({ ...flow, nodes: flow.nodes.map((node) => (node.id === id ? change(node) : node)) });

export const renameNode = (flow: Flow, id: string, name: string): Flow => changeNode(flow, id, (node) => ({ ...node, name: name.slice(0, 200) }));
export const configureNode = (flow: Flow, id: string, config: FlowNode['config']): Flow => changeNode(flow, id, (node) => ({ ...node, config }));

/** What happens when the step fails; the usual policy is not written down. */
export const setFailure = (flow: Flow, id: string, policy: FailurePolicy): Flow => {
  const usual = FailurePolicy.parse({});
  const isUsual = policy.action === usual.action && policy.retries === usual.retries;
  return changeNode(flow, id, (node) => {
    const { onFailure: _, ...plain } = node;
    return isUsual ? plain : { ...plain, onFailure: policy };
  });
};

/** Another kind of step in the same place: the name stays, and of the edges those whose ports the new kind has too. */
export const replaceNode = (flow: Flow, id: string, type: { type: string; inputs: readonly { name: string }[]; outputs: readonly { name: string }[] }): Flow => {
  const changed = changeNode(flow, id, ({ name, position }) => ({ id, type: type.type, name, config: {}, ...(position === undefined ? {} : { position }) }));
  const [firstIn] = type.inputs;
  const [firstOut] = type.outputs;
  const has = (ports: readonly { name: string }[], name: string) => ports.some((port) => port.name === name);
  const edges = flow.edges.flatMap((edge): FlowEdge[] => {
    if (edge.target === id && !has(type.inputs, edge.targetPort)) return firstIn === undefined ? [] : [{ ...edge, targetPort: firstIn.name }];
    if (edge.source === id && !has(type.outputs, edge.sourcePort)) return firstOut === undefined ? [] : [{ ...edge, sourcePort: firstOut.name }];
    return [edge];
  });
  return { ...changed, edges: [...new Map(edges.map((edge) => [edgeKey(edge), edge])).values()], parameters: flow.parameters.filter(({ node }) => node !== id) };
};

export const partOf = (flow: Flow, ids: readonly string[]): FlowPart => {
  const wanted = new Set(ids);
  return { nodes: flow.nodes.filter(({ id }) => wanted.has(id)), edges: flow.edges.filter(({ source, target }) => wanted.has(source) && wanted.has(target)) };
};

/** Puts a part in under new ids, a little beside where it was. */
export const paste = (flow: Flow, part: FlowPart): { flow: Flow; ids: readonly string[] } => {
  const taken = idsOf(flow);
  const renamed = new Map<string, string>();
  for (const { id } of part.nodes) {
    const free = freeId(taken, id);
    taken.add(free);
    renamed.set(id, free);
  }
  const nodes = part.nodes.map((node): FlowNode => ({ ...node, id: renamed.get(node.id) ?? node.id, position: { x: (node.position?.x ?? 0) + BESIDE, y: (node.position?.y ?? 0) + BESIDE } }));
  const edges = part.edges.map((edge): FlowEdge => ({ ...edge, source: renamed.get(edge.source) ?? edge.source, target: renamed.get(edge.target) ?? edge.target }));
  return { flow: { ...flow, nodes: [...flow.nodes, ...nodes], edges: [...flow.edges, ...edges] }, ids: nodes.map(({ id }) => id) };
};

/** A name a parameter may have: lower-case letters, digits and underscores, used once. */
const parameterName = (flow: Flow, node: FlowNode, path: string): string => {
  const taken = new Set(flow.parameters.map(({ name }) => name));
  const snake = (text: string) => text.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase().replaceAll(/[^a-z0-9]+/g, '_').replaceAll(/^[^a-z]+|_+$/g, '');
  const own = snake(path.split('.').at(-1) ?? path) || 'value';
  const candidates = [own, `${snake(node.name || node.type)}_${own}`].map((name) => name.slice(0, 60)).filter((name) => /^[a-z]/.test(name) && name !== 'constructor');
  const free = candidates.find((name) => !taken.has(name));
  if (free !== undefined) return free;
  for (let number = 2; ; number++) if (!taken.has(`${own.slice(0, 60)}_${number}`)) return `${own.slice(0, 60)}_${number}`;
};

/** Hands a value of a step to buyers, or takes it back. A parameter that came with the file only changes its mark. */
export const exposeValue = (flow: Flow, node: FlowNode, value: Omit<FlowParameter, 'name' | 'node' | 'exposed'>, on: boolean): Flow => {
  const existing = flow.parameters.find((parameter) => parameter.node === node.id && parameter.path === value.path);
  if (existing !== undefined) return { ...flow, parameters: flow.parameters.map((parameter) => (parameter === existing ? { ...parameter, exposed: on } : parameter)) };
  return on ? { ...flow, parameters: [...flow.parameters, { ...value, name: parameterName(flow, node, value.path), node: node.id, exposed: true }] } : flow;
};

export const describeParameter = (flow: Flow, name: string, words: Partial<Pick<FlowParameter, 'title' | 'description'>>): Flow =>
  ({ ...flow, parameters: flow.parameters.map((parameter) => (parameter.name === name ? { ...parameter, ...words } : parameter)) });
