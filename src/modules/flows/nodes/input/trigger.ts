import { z } from 'zod';
import { defineNode, json, text } from '../define-node.ts';

/** What can start a run. */
export const TRIGGER_KINDS = ['chat', 'form', 'webhook', 'manual', 'sub-flow', 'event', 'email', 'schedule'] as const;

export const trigger = defineNode({
  type: 'input.trigger',
  title: 'Trigger',
  description: 'Starts the flow: a message, a form, a call from a program, a schedule or an event. Of several triggers only the one that happened is live.',
  family: 'input',
  config: z.strictObject({
    kind: z.enum(TRIGGER_KINDS).default('manual').meta({ title: 'Started by' }),
    /** What starts it elsewhere, e.g. `New message in Slack`; shown to people only. */
    label: z.string().max(200).default('').meta({ title: 'Name of the event' }),
    /** What it hands on when nothing was sent along, for trying the flow. */
    sample: z.unknown().optional(),
  }),
  inputs: [],
  outputs: [{ name: 'data' }, { name: 'message' }],
  run: async (context, config) => {
    const { text: message, data } = context.input;
    const sent = data ?? (message === '' ? config.sample ?? {} : { text: message });
    return { data: json(sent), message: text(message) };
  },
});
