import { looksLikeText } from './encoding.ts';
import { PARSE_LIMITS } from './limits.ts';
import { type DocumentFormat, type FileClaim, ParseError } from './parsed-document.ts';
import { listZip, readZipText } from './zip-check.ts';

const SUPPORTED = 'PDF, Word (.docx), PowerPoint (.pptx), OpenDocument text (.odt), EPUB, Excel (.xlsx), CSV, HTML, e-mail (.eml), Markdown and plain text';
const BY_EXTENSION: Readonly<Record<string, DocumentFormat>> = {
  pdf: 'pdf', docx: 'docx', docm: 'docx', dotx: 'docx', pptx: 'pptx', pptm: 'pptx', ppsx: 'pptx', odt: 'odt', ott: 'odt', epub: 'epub', eml: 'eml', xlsx: 'xlsx', xlsm: 'xlsx', csv: 'csv', tsv: 'csv',
  html: 'html', htm: 'html', xhtml: 'html', md: 'md', markdown: 'md', mdx: 'md', txt: 'txt', text: 'txt', log: 'txt', rst: 'txt',
};
const BY_MIME: Readonly<Record<string, DocumentFormat>> = {
  'application/pdf': 'pdf', 'text/csv': 'csv', 'text/tab-separated-values': 'csv', 'text/html': 'html',
  'application/xhtml+xml': 'html', 'text/markdown': 'md', 'text/plain': 'txt',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': 'pptx',
  'application/vnd.oasis.opendocument.text': 'odt', 'application/epub+zip': 'epub', 'message/rfc822': 'eml',
};
const LABEL: Readonly<Record<DocumentFormat, string>> = {
  pdf: 'a PDF', docx: 'a Word document', pptx: 'a PowerPoint presentation', odt: 'an OpenDocument text', epub: 'an EPUB book', eml: 'an e-mail', xlsx: 'an Excel workbook', csv: 'a CSV table', html: 'a web page', md: 'Markdown', txt: 'plain text',
};
const TEXT_FORMATS: ReadonlySet<DocumentFormat> = new Set(['csv', 'html', 'eml', 'md', 'txt']);

/** What a file really is, and what its owner should know about the name it came with. */
export interface Sniffed { format: DocumentFormat; warnings: string[] }

/**
 * Decides the format from the content; the name only chooses between kinds of text.
 * @throws ParseError `empty`, `too-large`, `mislabelled`, `unsupported`, `password` or `damaged`.
 */
export async function sniffFormat(bytes: Uint8Array, claim: FileClaim): Promise<Sniffed> {
  if (bytes.length === 0) throw new ParseError('empty', 'This file is empty. Check that the right file was chosen.');
  if (bytes.length > PARSE_LIMITS.fileBytesMax) {
    throw new ParseError('too-large', `This file is larger than ${PARSE_LIMITS.fileBytesMax / 1024 / 1024} MB. Split it into smaller files.`);
  }
  const claimed = claimedFormat(claim);
  const actual = await contentFormat(bytes, claimed, claim);
  return { format: actual, warnings: labelWarnings(claim, actual) };
}

/** What to say when a file is named as something it is not. Kinds of text other than HTML and e-mail pass for each other. */
export function labelWarnings(claim: FileClaim, actual: DocumentFormat): string[] {
  const claimed = claimedFormat(claim);
  if (claimed === null || claimed === actual) return [];
  if (TEXT_FORMATS.has(claimed) && TEXT_FORMATS.has(actual) && actual !== 'html' && claimed !== 'eml') return [];
  return [`The file is named as ${LABEL[claimed]}, but it is ${LABEL[actual]} and was read as that.`];
}

async function contentFormat(bytes: Uint8Array, claimed: DocumentFormat | null, claim: FileClaim): Promise<DocumentFormat> {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 4096)).toString('latin1');
  if (/^[\s\u00ef\u00bb\u00bf\0]*%PDF-/.test(head)) return 'pdf';
  if (isHtml(head)) return 'html';
  if (head.startsWith('PK\u0003\u0004') || head.startsWith('PK\u0005\u0006')) return containerFormat(bytes, claimed);
  if (head.startsWith('\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1')) throw compoundFileError(bytes);
  if (claimed === 'eml' && isMail(head)) return 'eml';
  const { fileTypeFromBuffer } = await import('file-type');
  const known = await fileTypeFromBuffer(bytes);
  if (known && known.ext !== 'xml') throw foreignError(known.mime, claimed);
  // Some producers put a few bytes before the header; readers accept it anywhere in the first kilobyte.
  if (head.slice(0, 1024).includes('%PDF-')) return 'pdf';
  if (!looksLikeText(bytes)) throw binaryError(claimed);
  if (known || /^\s*<\?xml|^\s*<svg/i.test(head)) throw foreignError('XML or SVG', claimed);
  return textFormat(claimed, claim);
}

/** A page whose head mentions `%PDF-` (a polyglot) is still a page: the first bytes decide. */
function isHtml(head: string): boolean {
  const plain = head.replaceAll('\0', '').replace(/^(\u00ff\u00fe|\u00fe\u00ff|\u00ef\u00bb\u00bf)/, '');
  const start = plain.replace(/^(?:\s+|<\?xml[^>]{0,200}\?>|<!--[^]{0,2000}?-->)+/i, '');
  return /^<(!doctype\s+html|html|head|body|div|table|p|article|main|section|title|meta|h1)[\s/>]/i.test(start);
}

async function containerFormat(bytes: Uint8Array, claimed: DocumentFormat | null): Promise<DocumentFormat> {
  const { names } = await listZip(bytes);
  if (names.has('META-INF/container.xml')) return 'epub';
  if (!names.has('[Content_Types].xml') && names.has('content.xml') && names.has('META-INF/manifest.xml')) return openDocumentFormat(bytes, claimed);
  if (!names.has('[Content_Types].xml')) throw foreignError('zip archive', claimed);
  if ([...names].some((name) => name.startsWith('word/'))) return 'docx';
  if ([...names].some((name) => name.startsWith('xl/') && name.endsWith('.xml'))) return 'xlsx';
  if (names.has('ppt/presentation.xml')) return 'pptx';
  throw foreignError('Office file of another kind', claimed);
}

/** Spreadsheets and slides of OpenDocument look the same from outside. */
async function openDocumentFormat(bytes: Uint8Array, claimed: DocumentFormat | null): Promise<DocumentFormat> {
  const kind = (await readZipText(bytes, 'mimetype', 200))?.trim() ?? '';
  if (kind === '' || /opendocument\.text(-template)?$/.test(kind)) return 'odt';
  throw foreignError('OpenDocument file of another kind', claimed);
}

/** A header of mail on the first line; the line of an mbox may stand before it. */
const isMail = (head: string): boolean => /^\s*(From [^\n]+\n)?(>?[A-Za-z][A-Za-z0-9-]{0,60}:[ \t][^\n]*\n([ \t]+[^\n]*\n)*){2}/.test(head.replaceAll('\r', '').replace(/^\u00ef\u00bb\u00bf/, ''));

/** The container of Office before 2007, which also wraps encrypted newer files. Its names are UTF-16. */
function compoundFileError(bytes: Uint8Array): ParseError {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.includes(Buffer.from('EncryptedPackage', 'utf16le'))) {
    return new ParseError('password', 'This file is protected with a password. Save a copy without the password and upload that.');
  }
  if (buffer.includes(Buffer.from('__nameid_version1.0', 'utf16le'))) {
    return new ParseError('unsupported', 'This is a message of Outlook (.msg). Save it as .eml or PDF and upload that.');
  }
  return new ParseError('unsupported', 'This file is in the Office format used before 2007. Save it as .docx, .xlsx, .pptx or PDF and upload that.');
}

function foreignError(what: string, claimed: DocumentFormat | null): ParseError {
  return claimed
    ? new ParseError('mislabelled', `This file is named as ${LABEL[claimed]}, but its content is something else (${what}). Upload the original document.`)
    : new ParseError('unsupported', `Files of this kind (${what}) cannot be read. Upload one of these: ${SUPPORTED}.`);
}

function binaryError(claimed: DocumentFormat | null): ParseError {
  if (claimed && !TEXT_FORMATS.has(claimed)) {
    return new ParseError('damaged', `This file is named as ${LABEL[claimed]}, but its content cannot be recognised. It may be damaged; upload a fresh copy.`);
  }
  return foreignError('binary data', claimed);
}

function textFormat(claimed: DocumentFormat | null, claim: FileClaim): DocumentFormat {
  if (claimed === 'eml') return 'txt'; // without the headers of a mail it is just text
  if (claimed && TEXT_FORMATS.has(claimed)) return claimed;
  if (claimed || extensionOf(claim.fileName) === '') return 'txt';
  throw new ParseError('unsupported', `Files named .${extensionOf(claim.fileName).slice(0, 20)} cannot be read. Upload one of these: ${SUPPORTED}.`);
}

export function claimedFormat({ fileName, mimeType }: FileClaim): DocumentFormat | null {
  const extension = extensionOf(fileName);
  const mime = mimeType?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (Object.hasOwn(BY_EXTENSION, extension)) return BY_EXTENSION[extension] ?? null;
  return Object.hasOwn(BY_MIME, mime) ? BY_MIME[mime] ?? null : null;
}

const extensionOf = (fileName: string): string => /\.([a-z0-9]{1,16})$/i.exec(fileName.trim())?.[1]?.toLowerCase() ?? '';
