import { createHash } from 'node:crypto';
import { visibleText } from '../../parse/visible-text.ts';
import type { DatabaseConfig } from '../contract/database.ts';
import type { FoundDocument } from '../source-reader.ts';
import { cellText } from './cell-text.ts';
import type { Row } from './engine.ts';

const TITLE_NAMES = ['title', 'name', 'subject', 'question'];
const ID_NAMES = ['id', '_id', 'uuid', 'key'];
const QUESTION_NAMES = ['question', 'questions', 'q', 'frage', 'pregunta', 'domanda', '问题', 'سؤال'];
const ANSWER_NAMES = ['answer', 'answers', 'a', 'response', 'antwort', 'réponse', 'reponse', 'respuesta', 'risposta', '答案', 'جواب'];
/** Columns whose values nobody should be told; read only where they are named. */
const SECRET_NAME = /password|passwd|passphrase|(^|[_\W])(pwd|secrets?|tokens?|api_?keys?|private_?keys?|credentials?)($|[_\W])/;
const HTML = /<\/?(?:p|br|div|ul|ol|li|h[1-6]|table|tr|t[dh]|span|a|b|i|em|strong|img|section|article|blockquote|pre|code)\b[^<>]*>/i;
const TITLE_CHARACTERS_MAX = 300;
const ID_CHARACTERS_MAX = 1_500;
const URL_CHARACTERS_MAX = 2_048;
/** A longer text stands in a paragraph of its own. */
const LINE_CHARACTERS_MAX = 300;
const METADATA_MAX = 30;
const METADATA_NAME_CHARACTERS_MAX = 60;
const METADATA_CHARACTERS_MAX = 200;

export type RowSettings = Pick<DatabaseConfig, 'idColumn' | 'titleColumn' | 'textColumns' | 'urlColumn'>;

/** A row as a document, or why it is none. */
export type RowDocument = { document: FoundDocument & { fingerprint: string; content: { text: string } } } | { externalId: string; problem: string };

export const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
export const isSecretName = (name: string): boolean => SECRET_NAME.test(name.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase());

/** Which columns are read, of those there are: what is named, or all but what looks secret; with what ids, titles and links are made of. */
export function columnsRead(columns: readonly string[], key: readonly string[], { idColumn, titleColumn, textColumns, urlColumn }: RowSettings): string[] {
  const wanted = [...key, idColumn, titleColumn, urlColumn, ...textColumns].filter((name) => name !== '');
  const isWanted = (name: string) => wanted.some((other) => sameName(name, other));
  return columns.filter((name) => isWanted(name) || (textColumns.length === 0 && !isSecretName(name)));
}

/** Names in the settings that none of these columns has. */
export const missingColumns = (columns: readonly string[], { idColumn, titleColumn, textColumns, urlColumn }: RowSettings): string[] =>
  [idColumn, titleColumn, ...textColumns, urlColumn].filter((wanted) => wanted !== '' && !columns.some((name) => sameName(name, wanted)));

/** What a row says, under an id that stays: that of its column or key, else of the text itself. */
export async function documentOf(row: Row, table: string, key: readonly string[], settings: RowSettings): Promise<RowDocument> {
  const read = settings.textColumns.length > 0
    ? row.filter(([name]) => settings.textColumns.some((wanted) => sameName(wanted, name)))
    : row.filter(([name]) => !isSecretName(name) && !sameName(name, settings.urlColumn));
  const cells: (readonly [string, string])[] = [];
  for (const [name, value] of read) {
    const text = cellText(value);
    if (text !== null) cells.push([name, visibleText(HTML.test(text) ? await plainText(text) : text)]);
  }
  const text = textOf(cells);
  const id = idOf(row, key, settings.idColumn);
  const externalId = `${table}:${id ?? `#${hashOf(text)}`}`;
  if (id === null && settings.idColumn !== '') return { externalId: `${table}:?`, problem: `A row has nothing in its id column ${settings.idColumn}.` };
  if (text === '') return { externalId, problem: 'The row has no text.' };
  const title = titleOf(row, settings.titleColumn) ?? `${table} ${id ?? ''}`.trim();
  const url = linkOf(row, settings.urlColumn);
  const metadata = metadataOf(read, table);
  const fingerprint = hashOf(JSON.stringify([title, url, text, metadata]));
  return { document: { externalId, title: title.slice(0, TITLE_CHARACTERS_MAX).toWellFormed(), content: { text, contentType: 'text/plain' }, url, fingerprint, metadata } };
}

/** The library for HTML is loaded with the first row that holds some. */
const plainText = async (html: string): Promise<string> => (await import('./html-text.ts')).htmlText(html);

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 32);

/** Questions come first with their answer right below, as people write them; the rest as `label: value`. */
function textOf(cells: readonly (readonly [string, string])[]): string {
  const named = (names: readonly string[]) => cells.find(([name]) => names.includes(name.toLowerCase()));
  const question = named(QUESTION_NAMES);
  const answer = named(ANSWER_NAMES);
  const pair = question && answer ? [question, answer] : [];
  const blocks = pair.length > 0 ? [pair.map(([, text]) => text).join('\n\n')] : [];
  let lines: string[] = [];
  const flush = () => { if (lines.length > 0) blocks.push(lines.join('\n')); lines = []; };
  for (const cell of cells) {
    if (pair.includes(cell)) continue;
    const [name, text] = cell;
    if (text.length <= LINE_CHARACTERS_MAX && !text.includes('\n')) { lines.push(`${labelOf(name)}: ${text}`); continue; }
    flush();
    blocks.push(`${labelOf(name)}:\n${text}`);
  }
  flush();
  return blocks.join('\n\n');
}

const labelOf = (name: string): string => visibleText(name).replace(/[_\s]+/g, ' ').trim().slice(0, 100);

function idOf(row: Row, key: readonly string[], idColumn: string): string | null {
  const names = idColumn !== '' ? [idColumn] : key.length > 0 ? key : ID_NAMES.filter((name) => row.some(([column]) => sameName(column, name))).slice(0, 1);
  const parts = names.map((name) => idText(row.find(([column]) => sameName(column, name))?.[1]));
  if (parts.length === 0 || parts.some((part) => part === null)) return null;
  const id = visibleText(parts.length === 1 ? parts[0] ?? '' : JSON.stringify(parts));
  return id.length <= ID_CHARACTERS_MAX ? id : `${id.slice(0, 100)}#${hashOf(id)}`;
}

function idText(value: unknown): string | null {
  if (value === null || value === undefined || value === '') return null;
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex');
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'object') return JSON.stringify(value);
  return typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean' ? String(value) : null;
}

function titleOf(row: Row, titleColumn: string): string | null {
  for (const name of titleColumn === '' ? TITLE_NAMES : [titleColumn, ...TITLE_NAMES]) {
    const value = row.find(([column]) => sameName(column, name))?.[1];
    const text = value !== null && typeof value === 'object' ? null : cellText(value);
    const title = text === null ? '' : visibleText(text.replace(/<[^<>]*>/g, ' ')).replace(/\s+/g, ' ').trim();
    if (title !== '') return title;
  }
  return null;
}

/** Only what a browser may open without harm. */
function linkOf(row: Row, urlColumn: string): string | null {
  const value = urlColumn === '' ? null : row.find(([column]) => sameName(column, urlColumn))?.[1];
  if (typeof value !== 'string' || value.length > URL_CHARACTERS_MAX || !URL.canParse(value.trim())) return null;
  const url = new URL(value.trim());
  return (url.protocol === 'https:' || url.protocol === 'http:') && url.username === '' && url.password === '' ? url.toString() : null;
}

/** The table, and values short enough to filter by. */
function metadataOf(read: Row, table: string): FoundDocument['metadata'] {
  const metadata: FoundDocument['metadata'] = { table };
  for (const [name, value] of read) {
    if (Object.keys(metadata).length >= METADATA_MAX) break;
    const label = visibleText(name).slice(0, METADATA_NAME_CHARACTERS_MAX).toWellFormed();
    if (label === '' || label === 'table' || label === '__proto__') continue;
    if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) metadata[label] = value;
    else if (value instanceof Date || typeof value === 'bigint' || typeof value === 'string') {
      const text = cellText(value);
      if (text !== null && text.length <= METADATA_CHARACTERS_MAX && !/[\n<]/.test(text)) metadata[label] = visibleText(text);
    }
  }
  return metadata;
}
