import type { FlowNode } from '../contract.ts';
import type { NodeType, Port } from '../node-type.ts';
import { nodeTypes } from '../nodes/registry.ts';
import type { FlowPort, NodePorts } from './contract.ts';

/** Ports of this name hand over tools, or collect them. */
const TOOL_PORT = /^(?:tools?|toolset|.+_tools?)$/i;

const described = ({ name, required, many }: Port): FlowPort =>
  ({ name, required: required === true, many: many === true, carries: TOOL_PORT.test(name) ? 'tool' : 'value' });

/** Later ports of the same name are the same port. */
const unique = (ports: readonly Port[]): FlowPort[] => [...new Map(ports.toReversed().map((port) => [port.name, described(port)])).values()].toReversed();

/** The ports of a type with this configuration. */
export function portsOfType(type: NodeType, config: unknown): NodePorts {
  return {
    inputs: unique([...type.inputs, ...(type.dynamicInputs?.(config) ?? [])]),
    outputs: unique([...type.outputs, ...(type.dynamicOutputs?.(config) ?? [])]),
  };
}

/** The ports of a node as it is configured; null when its type does not exist or refuses the configuration. */
export function portsOfNode(node: FlowNode): NodePorts | null {
  const type = nodeTypes.get(node.type);
  const config = type?.config.safeParse(node.config);
  if (!type || !config?.success) return null;
  const ports = portsOfType(type, config.data);
  const routes = node.onFailure?.action === 'route' && !ports.outputs.some((port) => port.name === ERROR_PORT);
  return routes ? { ...ports, outputs: [...ports.outputs, described({ name: ERROR_PORT })] } : ports;
}

/** Where a step goes on that routes its failures. */
const ERROR_PORT = 'error';
