import { setTimeout as pause } from 'node:timers/promises';
import { Silence, type SilenceBounds } from '#platform/egress/silence.ts';
import { ModelError } from '#modules/models/ports.ts';

/** The part of `fetch` the adapters use: `request` of the platform's egress guard fits, and so does the global `fetch`. */
export type ModelFetch = (url: string, init: { method: 'POST'; headers: Record<string, string>; body: string; signal: AbortSignal; redirect: 'error' }) => Promise<ModelResponse>;

export interface ModelResponse {
  status: number;
  headers: { get(name: string): string | null };
  body: AsyncIterable<Uint8Array> | null;
}

/** How to reach a provider. */
export interface ModelConnection {
  /** With the version, without a slash at the end: `https://api.openai.com/v1`. */
  baseUrl: string;
  /** Credential and protocol headers. Never logged, never in an error. */
  headers: Readonly<Record<string, string>>;
  fetch: ModelFetch;
  timeouts?: Partial<SilenceBounds>;
  /** Tries after the first one; two unless told. */
  retriesMax?: number;
  /** Mean pause before the first retry; doubled for the next. 250 ms unless told. */
  backoffMs?: number;
}

/** What the adapter of a provider is given; a slash at the end of the address does no harm. */
export interface ProviderOptions extends Omit<ModelConnection, 'headers'> { apiKey: string }

/** The connection with a provider's own headers. */
export const connectionOf = (options: Omit<ModelConnection, 'headers'>, headers: ModelConnection['headers']): ModelConnection =>
  ({ ...options, baseUrl: options.baseUrl.replace(/\/+$/, ''), headers });

const DEFAULT_TIMEOUTS: SilenceBounds = { firstByteMs: 60_000, idleMs: 60_000 };
const RETRIES_MAX = 2;
const BACKOFF_MS = 250;
/** A provider that asks for a longer pause gets no retry: the caller decides. */
const RETRY_AFTER_MS_MAX = 5_000;
const ERROR_BODY_BYTES_MAX = 64 * 1024;

/** A failed call with the pause the provider asked for, if any. */
class CallFailure extends Error {
  readonly error: ModelError;
  readonly retryAfterMs: number | null;
  constructor(error: ModelError, retryAfterMs: number | null) {
    super(error.message);
    this.error = error;
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * Posts JSON and yields the bytes of the answer. Fails with a {@link ModelError} for a refusal, a network failure, or
 * silence; with the signal's own reason when the caller aborts. One call; see {@link withRetries}.
 */
export async function* post(connection: ModelConnection, path: string, body: unknown, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  signal.throwIfAborted();
  const timeouts = { ...DEFAULT_TIMEOUTS, ...connection.timeouts };
  const controller = new AbortController();
  const onAbort = () => { controller.abort(signal.reason); };
  signal.addEventListener('abort', onAbort, { once: true });
  const silence = new Silence(controller, timeouts, (what) => new ModelError('timeout', `The model provider ${what}.`, true));
  let whole = false;
  try {
    const response = await connection.fetch(`${connection.baseUrl}${path}`, {
      method: 'POST', body: JSON.stringify(body), signal: controller.signal, redirect: 'error',
      headers: { ...connection.headers, 'content-type': 'application/json' },
    });
    if (response.status < 200 || response.status > 299) throw await refusal(response, connection);
    for await (const bytes of response.body ?? []) {
      silence.heard();
      yield bytes;
    }
    whole = true;
  } catch (error) {
    throw signal.aborted ? signal.reason : failureOf(error, controller.signal);
  } finally {
    silence.stop();
    signal.removeEventListener('abort', onAbort);
    // Ends the call when the consumer stops reading early.
    if (!whole) controller.abort();
  }
}

/**
 * Runs `attempt` again after a failure that may pass, with growing random pauses, but only while nothing of an answer
 * was handed out (`attempt` yields nothing before failing). An answer that has begun is never begun twice.
 */
export async function* withRetries<T>(connection: ModelConnection, signal: AbortSignal, attempt: () => AsyncIterable<T>): AsyncGenerator<T> {
  const retriesMax = connection.retriesMax ?? RETRIES_MAX;
  for (let tries = 0; ; tries++) {
    let begun = false;
    try {
      for await (const item of attempt()) {
        begun = true;
        yield item;
      }
      return;
    } catch (failure) {
      const error = failure instanceof CallFailure ? failure.error : failure;
      // A hang is not tried again: the person has waited long enough.
      const mayPass = error instanceof ModelError && error.retryable && error.code !== 'timeout';
      const asked = failure instanceof CallFailure ? failure.retryAfterMs : null;
      if (begun || !mayPass || tries >= retriesMax || (asked ?? 0) > RETRY_AFTER_MS_MAX) throw error;
      await pause(asked ?? (connection.backoffMs ?? BACKOFF_MS) * 2 ** tries * (0.5 + Math.random()), undefined, { signal });
    }
  }
}

/** The whole answer as JSON. */
export async function postForJson(connection: ModelConnection, path: string, body: unknown, signal: AbortSignal, bytesMax: number): Promise<unknown> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of post(connection, path, body, signal)) {
    bytes += part.length;
    if (bytes > bytesMax) throw new ModelError('bad-answer', 'The model provider sent a larger answer than expected.', false);
    parts.push(part);
  }
  return parseAnswer(Buffer.concat(parts).toString('utf8'));
}

/** JSON of a provider; anything else is a bad answer. */
export function parseAnswer(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ModelError('bad-answer', 'The model provider sent an answer that is not JSON.', true, { cause: error });
  }
}

function failureOf(error: unknown, signal: AbortSignal): unknown {
  if (error instanceof CallFailure || error instanceof ModelError) return error;
  if (signal.reason instanceof ModelError) return signal.reason;
  const reason = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (reason instanceof Error && reason.name === 'EgressRefused') return new ModelError('refused', 'The address of the model provider may not be reached from here.', false, { cause: error });
  return new ModelError('unavailable', 'The model provider cannot be reached or closed the connection.', true, { cause: error });
}

/** What a status of 300 and more means. The provider's words are shown only where they cannot hold a credential. */
async function refusal(response: ModelResponse, connection: ModelConnection): Promise<CallFailure> {
  const said = messageOf(await firstBytes(response), connection);
  const { status } = response;
  const made = (code: ModelError['code'], message: string, retryable: boolean) => new CallFailure(new ModelError(code, message, retryable), retryAfterMs(response));
  if (status === 429) {
    const exhausted = said.includes('insufficient_quota') || said.includes('exceeded your current quota');
    return made('rate-limited', exhausted ? "The model provider's quota is used up." : 'The model provider is limiting calls.', !exhausted);
  }
  if (status === 401 || status === 403) return made('refused', 'The model provider refused the credential.', false);
  if (status === 408 || status === 409 || status >= 500) return made('unavailable', `The model provider failed with status ${status}.`, true);
  return made('refused', `The model provider refused the call with status ${status}${said === '' ? '' : `: ${said}`}.`, false);
}

async function firstBytes(response: ModelResponse): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const part of response.body ?? []) {
    text += decoder.decode(part, { stream: true });
    if (text.length > ERROR_BODY_BYTES_MAX) break;
  }
  return text;
}

function messageOf(body: string, connection: ModelConnection): string {
  const found = /"message"\s*:\s*"((?:[^"\\]|\\.){0,400})/.exec(body)?.[1] ?? '';
  let message = found.replace(/\\[nrt]/g, ' ').replace(/\\(.)/g, '$1');
  for (const secret of Object.values(connection.headers)) {
    for (const part of secret.split(' ')) if (part.length >= 8) message = message.replaceAll(part, '(hidden)');
  }
  return message.replace(/\b(sk|pk|key)-[\w*-]{8,}/gi, '(hidden)').slice(0, 300);
}

function retryAfterMs(response: ModelResponse): number | null {
  const header = response.headers.get('retry-after');
  if (header === null) return null;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1_000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - Date.now());
}
