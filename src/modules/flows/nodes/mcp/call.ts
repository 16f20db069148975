import { z } from 'zod';
import { pinOf } from '../../mcp/pin-tool.ts';
import type { Value } from '../../node-type.ts';
import { defineNode, inputAt, json, text } from '../define-node.ts';
import { listOf } from '../items.ts';
import { NodeError } from '../node-error.ts';
import { stepArguments } from '../tool/step-arguments.ts';
import { connectTo, mcpServerFields } from './server-config.ts';
import { answerData, answerText } from './tool-answer.ts';

export const mcpCall = defineNode({
  type: 'mcp.call',
  title: 'Call an MCP tool',
  description: 'Calls one tool of a remote MCP server. Arguments come from its values, which may be expressions, and from what is connected.',
  family: 'mcp',
  effect: true,
  expressions: true,
  config: z.strictObject({
    ...mcpServerFields,
    tool: z.string().min(1).max(200).default('').meta({ title: 'Tool' }),
    /** Hash of the tool as it was chosen; null to take it as it is. */
    pin: z.string().max(64).nullable().default(null),
    values: z.record(z.string(), z.unknown()).default({}).meta({ title: 'Arguments', ui: { widget: 'code' } }),
    /** Once for every item that comes in, instead of once for all of it. */
    each: z.boolean().default(false).meta({ title: 'Once for each item' }),
  }),
  inputs: [{ name: 'arguments' }],
  outputs: [{ name: 'result' }, { name: 'text' }],
  run: async (context, config, inputs): Promise<Record<string, Value>> => {
    const client = await connectTo(context, config);
    const tool = (await client.listTools()).find(({ name }) => name === config.tool);
    if (!tool) throw new NodeError('node-config-invalid', `The MCP server has no tool “${config.tool}”.`);
    if (config.pin !== null && pinOf(tool) !== config.pin) throw new NodeError('node-stopped', `The tool “${config.tool}” is switched off: the server has changed it since it was chosen.`);
    const answers: { text: string; data: unknown }[] = [];
    for (const given of stepArguments(context, config.values, inputAt(inputs, 'arguments'), config.each)) {
      const answer = await client.callTool(tool, given, { readsOnly: tool.annotations?.readOnlyHint === true });
      const words = answerText(config.tool, answer);
      answers.push({ text: words, data: answerData(words, answer) });
    }
    await client.close();
    return {
      result: config.each ? listOf(answers.map(({ data }) => data)) : json(answers[0]?.data ?? null),
      text: text(answers.map((answer) => answer.text).join('\n\n')),
    };
  },
});
