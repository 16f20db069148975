import { z } from 'zod';
import { defineNode, inputAt, text } from '../define-node.ts';
import { textOf } from '../values.ts';
import { chatRequest, completeText, streamText, systemMessage, userMessage } from './answer.ts';
import { modelId } from './model-id.ts';

export const chatModelNode = defineNode({
  type: 'model.chat',
  title: 'Language model',
  description: 'Asks a language model. The last model before the answer also sees the conversation so far, unless the flow remembers it in its own way.',
  family: 'model',
  config: z.strictObject({
    modelId,
    system: z.string().default(''),
    temperature: z.number().min(0).max(2).nullable().default(null),
    stream: z.boolean().default(true),
  }),
  inputs: [{ name: 'input', required: true }, { name: 'system' }],
  outputs: [{ name: 'text' }],
  run: async (context, config, inputs) => {
    const model = context.model(config.modelId ?? context.generation.modelId);
    const request = chatRequest(context, [
      ...systemMessage(context.instructions, config.system, textOf(inputAt(inputs, 'system'))),
      ...context.input.history,
      userMessage(context, model, textOf(inputAt(inputs, 'input'))),
    ], config);
    if (config.stream) return { text: { kind: 'stream', stream: streamText(context, model, request) } };
    return { text: text(await completeText(context, model, request)) };
  },
});
