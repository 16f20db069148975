import type { CallInput, Output } from '#platform/contract/endpoint.ts';
import { actingOrganization } from '#web/session/acting-organization.ts';
import { ApiProblem, isAbort, networkProblem, problemFrom } from './problem.ts';
import { buildRequest, type AnyEndpoint, type BuiltRequest } from './request.ts';

export interface CallOptions {
  /** Acts for this organization; the session's one unless told, null for none. */
  organizationId?: string | null;
  signal?: AbortSignal;
  /** Repeating a call with the same key has the effect of one call. */
  idempotencyKey?: string;
  /** Where the API lives; the page's own origin unless told. Tests set it. */
  baseUrl?: string;
}

export const organizationFor = (options: CallOptions): string | null =>
  options.organizationId === undefined ? actingOrganization() : options.organizationId;

/** Called when an answer is 401, so that the shell can forget the session. */
const unauthenticated = new Set<() => void>();

/** Tells `listener` whenever the server no longer knows who we are. Returns the way to stop. */
export const onUnauthenticated = (listener: () => void): (() => void) => {
  unauthenticated.add(listener);
  return () => { unauthenticated.delete(listener); };
};

/** Throws the {@link ApiProblem} of an error answer. */
export const refuse = (status: number, body: string, requestId: string | null): never => {
  if (status === 401) for (const listener of unauthenticated) listener();
  throw problemFrom(status, body, requestId);
};

/** The answer's value, checked against the contract: what a screen holds is what its type says. */
export const readAnswer = <E extends AnyEndpoint>(endpoint: E, body: string, requestId: string | null): Output<E> => {
  let value: unknown;
  if (body !== '') {
    try { value = JSON.parse(body); } catch (cause) { throw unreadable(requestId, cause); }
  }
  // A declared empty answer (204) has a schema that accepts undefined.
  const parsed = endpoint.response.safeParse(value);
  if (!parsed.success) throw unreadable(requestId, parsed.error);
  // The generic endpoint erased its schema's type; `safeParse` of that very schema produced this value.
  return parsed.data as Output<E>;
};

const unreadable = (requestId: string | null, cause: unknown) =>
  new ApiProblem({
    kind: 'answer', status: 0, title: 'This page is out of date', detail: 'The server has a newer version. Reload the page.', requestId, cause,
  });

export const send = async (request: BuiltRequest, options: CallOptions): Promise<Response> => {
  try {
    return await fetch((options.baseUrl ?? '') + request.url, {
      method: request.method, headers: request.headers, body: request.body, credentials: 'same-origin', signal: options.signal,
    });
  } catch (error) {
    if (isAbort(error)) throw error;
    throw networkProblem(error);
  }
};

/**
 * Calls an endpoint of the API.
 * @throws {ApiProblem} for every refusal, missing connection or unreadable answer; an AbortError when `signal` fires.
 */
export const callEndpoint = async <E extends AnyEndpoint>(endpoint: E, input: CallInput<E>, options: CallOptions = {}): Promise<Output<E>> => {
  const request = buildRequest(endpoint, input, { organizationId: organizationFor(options), idempotencyKey: options.idempotencyKey });
  const response = await send(request, options);
  const requestId = response.headers.get('x-request-id');
  const body = await response.text();
  if (!response.ok) return refuse(response.status, body, requestId);
  return readAnswer(endpoint, body, requestId);
};

/** Fetches an endpoint whose answer is a file and hands it to the browser to save. @throws {ApiProblem} */
export const downloadEndpoint = async <E extends AnyEndpoint>(
  endpoint: E, input: CallInput<E>, options: CallOptions & { fileName?: string } = {},
): Promise<void> => {
  const request = buildRequest(endpoint, input, { organizationId: organizationFor(options), accept: endpoint.produces ?? '*/*' });
  const response = await send(request, options);
  if (!response.ok) return refuse(response.status, await response.text(), response.headers.get('x-request-id'));
  saveBlob(await response.blob(), options.fileName ?? fileNameOf(response.headers.get('content-disposition')) ?? 'download');
};

/** The name in a `content-disposition` header, without any path. */
export const fileNameOf = (header: string | null): string | null => {
  if (header === null) return null;
  const extended = /filename\*\s*=\s*utf-8''([^;]+)/i.exec(header)?.[1];
  const plain = /filename\s*=\s*"?([^";]+)"?/i.exec(header)?.[1];
  let name = plain ?? null;
  if (extended !== undefined) {
    try { name = decodeURIComponent(extended); } catch { /* Badly encoded: the plain name has to do. */ }
  }
  return name === null ? null : name.replace(/^.*[/\\]/, '').trim() || null;
};

/** Saves `blob` under `fileName` on the reader's machine. */
export const saveBlob = (blob: Blob, fileName: string): void => {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  setTimeout(() => { URL.revokeObjectURL(url); }, 10_000);
};
