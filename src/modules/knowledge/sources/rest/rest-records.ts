import { createHash } from 'node:crypto';
import { compileJsonPath, type JsonPath } from '#platform/json/json-path.ts';
import { JsonPathError } from '#platform/json/json-path-syntax.ts';
import type { RestConfig } from '../contract/rest.ts';
import { shapeOf } from '../http/json-answer.ts';
import { SourceError, type FoundDocument } from '../source-reader.ts';
import { labelledText, labelOf, scalarText, type Labelled } from '../text/labelled-text.ts';

/** What a record became: a document, or why it is none. */
export type ReadRecord = { ok: true; document: FoundDocument; text: string } | { ok: false; message: string };

/** Picks records out of answers and makes documents of them, as the settings say. */
export interface RestRecords {
  /** The records of an answer; null where nothing stands at the path. Throws {@link SourceError} where the path is too much work. */
  of(body: unknown): readonly unknown[] | null;
  /** What tells a record from the others; null where it has none. */
  idOf(record: unknown): string | null;
  document(record: unknown, id: string, base: URL, redact: (text: string) => string): ReadRecord;
}

const EXTERNAL_ID_CHARACTERS_MAX = 2_000;
const TITLE_CHARACTERS_MAX = 300;
/** Where a title often stands, for records without one at the path. */
const TITLE_FIELDS = ['title', 'name', 'subject', 'headline', 'label', 'question', 'key'];

/** Reads the paths of the settings. Throws {@link SourceError} that names the one that is wrong. */
export function restRecords(config: RestConfig, bytesMax: number): RestRecords {
  const records = pathOf('Records', config.records);
  // `[*]` finds nothing in an empty list, which is not the same as there being no list.
  const list = config.records.endsWith('[*]') ? pathOf('Records', config.records.slice(0, -'[*]'.length)) : null;
  const id = pathOf('Id', config.idField);
  const title = pathOf('Title', config.titleField);
  const url = config.urlField === '' ? null : pathOf('Link', config.urlField);
  const texts = config.textFields.map((field) => ({ label: labelOf(lastName(field)), path: pathOf('Text', field) }));

  const textOf = (record: unknown): string => {
    if (texts.length === 0) return typeof record === 'object' && record !== null ? labelledText(fieldsOf(record)) : scalarText(record);
    const found = texts.map(({ label, path }): Labelled => { const values = path(record); return { label, value: values.length > 1 ? values : values[0] }; });
    // One text needs no name before it.
    const only = found.length === 1 ? found[0] : undefined;
    return only && (typeof only.value !== 'object' || only.value === null) ? scalarText(only.value) : labelledText(found);
  };

  return {
    of(body) {
      const found = records(body);
      if (found.length === 0) return Array.isArray(list?.(body)[0]) ? [] : null;
      return found.length === 1 && Array.isArray(found[0]) ? found[0] : found;
    },
    idOf(record) {
      const [found] = id(record);
      return typeof found === 'string' && found.trim() !== '' ? found : typeof found === 'number' || typeof found === 'boolean' ? String(found) : null;
    },
    document(record, externalId, base, redact) {
      if (externalId.length > EXTERNAL_ID_CHARACTERS_MAX) return { ok: false, message: `Its id is longer than ${EXTERNAL_ID_CHARACTERS_MAX} characters.` };
      const text = redact(textOf(record));
      if (text === '') return { ok: false, message: texts.length === 0 ? 'It holds no text.' : `It holds no text at ${config.textFields.join(', ')}; it is ${shapeOf(record)}.` };
      if (Buffer.byteLength(text) > bytesMax) return { ok: false, message: `Its text is larger than ${Math.round(bytesMax / 1024 / 1024)} MB.` };
      const document: FoundDocument = {
        externalId, title: redact(titleOf(title(record)[0], record)) || `Record ${externalId.slice(0, 100)}`, content: { text, contentType: 'text/markdown' },
        url: linkOf(url?.(record)[0], base, redact), fingerprint: null, metadata: {},
      };
      return { ok: true, document: { ...document, fingerprint: fingerprintOf(document.title, text, document.url) }, text };
    },
  };
}

/** A path of the settings, as what it finds. */
export function pathOf(title: string, written: string): (data: unknown) => readonly unknown[] {
  let path: JsonPath;
  try {
    path = compileJsonPath(written);
  } catch (error) {
    throw error instanceof JsonPathError ? new SourceError('settings', `${title}: ${error.message}`, { cause: error }) : error;
  }
  return (data) => {
    try {
      return path.find(data);
    } catch (error) {
      throw error instanceof JsonPathError ? new SourceError('settings', `${title}: ${error.message}`, { cause: error }) : error;
    }
  };
}

/** The name a path ends with, for people: `$.answer.body` and `$['answer']["body"]` are both `body`. */
function lastName(path: string): string {
  return /(?:\.|\[\s*["'])([\p{L}_][^.[\]"']{0,80})["'\s\]*\d:[]*$/u.exec(path)?.[1] ?? path;
}

const fieldsOf = (record: object): Labelled[] => Object.entries(record).map(([name, value]: [string, unknown]) => ({ label: labelOf(name), value }));

function titleOf(found: unknown, record: unknown): string {
  const others = typeof record === 'object' && record !== null ? new Map<string, unknown>(Object.entries(record)) : new Map<string, unknown>();
  const [first = ''] = [found, ...TITLE_FIELDS.map((name) => others.get(name))].map((value) => scalarText(value).replace(/\s+/g, ' ')).filter((text) => text !== '');
  return first.slice(0, TITLE_CHARACTERS_MAX);
}

/** Only what a browser may open, and nothing that holds a secret. */
function linkOf(found: unknown, base: URL, redact: (text: string) => string): string | null {
  if (typeof found !== 'string' || found.trim() === '' || !URL.canParse(found.trim(), base.href)) return null;
  const url = new URL(found.trim(), base);
  return /^https?:$/.test(url.protocol) && url.username === '' && url.href.length <= 2_048 && redact(url.href) === url.href ? url.href : null;
}

const fingerprintOf = (...parts: readonly unknown[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 27);
