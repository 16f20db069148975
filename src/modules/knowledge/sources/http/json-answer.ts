import { SourceError } from '../source-reader.ts';
import type { SourceAnswer } from './source-http.ts';

/**
 * The JSON of an answer. Whole numbers too large for JavaScript stay as they were written, as text: rounded, two ids could
 * become one. Throws {@link SourceError} that says what the answer looked like instead.
 */
export function jsonOf({ bytes, url, header }: SourceAnswer): unknown {
  const text = bytes.toString('utf8').replace(/^\ufeff/, '');
  try {
    const body: unknown = /\d{16}/.test(text) ? JSON.parse(text, keepLargeNumbers) : JSON.parse(text);
    return body;
  } catch (error) {
    throw new SourceError('unexpected', `${url.host} did not answer with JSON but with ${looks(text, header('content-type'))}. Write the address of its API.`, { cause: error });
  }
}

/** The third argument is the text of the value as it was written (ECMAScript 2026). */
function keepLargeNumbers(_key: string, value: unknown, context?: { source?: string }): unknown {
  return typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value) && context?.source !== undefined && /^-?\d+$/.test(context.source) ? context.source : value;
}

function looks(text: string, contentType: string | null): string {
  const start = text.slice(0, 500).trimStart();
  if (start === '') return 'nothing';
  if (/^<(!doctype html|html|head|body)/i.test(start)) return 'a web page';
  if (start.startsWith('<')) return 'XML';
  if (/^[[{]/.test(start)) return 'JSON that breaks off or is damaged';
  const named = contentType?.split(';')[0]?.trim().slice(0, 60) ?? '';
  return named === '' ? 'something else' : `something else (${named})`;
}

/** What a value is, for somebody who looks for the way into it: its fields or its length, never its content. */
export function shapeOf(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : `a ${typeof value === 'string' ? 'text' : typeof value === 'boolean' ? 'truth value' : 'number'}`;
  const fields = Object.entries(value).slice(0, 12).map(([name, field]) => `${name.slice(0, 40)}${Array.isArray(field) ? ` (a list of ${field.length})` : ''}`);
  const more = Object.keys(value).length - fields.length;
  return fields.length === 0 ? 'an object without fields' : `an object with ${fields.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
