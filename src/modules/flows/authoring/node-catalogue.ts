import { z } from 'zod';
import { NODE_FAMILIES, type NodeType } from '../node-type.ts';
import { nodeTypes } from '../nodes/registry.ts';
import type { FlowNodeType } from './contract.ts';
import { portsOfType } from './node-ports.ts';

export interface NodeCatalogue { families: { key: string; title: string }[]; data: FlowNodeType[] }

let catalogue: NodeCatalogue | null = null;

/** Everything the registry holds, as an editor needs it; made once, since the registry never changes. */
export const nodeCatalogue = (): NodeCatalogue => (catalogue ??= {
  families: NODE_FAMILIES.filter((family) => [...nodeTypes.values()].some((type) => type.family === family)).map((key) => ({ key, title: titleOf(key) })),
  data: [...nodeTypes.values()].map(describe),
});

function describe(type: NodeType): FlowNodeType {
  const { title, description, family, effect, loop, expressions, dynamicInputs, dynamicOutputs } = type;
  // A type whose configuration has no value of its own shows what does not depend on one.
  const fresh = type.config.safeParse({});
  const ports = fresh.success ? portsOfType(type, fresh.data) : portsOfType({ ...type, dynamicInputs: undefined, dynamicOutputs: undefined }, {});
  return {
    type: type.type, title, description, family, ...ports, config: configSchema(type), dynamic: dynamicInputs !== undefined || dynamicOutputs !== undefined,
    effect: effect === true, loop: loop ? { item: loop.item, feedback: loop.feedback } : null, expressions: expressions === true,
  };
}

const JsonObject = z.record(z.string(), z.unknown());

/** The JSON Schema of a type's configuration; long texts get a field with room where the type itself gives no hint. */
function configSchema({ config }: NodeType): Record<string, unknown> {
  const schema = JsonObject.parse(z.toJSONSchema(config, { io: 'input', unrepresentable: 'any' }));
  const properties = JsonObject.safeParse(schema['properties']);
  if (!properties.success) return schema;
  return { ...schema, properties: Object.fromEntries(Object.entries(properties.data).map(([name, value]) => [name, withRoom(name, value)])) };
}

/** Words that name a text of several lines. */
const LONG = /(?:template|system|prompt|instruction|message|body|text|description|content|query|expression)/i;
const CODE = /^(?:code|script|sql|source)$/i;

function withRoom(name: string, value: unknown): unknown {
  const field = JsonObject.safeParse(value);
  if (!field.success || field.data['type'] !== 'string' || field.data['enum'] !== undefined || field.data['format'] !== undefined) return value;
  const hint = JsonObject.catch({}).parse(field.data['ui']);
  if (hint['widget'] !== undefined) return value;
  const widget = CODE.test(name) ? 'code' : LONG.test(name) ? 'textarea' : null;
  return widget === null ? value : { ...field.data, ui: { ...hint, widget } };
}

const SPELLED: Readonly<Record<string, string>> = { http: 'HTTP', mcp: 'MCP', openapi: 'OpenAPI', human: 'People', connector: 'Connectors', tool: 'Tools', agent: 'Agents', model: 'Models', prompt: 'Prompts' };

/** `memory` to `Memory`. */
const titleOf = (family: string): string => SPELLED[family] ?? family.charAt(0).toUpperCase() + family.slice(1);
