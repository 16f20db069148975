import { setTimeout as sleep } from 'node:timers/promises';
import type { Response } from 'undici';
import { redactor } from '#platform/crypto/redact.ts';
import type { Egress } from '#platform/egress/egress.ts';
import { followReads, type FollowedAnswer } from '#platform/egress/follow-reads.ts';
import { mayBePlain } from '#platform/egress/plain-place.ts';
import { refusalWords } from '#platform/egress/refusal-words.ts';
import { retryAfter } from '#platform/egress/retry-after.ts';
import { bodyBytes, ServerCallError } from '#platform/egress/server-call.ts';
import { SourceError } from '../source-reader.ts';
import { refusal, type StatusHints } from './refusal.ts';

/** One request to the system behind a source. */
export interface SourceCall {
  url: URL;
  method?: 'GET' | 'POST';
  headers?: Readonly<Record<string, string>>;
  body?: string;
  /** Of the answer, after decompression; 20 MB unless told. */
  bytesMax?: number;
  /** Statuses of refusal that the caller understands itself. They are answered at once, with their body. */
  expected?: readonly number[];
}

export interface SourceAnswer {
  status: number;
  /** Where it came from, after redirects. */
  url: URL;
  header(name: string): string | null;
  bytes: Buffer;
}

export interface SourceHttp {
  /** Throws {@link SourceError} in words for the buyer, or the signal's reason. */
  send(call: SourceCall): Promise<SourceAnswer>;
  /** Masks the secrets of this source in a text that came from outside. */
  redact(text: string): string;
}

export interface SourceHttpParts {
  egress: Pick<Egress, 'fetch'>;
  signal: AbortSignal;
  now(): Date;
  /** What must never be shown, in any of its forms on the wire: asked for when it matters, as tokens come and go. */
  secrets(): readonly string[];
  /** What a person can do about a status, where this kind of source knows better than the general words. */
  hints?: StatusHints;
  /** Requests made in all for one call, when the other side is busy or failing; 4 unless told. */
  triesMax?: number;
  /** For a whole answer; 30 seconds unless told. */
  answerMs?: number;
  /** Lets each request wait for its turn. */
  inTurn?<T>(request: () => Promise<T>): Promise<T>;
}

/** What a look at a source may take: it is for somebody who waits. */
export const QUICK = { triesMax: 1, answerMs: 10_000 } as const;

const ANSWER_BYTES_MAX = 20 * 1024 * 1024;
/** A longer rest than this is not waited for: the next reading comes anyway. */
const REST_MS_MAX = 60_000;
const UNREACHABLE = 'This address cannot be reached from here. Check it, and that it is open to the internet.';

/**
 * Requests to the system behind a source: through the egress guard, bounded in time and bytes, made again while the other
 * side is busy. Redirects are followed, three at most, and another origin gets no secret.
 */
export function createSourceHttp({ egress, signal, now, secrets, hints = {}, triesMax = 4, answerMs = 30_000, inTurn = async (request) => request() }: SourceHttpParts): SourceHttp {
  const redact = (text: string): string => redactor(secrets())(text);

  async function once(call: SourceCall): Promise<SourceAnswer> {
    const within = AbortSignal.any([signal, AbortSignal.timeout(answerMs)]);
    const { host } = call.url;
    try {
      const headers = { accept: 'application/json', 'user-agent': 'cmp-knowledge/1.0', ...call.headers };
      const followed = await followReads(egress, call.url, { method: call.method ?? 'GET', headers, ...(call.body === undefined ? {} : { body: call.body }), signal: within });
      return await readAnswer(followed, call.bytesMax ?? ANSWER_BYTES_MAX);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof SourceError) throw error;
      if (error instanceof ServerCallError) throw new SourceError('too-large', `${host} sent more than the ${Math.round((call.bytesMax ?? ANSWER_BYTES_MAX) / 1024 / 1024)} MB that are read of one answer. Ask for smaller pages.`, { cause: error });
      if (within.aborted) throw new SourceError('unreachable', `${host} did not send its whole answer within ${answerMs / 1_000} seconds. Try again later, or ask for smaller pages.`, { cause: error });
      // Refused and closed addresses read the same, so that nobody can scan a network with it.
      throw new SourceError('unreachable', `${host}: ${UNREACHABLE}`, { cause: error });
    }
  }

  return {
    redact,
    async send(call) {
      for (let tried = 1; ; tried += 1) {
        const answer = await inTurn(async () => once(call));
        const { status } = answer;
        if (status < 400 || call.expected?.includes(status)) return answer;
        const busy = status === 429 || status >= 500;
        const restMs = retryAfter(answer.header('retry-after'), now()) ?? 500 * 2 ** (tried - 1);
        if (!busy || tried >= triesMax || restMs > REST_MS_MAX) throw refusal({ status, host: call.url.host, words: refusalWords(redact(answer.bytes.toString('utf8'))), restMs: answer.header('retry-after') === null ? null : restMs }, hints);
        await sleep(restMs, undefined, { signal }).catch(() => { signal.throwIfAborted(); });
      }
    },
  };
}

/** Credentials travel encrypted, but for places that only the operator can have opened. Throws {@link SourceError}. */
export function requireEncrypted(url: URL, what = 'a credential'): void {
  if (url.protocol !== 'https:' && !mayBePlain(url)) throw new SourceError('settings', `The address of ${url.host} has to begin with https://, because ${what} is sent there.`);
}

/** A value that a header can carry. Throws {@link SourceError}. */
export function headerValue(value: string, title: string): string {
  if (!/^[\t\x20-\x7e\x80-\xff]{0,8000}$/.test(value)) throw new SourceError('settings', `${title} holds characters that cannot be sent. Copy it again, without line breaks.`);
  return value;
}

export const basicAuthorization = (user: string, password: string): string => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

async function readAnswer({ response, url, redirected }: FollowedAnswer, bytesMax: number): Promise<SourceAnswer> {
  if (redirected) throw new SourceError('unexpected', `${url.host} redirects too often. Write the address that it leads to in the end.`);
  return { status: response.status, url, header: (name) => response.headers.get(name), bytes: await bodyBytes(piecesOf(response), bytesMax) };
}

async function* piecesOf(response: Response): AsyncGenerator<Uint8Array> {
  for await (const piece of response.body ?? []) if (piece instanceof Uint8Array) yield piece;
}
