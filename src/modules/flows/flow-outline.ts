import type { Flow, FlowNode } from './contract.ts';
import type { FlowOutline } from './diff-contract.ts';
import { diffFlows, pairSteps } from './diff-flows.ts';
import { nodeTypes } from './nodes/registry.ts';

/** Names of settings beyond these are left out: a buyer needs to know that much was changed, not every path. */
const SETTINGS_MAX = 12;
/** Levels of a configuration that are searched for addresses. */
const DEPTH_MAX = 8;

/**
 * What differs between two flows in a way that a buyer may see: names and kinds of steps, models, and where data goes.
 * No text and no value of a setting is in it, for these are the seller's own. Pure.
 */
export function outlineChanges(before: Flow, after: Flow): FlowOutline {
  const { steps } = diffFlows(before, after);
  const types = new Map(pairSteps(before.nodes, after.nodes).map(([, node]) => [node.id, node.type]));
  return {
    steps: {
      added: steps.added.map(kindOf), removed: steps.removed.map(kindOf),
      changed: steps.changed.map((step) => ({
        ...kindOf({ ...step, type: types.get(step.id) ?? step.type }),
        settings: [...new Set(step.fields.map(({ path }) => settingOf(path)))].slice(0, SETTINGS_MAX),
      })),
    },
    models: { before: modelsOf(before), after: modelsOf(after) },
    hosts: { before: hostsOf(before), after: hostsOf(after) },
    services: { before: servicesOf(before), after: servicesOf(after) },
  };
}

const kindOf = ({ name, type }: { name: string; type: string }) => ({ name, kind: nodeTypes.get(type)?.title ?? type });

/** `config.template.0.text` is the setting `template`; a change of name is a change of `name`. */
const settingOf = (path: string): string => {
  const [first = '', second] = path.split('.');
  return first === 'config' && second !== undefined ? second : first;
};

const sorted = (names: Iterable<string>): string[] => [...new Set(names)].toSorted();

const modelsOf = ({ requires, nodes }: Flow): string[] => sorted([
  ...requires.models,
  ...nodes.flatMap(({ config }) => ['model', 'modelId'].flatMap((key) => (typeof config[key] === 'string' && config[key] !== '' ? [config[key]] : []))),
]);

/** A server written as an address is named by its host: the rest of an address may hold a key. */
const servicesOf = ({ requires }: Flow): string[] => sorted([...requires.connections, ...requires.mcpServers.map((server) => (/^https?:/i.test(server) && URL.canParse(server) ? new URL(server).host : server))]);

/** Families whose steps talk to other systems; an address in the text of a prompt is only a text. */
const OUTWARD = new Set(['http', 'database', 'messaging', 'storage', 'connector', 'mcp', 'openapi']);

const hostsOf = ({ nodes }: Flow): string[] => sorted(nodes.filter(({ type }) => OUTWARD.has(nodeTypes.get(type)?.family ?? type.split('.')[0] ?? '')).flatMap((node) => hostsIn(node)));

function hostsIn({ config }: FlowNode): string[] {
  const hosts: string[] = [];
  const walk = (value: unknown, depth: number): void => {
    if (typeof value === 'string') {
      for (const [address] of value.matchAll(/\bhttps?:\/\/[^\s"'<>{}]+/gi)) if (URL.canParse(address)) hosts.push(new URL(address).host);
    } else if (typeof value === 'object' && value !== null && depth < DEPTH_MAX) for (const inner of Object.values(value)) walk(inner, depth + 1);
  };
  walk(config, 0);
  return hosts;
}
