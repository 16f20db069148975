import type { Passage } from '#modules/models/ports.ts';
import { isData } from '#platform/json/plain-data.ts';
import type { Value } from '../node-type.ts';
import { NodeError } from './node-error.ts';

/** A row of a table, or one item of Data in the words of Langflow. */
export type Row = Record<string, unknown>;

/**
 * The text form of a value. Passages come numbered, one paragraph each, so that a model can cite them; rows show their
 * `text` field where they have one, else `name: value` lines. A stream must be collected first (see
 * {@link collectStream}).
 */
export function textOf(value: Value | undefined): string {
  if (!value) return '';
  switch (value.kind) {
    case 'text': return value.text;
    case 'json': return jsonText(value.json);
    case 'table': return value.rows.map(rowText).join('\n');
    case 'passages': return numberedPassages(value.passages);
    case 'none': return '';
    case 'tool': throw new NodeError('node-input-invalid', `A tool ("${value.tool.name}") is connected where text is expected.`);
    case 'stream': throw new NodeError('node-input-invalid', 'Text that is still being produced was read before its end.');
  }
}

/** The first characters of a value for a trace; never long to make, whatever the value holds. */
export function previewOf(value: Value, charsMax: number): string {
  switch (value.kind) {
    case 'text': return value.text.slice(0, charsMax);
    case 'tool': return `Tool ${value.tool.name}`.slice(0, charsMax);
    case 'passages': return value.passages.slice(0, 10).map((passage) => `${passage.title}: ${passage.text.slice(0, 80)}`).join('\n').slice(0, charsMax);
    case 'table': return value.rows.slice(0, 5).map(rowText).join('\n').slice(0, charsMax);
    case 'json': return jsonPreview(value.json, charsMax);
    case 'stream': case 'none': return '';
  }
}

/**
 * A value as rows: a table as it is, passages with their fields, an array one row for each element, a JSON object as
 * a single row, text as `{ text }`.
 */
export function rowsOf(value: Value | undefined): readonly Row[] {
  if (!value) return [];
  switch (value.kind) {
    case 'table': return value.rows;
    case 'passages': return value.passages.map(passageRow);
    case 'json': return Array.isArray(value.json) ? value.json.map(rowFrom) : [rowFrom(value.json)];
    case 'none': return [];
    default: return [{ text: textOf(value) }];
  }
}

/** A value as plain data: JSON as it is, rows as an array, text as a string. */
export function dataOf(value: Value | undefined): unknown {
  if (!value) return null;
  switch (value.kind) {
    case 'json': return value.json;
    case 'table': return value.rows;
    case 'passages': return value.passages.map(passageRow);
    case 'none': return null;
    default: return textOf(value);
  }
}

/** Reads a stream to its end. */
export async function collectStream(value: Value): Promise<Value> {
  if (value.kind !== 'stream') return value;
  let text = '';
  for await (const piece of value.stream) text += piece;
  return { kind: 'text', text };
}

/** A field of a row by name, or by dot path; undefined for anything that is not an own property. */
export function fieldOf(data: unknown, path: string): unknown {
  const own = ownField(data, path);
  if (own !== undefined) return own;
  let current = data;
  for (const step of path.split('.').slice(0, PATH_STEPS_MAX)) current = ownField(current, step);
  return current;
}

const PATH_STEPS_MAX = 20;

function ownField(data: unknown, name: string): unknown {
  if (data === null || typeof data !== 'object') return undefined;
  // The descriptor instead of the property: own only, and no getter runs.
  const value: unknown = Object.getOwnPropertyDescriptor(data, name)?.value;
  return value;
}

/** A scalar as people write it; objects as JSON. */
export function scalarText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  return JSON.stringify(value) ?? '';
}

/** Passages as numbered paragraphs: `[n] title (page p)` and the text below. `numberOf` gives n; position unless told. */
export function numberedPassages(passages: readonly Passage[], numberOf: (passage: Passage, index: number) => number = (_, index) => index + 1): string {
  return passages
    .map((passage, index) => `[${numberOf(passage, index)}] ${passage.title}${passage.page === null ? '' : ` (page ${passage.page})`}\n${passage.text}`)
    .join('\n\n');
}

const passageRow = ({ text, title, page, url, score, documentId, chunkId }: Passage): Row => ({ text, title, page, url, score, documentId, chunkId });

const rowFrom = (item: unknown): Row => (isRow(item) ? item : { text: scalarText(item) });

export const isRow = (item: unknown): item is Row => typeof item === 'object' && item !== null && !Array.isArray(item);

const jsonText = (data: unknown): string =>
  (isRow(data) && typeof data['text'] === 'string' && Object.keys(data).length === 1 ? data['text'] : typeof data === 'string' ? data : JSON.stringify(data, null, 2) ?? '');

function rowText(row: Row): string {
  const text = Object.hasOwn(row, 'text') ? row['text'] : undefined;
  return typeof text === 'string' ? text : Object.entries(row).map(([name, value]) => `${name}: ${scalarText(value)}`).join('\n');
}

/** JSON cut early: at most a few entries of each level are looked at. Data that is small anyway, as most is, needs no copy for that. */
function jsonPreview(data: unknown, charsMax: number): string {
  return (JSON.stringify(isSmall(data, 3) ? data : shallow(data, 3)) ?? '').slice(0, charsMax);
}

/** Whether {@link shallow} would leave plain data as it is. */
function isSmall(data: unknown, depth: number): boolean {
  if (typeof data === 'string') return data.length <= PREVIEW.chars;
  if (data === null || typeof data !== 'object') return typeof data !== 'function';
  if (depth === 0) return false;
  if (Array.isArray(data)) return data.length <= PREVIEW.items && data.every((item) => isSmall(item, depth - 1));
  if (!isData(data)) return false;
  let entries = 0;
  for (const key in data) {
    const field = Object.getOwnPropertyDescriptor(data, key);
    if (++entries > PREVIEW.entries || field === undefined || field.get || !isSmall(field.value, depth - 1)) return false;
  }
  return true;
}

const PREVIEW = { chars: 200, items: 10, entries: 20 } as const;

function shallow(data: unknown, depth: number): unknown {
  if (typeof data === 'string') return data.slice(0, PREVIEW.chars);
  if (data === null || typeof data !== 'object') return data;
  if (depth === 0) return Array.isArray(data) ? '[…]' : '{…}';
  if (Array.isArray(data)) return data.slice(0, PREVIEW.items).map((item) => shallow(item, depth - 1));
  const entries: [string, unknown][] = [];
  for (const key in data) {
    if (entries.length >= PREVIEW.entries) break;
    if (Object.hasOwn(data, key)) entries.push([key, shallow(fieldOf(data, key), depth - 1)]);
  }
  return Object.fromEntries(entries);
}
