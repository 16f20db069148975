import { z } from 'zod';
import type { ChatMessage } from '#modules/models/ports.ts';
import { defineNode, inputAt, json } from '../define-node.ts';
import { chatRequest, completeText, systemMessage } from '../model/answer.ts';
import { NodeError } from '../node-error.ts';
import { textOf } from '../values.ts';
import { validatorFor } from './json-schema.ts';
import { parseJson } from './json.ts';
import { modelId } from '../model/model-id.ts';

export const structuredOutput = defineNode({
  type: 'transform.structured-output',
  title: 'Structured output',
  description: 'Asks a model for data of a given form, checks it, and lets the model repair it once.',
  family: 'transform',
  config: z.strictObject({
    /** JSON Schema of the data. */
    schema: z.record(z.string(), z.unknown()).default({ type: 'object' }),
    instructions: z.string().default(''),
    modelId,
  }),
  inputs: [{ name: 'input', required: true }],
  outputs: [{ name: 'json' }],
  run: async (context, config, inputs) => {
    const model = context.model(config.modelId ?? context.generation.modelId);
    const validate = validatorFor(config.schema);
    const messages: ChatMessage[] = [
      ...systemMessage(context.instructions, config.instructions, `Answer with JSON only, without any other text. It must fit this JSON Schema:\n${JSON.stringify(config.schema)}`),
      { role: 'user', content: textOf(inputAt(inputs, 'input')) },
    ];
    const first = await completeText(context, model, chatRequest(context, messages, { temperature: 0 }));
    const tried = check(first, validate);
    if (tried.ok) return { json: json(tried.data) };
    context.note?.(`The first answer did not fit (${tried.problem}); asked once more.`);
    messages.push({ role: 'assistant', content: first }, { role: 'user', content: `That does not fit: ${tried.problem}. Answer again with the corrected JSON only.` });
    const repaired = check(await completeText(context, model, chatRequest(context, messages, { temperature: 0 })), validate);
    if (repaired.ok) return { json: json(repaired.data) };
    throw new NodeError('node-output-invalid', `The model did not give data of the required form: ${repaired.problem}.`);
  },
});

type Checked = { ok: true; data: unknown } | { ok: false; problem: string };

function check(answer: string, validate: (data: unknown) => string | null): Checked {
  const data = parseJson(answer);
  if (data === undefined) return { ok: false, problem: 'it is not JSON' };
  const problem = validate(data);
  return problem === null ? { ok: true, data } : { ok: false, problem };
}
