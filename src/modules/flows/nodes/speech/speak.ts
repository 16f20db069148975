import { z } from 'zod';
import { callOutside, valueOf } from '../connector/call-connector.ts';
import { defineNode, inputAt } from '../define-node.ts';
import { NodeError } from '../node-error.ts';
import { textOf } from '../values.ts';
import { speechConfig } from './speech-config.ts';

/** Longest text the service speaks in one go, in characters. */
const TEXT_CHARS_MAX = 4_096;

export const speechSpeak = defineNode({
  type: 'speech.speak',
  title: 'Speak a text',
  description: 'Makes a recording of a text: its kind and its sound in Base64.',
  family: 'speech',
  config: z.strictObject({
    ...speechConfig,
    voice: z.string().min(1).max(60).default('alloy').meta({ title: 'Voice' }),
    format: z.enum(['mp3', 'opus', 'aac', 'flac', 'wav']).default('mp3').meta({ title: 'Format' }),
  }),
  inputs: [{ name: 'text', required: true }],
  outputs: [{ name: 'audio' }],
  run: async (context, config, inputs) => {
    const input = textOf(inputAt(inputs, 'text')).trim();
    if (input === '') throw new NodeError('node-input-missing', 'There is no text to speak.');
    if (input.length > TEXT_CHARS_MAX) throw new NodeError('node-limit', `The text has ${input.length} characters; at most ${TEXT_CHARS_MAX} are spoken at a time.`);
    return { audio: valueOf(await callOutside(context, { connector: config.connector, action: 'speech', connection: config.connection }, { input, voice: config.voice, response_format: config.format })) };
  },
});
