import { z } from 'zod';
import type { Egress } from '#platform/egress/egress.ts';
import { bodyText, callServer } from '#platform/egress/server-call.ts';
import { EngineError } from '#modules/knowledge/ports.ts';

export interface RagflowOptions {
  /** Without a slash at the end. */
  baseUrl: string;
  /** Never logged, never in an error. */
  apiKey: string;
  request: Egress['request'];
  timeouts?: Partial<RagflowTimeouts>;
}

/** From a call to the first byte of its answer, and the longest silence inside it. */
export interface RagflowTimeouts {
  /** Datasets, documents and states. */
  manageMs: number;
  /** Files are stored before the server answers. */
  uploadMs: number;
  /** A visitor waits for it. */
  searchMs: number;
}

export interface RagflowCall<T> {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** After `/api/v1`. */
  path: string;
  body?: unknown;
  upload?: { contentType: string; bytes: Uint8Array };
  /** What the answer must be, beside `code` and `message`. */
  answer: z.ZodType<T>;
  timeout?: keyof RagflowTimeouts;
  /** It may be sent twice without harm; all but POST are unless told. */
  repeatable?: boolean;
}

export interface RagflowClient {
  /** One call. Throws {@link EngineError} also for errors that come with status 200. */
  call<T>(call: RagflowCall<T>, signal: AbortSignal): Promise<T>;
  /** The server's words without our key, on one line, cut to a bound. */
  clean(text: string): string;
}

export const SERVER = 'RAGFlow';
/** Most entries the server gives on one page of a list. */
export const PAGE = 100;
/** Pages read of one list; more than any knowledge base fills. */
export const PAGES_MAX = 500;
const TIMEOUTS: RagflowTimeouts = { manageMs: 30_000, uploadMs: 120_000, searchMs: 10_000 };
const ANSWER_BYTES_MAX = 16 * 1024 * 1024;
const WORDS_CHARS_MAX = 300;

const Envelope = z.looseObject({ code: z.number(), message: z.string().nullish() });

/** Calls to the HTTP API of one RAGFlow server. */
export function ragflowClient({ baseUrl, apiKey, request, timeouts }: RagflowOptions): RagflowClient {
  const bounds = { ...TIMEOUTS, ...timeouts };
  const clean = (text: string) => text.replaceAll(apiKey, '(hidden)').replace(/\b(?:ragflow|sk|key)-[\w*-]{8,}/gi, '(hidden)').replace(/\s+/g, ' ').trim().slice(0, WORDS_CHARS_MAX);

  const send = async <T>(call: RagflowCall<T>, signal: AbortSignal, again: boolean): Promise<{ status: number; text: string }> => {
    const { method, path, body, upload, timeout = 'manageMs' } = call;
    const type = upload?.contentType ?? (body === undefined ? null : 'application/json');
    try {
      const answer = await callServer(request, {
        method, url: `${baseUrl}/api/v1${path}`, headers: { accept: 'application/json', authorization: `Bearer ${apiKey}`, ...(type === null ? {} : { 'content-type': type }) },
        body: upload?.bytes ?? (body === undefined ? '' : JSON.stringify(body)), signal, firstByteMs: bounds[timeout], idleMs: bounds[timeout],
      });
      return { status: answer.status, text: await bodyText(answer.body, ANSWER_BYTES_MAX) };
    } catch (error) {
      const failure = EngineError.from(error, SERVER);
      // The server closes idle connections without notice; what may be repeated is asked once more on a new one.
      if (again && isCutLine(failure)) return send(call, signal, false);
      throw failure;
    }
  };

  return {
    clean,
    async call(call, signal) {
      const { status, text } = await send(call, signal, call.repeatable ?? call.method !== 'POST');
      const json = parse(text);
      const envelope = Envelope.safeParse(json).data;
      if (envelope && envelope.code !== 0) throw refusalOf(envelope.code, clean(envelope.message ?? ''));
      if (status >= 300) throw statusOf(status);
      const answer = call.answer.safeParse(json);
      if (!envelope || !answer.success) throw new EngineError('bad-answer', `${SERVER} sent an answer that is not understood. Is this the address of ${SERVER} itself?`);
      return answer.data;
    },
  };
}

const isCutLine = (error: unknown): boolean => error instanceof EngineError && error.code === 'unreachable' && !/within|stopped/.test(error.message);

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A proxy's error page or a login form: told by the status, or as an answer that is not understood.
    return null;
  }
}

const UNAUTHORIZED = new Set([401, 403, 109]);
/** Its own exceptions, a lost connection to its stores, work that still runs. */
const PASSING = new Set([100, 105, 106, 500]);
/** It has one code for most errors, so what is missing can only be told by its words. */
const MISSING = /\b(?:don'?t|do not|does not|doesn'?t|not|lacks?)\s+(?:own|have|exist|found|permission)|can'?t find/i;

/** What an error that came in an answer means. 108 stands for what another account owns, which is not there for us. */
function refusalOf(code: number, words: string): EngineError {
  const said = words === '' ? ` (code ${code})` : `: ${words}`;
  if (UNAUTHORIZED.has(code)) return new EngineError('refused', `${SERVER} refused the API key.`);
  if (code === 404 || code === 108 || MISSING.test(words)) return new EngineError('not-found', `${SERVER} does not have this any more${said}`);
  return new EngineError('failed', `${SERVER} could not do this${said}`, { retryable: PASSING.has(code) && !/not (?:been )?supported|unsupported/i.test(words) });
}

function statusOf(status: number): EngineError {
  if (status < 400) return new EngineError('refused', `${SERVER} answered with a redirect, which is not followed.`);
  if (status === 401 || status === 403) return new EngineError('refused', `${SERVER} refused the API key.`);
  if (status === 413) return new EngineError('failed', `${SERVER} does not take files of this size.`);
  if (status === 502 || status === 503 || status === 504) return new EngineError('unreachable', `${SERVER} is not ready (status ${status}).`);
  if (status >= 500 || status === 429) return new EngineError('failed', `${SERVER} failed with status ${status}.`, { retryable: true });
  return new EngineError('bad-answer', `${SERVER} answered with status ${status}. Is this the address of ${SERVER} itself?`);
}
