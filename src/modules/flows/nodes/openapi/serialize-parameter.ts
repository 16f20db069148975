import { isRow, scalarText } from '../values.ts';
import type { OperationParameter } from './operation-config.ts';

type Pair = readonly [name: string, value: string];

/** One value of a path, as its style writes it (RFC 6570 for `simple`, `label`, `matrix`). Every part is percent-encoded. */
export function pathValue({ name, style, explode }: OperationParameter, value: unknown): string {
  if (style === 'json') return encoded(JSON.stringify(value));
  const lead = style === 'label' ? '.' : style === 'matrix' ? ';' : '';
  if (style === 'matrix') {
    if (isRow(value) && explode) return Object.entries(value).map(([key, item]) => `;${encoded(key)}=${encoded(scalarText(item))}`).join('');
    if (Array.isArray(value) && explode) return value.map((item) => `;${encoded(name)}=${encoded(scalarText(item))}`).join('');
    return `;${encoded(name)}=${listed(value, ',')}`;
  }
  const separator = explode && style === 'label' ? '.' : ',';
  return lead + (isRow(value) && explode ? Object.entries(value).map(([key, item]) => `${encoded(key)}=${encoded(scalarText(item))}`).join(separator) : listed(value, separator));
}

/** The query of one parameter: names and values, both percent-encoded. */
export function queryPairs({ name, style, explode, allowReserved }: OperationParameter, value: unknown): Pair[] {
  const own = allowReserved ? encodeReserved : encoded;
  const key = encoded(name);
  if (style === 'json') return [[key, own(JSON.stringify(value))]];
  if (Array.isArray(value)) {
    if (explode || style === 'deepObject') return value.map((item): Pair => [key, own(scalarText(item))]);
    return value.length === 0 ? [] : [[key, value.map((item) => own(scalarText(item))).join(separatorOf(style))]];
  }
  if (!isRow(value)) return [[key, own(scalarText(value))]];
  if (style === 'deepObject') return deepPairs(name, value, own, 0);
  const entries = Object.entries(value).filter(([, item]) => item !== undefined && item !== null);
  if (explode) return entries.map(([field, item]): Pair => [encoded(field), own(scalarText(item))]);
  return entries.length === 0 ? [] : [[key, entries.flatMap(([field, item]) => [own(field), own(scalarText(item))]).join(separatorOf(style))]];
}

/** `filter[a]=1&filter[b][c]=2`; deeper than OpenAPI defines, as servers read it. */
function deepPairs(name: string, value: unknown, own: (text: string) => string, depth: number): Pair[] {
  if (depth > 5) return [];
  if (Array.isArray(value)) return value.map((item): Pair => [encoded(name), own(scalarText(item))]);
  if (!isRow(value)) return value === undefined || value === null ? [] : [[encoded(name), own(scalarText(value))]];
  return Object.entries(value).flatMap(([field, item]) => deepPairs(`${name}[${field}]`, item, own, depth + 1));
}

/** The text of a header (style `simple`). */
export function headerValue({ style, explode }: OperationParameter, value: unknown): string {
  if (style === 'json') return JSON.stringify(value);
  if (Array.isArray(value)) return value.map(scalarText).join(',');
  if (isRow(value)) return Object.entries(value).map(([key, item]) => (explode ? `${key}=${scalarText(item)}` : `${key},${scalarText(item)}`)).join(',');
  return scalarText(value);
}

/** A form (`application/x-www-form-urlencoded`): lists repeat their name, objects are JSON. */
export const formBody = (value: Readonly<Record<string, unknown>>): string => formFields(value).map(([name, text]) => `${formEncoded(name)}=${formEncoded(text)}`).join('&');

/** The fields of a form, lists repeated. */
export const formFields = (value: Readonly<Record<string, unknown>>): Pair[] =>
  Object.entries(value).flatMap(([name, item]): Pair[] => (Array.isArray(item) ? item : [item]).filter((one) => one !== undefined && one !== null).map((one): Pair => [name, scalarText(one)]));

const separatorOf = (style: OperationParameter['style']): string => (style === 'spaceDelimited' ? '%20' : style === 'pipeDelimited' ? '|' : ',');

const listed = (value: unknown, separator: string): string => {
  if (Array.isArray(value)) return value.map((item) => encoded(scalarText(item))).join(separator);
  if (isRow(value)) return Object.entries(value).flatMap(([key, item]) => [encoded(key), encoded(scalarText(item))]).join(separator);
  return encoded(scalarText(value));
};

/** Everything but unreserved characters (RFC 3986) percent-encoded. */
const encoded = (text: string): string => encodeURIComponent(text.toWellFormed()).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
const encodeReserved = (text: string): string => encodeURI(text.toWellFormed()).replace(/[#&+]/g, encodeURIComponent).replace(/%5B/gi, '[').replace(/%5D/gi, ']');
const formEncoded = (text: string): string => encoded(text).replaceAll('%20', '+');
