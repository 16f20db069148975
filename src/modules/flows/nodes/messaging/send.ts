import { z } from 'zod';
import type { NodeContext, NodeInputs, Value } from '../../node-type.ts';
import { renderText } from '../../expression/template.ts';
import { callOutside, valueOf } from '../connector/call-connector.ts';
import { defineNode, inputAt, text } from '../define-node.ts';
import { wholeScope } from '../each-item.ts';
import { NodeError } from '../node-error.ts';
import { textOf } from '../values.ts';

/** How each service is told to whom, about what, and what to say. */
const SERVICES = {
  slack: { action: 'post-message', input: (to: string, body: string) => ({ channel: to, text: body }) },
  discord: { action: 'send-message', input: (to: string, body: string) => ({ channelId: to, content: body }) },
  telegram: { action: 'send-message', input: (to: string, body: string) => ({ chat_id: to, text: body }) },
  'microsoft-teams': { action: 'post-message', input: (_to: string, body: string, subject: string) => ({ text: body, ...(subject === '' ? {} : { title: subject }) }) },
  whatsapp: { action: 'send-message', input: (to: string, body: string) => ({ to, body }) },
  gmail: { action: 'send', input: (to: string, body: string, subject: string) => ({ to, subject, body }) },
} as const;
const NAMES = ['slack', 'discord', 'telegram', 'microsoft-teams', 'whatsapp', 'gmail'] as const;

const Config = z.strictObject({
  connector: z.enum(NAMES).default('slack').meta({ title: 'Service' }),
  connection: z.string().max(100).nullable().default(null).meta({ title: 'Connection' }),
  to: z.string().max(1_000).default('').meta({ title: 'To', description: 'Channel, chat, number or address; may hold expressions. Teams posts to the channel of its connection.' }),
  subject: z.string().max(1_000).default('').meta({ title: 'Subject', description: 'For mail and Teams.' }),
  text: z.string().max(40_000).default('').meta({ title: 'Message', description: 'May hold expressions; the text of the input where it is empty.', ui: { widget: 'textarea' } }),
});

export const messagingSend = defineNode({
  type: 'messaging.send',
  title: 'Send a message',
  description: 'Writes to a channel, a person or a mailbox through a messaging service, and hands on what it was given.',
  family: 'messaging',
  effect: true,
  expressions: true,
  config: Config,
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }, { name: 'receipt' }],
  run: async (context, config, inputs) => send(context, config, inputs),
});

async function send(context: NodeContext, config: z.output<typeof Config>, inputs: NodeInputs): Promise<Record<string, Value>> {
  const input = inputAt(inputs, 'input');
  const scope = wholeScope(context, input);
  const body = config.text === '' ? textOf(input) : renderText(config.text, scope);
  const to = renderText(config.to, scope).trim();
  if (body.trim() === '') throw new NodeError('node-input-missing', 'There is nothing to send: the message is empty.');
  if (to === '' && config.connector !== 'microsoft-teams') throw new NodeError('node-input-missing', 'The message has nobody to go to.');
  const service = SERVICES[config.connector];
  const receipt = await callOutside(context, { connector: config.connector, action: service.action, connection: config.connection }, service.input(to, body, renderText(config.subject, scope)));
  return { output: input ?? text(body), receipt: valueOf(receipt) };
}
