import { z } from 'zod';
import { defineNode, text } from '../define-node.ts';
import { parseTemplate, renderTemplate } from '../prompt/template-text.ts';

/** How a turn's author is called in the history, as Langflow names them. */
const SENDERS = { user: { sender: 'User', sender_name: 'User' }, assistant: { sender: 'Machine', sender_name: 'AI' } } as const;

export const memoryHistory = defineNode({
  type: 'memory.history',
  title: 'Chat memory',
  description: 'The conversation so far as text, oldest first.',
  family: 'memory',
  config: z.strictObject({
    messages: z.number().int().min(0).max(10_000).default(100),
    /** One turn; knows {text}, {sender} and {sender_name}. */
    template: z.string().default('{sender_name}: {text}'),
  }),
  inputs: [],
  outputs: [{ name: 'text' }],
  run: async (context, config) => {
    const parts = parseTemplate(config.template, false);
    const turns = config.messages === 0 ? [] : context.input.history.slice(-config.messages);
    const lines = turns.flatMap((turn) => {
      if (turn.role !== 'user' && turn.role !== 'assistant') return [];
      const fields = new Map<string, string>(Object.entries({ ...SENDERS[turn.role], text: turn.content }));
      return [renderTemplate(parts, (name) => fields.get(name) ?? '')];
    });
    return { text: text(lines.join('\n')) };
  },
});
