import { z } from 'zod';
import { defineNode, text } from '../define-node.ts';
import { toolValue } from '../define-tool.ts';

const isTimezone = (name: string): boolean => {
  try {
    return Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
};

export const currentDate = defineNode({
  type: 'tool.current-date',
  title: 'Current date',
  description: 'The date and time now.',
  family: 'other',
  config: z.strictObject({
    /** An IANA name such as Europe/Berlin. */
    timezone: z.string().max(100).default('UTC').refine(isTimezone, 'is not a known time zone'),
  }),
  inputs: [],
  outputs: [{ name: 'text' }, { name: 'tool' }],
  run: async (context, config) => {
    const now = () => text(`${new Intl.DateTimeFormat('en-GB', { timeZone: config.timezone, dateStyle: 'full', timeStyle: 'long' }).format(context.now())}`);
    return { text: now(), tool: toolValue('current_date', `Tells the date and time now in ${config.timezone}.`, z.object({}), async () => now()) };
  },
});
