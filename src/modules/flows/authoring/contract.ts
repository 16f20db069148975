import { z } from 'zod';
import { endpoint } from '#platform/contract/endpoint.ts';
import { Flow } from '../contract.ts';

/** A place of a node where an edge may begin or end. */
export const FlowPort = z.object({
  name: z.string(),
  required: z.boolean(),
  /** Takes any number of edges; otherwise the last one counts. */
  many: z.boolean(),
  /** `tool`: hands over something an agent may call, or takes such things; everything else travels as a value. */
  carries: z.enum(['value', 'tool']),
});
export type FlowPort = z.infer<typeof FlowPort>;

export const NodePorts = z.object({ inputs: z.array(FlowPort), outputs: z.array(FlowPort) });
export type NodePorts = z.infer<typeof NodePorts>;

/** One kind of node, as the palette of an editor needs it. */
export const FlowNodeType = NodePorts.extend({
  type: z.string(),
  title: z.string(),
  description: z.string(),
  family: z.string(),
  /** JSON Schema of the configuration with the UI hints of the product's forms. */
  config: z.record(z.string(), z.unknown()),
  /** The ports depend on the configuration; those above are the ports of a fresh node. */
  dynamic: z.boolean(),
  /** It changes something outside, so it runs although no answer depends on it. */
  effect: z.boolean(),
  /** Where one pass begins and where it leads back to; null for what is no loop. */
  loop: z.object({ item: z.string(), feedback: z.string() }).nullable(),
  /** Its texts may hold `{{ }}` expressions. */
  expressions: z.boolean(),
}).meta({ id: 'FlowNodeType' });
export type FlowNodeType = z.infer<typeof FlowNodeType>;

/** Something that keeps a flow from running, or deserves a look. */
export const FlowCheckProblem = z.object({
  code: z.string(),
  /** `error`: the flow cannot be submitted. `warning`: the step fails when it is reached. `hint`: it has no effect. */
  severity: z.enum(['error', 'warning', 'hint']),
  /** The node concerned; null for the flow as a whole. */
  node: z.string().nullable(),
  message: z.string(),
});
export type FlowCheckProblem = z.infer<typeof FlowCheckProblem>;

export const FlowCheck = z.object({
  problems: z.array(FlowCheckProblem),
  /** By node id; a node whose configuration is wrong, or whose type does not exist, is left out. */
  ports: z.record(z.string(), NodePorts),
});
export type FlowCheck = z.infer<typeof FlowCheck>;

/** A flow to start from instead of a file. */
export const FlowTemplateCard = z.object({
  key: z.string(),
  title: z.string(),
  /** What it does, in one sentence. */
  description: z.string(),
  /** Address of a picture of this installation; null where a mark is drawn from the title. */
  logo: z.string().nullable(),
  /** The kind of product it comes from; null for the general ones. */
  category: z.enum(['agent', 'app', 'assistant', 'automation']).nullable(),
  steps: z.number().int(),
  /** What has to be there before it is of use, in words; empty when nothing is. */
  needs: z.array(z.string()),
  /** Titles of what buyers may set. */
  parameters: z.array(z.string()),
});
export type FlowTemplateCard = z.infer<typeof FlowTemplateCard>;

/** Largest flow an editor may send, in bytes of JSON. */
export const EDITED_FLOW_BYTES_MAX = 4 * 1024 * 1024;

export const authoringEndpoints = {
  nodeTypes: endpoint({
    method: 'GET', path: '/api/v1/flow-nodes', access: { user: true }, summary: 'Every kind of node a flow may have', tags: ['Seller'],
    response: z.object({ families: z.array(z.object({ key: z.string(), title: z.string() })), data: z.array(FlowNodeType) }),
  }),
  templates: endpoint({
    method: 'GET', path: '/api/v1/flow-templates', access: { user: true }, summary: 'Flows to start from', tags: ['Seller'],
    response: z.object({ data: z.array(FlowTemplateCard) }),
  }),
  check: endpoint({
    method: 'POST', path: '/api/v1/flow/check', access: { user: true }, summary: 'What a flow lacks, and the ports of its nodes', tags: ['Seller'],
    body: z.strictObject({ flow: Flow }), bodyBytesMax: EDITED_FLOW_BYTES_MAX, response: FlowCheck,
  }),
};
