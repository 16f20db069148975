import { z } from 'zod';
import { isData } from '../../expression/data.ts';
import { Evaluation } from '../../expression/evaluation.ts';
import { matchAll, Pattern, replacePattern, splitPattern } from '../../expression/functions/patterns.ts';
import { textMethods } from '../../expression/functions/text.ts';
import { resolve } from '../../expression/resolve.ts';
import type { Scope } from '../../expression/scope.ts';
import { renderText } from '../../expression/template.ts';
import { defineNode, inputAt } from '../define-node.ts';
import { eachSetting, mapItems } from '../each-item.ts';
import { withField } from '../field-path.ts';
import { NodeError } from '../node-error.ts';
import { scalarText } from '../values.ts';

const OPERATIONS = ['upper case', 'lower case', 'title case', 'trim', 'replace', 'extract', 'extract all', 'split', 'slice', 'remove markup', 'length', 'words'] as const;
/** Operations that are functions of expressions as well. */
const METHODS: ReadonlyMap<string, string> = new Map([
  ['upper case', 'toUpperCase'], ['lower case', 'toLowerCase'], ['title case', 'toTitleCase'], ['trim', 'trim'], ['remove markup', 'removeTags'], ['length', 'length'],
]);

const Config = z.strictObject({
  operation: z.enum(OPERATIONS).default('trim').meta({ title: 'What' }),
  value: z.string().max(100_000).default('{{ item }}').meta({ title: 'Text', description: 'Text with expressions.' }),
  search: z.string().max(1_000).default('').meta({ title: 'Looked for', description: 'For replace, extract and split.' }),
  pattern: z.boolean().default(false).meta({ title: 'Is a regular expression', description: 'Without look-around and back-references.' }),
  ignoreCase: z.boolean().default(false).meta({ title: 'Capital letters do not count', description: 'For regular expressions.' }),
  replacement: z.string().max(10_000).default('').meta({ title: 'Replaced by', description: 'For regular expressions, $1 stands for the first group.' }),
  from: z.number().int().default(0).meta({ title: 'From character', description: 'For slice; negative ones count from the end.' }),
  to: z.number().int().nullable().default(null).meta({ title: 'To character' }),
  as: z.string().max(500).default('').meta({ title: 'Called', description: 'Field of the item for the result; the result alone where it is empty.' }),
  each: eachSetting(false),
});

export const textNode = defineNode({
  type: 'transform.text',
  title: 'Text',
  description: 'Changes a text: letters, spaces, replacing, extracting, splitting, cutting.',
  family: 'transform',
  expressions: true,
  config: Config,
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }],
  run: async (context, config, inputs) => ({
    output: mapItems(context, inputAt(inputs, 'input'), config.each, (item, scope) => {
      const result = worked(scalarText(resolve(config.value, scope)), config, scope);
      return config.as === '' ? result : withField(isData(item) ? item : {}, config.as, result, true);
    }),
  }),
});

function worked(text: string, config: z.output<typeof Config>, scope: Scope): unknown {
  const evaluation = new Evaluation(scope);
  const method = textMethods.get(METHODS.get(config.operation) ?? '');
  if (method) return method(text, [], evaluation);
  const search = renderText(config.search, scope);
  const pattern = new Pattern(config.pattern ? search : escaped(search), config.ignoreCase ? 'gi' : 'g');
  if (search === '' && (config.operation === 'replace' || config.operation === 'extract' || config.operation === 'extract all')) throw new NodeError('node-config-invalid', 'Nothing is given to look for.');
  switch (config.operation) {
    case 'replace': return config.pattern || config.ignoreCase ? replacePattern(text, pattern, renderText(config.replacement, scope), evaluation) : text.replaceAll(search, () => renderText(config.replacement, scope));
    case 'extract': return found(matchAll(text, pattern, 1, evaluation)[0]);
    case 'extract all': return matchAll(text, pattern, Number.POSITIVE_INFINITY, evaluation).map(found);
    case 'split': return config.pattern ? splitPattern(text, pattern, Number.POSITIVE_INFINITY, evaluation) : text.split(search === '' ? '\n' : search);
    case 'slice': return text.slice(config.from, config.to ?? text.length);
    case 'words': return text.trim() === '' ? 0 : text.trim().split(/\s+/).length;
    default: return text;
  }
}

/** The first group of a match where the pattern has one, else the whole. */
const found = (match: readonly (string | undefined)[] | undefined): string | null => (match === undefined ? null : (match.length > 1 ? match[1] : match[0]) ?? null);

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
