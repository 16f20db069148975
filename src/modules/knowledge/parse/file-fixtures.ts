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

/** One slide of a presentation: the XML of its shapes, of its notes' shapes, and what it refers to. */
export interface SlideSpec { shapes: string; notes?: string; hidden?: boolean; relations?: string }

/** A presentation whose slides stand in the file in the reverse of the order they are shown in. */
export function pptxOf(slides: readonly SlideSpec[], extra: readonly ZipEntrySpec[] = []): Buffer {
  const space = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram"';
  const relation = (id: string, kind: string, target: string): string => `<Relationship Id="${id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${kind}" Target="${target}"/>`;
  const list = (inner: string): string => `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${inner}</Relationships>`;
  return zipOf([
    { name: '[Content_Types].xml', data: CONTENT_TYPES },
    { name: '_rels/.rels', data: relationships('ppt/presentation.xml') },
    { name: 'ppt/presentation.xml', data: `<p:presentation ${space}><p:sldIdLst>${slides.map((_, i) => `<p:sldId id="${256 + i}" r:id="rId${i + 1}"/>`).join('')}</p:sldIdLst></p:presentation>` },
    { name: 'ppt/_rels/presentation.xml.rels', data: list(slides.map((_, i) => relation(`rId${i + 1}`, 'slide', `slides/slide${slides.length - i}.xml`)).join('')) },
    ...slides.flatMap(({ shapes, notes, hidden, relations = '' }, i) => {
      const file = slides.length - i;
      return [
        { name: `ppt/slides/slide${file}.xml`, data: `<?xml version="1.0"?><p:sld ${space}${hidden ? ' show="0"' : ''}><p:cSld><p:spTree>${shapes}</p:spTree></p:cSld></p:sld>` },
        { name: `ppt/slides/_rels/slide${file}.xml.rels`, data: list(relations + (notes === undefined ? '' : relation('rIdN', 'notesSlide', `../notesSlides/notes${file}.xml`))) },
        ...(notes === undefined ? [] : [{ name: `ppt/notesSlides/notes${file}.xml`, data: `<p:notes ${space}><p:cSld><p:spTree>${notes}</p:spTree></p:cSld></p:notes>` }]),
      ];
    }),
    ...extra,
  ]);
}

/** A text shape of a slide; `placeholder` as in the format, e.g. `title`. */
export const slideShape = (lines: readonly string[], placeholder = ''): string =>
  `<p:sp><p:nvSpPr><p:nvPr>${placeholder === '' ? '' : `<p:ph type="${placeholder}"/>`}</p:nvPr></p:nvSpPr><p:txBody>${lines.map((line) => `<a:p><a:r><a:t>${line}</a:t></a:r></a:p>`).join('')}</p:txBody></p:sp>`;

/** A book with these chapters, name to XHTML body, in this order; `opf` goes into the package's metadata, `toc` into its table of contents. */
export function epubOf(chapters: Readonly<Record<string, string>>, { opf = '', toc = '', extra = [] }: { opf?: string; toc?: string; extra?: readonly ZipEntrySpec[] } = {}): Buffer {
  const names = Object.keys(chapters);
  return zipOf([
    { name: 'mimetype', data: 'application/epub+zip' },
    { name: 'META-INF/container.xml', data: '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>' },
    { name: 'OEBPS/book.opf', data: `<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/" version="3.0"><metadata>${opf}</metadata><manifest>
      <item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>${names.map((name, i) => `<item id="c${i}" href="${name}" media-type="application/xhtml+xml"/>`).join('')}</manifest><spine>${names.map((_, i) => `<itemref idref="c${i}"/>`).join('')}</spine></package>` },
    { name: 'OEBPS/nav.xhtml', data: `<html xmlns="http://www.w3.org/1999/xhtml"><body><nav><ol>${toc}</ol></nav></body></html>` },
    ...Object.entries(chapters).map(([name, body]) => ({ name: `OEBPS/${name}`, data: `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title>t</title></head><body>${body}</body></html>` })),
    ...extra,
  ]);
}

/** An OpenDocument text with this body; `meta` goes into `meta.xml`, `manifest` into the manifest. */
export const odtOf = (body: string, { meta = '', manifest = '', kind = 'text' }: { meta?: string; manifest?: string; kind?: string } = {}): Buffer =>
  zipOf([
    { name: 'mimetype', data: `application/vnd.oasis.opendocument.${kind}` },
    { name: 'META-INF/manifest.xml', data: `<manifest:manifest xmlns:manifest="m">${manifest}</manifest:manifest>` },
    { name: 'content.xml', data: `<?xml version="1.0"?><office:document-content xmlns:office="o" xmlns:text="t" xmlns:table="b"><office:body><office:text>${body}</office:text></office:body></office:document-content>` },
    { name: 'meta.xml', data: `<office:document-meta xmlns:office="o" xmlns:dc="d" xmlns:meta="m"><office:meta>${meta}</office:meta></office:document-meta>` },
  ]);
