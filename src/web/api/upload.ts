import type { CallInput, Output } from '#platform/contract/endpoint.ts';
import { organizationFor, readAnswer, refuse, type CallOptions } from './call-endpoint.ts';
import { networkProblem } from './problem.ts';
import { buildRequest, type AnyEndpoint } from './request.ts';

export interface UploadOptions extends CallOptions {
  /** Called as bytes leave, with a share from 0 to 1. */
  onProgress?: (share: number) => void;
}

/**
 * Calls an endpoint that takes a multipart body and reports how far the upload is (fetch cannot).
 * @throws {ApiProblem}; an AbortError when `signal` fires.
 */
export const uploadEndpoint = <E extends AnyEndpoint>(endpoint: E, input: CallInput<E>, options: UploadOptions = {}): Promise<Output<E>> => {
  const { method, url, headers, body } = buildRequest(endpoint, input, { organizationId: organizationFor(options), idempotencyKey: options.idempotencyKey });
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = () => { request.abort(); };
    request.open(method, (options.baseUrl ?? '') + url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => {
      if (event.lengthComputable && event.total > 0) options.onProgress?.(event.loaded / event.total);
    };
    request.onload = () => {
      options.signal?.removeEventListener('abort', abort);
      const requestId = request.getResponseHeader('x-request-id');
      try {
        if (request.status < 200 || request.status > 299) refuse(request.status, request.responseText, requestId);
        resolve(readAnswer(endpoint, request.responseText, requestId));
      } catch (error) { reject(error); }
    };
    request.onerror = () => { reject(networkProblem(null)); };
    request.onabort = () => { reject(new DOMException('The upload was stopped', 'AbortError')); };
    if (options.signal?.aborted) { reject(new DOMException('The upload was stopped', 'AbortError')); return; }
    options.signal?.addEventListener('abort', abort, { once: true });
    request.send(body ?? null);
  });
};
