import { ModelError } from '#modules/models/ports.ts';
import type { ChatEvent, ChatMessage, ChatRequest, ModelProvider, TokenUsage } from '#modules/models/ports.ts';
import type { ServerEvent } from './event-stream.ts';
import { connectionOf, parseAnswer } from './model-connection.ts';
import type { ProviderOptions } from './model-connection.ts';
import { countIn, fieldsOf, reportedError, streamedChatModel, textIn, toolArguments } from './streamed-chat.ts';
import type { AnswerReader, ChatProtocol, Fields, FinishReason } from './streamed-chat.ts';

/** The protocol requires a bound; this one serves where the request has none. */
const OUTPUT_TOKENS_DEFAULT = 4096;

/** Anthropic's messages protocol, version 2023-06-01. The address is one with the version: `https://api.anthropic.com/v1`. */
export function anthropicProvider(options: ProviderOptions): ModelProvider {
  const connection = connectionOf(options, { 'x-api-key': options.apiKey, 'anthropic-version': '2023-06-01' });
  return { chat: ({ id, remoteName, features }) => streamedChatModel({ id, features }, connection, messagesProtocol(remoteName)) };
}

const messagesProtocol = (model: string): ChatProtocol => ({
  path: '/messages',
  body: (request) => {
    const system = request.messages.flatMap((message) => (message.role === 'system' ? [message.content] : [])).join('\n\n');
    return {
      model,
      max_tokens: request.outputTokensMax ?? OUTPUT_TOKENS_DEFAULT,
      stream: true,
      messages: wireMessages(request.messages),
      ...(system === '' ? {} : { system }),
      ...(request.temperature === undefined ? {} : { temperature: Math.min(1, request.temperature) }),
      ...toolsOf(request),
    };
  },
  reader: () => new MessageReader(),
});

const toolsOf = ({ tools }: ChatRequest): object => (tools && tools.length > 0
  ? { tools: tools.map(({ name, description, parameters }) => ({ name, description, input_schema: { type: 'object', ...parameters } })) }
  : {});

interface Turn { role: 'user' | 'assistant'; content: object[] }

/** Turns alternate and begin with the person; results of tools belong to the person's turn; texts are never empty. */
function wireMessages(messages: readonly ChatMessage[]): Turn[] {
  const turns: Turn[] = [];
  for (const message of messages) {
    if (message.role === 'system') continue;
    const role = message.role === 'assistant' ? 'assistant' : 'user';
    const content = contentOf(message);
    if (content.length === 0) continue;
    const last = turns.at(-1);
    if (last?.role === role) last.content.push(...content);
    else turns.push({ role, content });
  }
  if (turns[0]?.role !== 'user') turns.unshift({ role: 'user', content: [{ type: 'text', text: '(start of the conversation)' }] });
  return turns;
}

function contentOf(message: Exclude<ChatMessage, { role: 'system' }>): object[] {
  const text = message.content.trim() === '' ? [] : [{ type: 'text', text: message.content }];
  switch (message.role) {
    case 'user': return [...(message.images ?? []).map(imageOf), ...text];
    case 'assistant': return [...text, ...(message.toolCalls ?? []).map((call) => ({ type: 'tool_use', id: call.id, name: call.name, input: fieldsOf(call.arguments) ?? {} }))];
    case 'tool': return [{ type: 'tool_result', tool_use_id: message.toolCallId, content: message.content }];
  }
}

function imageOf(url: string): object {
  const data = /^data:(image\/[a-z+.-]+);base64,/i.exec(url);
  return data
    ? { type: 'image', source: { type: 'base64', media_type: data[1], data: url.slice(data[0].length) } }
    : { type: 'image', source: { type: 'url', url } };
}

class MessageReader implements AnswerReader {
  ended = false;
  #reason: FinishReason | null = null;
  #usage: Partial<TokenUsage> = {};
  readonly #calls = new Map<number, { id: string; name: string; written: string }>();

  read({ data }: ServerEvent): readonly ChatEvent[] {
    const event = fieldsOf(parseAnswer(data));
    if (!event) throw new ModelError('bad-answer', 'The model provider sent something that is not an answer.', true);
    switch (event['type']) {
      case 'message_start': this.#start(fieldsOf(event['message'])); return [];
      case 'content_block_start': this.#openBlock(event); return [];
      case 'content_block_delta': return this.#delta(event);
      case 'content_block_stop': return this.#closeBlock(countIn(event, 'index') ?? 0);
      case 'message_delta': this.#end(event); return [];
      case 'message_stop': this.ended = true; return [];
      case 'error': throw reportedError(textIn(fieldsOf(event['error']), 'type') ?? '');
      // Pings and kinds of events to come.
      default: return [];
    }
  }

  finish(): { reason: FinishReason; usage: Partial<TokenUsage> } | null {
    return this.#reason === null ? null : { reason: this.#reason, usage: this.#usage };
  }

  #start(message: Fields | null): void {
    const usage = fieldsOf(message?.['usage']);
    const input = countIn(usage, 'input_tokens');
    if (input === undefined) return;
    this.#usage.inputTokens = input + (countIn(usage, 'cache_creation_input_tokens') ?? 0) + (countIn(usage, 'cache_read_input_tokens') ?? 0);
  }

  #openBlock(event: Fields): void {
    const block = fieldsOf(event['content_block']);
    if (textIn(block, 'type') !== 'tool_use') return;
    this.#calls.set(countIn(event, 'index') ?? 0, { id: textIn(block, 'id') ?? '', name: textIn(block, 'name') ?? '', written: '' });
  }

  #delta(event: Fields): readonly ChatEvent[] {
    const delta = fieldsOf(event['delta']);
    const text = textIn(delta, 'text');
    if (textIn(delta, 'type') === 'text_delta' && text !== null && text !== '') return [{ type: 'text', text }];
    const call = this.#calls.get(countIn(event, 'index') ?? 0);
    if (call) call.written += textIn(delta, 'partial_json') ?? '';
    return [];
  }

  #closeBlock(index: number): readonly ChatEvent[] {
    const call = this.#calls.get(index);
    if (!call) return [];
    this.#calls.delete(index);
    return [{ type: 'tool-call', call: { id: call.id || `call_${index}`, name: call.name, arguments: toolArguments(call.written) } }];
  }

  #end(event: Fields): void {
    const reason = textIn(fieldsOf(event['delta']), 'stop_reason');
    if (reason !== null) this.#reason = reason === 'tool_use' ? 'tool-calls' : reason === 'max_tokens' ? 'length' : reason === 'refusal' ? 'content-filter' : 'stop';
    const output = countIn(fieldsOf(event['usage']), 'output_tokens');
    if (output !== undefined) this.#usage.outputTokens = output;
  }
}
