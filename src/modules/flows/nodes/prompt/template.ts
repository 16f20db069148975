import { z } from 'zod';
import { defineNode, inputAt, text } from '../define-node.ts';
import type { NodeContext } from '../../node-type.ts';
import { textOf } from '../values.ts';
import { parseTemplate, renderTemplate, templateVariables } from './template-text.ts';
import type { TemplatePart } from './template-text.ts';

const Config = z.strictObject({
  template: z.string().default(''),
  /** `{{name}}` instead of `{name}`. */
  doubleBraces: z.boolean().default(false),
  /** Texts of variables that no edge fills. */
  defaults: z.record(z.string(), z.string()).default({}),
});

/** Parsed templates by configuration object: a flow is compiled once and run many times. */
const parsed = new WeakMap<z.output<typeof Config>, readonly TemplatePart[]>();

function partsOf(config: z.output<typeof Config>): readonly TemplatePart[] {
  let parts = parsed.get(config);
  if (!parts) parsed.set(config, parts = parseTemplate(config.template, config.doubleBraces));
  return parts;
}

export const promptTemplate = defineNode({
  type: 'prompt.template',
  title: 'Prompt',
  description: 'A text with variables. Each variable is an input; those nothing is connected to take their default.',
  family: 'prompt',
  config: Config,
  inputs: [],
  dynamicInputs: (config) => templateVariables(config.template, config.doubleBraces).map((name) => ({ name })),
  outputs: [{ name: 'prompt' }],
  run: async (context, config, inputs) => ({
    prompt: text(renderTemplate(partsOf(config), (name) => {
      const value = inputAt(inputs, name);
      if (value) return textOf(value);
      return (Object.hasOwn(config.defaults, name) ? config.defaults[name] : '') || ofRun(name, context);
    })),
  }),
});

/** Variables whose meaning every run knows, where the flow fills them in no other way. */
const ofRun = (name: string, { language }: NodeContext): string => (name === 'detected_language' ? language?.name ?? 'the language of the person' : '');
