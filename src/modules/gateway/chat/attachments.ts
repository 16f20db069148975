import { Problem } from '#platform/http/problem.ts';
import type { InputFile } from '#modules/flows/index.ts';
import type { FileClaim, ParseResult } from '#modules/knowledge/index.ts';
import { problems as runtime } from '#modules/runtime/index.ts';

/** A file of a message as it was sent. */
export interface SentFile { name: string; /** A data URL. */ data: string }

/** Reads a document apart from this process; what is wrong with it is the answer. */
export type ReadFile = (bytes: Uint8Array, claim: FileClaim) => Promise<ParseResult>;

const FILES_MAX = 5;
/** Of one file, and of all files of a message together: about what models read at once. */
const FILE_CHARS_MAX = 60_000;
const MESSAGE_CHARS_MAX = 120_000;
const NAME_CHARS_MAX = 200;
const PICTURE = /^data:image\/(png|jpeg|webp|gif);base64,/;
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  pdf: 'application/pdf', docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv', html: 'text/html', md: 'text/markdown', txt: 'text/plain',
};

/** How the content of each kind of picture begins, in base64. */
const BEGINNINGS: Readonly<Record<string, RegExp>> = { png: /^iVBORw0KGgo/, jpeg: /^\/9j\//, gif: /^R0lGOD/, webp: /^UklGR.{6}XRUJQ/ };

export const isPictureUrl = (url: string): boolean => PICTURE.test(url);

/** Throws 422 `file-unreadable` for what is called a picture and is none: a model would fail on it later, in words nobody understands. */
export function requirePicture(url: string): void {
  const kind = PICTURE.exec(url)?.[1] ?? '';
  if (!BEGINNINGS[kind]?.test(url.slice(url.indexOf(',') + 1, url.indexOf(',') + 65))) throw new Problem(runtime['file-unreadable'], `This is not a ${kind} picture, although it is called one.`);
}

/** Pictures, which models look at, apart from documents, which are read. */
export function sorted(sent: readonly SentFile[]): { images: string[]; files: SentFile[] } {
  const images = sent.flatMap(({ data }) => (isPictureUrl(data) ? [data] : []));
  images.forEach(requirePicture);
  return { images, files: sent.filter(({ data }) => !isPictureUrl(data)) };
}

/**
 * The texts of a message's files. Their content decides what they are, their names are only text. Throws 422
 * `file-unreadable` naming the file for one that cannot be read, and 413 for too many.
 */
export async function readAttachments(sent: readonly SentFile[], read: ReadFile): Promise<InputFile[]> {
  if (sent.length > FILES_MAX) throw new Problem(runtime['message-too-long'], `A message may have at most ${FILES_MAX} files.`);
  const files: InputFile[] = [];
  let left = MESSAGE_CHARS_MAX;
  // One after the other: a message takes one place in the readers, however many files it has.
  for (const [index, file] of sent.entries()) {
    const name = shownName(file.name);
    const { bytes, mimeType } = bytesOf(file, name, index);
    const result = await read(bytes, { fileName: name, mimeType });
    if (!result.ok) throw unreadable(name, index, result.failure.message);
    const { document } = result;
    const whole = document.blocks.map(({ text }) => text).join('\n\n');
    const text = whole.slice(0, Math.min(FILE_CHARS_MAX, left)).toWellFormed();
    left -= text.length;
    files.push({ name, mediaType: MEDIA_TYPES[document.format] ?? 'text/plain', text: text.length < whole.length ? `${text}\n[The file goes on; only its first ${text.length.toLocaleString('en')} characters are here.]` : text });
  }
  return files;
}

function bytesOf({ data }: SentFile, name: string, index: number): { bytes: Buffer; mimeType: string | null } {
  const comma = data.indexOf(',');
  const head = /^data:([\w.+-]+\/[\w.+-]+)?(?:;[\w=.-]+)*;base64$/i.exec(data.slice(0, Math.max(0, comma)));
  if (!head || comma > 300) throw unreadable(name, index, 'Send its content as a data URL: data:<type>;base64,<content>.');
  const content = data.slice(comma + 1);
  if (!/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(content)) throw unreadable(name, index, 'Its content is not valid base64.');
  return { bytes: Buffer.from(content, 'base64'), mimeType: head[1] ?? null };
}

/** The last part of a path, without characters that could hide or reorder what it says. */
function shownName(name: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? '';
  return last.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '').trim().slice(-NAME_CHARS_MAX) || 'file';
}

const unreadable = (name: string, index: number, reason: string): Problem =>
  new Problem(runtime['file-unreadable'], `${name}: ${reason}`, { issues: [{ path: `files.${index}`, message: reason }] });
