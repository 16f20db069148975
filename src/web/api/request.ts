import type { Endpoint } from '#platform/contract/endpoint.ts';

/** Any endpoint, whatever its schemas. */
export type AnyEndpoint = Endpoint;

/** The three parts of a call, as values nobody has looked at yet. */
export interface RawInput {
  params?: Record<string, unknown>;
  query?: Record<string, unknown>;
  body?: unknown;
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads the parts of a typed input without trusting its shape. */
export const rawInput = (input: unknown): RawInput => {
  if (!isRecord(input)) return {};
  return {
    params: isRecord(input.params) ? input.params : undefined,
    query: isRecord(input.query) ? input.query : undefined,
    body: input.body,
  };
};

const text = (value: unknown): string => (value instanceof Date ? value.toISOString() : String(value));

/** `/api/v1/products/:productId` with the parameters filled in. @throws if one is missing: a bug of the caller. */
export const fillPath = (path: string, params: Record<string, unknown> = {}): string =>
  path.replace(/:([A-Za-z0-9_]+)\??/g, (_, name: string) => {
    const value = Object.hasOwn(params, name) ? params[name] : undefined;
    if (value === undefined || value === null || value === '') throw new TypeError(`The address ${path} needs ${name}`);
    return encodeURIComponent(text(value));
  });

/** `?a=1&b=2&b=3`, or nothing. Undefined and null are left out; lists repeat the name. */
export const queryString = (query: Record<string, unknown> = {}): string => {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item !== undefined && item !== null) search.append(name, text(item));
    }
  }
  const joined = search.toString();
  return joined === '' ? '' : `?${joined}`;
};

const appendPart = (form: FormData, name: string, value: unknown): void => {
  if (value === undefined || value === null) return;
  if (value instanceof File) form.append(name, value, value.name);
  else if (value instanceof Blob) form.append(name, value);
  else if (typeof value === 'object') form.append(name, JSON.stringify(value));
  else form.append(name, text(value));
};

/** A form with one part per field; a list of files repeats its name, other objects travel as JSON text. */
export const formDataOf = (body: unknown): FormData => {
  if (body instanceof FormData) return body;
  const form = new FormData();
  if (!isRecord(body)) return form;
  // Fields before files: a streaming server reads the parts in order and wants to know what the file is for.
  const isFile = (value: unknown) => value instanceof Blob || (Array.isArray(value) && value.some((item) => item instanceof Blob));
  const entries = Object.entries(body);
  for (const [name, value] of [...entries.filter(([, v]) => !isFile(v)), ...entries.filter(([, v]) => isFile(v))]) {
    if (isFile(value) && Array.isArray(value)) for (const item of value) appendPart(form, name, item);
    else appendPart(form, name, value);
  }
  return form;
};

export interface BuiltRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: FormData | string | undefined;
}

/** Everything a transport needs to send a call: the same for fetch, uploads with progress and event streams. */
export const buildRequest = (
  endpoint: AnyEndpoint,
  input: unknown,
  options: { organizationId: string | null; idempotencyKey?: string; accept?: string },
): BuiltRequest => {
  const { params, query, body } = rawInput(input);
  const headers: Record<string, string> = { accept: options.accept ?? endpoint.produces ?? 'application/json' };
  if (options.organizationId !== null) headers['x-organization-id'] = options.organizationId;
  if (options.idempotencyKey !== undefined) headers['idempotency-key'] = options.idempotencyKey;
  const multipart = endpoint.bodyKind === 'multipart';
  // A multipart body is read part by part on the server, so its endpoint declares none.
  const hasBody = (multipart || endpoint.body !== undefined) && body !== undefined;
  // Multipart gets its content type, with the boundary, from the browser.
  if (hasBody && !multipart) headers['content-type'] = 'application/json';
  return {
    method: endpoint.method,
    url: fillPath(endpoint.path, params) + queryString(query),
    headers,
    body: hasBody ? (multipart ? formDataOf(body) : JSON.stringify(body)) : undefined,
  };
};
