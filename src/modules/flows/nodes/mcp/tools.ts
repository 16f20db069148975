import { z } from 'zod';
import type { McpClient } from '../../mcp/mcp-client.ts';
import { pinOf } from '../../mcp/pin-tool.ts';
import type { McpTool } from '../../mcp/protocol.ts';
import type { NodeContext, NodeTool, Value } from '../../node-type.ts';
import { defineNode, text } from '../define-node.ts';
import { NodeError } from '../node-error.ts';
import { checkArguments } from '../tool/check-arguments.ts';
import { connectTo, mcpServerFields } from './server-config.ts';
import { answerText } from './tool-answer.ts';

/** A tool as it was when somebody chose it. What the server says about it later never reaches a model. */
export const PinnedTool = z.strictObject({
  name: z.string().min(1).max(200),
  /** As agents call it. */
  alias: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/),
  description: z.string().max(1_000).default(''),
  /** JSON Schema of the arguments, bounded. */
  parameters: z.record(z.string(), z.unknown()).default({ type: 'object' }),
  effect: z.enum(['read', 'write']).default('write'),
  /** Hash of name, description and schema (see `pinOf`); null where the file did not tell them all, and the tool is off until they are known. */
  pin: z.string().max(64).nullable(),
});
export type PinnedTool = z.infer<typeof PinnedTool>;

const Config = z.strictObject({ ...mcpServerFields, tools: z.array(PinnedTool).max(200).default([]) });

/** Where a tool leaves the node. */
export const toolPort = (alias: string): string => `${alias}_tool`;

export const mcpTools = defineNode({
  type: 'mcp.tools',
  title: 'Tools of an MCP server',
  description: 'Tools of a remote MCP server that an agent may call: those that were chosen, as they were then. A tool that changed is off until its owner has looked at it.',
  family: 'mcp',
  config: Config,
  inputs: [],
  outputs: [],
  dynamicOutputs: ({ tools }) => tools.map(({ alias }) => ({ name: toolPort(alias) })),
  run: async (context, config): Promise<Record<string, Value>> => {
    const live = once(async () => openServer(context, config));
    return Object.fromEntries(config.tools.map((tool): [string, Value] => [toolPort(tool.alias), { kind: 'tool', tool: toolOf(context, config, tool, live) }]));
  },
});

interface OpenServer { client: McpClient; tools: ReadonlyMap<string, McpTool> }

async function openServer(context: NodeContext, config: z.output<typeof Config>): Promise<OpenServer> {
  const client = await connectTo(context, config);
  return { client, tools: new Map((await client.listTools()).map((tool) => [tool.name, tool])) };
}

function toolOf(context: NodeContext, config: z.output<typeof Config>, pinned: PinnedTool, live: () => Promise<OpenServer>): NodeTool {
  return {
    name: pinned.alias,
    description: pinned.description || pinned.name,
    parameters: pinned.parameters,
    async call(given) {
      const args = checkArguments(pinned.parameters, given);
      const { client, tools } = await live();
      const current = tools.get(pinned.name);
      const problem = changeOf(pinned, current);
      if (problem !== null || !current) {
        context.note?.(`The tool “${pinned.name}” of the MCP server “${config.server || config.url}” is off: ${problem ?? ''}`);
        throw new NodeError('node-stopped', `The tool “${pinned.name}” is switched off: ${problem ?? ''}`);
      }
      return text(answerText(pinned.name, await client.callTool(current, args, { readsOnly: pinned.effect === 'read' })));
    },
  };
}

function changeOf(pinned: PinnedTool, current: McpTool | undefined): string | null {
  if (!current) return 'the server no longer has it.';
  if (pinned.pin === null) return 'it has not been confirmed since it was imported. List the tools of the server and choose it again.';
  return pinOf(current) === pinned.pin ? null : 'the server has changed its name, description or arguments since it was chosen. Its owner has to look at it and choose it again.';
}

/** The same work for everybody who asks; work that failed is tried again by the next. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | null = null;
  return async () => {
    running ??= work();
    try {
      return await running;
    } catch (error) {
      running = null;
      throw error;
    }
  };
}
