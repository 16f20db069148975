import type { CallInput } from '#platform/contract/endpoint.ts';
import { organizationFor, refuse, send, type CallOptions } from './call-endpoint.ts';
import { ApiProblem, isAbort, networkProblem } from './problem.ts';
import { buildRequest, type AnyEndpoint } from './request.ts';

/** One event of a stream, after the HTML standard's server-sent events. */
export interface ServerEvent {
  /** `message` unless the server named it. */
  event: string;
  data: string;
  id: string | null;
}

/** Longest unfinished line held, in characters; a server that sends more without a line end is broken or hostile. */
const LINE_MAX = 4_000_000;

/** Reads events from text in any slices. Comments, CRLF and a missing last blank line are handled as the standard says. */
export async function* parseServerEvents(slices: AsyncIterable<string>): AsyncGenerator<ServerEvent> {
  let rest = '';
  let event = '';
  let id: string | null = null;
  let data: string[] = [];
  for await (const slice of slices) {
    rest += slice;
    // A carriage return at the end may be half of a CRLF: wait for the next slice.
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    if (rest.length > LINE_MAX) throw new ApiProblem({ kind: 'answer', status: 0, title: 'The answer could not be read' });
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) yield { event: event || 'message', data: data.join('\n'), id };
        event = '';
        data = [];
        continue;
      }
      const colon = line.indexOf(':');
      const field = colon === -1 ? line : line.slice(0, colon);
      const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
      if (field === 'data') data.push(value);
      else if (field === 'event') event = value;
      else if (field === 'id' && !value.includes('\0')) id = value;
    }
  }
}

async function* textOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield decoder.decode(value, { stream: true });
    }
  } catch (error) {
    if (isAbort(error)) throw error;
    throw networkProblem(error);
  } finally {
    // Leaving early (a stopped answer) must also stop the server.
    await reader.cancel().catch(() => undefined);
  }
}

/**
 * Calls an endpoint that answers with an event stream, and yields the events as they arrive.
 * Stop by aborting `signal` or by leaving the loop.
 * @throws {ApiProblem} when the call is refused or the connection breaks; an AbortError when `signal` fires.
 */
export async function* streamEvents<E extends AnyEndpoint>(endpoint: E, input: CallInput<E>, options: CallOptions = {}): AsyncGenerator<ServerEvent> {
  const request = buildRequest(endpoint, input, { organizationId: organizationFor(options), idempotencyKey: options.idempotencyKey, accept: 'text/event-stream' });
  const response = await send(request, options);
  if (!response.ok) refuse(response.status, await response.text(), response.headers.get('x-request-id'));
  if (response.body !== null) yield* parseServerEvents(textOf(response.body));
}
