import { OutsideError } from './outside-error.ts';

type Scalar = string | number | boolean | null | undefined;

/** One part of a `multipart/form-data` body; with `filename` it is a file. */
export interface FormPart { name: string; content: string | Uint8Array; filename?: string; mediaType?: string }

/** A request as an action describes it: no address of its own and no credentials, both are the connection's. */
export interface HttpCall {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the connection's address, with a leading slash; or a whole address at one of the connector's hosts. */
  path: string;
  /** Null and undefined are left out; a list repeats its name. */
  query?: Readonly<Record<string, Scalar | readonly Scalar[]>>;
  headers?: Readonly<Record<string, string | undefined>>;
  /** At most one of these is the body. */
  json?: unknown;
  form?: Readonly<Record<string, Scalar>>;
  text?: string;
  bytes?: Uint8Array;
  parts?: readonly FormPart[];
  /** How the answer is read; by its content type unless told. Binary answers become `{ media_type, base64 }`. */
  answer?: 'json' | 'text' | 'binary';
}

export interface HttpAnswer { status: number; headers: Readonly<Record<string, string>>; body: unknown }

type Query = HttpCall['query'];

export const get = (to: string, query: Query = {}): HttpCall => ({ method: 'GET', path: to, query });
export const post = (to: string, body: unknown = {}, query: Query = {}): HttpCall => ({ method: 'POST', path: to, json: body, query });
export const put = (to: string, body: unknown = {}, query: Query = {}): HttpCall => ({ method: 'PUT', path: to, json: body, query });
export const patch = (to: string, body: unknown = {}, query: Query = {}): HttpCall => ({ method: 'PATCH', path: to, json: body, query });
export const del = (to: string, query: Query = {}): HttpCall => ({ method: 'DELETE', path: to, query });

/**
 * A path whose inserted values are each one segment: path`/repos/${owner}/${repo}`. Throws OutsideError for a value that
 * would leave its place.
 */
export function path(texts: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  return texts.reduce((whole, text, index) => `${whole}${segment(values[index - 1] ?? '')}${text}`);
}

function segment(value: string | number): string {
  const written = String(value);
  if (written === '' || written === '.' || written === '..') throw new OutsideError('input-invalid', 'An id or a name in the address is empty or a dot.');
  return encodeURIComponent(written);
}
