import type { ChatEvent, ChatModel, ChatRequest, TokenUsage } from '#modules/models/ports.ts';
import { countTokens, ModelError } from '#modules/models/ports.ts';
import { readEvents } from './event-stream.ts';
import type { ServerEvent } from './event-stream.ts';
import { post, withRetries } from './model-connection.ts';
import type { ModelConnection } from './model-connection.ts';

/** A provider's streaming protocol: how to ask, and how to understand what comes back. */
export interface ChatProtocol {
  path: string;
  body(request: ChatRequest): unknown;
  reader(): AnswerReader;
}

/** Understands one answer, event by event. */
export interface AnswerReader {
  /** What an event adds. Throws ModelError for an error event or nonsense. */
  read(event: ServerEvent): readonly ChatEvent[];
  /** True once the protocol's end mark was seen: what follows is ignored. */
  readonly ended: boolean;
  /** How the answer ended; null when the stream stopped before saying so. */
  finish(): { reason: FinishReason; usage: Partial<TokenUsage> } | null;
}

export type FinishReason = Extract<ChatEvent, { type: 'finish' }>['reason'];

/** A chat model over a streaming HTTP protocol. An answer that stops without its end mark is an error, never an end. */
export function streamedChatModel(identity: Pick<ChatModel, 'id' | 'features'>, connection: ModelConnection, protocol: ChatProtocol): ChatModel {
  async function* once(request: ChatRequest, signal: AbortSignal): AsyncGenerator<ChatEvent> {
    const reader = protocol.reader();
    let said = '';
    const events = readEvents(post(connection, protocol.path, protocol.body(request), signal));
    try {
      for (let next = await events.next(); !next.done; next = await events.next()) {
        const { parts, failure } = readTogether(reader, next.value);
        for (const part of parts) {
          if (part.type === 'text') said += part.text;
          yield part;
        }
        if (failure !== null) throw failure;
        if (reader.ended) {
          await drain(events);
          break;
        }
      }
    } finally {
      // Ends the call when the consumer stops early. Not awaited: the bytes may be stuck.
      void events.return(undefined).catch(() => undefined);
    }
    const finish = reader.finish();
    if (!finish) throw new ModelError('unavailable', 'The model provider ended its answer half way.', true);
    yield { type: 'finish', reason: finish.reason, usage: await completeUsage(finish.usage, request, said) };
  }
  return {
    id: identity.id,
    features: identity.features,
    stream: (request, signal) => withRetries(connection, signal, () => once(request, signal)),
  };
}

/**
 * What events that arrived together add. Their text travels on as one piece, because every piece costs a turn at each of
 * the many steps to the reader. What came before a failure comes with it.
 */
function readTogether(reader: AnswerReader, events: readonly ServerEvent[]): { parts: readonly ChatEvent[]; failure: Error | null } {
  const parts: ChatEvent[] = [];
  let text = '';
  const endText = () => {
    if (text !== '') parts.push({ type: 'text', text });
    text = '';
  };
  try {
    for (const event of events) {
      for (const part of reader.read(event)) {
        if (part.type === 'text') text += part.text;
        else {
          endText();
          parts.push(part);
        }
      }
      if (reader.ended) break;
    }
  } catch (error) {
    endText();
    return { parts, failure: error instanceof Error ? error : new ModelError('bad-answer', 'The model provider sent something that is not an answer.', true, { cause: error }) };
  }
  endText();
  return { parts, failure: null };
}

/** How long the closing bytes after the end mark may take. */
const DRAIN_MS = 100;

/** Reads the rest of a finished answer, so that the connection can be used again; gives up on servers that do not close. */
async function drain(events: AsyncGenerator<readonly ServerEvent[]>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<void>((resolve) => { timer = setTimeout(resolve, DRAIN_MS); });
  const rest = (async () => {
    // What fails after a complete answer changes nothing about it.
    try { while (!(await events.next()).done); } catch { /* see above */ }
  })();
  await Promise.race([rest, tooLong]);
  clearTimeout(timer);
}

/** Servers that do not count get an estimate: a run must never be free because its provider is silent. */
async function completeUsage(usage: Partial<TokenUsage>, request: ChatRequest, said: string): Promise<TokenUsage> {
  return {
    inputTokens: usage.inputTokens ?? await countTokens(request.messages.map((message) => message.content).join('\n')),
    outputTokens: usage.outputTokens ?? await countTokens(said),
  };
}

/** The error a provider reports inside its stream or in place of an answer. */
export function reportedError(kind: string): ModelError {
  const overloaded = /overload|rate.?limit|capacity/i.test(kind);
  return overloaded
    ? new ModelError('rate-limited', 'The model provider is overloaded.', true)
    : new ModelError('unavailable', 'The model provider reported an error in the middle of its answer.', true);
}

/** Arguments of a tool call; text that is no JSON is handed on, so that the tool can say what is wrong with it. */
export function toolArguments(written: string): unknown {
  if (written.trim() === '') return {};
  try {
    return JSON.parse(written);
  } catch {
    return written;
  }
}

export type Fields = Readonly<Record<string, unknown>>;

/** Reading of untrusted JSON without a schema per event: this runs for every token. */
export const fieldsOf = (value: unknown): Fields | null => (isFields(value) ? value : null);
export const textIn = (fields: Fields | null, name: string): string | null => {
  const value = fields?.[name];
  return typeof value === 'string' ? value : null;
};
export const countIn = (fields: Fields | null, name: string): number | undefined => {
  const value = fields?.[name];
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? Math.floor(value) : undefined;
};
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
