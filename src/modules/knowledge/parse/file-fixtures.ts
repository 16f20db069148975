import { crc32, deflateRawSync } from 'node:zlib';

/** Files for tests, made byte by byte. */

export interface ZipEntrySpec {
  name: string;
  data: Buffer | string;
  /** What the headers claim instead of the true unpacked size. */
  claimedSize?: number;
}

/** A zip container (PKWARE APPNOTE 6.3) with deflated entries. */
export function zipOf(entries: readonly ZipEntrySpec[]): Buffer {
  const local: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, data, claimedSize } of entries) {
    const raw = Buffer.from(data);
    const packed = deflateRawSync(raw);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt32LE(crc32(raw), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(claimedSize ?? raw.length, 18);
    fields.writeUInt16LE(Buffer.byteLength(name), 22);
    const header = Buffer.concat([Buffer.from('PK\u0003\u0004'), fields, Buffer.from(name), packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\u0001\u0002'), Buffer.from([20, 0]), fields, tail, Buffer.from(name)]));
    local.push(header);
    offset += header.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 0, 'latin1');
  end.writeUInt16LE(Math.min(entries.length, 0xffff), 8);
  end.writeUInt16LE(Math.min(entries.length, 0xffff), 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, central, end]);
}

const CONTENT_TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/></Types>';
const relationships = (target: string): string =>
  `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="${target}"/></Relationships>`;

/** A Word document with the given body XML; `prolog` goes before the root element. */
export const docxOf = (body: string, { prolog = '', extra = [] }: { prolog?: string; extra?: readonly ZipEntrySpec[] } = {}): Buffer =>
  zipOf([
    { name: '[Content_Types].xml', data: CONTENT_TYPES },
    { name: '_rels/.rels', data: relationships('word/document.xml') },
    { name: 'word/document.xml', data: `<?xml version="1.0"?>${prolog}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${body}</w:body></w:document>` },
    ...extra,
  ]);

export const wordParagraph = (text: string, style = ''): string =>
  `<w:p>${style === '' ? '' : `<w:pPr><w:pStyle w:val="${style}"/></w:pPr>`}<w:r><w:t xml:space="preserve">${text}</w:t></w:r></w:p>`;

/** A workbook of one sheet; `sheetXml` is the content of `sheetData`. */
export const xlsxOf = (sheetXml: string, prolog = ''): Buffer =>
  zipOf([
    { name: '[Content_Types].xml', data: CONTENT_TYPES },
    { name: '_rels/.rels', data: relationships('xl/workbook.xml') },
    { name: 'xl/workbook.xml', data: '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Prices" sheetId="1" r:id="rId1"/></sheets></workbook>' },
    { name: 'xl/_rels/workbook.xml.rels', data: '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>' },
    { name: 'xl/worksheets/sheet1.xml', data: `<?xml version="1.0"?>${prolog}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${sheetXml}</sheetData></worksheet>` },
  ]);

export const sheetRow = (row: number, cells: readonly string[]): string =>
  `<row r="${row}">${cells.map((cell, i) => `<c r="${String.fromCharCode(65 + i)}${row}" t="inlineStr"><is><t>${cell}</t></is></c>`).join('')}</row>`;

/** A PDF with these content streams as pages, without a cross-reference table. */
export function pdfOf(pages: readonly string[]): Buffer {
  const objects = pages.flatMap((content, i) => [
    `${10 + i * 2} 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents ${11 + i * 2} 0 R/Resources<</Font<</F1 3 0 R>>>>>>endobj`,
    `${11 + i * 2} 0 obj<</Length ${content.length}>>stream\n${content}\nendstream endobj`,
  ]);
  const kids = pages.map((_, i) => `${10 + i * 2} 0 R`).join(' ');
  return Buffer.from(['%PDF-1.4', '1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj', `2 0 obj<</Type/Pages/Kids[${kids}]/Count ${pages.length}>>endobj`,
    '3 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj', ...objects, 'trailer<</Root 1 0 R>>', '%%EOF'].join('\n'), 'latin1');
}

/** One line of text in a content stream. */
export const pdfLine = (x: number, y: number, text: string, size = 12): string => `BT /F1 ${size} Tf ${x} ${y} Td (${text}) Tj ET`;
