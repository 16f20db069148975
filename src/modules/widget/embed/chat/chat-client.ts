import {
  WIDGET_CHAT_PATH,
  WIDGET_FEEDBACK_PATH,
  type WidgetChatRequest,
  type WidgetCitation,
  type WidgetFeedback,
  type WidgetTransport,
} from '../../embed-contract.ts';
import { webAddress } from '../dom.ts';
import { bare, decodeJson, encodeJson, own, text } from '../plain-data.ts';
import { openSocket, readSocket } from './chat-socket.ts';
import { SseReader } from './sse.ts';

/** No byte for this long, not even a keep-alive comment: the connection is dead. */
const SILENCE_MAX_MS = 60_000;
/** Flows may think long before the first byte. */
const FIRST_BYTE_MAX_MS = 120_000;
/** Longest answer we show; more is cut and said so. */
const ANSWER_CHARS_MAX = 200_000;
const CITATIONS_MAX = 50;

export type FailureKind = 'setup' | 'credits' | 'forbidden' | 'busy' | 'server' | 'network' | 'cut';

/** Why an answer did not come, or not whole. `message` is the server's, for developers; visitors read our own words. */
export class ChatFailure extends Error {
  readonly kind: FailureKind;
  readonly code: string;
  readonly status: number;
  readonly retryAfterS: number | null;
  readonly requestId: string | null;

  constructor(kind: FailureKind, detail: { code?: string; status?: number; message?: string; retryAfterS?: number | null; requestId?: string | null } = {}) {
    super(detail.message || kind);
    this.kind = kind;
    this.code = detail.code || kind;
    this.status = detail.status ?? 0;
    this.retryAfterS = detail.retryAfterS ?? null;
    this.requestId = detail.requestId ?? null;
  }
}

const FOLLOW_UPS_MAX = 4;

/** A piece of an answer as it arrives. */
export type ChatPiece = { text: string; conversationId: string | null; runId: string | null; citations: WidgetCitation[] | null; followUps: string[] | null };

export class ChatClient {
  readonly #base: string;
  readonly #key: string;
  #transport: WidgetTransport;

  constructor(base: string, key: string, transport: WidgetTransport) {
    this.#base = base;
    this.#key = key;
    this.#transport = transport;
  }

  /**
   * Asks for an answer and yields it piece by piece. Ends normally only when the server marked the end; a stream
   * that just stops is a ChatFailure of kind `cut`, since half an answer must not pass for a whole one.
   * @throws ChatFailure; or the signal's AbortError when the visitor stopped it.
   */
  async *answer(request: WidgetChatRequest, signal: AbortSignal): AsyncGenerator<ChatPiece> {
    const socket = this.#transport === 'websocket' ? await openSocket(this.#base, this.#key, signal) : null;
    if (socket === null) {
      // A refused or blocked socket says nothing about why; the HTTP answer does.
      this.#transport = 'http';
      yield* this.#overHttp(request, signal);
    } else yield* overSocket(socket, request, signal);
  }

  async *#overHttp(request: WidgetChatRequest, signal: AbortSignal): AsyncGenerator<ChatPiece> {
    const timer = new AbortController();
    const stop = (): void => timer.abort();
    signal.addEventListener('abort', stop);
    let alarm = setTimeout(stop, FIRST_BYTE_MAX_MS);
    let reading: StreamReading | null = null;
    try {
      const response = await this.#post(WIDGET_CHAT_PATH, encodeJson(request), 'text/event-stream', timer.signal);
      if (!response.ok) throw await failureOf(response);
      const reader = response.body?.getReader();
      if (reader === undefined || !/^text\/event-stream/i.test(response.headers.get('content-type') ?? '')) {
        throw new ChatFailure('server', { code: 'not_a_stream', status: response.status });
      }
      const requestId = response.headers.get('x-request-id');
      reading = new StreamReading(requestId);
      const decoder = new TextDecoder();
      while (!reading.done) {
        const { done, value } = await reader.read();
        clearTimeout(alarm);
        alarm = setTimeout(stop, SILENCE_MAX_MS);
        if (done) break;
        yield* reading.take(decoder.decode(value, { stream: true }));
      }
      void reader.cancel().catch(() => undefined);
      if (!reading.finished) throw new ChatFailure('cut', { requestId });
    } catch (error) {
      if (error instanceof ChatFailure || signal.aborted) throw error;
      // The answer was whole; only the connection ended roughly.
      if (reading?.finished === true) return;
      throw new ChatFailure(timer.signal.aborted ? 'cut' : 'network', { message: String(error) });
    } finally {
      clearTimeout(alarm);
      signal.removeEventListener('abort', stop);
      timer.abort();
    }
  }

  /** True once the server has taken it. */
  async sendFeedback(feedback: WidgetFeedback): Promise<boolean> {
    const body = encodeJson(feedback);
    return this.#post(WIDGET_FEEDBACK_PATH, body, 'application/json').then((response) => response.ok, () => false);
  }

  #post(path: string, body: string, accept: string, signal?: AbortSignal): Promise<Response> {
    return fetch(`${this.#base}${path}`, bare<RequestInit>({
      method: 'POST',
      headers: bare({ authorization: `Bearer ${this.#key}`, 'content-type': 'application/json', accept }),
      body,
      credentials: 'omit',
      referrerPolicy: 'origin',
      ...(signal === undefined ? {} : { signal }),
    }));
  }
}

async function* overSocket(socket: WebSocket, request: WidgetChatRequest, signal: AbortSignal): AsyncGenerator<ChatPiece> {
  const reading = new StreamReading(null);
  socket.send(encodeJson(request));
  for await (const data of readSocket(socket, signal)) {
    yield* reading.event(data);
    if (reading.done) return;
  }
  if (!reading.finished) throw new ChatFailure('cut', { requestId: null });
}

/** The OpenAI stream with our extra fields, from text to pieces. */
class StreamReading {
  readonly #sse = new SseReader();
  readonly #requestId: string | null;
  #chars = 0;
  /** The server said the answer is complete. */
  finished = false;
  /** Nothing more will come. */
  done = false;

  constructor(requestId: string | null) {
    this.#requestId = requestId;
  }

  *take(chunk: string): Generator<ChatPiece> {
    for (const data of this.#sse.push(chunk)) yield* this.event(data);
  }

  /** One event of the stream, or one message of the socket. */
  *event(data: string): Generator<ChatPiece> {
    if (this.done) return;
    if (data.trim() === '[DONE]') {
      this.finished = this.done = true;
      return;
    }
    const piece = this.#piece(decodeJson(data));
    if (piece !== null) yield piece;
  }

  #piece(chunk: unknown): ChatPiece | null {
    const error = own(chunk, 'error');
    if (error !== undefined && error !== null) throw streamFailure(error, this.#requestId);
    const choices = own(chunk, 'choices');
    const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
    const content = own(own(choice, 'delta'), 'content');
    if (typeof own(choice, 'finish_reason') === 'string') this.finished = true;
    const words = typeof content === 'string' ? content : '';
    this.#chars += words.length;
    if (this.#chars > ANSWER_CHARS_MAX) throw new ChatFailure('cut', { code: 'answer_too_long', requestId: this.#requestId });
    const citations = own(chunk, 'citations');
    const followUps = own(chunk, 'follow_ups');
    return {
      text: words,
      conversationId: text(chunk, 'conversation_id', 200) || null,
      runId: text(chunk, 'run_id', 200) || null,
      citations: Array.isArray(citations) ? readCitations(citations) : null,
      followUps: Array.isArray(followUps) ? readFollowUps(followUps) : null,
    };
  }
}

const readFollowUps = (source: readonly unknown[]): string[] => source.slice(0, FOLLOW_UPS_MAX).flatMap((entry) => (typeof entry === 'string' && entry.trim() !== '' ? [entry.trim().slice(0, 200)] : []));

/** Citations from the wire or from storage: bounded text, checked addresses, anything odd left out. */
export function readCitations(source: unknown): WidgetCitation[] {
  if (!Array.isArray(source)) return [];
  return source.slice(0, CITATIONS_MAX).map((entry: unknown, index) => {
    const page = own(entry, 'page');
    const id = own(entry, 'id');
    return {
      id: typeof id === 'number' && Number.isInteger(id) && id > 0 && id < 1_000 ? id : index + 1,
      document_id: text(entry, 'document_id', 200),
      title: text(entry, 'title', 300),
      page: typeof page === 'number' && Number.isFinite(page) ? page : null,
      url: webAddress(own(entry, 'url')),
      snippet: text(entry, 'snippet', 4_000),
    };
  });
}

async function failureOf(response: Response): Promise<ChatFailure> {
  const body: unknown = await response.json().catch(() => undefined);
  const error = own(body, 'error');
  const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
  return new ChatFailure(kindOfStatus(response.status), {
    code: text(error, 'code', 80),
    message: text(error, 'message', 500),
    status: response.status,
    retryAfterS: Number.isFinite(retryAfter) && retryAfter > 0 ? Math.min(Math.ceil(retryAfter), 3_600) : null,
    requestId: response.headers.get('x-request-id'),
  });
}

function kindOfStatus(status: number): FailureKind {
  if (status === 401) return 'setup';
  if (status === 402) return 'credits';
  if (status === 403 || status === 404) return 'forbidden';
  if (status === 429) return 'busy';
  return 'server';
}

/** Inside the stream the status is already 200; code and type tell what a status would have. */
function streamFailure(error: unknown, requestId: string | null): ChatFailure {
  const code = text(error, 'code', 80);
  const words = `${code} ${text(error, 'type', 80)}`;
  const kind = /credit|quota|payment|billing/.test(words) ? 'credits' : /rate/.test(words) ? 'busy' : 'server';
  return new ChatFailure(kind, { code, message: text(error, 'message', 500), status: 200, requestId });
}
