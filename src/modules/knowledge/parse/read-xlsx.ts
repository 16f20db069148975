import { load } from 'cheerio';
import readWorkbook from 'read-excel-file/node';
import { BlockWriter } from './block-writer.ts';
import { PARSE_LIMITS } from './limits.ts';
import { officeProperties } from './office-properties.ts';
import { ParseError, type ReadContent } from './parsed-document.ts';
import { writeRows } from './write-rows.ts';
import { verifyZipSizes, ZipTexts } from './zip-check.ts';

/** A workbook: every sheet a section with its rows as records. Formulas give the value last computed. */
export async function readXlsx(bytes: Uint8Array): Promise<ReadContent> {
  await verifyZipSizes(bytes);
  const sheets = await workbookSheets(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const rowCount = sheets.reduce((sum, sheet) => sum + sheet.data.length, 0);
  if (rowCount > PARSE_LIMITS.rowsMax) {
    throw new ParseError('too-large', `This workbook has more than ${PARSE_LIMITS.rowsMax} rows. Split it into smaller files.`);
  }
  const writer = new BlockWriter();
  for (const sheet of sheets) {
    writer.heading(1, sheet.sheet);
    writeRows(writer, sheet.data.map((row) => row.map(cellText)));
  }
  const texts = await ZipTexts.open(bytes);
  // Sheet names alone are no content.
  const blocks = writer.blocks.some((block) => block.kind !== 'heading') ? writer.blocks : [];
  return { format: 'xlsx', ...await officeProperties(texts), blocks, warnings: await hiddenSheetWarnings(texts) };
}

async function workbookSheets(buffer: Buffer) {
  try {
    return await readWorkbook(buffer);
  } catch (cause) {
    if (cause instanceof RangeError) throw cause; // stack or array size exhausted: too complex, not damaged
    throw new ParseError('damaged', 'This workbook is damaged. Open it in Excel, save it again, and upload the new copy.', { cause });
  }
}

function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return '';
  if (cell instanceof Date) {
    if (Number.isNaN(cell.getTime())) return '';
    const iso = cell.toISOString();
    return iso.endsWith('T00:00:00.000Z') ? iso.slice(0, 10) : iso.slice(0, 19).replace('T', ' ');
  }
  // Sums of binary fractions carry noise in the 16th digit that the sheet does not show.
  if (typeof cell === 'number') return String(Number(cell.toPrecision(15)));
  if (typeof cell === 'boolean') return cell ? 'TRUE' : 'FALSE';
  return typeof cell === 'string' ? cell.slice(0, PARSE_LIMITS.cellCharactersMax) : '';
}

async function hiddenSheetWarnings(texts: ZipTexts): Promise<string[]> {
  const xml = await texts.text('xl/workbook.xml');
  if (xml === null) return [];
  const $ = load(xml, { xml: true });
  const hidden = $('sheet[state=hidden], sheet[state=veryHidden]').toArray().map((sheet) => sheet.attribs.name ?? '');
  if (hidden.length === 0) return [];
  return [`Hidden sheets were read too: ${hidden.join(', ').slice(0, 300)}. Remove them from the file if they should not be answered from.`];
}
