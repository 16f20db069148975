import type { Entry, ZipFile } from 'yauzl';
import { decodeText } from './encoding.ts';
import { PARSE_LIMITS } from './limits.ts';
import { ParseError } from './parsed-document.ts';

const TOO_LARGE = 'This file unpacks to far more than a document needs. Split it into smaller files and upload those.';
const DAMAGED = 'This file is incomplete or damaged. Open it in the program that made it, save it again, and upload the new copy.';
const OUTSIDE = 'This file holds parts whose names lead outside of it, which no document has. Save it again in the program that made it, and upload the new copy.';

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

/**
 * The text entries of a container, by name. Names are keys and nothing else: no path of an archive ever meets a disk.
 * Of entries with one name the first counts.
 */
export class ZipTexts {
  readonly #zip: ZipFile;
  readonly #entries: ReadonlyMap<string, Entry>;

  private constructor(zip: ZipFile, entries: ReadonlyMap<string, Entry>) {
    this.#zip = zip;
    this.#entries = entries;
  }

  /** @throws ParseError `damaged`. Check the container with {@link listZip} first. */
  static async open(bytes: Uint8Array): Promise<ZipTexts> {
    const zip = await openZip(bytes);
    const entries = new Map<string, Entry>();
    for await (const entry of entriesOf(zip)) if (!entries.has(entry.fileName)) entries.set(entry.fileName, entry);
    return new ZipTexts(zip, entries);
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /**
   * One entry, or null if there is none of at most `bytesMax` bytes.
   * @throws ParseError `damaged`, or `too-large` where the entry is longer than its directory says.
   */
  async text(name: string, bytesMax: number = PARSE_LIMITS.entryBytesMax): Promise<string | null> {
    const entry = this.#entries.get(name);
    if (!entry || entry.uncompressedSize > bytesMax) return null;
    const chunks: Buffer[] = [];
    await unpack(this.#zip, entry, (chunk) => chunks.push(chunk));
    const bytes = Buffer.concat(chunks);
    const declared = /^<\?xml[^>]{0,100}encoding\s*=\s*["']([\w-]{2,40})/i.exec(bytes.toString('latin1', 0, 200))?.[1];
    return decodeText(bytes, declared).text.replace(/^\ufeff/, '');
  }
}

/** One small text entry of a container, or null if there is none. At most `bytesMax` bytes are unpacked. */
export const readZipText = async (bytes: Uint8Array, name: string, bytesMax = 1024 * 1024): Promise<string | null> =>
  (await ZipTexts.open(bytes)).text(name, bytesMax);

/** The name of the entry that `href` in the entry `base` means, by the rules of relative addresses. */
export function entryName(base: string, href: string): string {
  const path = unescaped(href.split('#')[0] ?? '');
  const parts = path.startsWith('/') ? [] : base.split('/').slice(0, -1);
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

function unescaped(href: string): string {
  try {
    return decodeURIComponent(href);
  } catch {
    return href; // a stray percent sign is part of the name
  }
}

/**
 * Unpacks every entry and counts, so that a directory that lies about its sizes cannot reach a parser.
 * @throws ParseError `too-large` or `damaged`.
 */
export async function verifyZipSizes(bytes: Uint8Array): Promise<void> {
  const zip = await openZip(bytes);
  for await (const entry of entriesOf(zip)) {
    if (!entry.fileName.endsWith('/')) await unpack(zip, entry, () => {});
  }
}

function unpack(zip: ZipFile, entry: Entry, take: (chunk: Buffer) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error) return reject(new ParseError('damaged', DAMAGED, { cause: error }));
      stream.on('data', take); // yauzl stops a stream that outgrows its stated size
      stream.on('error', (cause: Error) => {
        const lied = /too many bytes/i.test(cause.message);
        reject(new ParseError(lied ? 'too-large' : 'damaged', lied ? TOO_LARGE : DAMAGED, { cause }));
      });
      stream.on('end', resolve);
    });
  });
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

/** Names that would leave the folder an archive is unpacked to are refused by the library, though nothing is unpacked here. */
function directoryError(cause: Error): ParseError {
  return /absolute path|relative path|invalid characters/i.test(cause.message) ? new ParseError('unsupported', OUTSIDE, { cause }) : new ParseError('damaged', DAMAGED, { cause });
}

async function openZip(bytes: Uint8Array): Promise<ZipFile> {
  const { fromBuffer } = await import('yauzl');
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return new Promise((resolve, reject) => {
    fromBuffer(buffer, { lazyEntries: true, autoClose: false, validateEntrySizes: true, strictFileNames: false }, (error, zip) => {
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
    if (failure) throw directoryError(failure);
    if (ended) return;
    if (next) yield next;
    next = null;
  }
}
