import { z } from 'zod';
import type { ChatMessage } from '#modules/models/ports.ts';
import { resolve } from '../../expression/resolve.ts';
import type { NodeContext } from '../../node-type.ts';
import { defineNode, inputAt, text } from '../define-node.ts';
import { wholeScope } from '../each-item.ts';
import { chatRequest, completeText, systemMessage } from '../model/answer.ts';
import { scalarText, textOf } from '../values.ts';
import { modelId } from '../model/model-id.ts';

const Route = z.strictObject({
  name: z.string().max(100).default('').meta({ title: 'Name' }),
  description: z.string().max(2_000).default('').meta({ title: 'When', description: 'What belongs here, in words for the model.' }),
});

const Config = z.strictObject({
  routes: z.array(Route).max(50).default([]).meta({ title: 'Routes', description: 'Their outputs are route0, route1 and so on.' }),
  instructions: z.string().max(20_000).default('').meta({ title: 'Instructions' }),
  text: z.string().max(20_000).default('').meta({ title: 'What is judged', description: 'The text of the input where it is empty; may hold expressions.' }),
  modelId,
});
type Route = z.output<typeof Route>;

export const router = defineNode({
  type: 'logic.router',
  title: 'Router',
  description: 'A model decides which of several described ways the message goes. What hangs on the others is skipped; what fits none goes to "default".',
  family: 'logic',
  expressions: true,
  config: Config,
  inputs: [{ name: 'input', required: true }],
  outputs: [{ name: 'default' }, { name: 'route' }],
  dynamicOutputs: (config) => config.routes.map((_route, index) => ({ name: `route${index}` })),
  run: async (context, config, inputs) => {
    const input = inputAt(inputs, 'input') ?? { kind: 'none' as const };
    const judged = config.text === '' ? textOf(input) : scalarText(resolve(config.text, wholeScope(context, input)));
    const chosen = config.routes.length === 0 ? null : await choose(context, config, judged);
    if (chosen === null) return { default: input, route: text('default') };
    return { [`route${chosen}`]: input, route: text(config.routes[chosen]?.name ?? '') };
  },
});

/** Index of the route the model names; null when it says that none fits, or names none even when asked again. */
async function choose(context: NodeContext, config: z.output<typeof Config>, judged: string): Promise<number | null> {
  const model = context.model(config.modelId ?? context.generation.modelId);
  const listed = config.routes.map((route, index) => `${index + 1}. ${labelOf(route, index)}${route.description === '' ? '' : `: ${route.description}`}`).join('\n');
  const messages: ChatMessage[] = [
    ...systemMessage(config.instructions, `Decide where the message of the user belongs. The ways are:\n${listed}\nAnswer with the name or the number of one way, or with "none", and nothing else.`),
    { role: 'user', content: judged },
  ];
  const first = await completeText(context, model, chatRequest(context, messages, { temperature: 0 }));
  const read = readChoice(first, config.routes);
  if (read !== undefined) return read;
  context.note?.(`The first answer named no way ("${first.trim().slice(0, 80)}"); asked once more.`);
  messages.push({ role: 'assistant', content: first }, { role: 'user', content: 'That is none of the ways. Answer with the number of one way, or with "none", and nothing else.' });
  const again = readChoice(await completeText(context, model, chatRequest(context, messages, { temperature: 0 })), config.routes);
  if (again === undefined) context.note?.('The second answer named no way either; the default is taken.');
  return again ?? null;
}

const labelOf = (route: Route, index: number): string => (route.name === '' ? `Way ${index + 1}` : route.name);

/** The route an answer names and no other: by its number, its name, or JSON with one of them; null for none; undefined when it cannot be told. */
function readChoice(answer: string, routes: readonly Route[]): number | null | undefined {
  const said = normal(answer.replace(/^[\s\S]*?"(?:route|category|name|choice|number)"\s*:\s*/i, ''));
  if (said === 'none') return null;
  const names = routes.map((route, index) => normal(labelOf(route, index)));
  const exact = names.findIndex((name, index) => said === name || said === String(index + 1) || said === `${index + 1} ${name}`);
  if (exact >= 0) return exact;
  const named = names.flatMap((name, index) => (name !== '' && ` ${said} `.includes(` ${name} `) ? [index] : []));
  // Of names inside each other ("billing", "billing question") the longest was meant.
  const longest = named.filter((one) => !named.some((other) => other !== one && (names[other] ?? '').includes(names[one] ?? '')));
  return longest.length === 1 ? longest[0] : undefined;
}

const normal = (words: string): string => words.slice(0, 500).toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
