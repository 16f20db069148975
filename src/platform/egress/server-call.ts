import { EgressRefused, type Egress, type GuardedRequest } from './egress.ts';
import { Silence, type SilenceBounds } from './silence.ts';

/** Why another server gave no whole answer: it cannot be reached or cut the line, we may not reach it, or it is silent. */
export class ServerCallError extends Error {
  override name = 'ServerCallError';
  readonly kind: 'unreachable' | 'refused' | 'timeout' | 'too-large';
  constructor(kind: ServerCallError['kind'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

export interface ServerCall extends SilenceBounds {
  method: GuardedRequest['method'];
  url: string;
  headers: Record<string, string>;
  body?: string | Uint8Array;
  signal: AbortSignal;
}

export interface ServerAnswer {
  status: number;
  headers: { get(name: string): string | null };
  /** Fails with {@link ServerCallError} when the line is cut or falls silent; ends the call when reading stops early. */
  body: AsyncGenerator<Uint8Array>;
}

/**
 * Calls a server that somebody named, through the egress guard, bounded in time. Redirects are answered as they are.
 * Throws {@link ServerCallError}, or the signal's own reason when the caller aborts.
 */
export async function callServer(request: Egress['request'], call: ServerCall): Promise<ServerAnswer> {
  call.signal.throwIfAborted();
  const controller = new AbortController();
  const silence = new Silence(controller, call, (what) => new ServerCallError('timeout', `The server ${what}.`));
  const onAbort = () => { controller.abort(call.signal.reason); };
  call.signal.addEventListener('abort', onAbort, { once: true });
  const end = () => {
    silence.stop();
    call.signal.removeEventListener('abort', onAbort);
  };
  try {
    const { status, headers, body } = await request(call.url, { method: call.method, headers: call.headers, body: call.body ?? '', signal: controller.signal });
    return { status, headers, body: watched(body, { call, controller, silence, end }) };
  } catch (error) {
    end();
    throw failureOf(error, call.signal, controller.signal);
  }
}

interface Watch { call: ServerCall; controller: AbortController; silence: Silence; end: () => void }

async function* watched(body: AsyncIterable<Uint8Array>, { call, controller, silence, end }: Watch): AsyncGenerator<Uint8Array> {
  let whole = false;
  try {
    for await (const bytes of body) {
      silence.heard();
      yield bytes;
    }
    whole = true;
  } catch (error) {
    throw failureOf(error, call.signal, controller.signal);
  } finally {
    end();
    if (!whole) controller.abort();
  }
}

function failureOf(error: unknown, caller: AbortSignal, own: AbortSignal): unknown {
  if (caller.aborted) return caller.reason;
  if (own.reason instanceof ServerCallError) return own.reason;
  if (error instanceof ServerCallError) return error;
  const reason = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (error instanceof EgressRefused || reason instanceof EgressRefused) return new ServerCallError('refused', 'The address of the server may not be reached from here.', { cause: error });
  return new ServerCallError('unreachable', 'The server cannot be reached or closed the connection.', { cause: error });
}

/** The whole body as text; throws `too-large` past the bound. */
export const bodyText = async (body: AsyncIterable<Uint8Array>, bytesMax: number): Promise<string> => (await bodyBytes(body, bytesMax)).toString('utf8');

/** The whole body; throws `too-large` past the bound. */
export async function bodyBytes(body: AsyncIterable<Uint8Array>, bytesMax: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of body) {
    bytes += part.byteLength;
    if (bytes > bytesMax) throw new ServerCallError('too-large', `The server sent more than ${bytesMax} bytes.`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** The body line by line, without line ends (LF or CRLF), as the lines come; throws `too-large` for a longer line. */
export async function* bodyLines(body: AsyncIterable<Uint8Array>, lineCharsMax: number): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const part of body) {
    rest += decoder.decode(part, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > lineCharsMax) throw new ServerCallError('too-large', `The server sent a line of more than ${lineCharsMax} characters.`);
    for (const line of lines) yield line.endsWith('\r') ? line.slice(0, -1) : line;
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
}
