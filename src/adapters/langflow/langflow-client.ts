import { z } from 'zod';
import type { Egress } from '#platform/egress/egress.ts';
import { bodyText, callServer, ServerCallError, type ServerAnswer } from '#platform/egress/server-call.ts';
import { RemoteError } from '#modules/runtime/ports.ts';

export interface LangflowOptions {
  /** Without a slash at the end. */
  baseUrl: string;
  /** Empty for a server that asks for none. Never logged, never in an error. */
  apiKey: string;
  request: Egress['request'];
  /** The server is shared by sellers, so only components of its own may run there: see `withOwnCode`. */
  shared?: boolean;
  timeouts?: Partial<LangflowTimeouts>;
}

export interface LangflowTimeouts {
  /** From asking a flow to the first byte; a server loads components at the first run, which takes long. */
  firstByteMs: number;
  /** Longest silence inside an answer: a flow may work for long between two events. */
  idleMs: number;
  /** Looking up, uploading and removing flows. */
  manageMs: number;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One answer of the server, whatever its status. */
export interface LangflowAnswer { status: number; json: unknown }

export interface LangflowClient {
  /** A management call; answers 4xx as they are, so that the caller can feature-detect. Throws for 401, 403 and failures. */
  call(method: Method, path: string, signal: AbortSignal, body?: unknown): Promise<LangflowAnswer>;
  /** A body of another content type. */
  upload(path: string, contentType: string, body: Uint8Array, signal: AbortSignal): Promise<LangflowAnswer>;
  /** An answer handed out as it comes: a run that is started, or the events of one. Throws for every status but success. */
  stream(method: Method, path: string, signal: AbortSignal, body?: unknown): Promise<ServerAnswer>;
  /** The server's words without our key. */
  clean(text: string): string;
}

const TIMEOUTS: LangflowTimeouts = { firstByteMs: 120_000, idleMs: 120_000, manageMs: 30_000 };
const ANSWER_BYTES_MAX = 32 * 1024 * 1024;
const WORDS_CHARS_MAX = 300;
const SERVER = 'The Langflow server';

/** Calls to one Langflow server. */
export function langflowClient({ baseUrl, apiKey, request, timeouts }: LangflowOptions): LangflowClient {
  const { firstByteMs, idleMs, manageMs } = { ...TIMEOUTS, ...timeouts };
  const headers = { accept: 'application/json', ...(apiKey === '' ? {} : { 'x-api-key': apiKey }) };
  const clean = (text: string) => (apiKey.length >= 6 ? text.replaceAll(apiKey, '(hidden)') : text).replace(/\b(?:sk|pk|key)-[\w*-]{8,}/gi, '(hidden)').slice(0, WORDS_CHARS_MAX);

  const send = async (method: Method, path: string, body: { content: string | Uint8Array; type: string } | null, signal: AbortSignal, again = method !== 'POST'): Promise<LangflowAnswer> => {
    try {
      const answer = await callServer(request, {
        method, url: `${baseUrl}${path}`, headers: body === null ? headers : { ...headers, 'content-type': body.type }, body: body?.content ?? '', signal, firstByteMs: manageMs, idleMs: manageMs,
      });
      const text = await bodyText(answer.body, ANSWER_BYTES_MAX);
      refuseRedirect(answer.status);
      if (answer.status === 401 || answer.status === 403) throw unauthorized();
      if (answer.status >= 500) throw new RemoteError('bad-answer', `${SERVER} failed with status ${answer.status}${said(text, clean)}`);
      return { status: answer.status, json: parse(text) };
    } catch (error) {
      // The server closes idle connections without notice; what may be repeated is asked once more on a new one.
      if (again && error instanceof ServerCallError && error.kind === 'unreachable') return send(method, path, body, signal, false);
      throw RemoteError.from(error, SERVER);
    }
  };

  return {
    clean,
    call: async (method, path, signal, body) => send(method, path, body === undefined ? null : { content: JSON.stringify(body), type: 'application/json' }, signal),
    upload: async (path, type, content, signal) => send('POST', path, { content, type }, signal),
    async stream(method, path, signal, body) {
      try {
        const answer = await callServer(request, {
          method, url: `${baseUrl}${path}`, headers: { ...headers, accept: 'text/event-stream', ...(body === undefined ? {} : { 'content-type': 'application/json' }) }, body: body === undefined ? '' : JSON.stringify(body), signal, firstByteMs, idleMs,
        });
        if (answer.status >= 200 && answer.status < 300) return answer;
        const text = await bodyText(answer.body, ANSWER_BYTES_MAX);
        refuseRedirect(answer.status);
        if (answer.status === 401 || answer.status === 403) throw unauthorized();
        if (answer.status === 404) throw new RemoteError('flow-missing', `${SERVER} does not have this flow any more.`);
        throw new RemoteError('flow-failed', `The flow failed on the Langflow server${said(text, clean)}`);
      } catch (error) {
        throw RemoteError.from(error, SERVER);
      }
    },
  };
}

const unauthorized = () => new RemoteError('unauthorized', `${SERVER} refused the API key.`);

function refuseRedirect(status: number): void {
  if (status >= 300 && status < 400) throw new RemoteError('refused', `${SERVER} answered with a redirect, which is not followed.`);
}

/** JSON, or a bad answer: a proxy's error page, a login form. */
function parse(text: string): unknown {
  if (text.trim() === '') return null;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new RemoteError('bad-answer', `${SERVER} sent an answer that is not JSON. Is this the address of Langflow itself?`, { cause: error });
  }
}

const Detail = z.looseObject({ detail: z.unknown() });
const Failure = z.looseObject({ message: z.string() });

/** `: words` from a failed answer. Langflow puts a JSON text into the detail of its errors. */
function said(text: string, clean: (text: string) => string): string {
  const words = wordsOf(text);
  return words === '' ? '.' : `: ${clean(words)}`;
}

function wordsOf(text: string): string {
  try {
    const { detail } = Detail.parse(JSON.parse(text));
    if (typeof detail !== 'string') return '';
    const inner = detail.startsWith('{') ? Failure.safeParse(JSON.parse(detail)) : null;
    return (inner?.success ? inner.data.message : detail).replace(/\s+/g, ' ').trim();
  } catch {
    // Words are a courtesy: an answer that cannot be read has none.
    return '';
  }
}
