import { CsvError, parse } from 'csv-parse/sync';
import { BlockWriter } from './block-writer.ts';
import { decodeText } from './encoding.ts';
import { PARSE_LIMITS } from './limits.ts';
import { ParseError, type ReadContent } from './parsed-document.ts';
import { writeRows } from './write-rows.ts';

/** Rows of a delimited text and what had to be assumed to read them. */
export interface CsvRows { rows: string[][]; delimiter: string; warnings: string[] }

/** A CSV file as records of `Header: value` lines. */
export function readCsv(bytes: Uint8Array, charset: string | null = null): ReadContent {
  const { text, warning } = decodeText(bytes, null, charset);
  const { rows, warnings } = csvRows(text);
  const writer = new BlockWriter();
  writeRows(writer, rows);
  return { format: 'csv', blocks: writer.blocks, warnings: warning ? [warning, ...warnings] : warnings };
}

/**
 * Splits delimited text (RFC 4180, any of `,` `;` tab `|`) into rows. Unbalanced quotes are read as plain characters,
 * with a warning that names the line.
 * @throws ParseError `too-large` past the limits of rows or cell size; `damaged` where no reading is possible.
 */
export function csvRows(text: string): CsvRows {
  const delimiter = delimiterOf(text);
  try {
    return { rows: split(text, delimiter, true), delimiter, warnings: [] };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    if (!error.code.includes('QUOTE')) throw csvFailure(error);
    const line = typeof error.lines === 'number' ? error.lines : 1;
    try {
      return { rows: split(text, delimiter, false), delimiter, warnings: [`The quotes around line ${line} do not match; all quotes were read as plain characters.`] };
    } catch (again) {
      throw again instanceof CsvError ? csvFailure(again) : again;
    }
  }
}

function split(text: string, delimiter: string, quoted: boolean): string[][] {
  const rows: string[][] = parse(text, {
    delimiter, bom: true, quote: quoted ? '"' : null, relax_column_count: true, skip_empty_lines: true,
    max_record_size: PARSE_LIMITS.cellCharactersMax, to: PARSE_LIMITS.rowsMax + 1,
  });
  if (rows.length > PARSE_LIMITS.rowsMax) {
    throw new ParseError('too-large', `This table has more than ${PARSE_LIMITS.rowsMax} rows. Split it into smaller files.`);
  }
  return rows;
}

function csvFailure(error: CsvError): ParseError {
  const where = typeof error.lines === 'number' ? ` near line ${error.lines}` : '';
  return error.code === 'CSV_MAX_RECORD_SIZE'
    ? new ParseError('too-large', `A row${where} is too long for a table. Check the quotes and line ends there.`, { cause: error })
    : new ParseError('damaged', `The table cannot be read${where}. Check the row there and upload the file again.`, { cause: error });
}

/** The delimiter that splits the first lines into the most even columns; a comma where none does. */
function delimiterOf(text: string): string {
  const lines = text.slice(0, 64 * 1024).split(/\r\n|\n|\r/).filter((line) => line.trim() !== '').slice(0, 30);
  let best = { delimiter: ',', score: 0 };
  for (const delimiter of [',', ';', '\t', '|']) {
    const counts = lines.map((line) => line.replace(/"[^"]*"/g, '').split(delimiter).length - 1);
    const usual = median(counts);
    const even = counts.filter((count) => count === usual).length / Math.max(1, counts.length);
    const score = usual === 0 ? 0 : even + Math.min(usual, 20) / 100;
    if (score > best.score) best = { delimiter, score };
  }
  return best.delimiter;
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
