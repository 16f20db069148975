import type { FlowParameter } from '../../contract.ts';
import { titleOf, parameterName, unique } from '../naming.ts';
import type { ConvertedFlow } from './convert.ts';
import type { MappedNode, ParameterSeed } from './mapping.ts';
import type { RawNode } from './raw-flow.ts';

const PARAMETERS_MAX = 500;

/** What a seller could hand to buyers: values that Langflow shows as settings and that no other step fills in. */
export function proposeParameters(flow: ConvertedFlow, textEntry: string | undefined): FlowParameter[] {
  const taken = new Set<string>();
  const parameters: FlowParameter[] = [];
  for (const node of flow.raw.nodes) {
    const mapping = flow.mappings.get(node.id);
    if (mapping?.kind !== 'node') continue;
    for (const seed of mapping.parameters) {
      if (parameters.length >= PARAMETERS_MAX) return parameters;
      const field = node.fields.get(seed.field);
      if (flow.context.graph.isWired(node.id, seed.field) || (field === undefined && !seed.path.startsWith('defaults.'))) continue;
      if (!seed.always && (field === undefined || field.advanced || !field.show)) continue;
      parameters.push(parameterOf(node, mapping, seed, taken, node.id === textEntry));
    }
  }
  return parameters;
}

function parameterOf(node: RawNode, mapping: MappedNode, seed: ParameterSeed, taken: Set<string>, isEntry: boolean): FlowParameter {
  const field = node.fields.get(seed.field);
  // A text node is called by its own title ("Instructions"); everything else by its field.
  const own = mapping.type === 'input.text' && node.title !== '' ? node.title : seed.field;
  const wanted = parameterName(own);
  const isSecond = taken.has(wanted);
  const name = unique(isSecond ? parameterName(`${node.title} ${own}`) : wanted, taken);
  const ownTitle = own === seed.field && field !== undefined && field.title !== '' && field.title !== field.name ? field.title : titleOf(own);
  const title = isSecond ? `${node.title}: ${ownTitle}` : ownTitle;
  return {
    name,
    title: title.slice(0, 120),
    description: (field?.info ?? '').slice(0, 500),
    kind: seed.kind,
    choices: [],
    default: defaultAt(mapping.config, seed.path),
    node: node.id,
    path: seed.path,
    field: seed.field,
    exposed: seed.exposed === true && !isEntry,
  };
}

function defaultAt(config: Record<string, unknown>, path: string): FlowParameter['default'] {
  let value: unknown = config;
  for (const key of path.split('.')) value = typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : null;
}
