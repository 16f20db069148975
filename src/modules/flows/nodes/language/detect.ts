import { z } from 'zod';
import { languageNamed, writtenLanguage } from '#modules/models/index.ts';
import { defineNode, inputAt, json, text } from '../define-node.ts';
import { textOf } from '../values.ts';

export const languageDetect = defineNode({
  type: 'language.detect',
  title: 'Detect language',
  description: 'Tells the language a text is written in, as its tag (es) and its English name (Spanish). A text that does not tell has the fallback.',
  family: 'language',
  config: z.strictObject({
    /** BCP 47; empty for none. */
    fallback: z.string().regex(/^([a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3})?$/).default('').meta({ title: 'Fallback', description: 'The tag for texts that do not tell, such as en.' }),
  }),
  inputs: [{ name: 'text' }],
  outputs: [{ name: 'language' }, { name: 'tag' }, { name: 'name' }],
  run: async (context, { fallback }, inputs) => {
    const input = inputAt(inputs, 'text');
    // Without an input it is about the person, whose earlier messages the run has read as well.
    const found = input === undefined ? context.language ?? writtenLanguage(context.input.text) : writtenLanguage(textOf(input));
    const language = found ?? (fallback === '' ? null : languageNamed(fallback));
    return { language: json({ tag: language?.tag ?? null, name: language?.name ?? null, detected: found !== null }), tag: text(language?.tag ?? ''), name: text(language?.name ?? '') };
  },
});
