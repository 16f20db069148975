import { deflateSync } from 'node:zlib';

/** PDF files for tests, made object by object. */

export interface PdfPageSpec {
  /** The content stream. */
  content: string;
  /** Further entries of the page, such as `/Rotate 90`. */
  entries?: string;
  /** Further resources, such as `/XObject<</Im1 20 0 R>>`. */
  resources?: string;
}

/** Numbers 3 to 5 are fonts (Helvetica; Courier whose letters mean Arabic ones; Courier), pages begin at 100; others are free. */
export function pdfFile(pages: readonly PdfPageSpec[], { objects = [], catalog = '', trailer = '' }: { objects?: readonly (string | Buffer)[]; catalog?: string; trailer?: string } = {}): Buffer {
  const body = pages.flatMap(({ content, entries = '', resources = '' }, index) => [
    `${100 + index * 2} 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents ${101 + index * 2} 0 R/Resources<</Font<</F1 3 0 R/F2 4 0 R/F3 5 0 R>>${resources}>>${entries}>>endobj`,
    `${101 + index * 2} 0 obj<</Length ${Buffer.byteLength(content, 'latin1')}>>stream\n${content}\nendstream endobj`,
  ]);
  const kids = pages.map((_, index) => `${100 + index * 2} 0 R`).join(' ');
  const parts = [
    '%PDF-1.7', `1 0 obj<</Type/Catalog/Pages 2 0 R${catalog}>>endobj`, `2 0 obj<</Type/Pages/Kids[${kids}]/Count ${pages.length}>>endobj`,
    '3 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>endobj', '4 0 obj<</Type/Font/Subtype/Type1/BaseFont/Courier/ToUnicode 6 0 R>>endobj',
    '5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Courier>>endobj', arabicMap(), ...objects, ...body, `trailer<</Root 1 0 R${trailer}>>`, '%%EOF',
  ];
  return Buffer.concat(parts.flatMap((part) => [typeof part === 'string' ? Buffer.from(part, 'latin1') : part, Buffer.from('\n')]));
}

/** Letters of the second font: `a` to `z` stand for these, `L` for the ligature of lam and alef. */
const ARABIC = 'ابتثجحخدذرزسشصضطعفقكلمنهوي';

function arabicMap(): string {
  const letters = [...ARABIC].map((letter, index) => `<${(0x61 + index).toString(16)}> <${letter.charCodeAt(0).toString(16).padStart(4, '0')}>`);
  const map = `/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00> <ff> endcodespacerange ${letters.length + 1} beginbfchar ${letters.join(' ')} <4c> <06440627> endbfchar endcmap end`;
  return `6 0 obj<</Length ${map.length}>>stream\n${map}\nendstream endobj`;
}

/** How a right-to-left text is drawn by most programs: its letters as they stand on paper, from left to right. */
export const shownFromLeft = (text: string): string => [...text].reverse().map((letter) => (letter === ' ' ? ' ' : letter === 'ﻻ' ? 'L' : String.fromCharCode(0x61 + [...ARABIC].indexOf(letter)))).join('');

/** One line of text. */
export const line = (x: number, y: number, text: string, size = 12, font = 'F1'): string => `BT /${font} ${size} Tf ${x} ${y} Td (${text.replace(/[()\\]/g, '\\$&')}) Tj ET`;

/** A drawn line between two points. */
export const rule = (x0: number, y0: number, x1: number, y1: number): string => `${x0} ${y0} m ${x1} ${y1} l S`;

/** A stream object; `filter` names what `data` was packed with. */
export const streamObject = (number: number, entries: string, data: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${number} 0 obj<<${entries}/Length ${data.length}>>stream\n`, 'latin1'), data, Buffer.from('\nendstream endobj', 'latin1')]);

/** A picture in shades of gray. */
export const grayImage = (number: number, width: number, height: number, pixels: Uint8Array): Buffer =>
  streamObject(number, `/Type/XObject/Subtype/Image/Width ${width}/Height ${height}/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/FlateDecode`, deflateSync(pixels));

/** Packed zeros without the time it takes to pack them: the same packed megabyte again and again. */
export function packedZeros(megabytes: number): Buffer {
  const once = deflateSync(Buffer.alloc(1024 * 1024), { finishFlush: 3 /* Z_FULL_FLUSH */ }).subarray(2);
  return Buffer.concat([Buffer.from([0x78, 0x9c]), ...Array.from({ length: megabytes }, () => once), Buffer.from([0x03, 0x00])]);
}
