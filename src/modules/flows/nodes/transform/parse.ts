import type { CheerioAPI } from 'cheerio';
import { z } from 'zod';
import type { Value } from '../../node-type.ts';
import { renderText } from '../../expression/template.ts';
import { defineNode, inputAt, json } from '../define-node.ts';
import { wholeScope } from '../each-item.ts';
import { pageText } from '../http/page-text.ts';
import { listOf } from '../items.ts';
import { NodeError } from '../node-error.ts';
import { textOf } from '../values.ts';
import { parseJson } from './json.ts';
import { xmlData } from './xml-data.ts';

const TEXT_CHARS_MAX = 5_000_000;
const ROWS_MAX = 100_000;
const MATCHES_MAX = 10_000;

const Config = z.strictObject({
  format: z.enum(['json', 'csv', 'xml', 'html']).default('json').meta({ title: 'Format' }),
  text: z.string().max(100_000).default('').meta({ title: 'Text', description: 'Text with expressions; the text of the input where it is empty.' }),
  header: z.boolean().default(true).meta({ title: 'First row names the columns', description: 'For CSV.' }),
  delimiter: z.string().max(5).default('').meta({ title: 'Between cells', description: 'For CSV; found out where it is empty.' }),
  extract: z.array(z.strictObject({
    name: z.string().max(200).default('').meta({ title: 'Field' }),
    selector: z.string().max(500).default('').meta({ title: 'CSS selector' }),
    take: z.enum(['text', 'html', 'attribute']).default('text').meta({ title: 'Take' }),
    attribute: z.string().max(100).default('').meta({ title: 'Attribute' }),
    all: z.boolean().default(false).meta({ title: 'All matches', description: 'A list instead of the first.' }),
  })).max(100).default([]).meta({ title: 'Fields', description: 'For HTML; title, text and links where there are none.' }),
});

export const parseText = defineNode({
  type: 'transform.parse',
  title: 'Parse',
  description: 'Reads JSON, CSV, XML or HTML and puts out its data.',
  family: 'transform',
  expressions: true,
  config: Config,
  inputs: [{ name: 'input' }],
  outputs: [{ name: 'output' }],
  run: async (context, config, inputs): Promise<Record<string, Value>> => {
    const input = inputAt(inputs, 'input');
    const source = config.text === '' ? textOf(input) : renderText(config.text, wholeScope(context, input));
    if (source.length > TEXT_CHARS_MAX) throw new NodeError('node-limit', `A text longer than ${TEXT_CHARS_MAX} characters is not read.`);
    switch (config.format) {
      case 'json': {
        const data = parseJson(source);
        if (data === undefined) throw new NodeError('node-input-invalid', 'The text is not JSON.');
        return { output: json(data) };
      }
      case 'csv': return { output: listOf(await csvRows(source, config)) };
      case 'xml': return { output: json(await xmlData(source)) };
      case 'html': return { output: json(await htmlData(source, config.extract)) };
    }
  },
});

async function csvRows(source: string, { header, delimiter }: { header: boolean; delimiter: string }): Promise<readonly unknown[]> {
  // The readers are loaded on first use: most runs need none of them.
  const { CsvError, parse: parseCsv } = await import('csv-parse/sync');
  try {
    const rows: string[][] = parseCsv(source, { delimiter: delimiter === '' ? likelyDelimiter(source) : delimiter, bom: true, relax_column_count: true, relax_quotes: true, skip_empty_lines: true, trim: true, to: ROWS_MAX + 2 });
    if (rows.length > ROWS_MAX + 1) throw new NodeError('node-limit', `CSV with more than ${ROWS_MAX} rows is not read.`);
    if (!header) return rows;
    const [names = [], ...others] = rows;
    return others.map((row) => Object.fromEntries(names.flatMap((name, column): [string, string][] => (name === '__proto__' ? [] : [[name === '' ? `column${column + 1}` : name, row[column] ?? '']]))));
  } catch (error) {
    if (error instanceof CsvError) throw new NodeError('node-input-invalid', `The text is no CSV: ${error.message}`, { cause: error });
    throw error;
  }
}

/** The sign that is most frequent in the first line, outside quotes. */
function likelyDelimiter(source: string): string {
  const line = source.slice(0, 10_000).split(/\r?\n/, 1)[0]?.replace(/"[^"]*"/g, '') ?? '';
  return [',', ';', '\t', '|'].reduce((best, sign) => (line.split(sign).length > line.split(best).length ? sign : best));
}

async function htmlData(source: string, extract: z.output<typeof Config>['extract']): Promise<unknown> {
  const { load } = await import('cheerio');
  const page = load(source);
  if (extract.length === 0) {
    const links = page('a[href]').slice(0, MATCHES_MAX).toArray().map((link) => ({ text: shortened(page(link).text()), url: page(link).attr('href') ?? '' }));
    return { ...await pageText(source), links };
  }
  return Object.fromEntries(extract.filter(({ name }) => name !== '' && name !== '__proto__').map((field) => [field.name, htmlField(page, field)]));
}

function htmlField(page: CheerioAPI, { selector, take, attribute, all }: z.output<typeof Config>['extract'][number]): unknown {
  const elements = (() => {
    try {
      return page(selector === '' ? 'body' : selector).slice(0, all ? MATCHES_MAX : 1).toArray();
    } catch (error) {
      throw new NodeError('node-config-invalid', `"${selector}" is no CSS selector.`, { cause: error });
    }
  })();
  const values = elements.map((element) => (take === 'html' ? page(element).html() ?? '' : take === 'attribute' ? page(element).attr(attribute) ?? null : shortened(page(element).text())));
  return all ? values : values[0] ?? null;
}

const shortened = (text: string): string => text.replace(/\s+/g, ' ').trim();
