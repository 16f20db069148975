import { z } from 'zod';
import type { ChatMessage } from '#modules/models/ports.ts';
import type { Value } from '../../node-type.ts';
import { defineNode, inputAt, inputsAt, text } from '../define-node.ts';
import { toolValue } from '../define-tool.ts';
import { systemMessage } from '../model/answer.ts';
import { textOf } from '../values.ts';
import { filledIn, toolLoop, toolsByName } from './tools.ts';
import { modelId } from '../model/model-id.ts';

export const agentTool = defineNode({
  type: 'agent.tool',
  title: 'Agent as a tool',
  description: 'An agent with tools of its own that another agent may give tasks to. An orchestrator with several of them divides its work.',
  family: 'agent',
  config: z.strictObject({
    /** What the other agent knows it as. */
    name: z.string().max(64).default('specialist').meta({ title: 'Name for agents' }),
    description: z.string().max(2_000).default('').meta({ title: 'What it is good at', description: 'The other agent decides by this when to ask it.', ui: { widget: 'textarea' } }),
    modelId,
    system: z.string().default('').meta({ title: 'Instructions', ui: { widget: 'textarea' } }),
    iterationsMax: z.number().int().min(1).max(50).default(10).meta({ title: 'Most turns' }),
    /** Langflow's placeholders in the instructions are filled in. */
    placeholders: z.boolean().default(false).meta({ title: 'Fill in {current_date} and {model_name}' }),
  }),
  inputs: [{ name: 'tools', many: true }, { name: 'system' }],
  outputs: [{ name: 'tool' }],
  run: async (context, config, inputs): Promise<Record<string, Value>> => {
    const tools = toolsByName(inputsAt(inputs, 'tools').flatMap((value) => (value.kind === 'tool' ? [value.tool] : [])));
    const wired = textOf(inputAt(inputs, 'system'));
    return {
      tool: toolValue(config.name, config.description || 'Does a task and says what came of it.', z.object({ task: z.string().min(1).max(100_000).describe('The task, with everything that is needed to do it.') }), async ({ task }) => {
        const model = context.model(config.modelId ?? context.generation.modelId);
        const messages: ChatMessage[] = [...systemMessage(context.instructions, filledIn(config, context, model), wired), { role: 'user', content: task }];
        let answer = '';
        for await (const piece of toolLoop(context, model, model.features.tools ? tools : new Map(), messages, config.iterationsMax)) answer += piece;
        return text(answer);
      }),
    };
  },
});
