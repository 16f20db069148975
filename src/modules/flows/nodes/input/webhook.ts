import { z } from 'zod';
import { parseJson } from '../transform/json.ts';
import { defineNode, json } from '../define-node.ts';

export const webhookInput = defineNode({
  type: 'input.webhook',
  title: 'Webhook',
  description: 'The body of the call that started the run, as data where it is JSON, else as text.',
  family: 'input',
  config: z.strictObject({}),
  inputs: [],
  outputs: [{ name: 'payload' }],
  run: async (context) => ({ payload: json(parseJson(context.input.text) ?? context.input.text) }),
});
