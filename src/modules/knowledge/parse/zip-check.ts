import { fromBuffer, type Entry, type ZipFile } from 'yauzl';
import { PARSE_LIMITS } from './limits.ts';
import { ParseError } from './parsed-document.ts';

const TOO_LARGE = 'This file unpacks to far more than a document needs. Split it into smaller files and upload those.';
const DAMAGED = 'This file is incomplete or damaged. Open it in the program that made it, save it again, and upload the new copy.';

/** What the central directory of a zip container lists. */
export interface ZipListing { names: ReadonlySet<string> }

/**
 * Reads the directory of a zip container, before any parser unpacks it.
 * @throws ParseError `damaged`; `too-large` when sizes, ratio or number of entries say it is no document; `password`
 *   when entries are encrypted.
 */
export async function listZip(bytes: Uint8Array): Promise<ZipListing> {
  const names = new Set<string>();
  let total = 0;
  const zip = await openZip(bytes);
  if (zip.entryCount > PARSE_LIMITS.entriesMax) throw new ParseError('too-large', TOO_LARGE);
  let packed = 0;
  for await (const entry of entriesOf(zip)) {
    if (names.size >= PARSE_LIMITS.entriesMax) throw new ParseError('too-large', TOO_LARGE);
    if (entry.generalPurposeBitFlag & 1) {
      throw new ParseError('password', 'This file is protected with a password. Save a copy without the password and upload that.');
    }
    names.add(entry.fileName);
    total += entry.uncompressedSize;
    packed += entry.compressedSize;
    checkSizes(entry, total);
  }
  // Overlapping entries (one packed stream listed many times) claim more packed bytes than the file has.
  if (packed > bytes.length) throw new ParseError('too-large', TOO_LARGE);
  return { names };
}

/** One small text entry of a container, or null if there is none. At most `bytesMax` bytes are unpacked. */
export async function readZipText(bytes: Uint8Array, name: string, bytesMax = 1024 * 1024): Promise<string | null> {
  const zip = await openZip(bytes);
  for await (const entry of entriesOf(zip)) {
    if (entry.fileName !== name || entry.uncompressedSize > bytesMax) continue;
    return new Promise((resolve, reject) => {
      zip.openReadStream(entry, (error, stream) => {
        if (error) return reject(new ParseError('damaged', DAMAGED, { cause: error }));
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk)); // yauzl stops a stream that outgrows its stated size
        stream.on('error', (cause: Error) => reject(new ParseError('damaged', DAMAGED, { cause })));
        stream.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
      });
    });
  }
  return null;
}

/**
 * Unpacks every entry and counts, so that a directory that lies about its sizes cannot reach a parser.
 * @throws ParseError `too-large` or `damaged`.
 */
export async function verifyZipSizes(bytes: Uint8Array): Promise<void> {
  const zip = await openZip(bytes);
  for await (const entry of entriesOf(zip)) {
    if (entry.fileName.endsWith('/')) continue;
    await new Promise<void>((resolve, reject) => {
      zip.openReadStream(entry, (error, stream) => {
        if (error) return reject(new ParseError('damaged', DAMAGED, { cause: error }));
        stream.on('error', (cause: Error) => {
          const lied = /too many bytes/i.test(cause.message);
          reject(new ParseError(lied ? 'too-large' : 'damaged', lied ? TOO_LARGE : DAMAGED, { cause }));
        });
        stream.on('end', resolve);
        stream.resume();
      });
    });
  }
}

function checkSizes(entry: Entry, total: number): void {
  const { uncompressedSize: size, compressedSize } = entry;
  const ratio = size / Math.max(1, compressedSize);
  const bomb = size > PARSE_LIMITS.ratioFloorBytes && ratio > PARSE_LIMITS.ratioMax;
  const isXml = /\.(xml|rels)$/i.test(entry.fileName);
  if (bomb || total > PARSE_LIMITS.unzippedBytesMax || (isXml && size > PARSE_LIMITS.entryBytesMax)) {
    throw new ParseError('too-large', TOO_LARGE);
  }
}

function openZip(bytes: Uint8Array): Promise<ZipFile> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return new Promise((resolve, reject) => {
    fromBuffer(buffer, { lazyEntries: true, validateEntrySizes: true, strictFileNames: false }, (error, zip) => {
      if (error) reject(new ParseError('damaged', DAMAGED, { cause: error }));
      else resolve(zip);
    });
  });
}

async function* entriesOf(zip: ZipFile): AsyncGenerator<Entry> {
  let wake: () => void = () => {};
  let next: Entry | null = null;
  let ended = false;
  let failure: Error | null = null;
  zip.on('entry', (entry: Entry) => { next = entry; wake(); });
  zip.on('end', () => { ended = true; wake(); });
  zip.on('error', (error: Error) => { failure = error; wake(); });
  for (;;) {
    const signalled = new Promise<void>((resolve) => { wake = resolve; });
    zip.readEntry();
    await signalled;
    if (failure) throw new ParseError('damaged', DAMAGED, { cause: failure });
    if (ended) return;
    if (next) yield next;
    next = null;
  }
}
