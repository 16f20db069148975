import { z } from 'zod';
import { isData } from '../../expression/data.ts';
import { defineNode, inputAt, text } from '../define-node.ts';
import { itemsOf, wholeOf } from '../items.ts';
import { scalarText } from '../values.ts';

const COLUMNS_MAX = 500;

const Config = z.strictObject({
  format: z.enum(['json', 'csv', 'markdown table', 'html table', 'lines']).default('json').meta({ title: 'Format' }),
  columns: z.array(z.string().max(500)).max(COLUMNS_MAX).default([]).meta({ title: 'Columns', description: 'Fields in this order; all that occur where it is empty.' }),
  header: z.boolean().default(true).meta({ title: 'Names of the columns first' }),
  delimiter: z.enum([',', ';', '\t', '|']).default(',').meta({ title: 'Between cells', description: 'For CSV.' }),
  indent: z.number().int().min(0).max(8).default(2).meta({ title: 'Indent', description: 'For JSON.' }),
  formulas: z.boolean().default(false).meta({ title: 'Leave formulas', description: 'Otherwise a cell that a spreadsheet would calculate gets an apostrophe in front.' }),
});

export const formatData = defineNode({
  type: 'transform.format',
  title: 'Format',
  description: 'Writes data as JSON, CSV, a Markdown or HTML table, or lines of text.',
  family: 'transform',
  config: Config,
  inputs: [{ name: 'input', required: true }],
  outputs: [{ name: 'text' }],
  run: async (_context, config, inputs) => {
    const input = inputAt(inputs, 'input');
    if (config.format === 'json') return { text: text(JSON.stringify(wholeOf(input), null, config.indent) ?? 'null') };
    const items = itemsOf(input);
    if (config.format === 'lines') return { text: text(items.map(scalarText).join('\n')) };
    const columns = config.columns.length > 0 ? config.columns : columnsOf(items);
    const rows = items.map((item) => columns.map((column) => scalarText(isData(item) ? (Object.hasOwn(item, column) ? item[column] : '') : column === 'value' ? item : '')));
    return { text: text(written(columns, rows, config)) };
  },
});

/** Every field that occurs, in order of appearance. */
function columnsOf(items: readonly unknown[]): readonly string[] {
  const columns = new Set<string>();
  for (const item of items) {
    for (const name of isData(item) ? Object.keys(item) : ['value']) if (columns.size < COLUMNS_MAX) columns.add(name);
  }
  return [...columns];
}

function written(columns: readonly string[], rows: readonly (readonly string[])[], config: z.output<typeof Config>): string {
  const lines = config.header ? [columns, ...rows] : rows;
  switch (config.format) {
    case 'csv': return lines.map((cells) => cells.map((cell) => csvCell(cell, config)).join(config.delimiter)).join('\r\n');
    case 'markdown table': return [markdownRow(columns), markdownRow(columns.map(() => '---')), ...rows.map(markdownRow)].join('\n');
    case 'html table': {
      const head = config.header ? `<thead><tr>${columns.map((name) => `<th>${escapeHtml(name)}</th>`).join('')}</tr></thead>` : '';
      return `<table>${head}<tbody>${rows.map((cells) => `<tr>${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`).join('')}</tbody></table>`;
    }
    default: return lines.map((cells) => cells.join('\t')).join('\n');
  }
}

/** Quoted by RFC 4180. What begins like a formula could run in the reader's spreadsheet; numbers may begin with a minus. */
function csvCell(cell: string, { delimiter, formulas }: { delimiter: string; formulas: boolean }): string {
  const safe = !formulas && /^[=+\-@\t\r]/.test(cell) && !/^[-+]?\d*\.?\d+$/.test(cell) ? `'${cell}` : cell;
  return safe.includes(delimiter) || /["\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const markdownRow = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('\\', '\\\\').replaceAll('|', '\\|').replace(/\s*\n\s*/g, ' ')).join(' | ')} |`;

const escapeHtml = (cell: string): string => cell.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
