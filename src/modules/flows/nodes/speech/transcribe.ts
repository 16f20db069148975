import { z } from 'zod';
import { callOutside } from '../connector/call-connector.ts';
import { defineNode, inputAt, text } from '../define-node.ts';
import { NodeError } from '../node-error.ts';
import { dataOf, fieldOf, scalarText, textOf } from '../values.ts';
import { speechConfig } from './speech-config.ts';

export const speechTranscribe = defineNode({
  type: 'speech.transcribe',
  title: 'Write down speech',
  description: 'Makes text from a recording in Base64, as a field "base64" or as the text of the input.',
  family: 'speech',
  config: z.strictObject({
    ...speechConfig,
    fileName: z.string().max(200).default('audio.mp3').meta({ title: 'File name', description: 'Its ending tells the format.' }),
    language: z.string().max(10).default('').meta({ title: 'Language', description: 'Code of the language spoken; found out where it is empty.' }),
  }),
  inputs: [{ name: 'audio', required: true }],
  outputs: [{ name: 'text' }],
  run: async (context, config, inputs) => {
    const audio = inputAt(inputs, 'audio');
    const base64 = (scalarText(fieldOf(dataOf(audio), 'base64')) || textOf(audio)).replace(/^data:[^,]{0,200},/, '').trim();
    if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) throw new NodeError('node-input-invalid', 'There is no recording in Base64.');
    const answer = await callOutside(context, { connector: config.connector, action: 'transcribe', connection: config.connection },
      { base64, filename: config.fileName, ...(config.language === '' ? {} : { language: config.language }) });
    return { text: text(scalarText(fieldOf(answer, 'text'))) };
  },
});
