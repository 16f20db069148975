import { z } from 'zod';
import { ModelError } from '#modules/models/ports.ts';
import type { ChatEvent, ChatMessage, ChatRequest, EmbeddingEntry, EmbeddingModel, ModelProvider, TokenUsage } from '#modules/models/ports.ts';
import type { ServerEvent } from './event-stream.ts';
import { rerankModel } from './rerank.ts';
import { unitVector } from './unit-vector.ts';
import { connectionOf, parseAnswer, postForJson, withRetries } from './model-connection.ts';
import type { ModelConnection, ProviderOptions } from './model-connection.ts';
import { countIn, fieldsOf, reportedError, streamedChatModel, textIn, toolArguments } from './streamed-chat.ts';
import type { AnswerReader, ChatProtocol, Fields, FinishReason } from './streamed-chat.ts';

export interface OpenaiCompatibleOptions extends Omit<ProviderOptions, 'apiKey'> {
  /** Null for servers without keys. */
  apiKey: string | null;
  /** The server also has `/rerank`, as vLLM and others do; OpenAI itself has not. */
  reranks?: boolean;
}

/** OpenAI, and every server that speaks its chat completions and embeddings protocol. The address is one with the version: `https://api.openai.com/v1`. */
export function openaiCompatibleProvider(options: OpenaiCompatibleOptions): ModelProvider {
  const connection = connectionOf(options, options.apiKey === null ? {} : { authorization: `Bearer ${options.apiKey}` });
  return {
    chat: ({ id, remoteName, features }) => streamedChatModel({ id, features }, connection, chatProtocol(remoteName)),
    embedding: (entry) => embeddingModel(connection, entry),
    ...(options.reranks ? { rerank: (entry) => rerankModel(connection, '/rerank', entry) } : {}),
  };
}

const chatProtocol = (model: string): ChatProtocol => ({
  path: '/chat/completions',
  body: (request) => ({
    model,
    messages: request.messages.map(wireMessage),
    stream: true,
    stream_options: { include_usage: true },
    ...(request.temperature === undefined ? {} : { temperature: request.temperature }),
    ...(request.outputTokensMax === undefined ? {} : { max_tokens: request.outputTokensMax }),
    ...toolsOf(request),
  }),
  reader: () => new CompletionReader(),
});

const toolsOf = ({ tools }: ChatRequest): object => (tools && tools.length > 0
  ? { tools: tools.map(({ name, description, parameters }) => ({ type: 'function', function: { name, description, parameters } })) }
  : {});

function wireMessage(message: ChatMessage): object {
  switch (message.role) {
    case 'system': return { role: 'system', content: message.content };
    case 'user': return {
      role: 'user',
      content: message.images && message.images.length > 0
        ? [{ type: 'text', text: message.content }, ...message.images.map((url) => ({ type: 'image_url', image_url: { url } }))]
        : message.content,
    };
    case 'assistant': return {
      role: 'assistant', content: message.content,
      ...(message.toolCalls && message.toolCalls.length > 0
        ? { tool_calls: message.toolCalls.map((call) => ({ id: call.id, type: 'function', function: { name: call.name, arguments: JSON.stringify(call.arguments) } })) }
        : {}),
    };
    case 'tool': return { role: 'tool', tool_call_id: message.toolCallId, content: message.content };
  }
}

const TOOL_CALLS_MAX = 128;

class CompletionReader implements AnswerReader {
  ended = false;
  #reason: FinishReason | null = null;
  #usage: Partial<TokenUsage> = {};
  #said = false;
  #handedOver = false;
  readonly #calls = new Map<number, { id: string; name: string; written: string }>();

  read({ data }: ServerEvent): readonly ChatEvent[] {
    if (data === '[DONE]') {
      this.ended = true;
      return this.#toolCalls();
    }
    const chunk = fieldsOf(parseAnswer(data));
    if (!chunk) throw new ModelError('bad-answer', 'The model provider sent something that is not an answer.', true);
    if (chunk['error'] !== undefined && chunk['error'] !== null) throw reportedError(`${textIn(fieldsOf(chunk['error']), 'type')} ${textIn(fieldsOf(chunk['error']), 'code')}`);
    const usage = fieldsOf(chunk['usage']);
    if (usage) this.#usage = { inputTokens: countIn(usage, 'prompt_tokens'), outputTokens: countIn(usage, 'completion_tokens') };
    const choices = chunk['choices'];
    return Array.isArray(choices) ? this.#choice(fieldsOf(choices[0])) : [];
  }

  finish(): { reason: FinishReason; usage: Partial<TokenUsage> } | null {
    if (this.#reason !== null) return { reason: this.#reason, usage: this.#usage };
    // An end mark without a reason is an end, but only of an answer that was one.
    return this.ended && this.#said ? { reason: this.#calls.size > 0 ? 'tool-calls' : 'stop', usage: this.#usage } : null;
  }

  #choice(choice: Fields | null): readonly ChatEvent[] {
    if (!choice) return [];
    const events: ChatEvent[] = [];
    const delta = fieldsOf(choice['delta']);
    const text = textIn(delta, 'content');
    if (text !== null && text !== '') {
      this.#said = true;
      events.push({ type: 'text', text });
    }
    const calls = delta?.['tool_calls'];
    if (Array.isArray(calls)) for (const call of calls) this.#addCall(fieldsOf(call));
    const reason = textIn(choice, 'finish_reason');
    if (reason !== null) {
      this.#reason = this.#calls.size > 0 ? 'tool-calls' : reason === 'length' ? 'length' : reason === 'content_filter' ? 'content-filter' : 'stop';
      events.push(...this.#toolCalls());
    }
    return events;
  }

  #addCall(piece: Fields | null): void {
    const index = countIn(piece, 'index') ?? 0;
    const named = fieldsOf(piece?.['function']);
    const call = this.#calls.get(index) ?? { id: '', name: '', written: '' };
    if (!this.#calls.has(index) && this.#calls.size >= TOOL_CALLS_MAX) throw new ModelError('bad-answer', 'The model asked for too many tools at once.', false);
    this.#said = true;
    this.#calls.set(index, { id: textIn(piece, 'id') ?? call.id, name: textIn(named, 'name') ?? call.name, written: call.written + (textIn(named, 'arguments') ?? '') });
  }

  #toolCalls(): ChatEvent[] {
    if (this.#handedOver) return [];
    this.#handedOver = true;
    return [...this.#calls].sort(([a], [b]) => a - b).map(([index, call]) =>
      ({ type: 'tool-call', call: { id: call.id || `call_${index}`, name: call.name, arguments: toolArguments(call.written) } }));
  }
}

const EMBEDDING_BATCH_MAX = 96;
/** Room for 96 vectors of 3072 numbers as decimal text. */
const EMBEDDING_ANSWER_BYTES_MAX = 32 * 1024 * 1024;

const Embeddings = z.object({ data: z.array(z.object({ index: z.number().int(), embedding: z.union([z.string(), z.array(z.number())]) })) });

function embeddingModel(connection: ModelConnection, entry: EmbeddingEntry): EmbeddingModel {
  // Servers that do not know `dimensions` refuse it, so it is sent only where another length than the model's own is wanted.
  const settings = { model: entry.remoteName, encoding_format: 'float', ...(entry.shortened ? { dimensions: entry.dimensions } : {}) };
  async function* batch(texts: readonly string[], signal: AbortSignal): AsyncGenerator<Float32Array[]> {
    // Providers refuse empty texts; a space stands for one.
    const input = texts.map((text) => (text.trim() === '' ? ' ' : text));
    const answer = Embeddings.safeParse(await postForJson(connection, '/embeddings', { ...settings, input }, signal, EMBEDDING_ANSWER_BYTES_MAX));
    if (!answer.success || answer.data.data.length !== texts.length) throw new ModelError('bad-answer', 'The model provider did not send one vector for each text.', false);
    const ordered = answer.data.data.toSorted((a, b) => a.index - b.index);
    yield ordered.map(({ embedding }) => unitVector(typeof embedding === 'string' ? decoded(embedding) : Float32Array.from(embedding), entry));
  }
  return {
    id: entry.id,
    dimensions: entry.dimensions,
    async embed(texts, signal = new AbortController().signal) {
      const vectors: Float32Array[] = [];
      for (let i = 0; i < texts.length; i += EMBEDDING_BATCH_MAX) {
        for await (const some of withRetries(connection, signal, () => batch(texts.slice(i, i + EMBEDDING_BATCH_MAX), signal))) vectors.push(...some);
      }
      return vectors;
    },
  };
}

/** Little-endian 32-bit numbers in base64. */
function decoded(base64: string): Float32Array {
  const bytes = Buffer.from(base64, 'base64');
  const vector = new Float32Array(Math.floor(bytes.length / 4));
  for (let i = 0; i < vector.length; i++) vector[i] = bytes.readFloatLE(i * 4);
  return vector;
}
