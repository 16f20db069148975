import {
  WIDGET_HISTORY_CHARS_MAX,
  WIDGET_HISTORY_MESSAGES_MAX,
  WIDGET_MESSAGE_MAX,
  type WidgetChatRequest,
  type WidgetCitation,
} from '../../embed-contract.ts';
import { BrowserStore } from '../browser-store.ts';
import type { ChatEvents, ChatSettings, Identity } from '../chat-port.ts';
import { oneOf, own, text } from '../plain-data.ts';
import { ChatClient, ChatFailure, readCitations, type FailureKind } from './chat-client.ts';

const STORED_MESSAGES_MAX = 100;

/** `stopped`: by the visitor. `failed`: see `failure`. `unsent` (a visitor's message): nothing reached the server. */
export type MessageState = 'done' | 'streaming' | 'stopped' | 'failed' | 'unsent';

export type ChatMessage = {
  readonly number: number;
  readonly role: 'user' | 'assistant';
  content: string;
  state: MessageState;
  failure: { kind: FailureKind; retryAfterS: number | null; requestId: string | null } | null;
  runId: string | null;
  citations: WidgetCitation[];
  /** Questions the visitor may ask next; not stored. */
  followUps: readonly string[];
  rating: 'up' | 'down' | null;
};

export type ConversationView = {
  /** The message is new or changed. */
  changed(message: ChatMessage): void;
  removed(message: ChatMessage): void;
  busy(busy: boolean): void;
};

/** One visitor's conversation: what was said, what runs now, and its copy in the browser so that it survives a reload. */
export class Conversation {
  readonly messages: ChatMessage[] = [];
  readonly #client: ChatClient;
  readonly #settings: ChatSettings;
  readonly #events: ChatEvents;
  readonly #view: ConversationView;
  readonly #store: BrowserStore;
  #identity: Identity;
  #conversationId: string | null = null;
  #running: AbortController | null = null;
  #nextNumber = 1;

  constructor(settings: ChatSettings, events: ChatEvents, view: ConversationView) {
    this.#settings = settings;
    this.#events = events;
    this.#view = view;
    this.#identity = settings.identity;
    this.#client = new ChatClient(settings.base, settings.key, settings.transport);
    this.#store = new BrowserStore('localStorage', `${settings.key}:conversation`);
  }

  get isBusy(): boolean {
    return this.#running !== null;
  }

  setIdentity(identity: Identity): void {
    this.#identity = identity;
  }

  /** Brings back the stored conversation. An answer the last page did not see the end of counts as cut off. */
  restore(): void {
    const stored = this.#store.read();
    this.#conversationId = text(stored, 'conversation_id', 200) || null;
    const list = own(stored, 'messages');
    if (!Array.isArray(list)) return;
    for (const entry of list.slice(-STORED_MESSAGES_MAX)) {
      const role = oneOf(entry, 'role', ['user', 'assistant'] as const);
      if (role === undefined) continue;
      const message = this.#add(role, text(entry, 'content', 200_000), oneOf(entry, 'state', ['done', 'stopped', 'unsent'] as const) ?? 'failed');
      if (message.state === 'failed') message.failure = { kind: 'cut', retryAfterS: null, requestId: null };
      message.runId = text(entry, 'run_id', 200) || null;
      message.citations = readCitations(own(entry, 'citations'));
      message.rating = oneOf(entry, 'rating', ['up', 'down'] as const) ?? null;
      this.#view.changed(message);
    }
  }

  /** Sends a visitor's words; ignored while an answer is running. */
  async send(words: string): Promise<void> {
    const content = words.trim().slice(0, WIDGET_MESSAGE_MAX);
    if (content === '' || this.isBusy) return;
    const message = this.#add('user', content, 'done');
    this.#view.changed(message);
    this.#events.message({ role: 'user', content, conversation_id: this.#conversationId, run_id: null });
    await this.#answer();
  }

  /** Asks again for the last answer, in place of one that failed or was stopped; or sends again what did not get out. */
  async retry(): Promise<void> {
    if (this.isBusy) return;
    const last = this.messages[this.messages.length - 1];
    if (last?.role === 'assistant') {
      this.messages.pop();
      this.#view.removed(last);
    } else if (last !== undefined) {
      last.state = 'done';
      this.#view.changed(last);
    }
    if (this.messages.length > 0) await this.#answer();
  }

  stop(): void {
    this.#running?.abort();
  }

  /** Stops and forgets everything, here and in the browser's storage. */
  reset(): void {
    this.stop();
    this.#running = null;
    this.#conversationId = null;
    for (const message of this.messages.splice(0)) this.#view.removed(message);
    this.#store.clear();
    this.#view.busy(false);
  }

  async rate(message: ChatMessage, rating: 'up' | 'down', comment?: string): Promise<boolean> {
    if (message.runId === null) return false;
    const before = message.rating;
    message.rating = rating;
    this.#view.changed(message);
    const taken = await this.#client.sendFeedback({ run_id: message.runId, rating, ...(comment ? { comment } : {}) });
    if (!taken) {
      message.rating = before;
      this.#view.changed(message);
    }
    this.#save();
    return taken;
  }

  async #answer(): Promise<void> {
    const running = new AbortController();
    this.#running = running;
    const request = this.#request();
    const answer = this.#add('assistant', '', 'streaming');
    this.#view.busy(true);
    this.#view.changed(answer);
    this.#save();
    try {
      for await (const piece of this.#client.answer(request, running.signal)) {
        if (this.#running !== running) return;
        answer.content += piece.text;
        answer.runId = piece.runId ?? answer.runId;
        answer.citations = piece.citations ?? answer.citations;
        answer.followUps = piece.followUps ?? answer.followUps;
        this.#conversationId = piece.conversationId ?? this.#conversationId;
        this.#view.changed(answer);
      }
      answer.state = 'done';
    } catch (error) {
      if (this.#running !== running) return;
      this.#fail(answer, running.signal.aborted ? null : error);
    }
    this.#running = null;
    this.#view.busy(false);
    if (this.messages.includes(answer)) this.#view.changed(answer);
    this.#save();
    if (answer.state === 'done') {
      this.#events.message({ role: 'assistant', content: answer.content, conversation_id: this.#conversationId, run_id: answer.runId });
    }
  }

  /** `error` null: the visitor stopped it. */
  #fail(answer: ChatMessage, error: unknown): void {
    if (error === null) {
      answer.state = 'stopped';
      return;
    }
    const failure = error instanceof ChatFailure ? error : new ChatFailure('server', { message: error instanceof Error ? error.message : '' });
    this.#events.error({ code: failure.code, message: failure.message, status: failure.status });
    const question = this.messages[this.messages.length - 2];
    if (failure.kind === 'network' && answer.content === '' && question?.role === 'user') {
      this.messages.pop();
      this.#view.removed(answer);
      question.state = 'unsent';
      this.#view.changed(question);
      return;
    }
    answer.state = 'failed';
    answer.failure = { kind: failure.kind, retryAfterS: failure.retryAfterS, requestId: failure.requestId };
  }

  #request(): WidgetChatRequest {
    const { visitor, context } = this.#identity;
    return {
      model: this.#settings.model,
      messages: recent(this.messages),
      stream: true,
      ...(this.#conversationId === null ? {} : { conversation_id: this.#conversationId }),
      visitor,
      ...(Object.keys(context).length === 0 ? {} : { metadata: context }),
    };
  }

  #add(role: 'user' | 'assistant', content: string, state: MessageState): ChatMessage {
    const message: ChatMessage = { number: this.#nextNumber++, role, content, state, failure: null, runId: null, citations: [], followUps: [], rating: null };
    this.messages.push(message);
    return message;
  }

  #save(): void {
    this.#store.write({
      conversation_id: this.#conversationId,
      messages: this.messages.slice(-STORED_MESSAGES_MAX).map(({ role, content, state, runId, citations, rating }) => ({ role, content, state, run_id: runId, citations, rating })),
    });
  }
}

/** The newest messages that fit the limits, oldest first; the last one always. */
function recent(messages: readonly ChatMessage[]): WidgetChatRequest['messages'] {
  const taken: WidgetChatRequest['messages'] = [];
  let chars = 0;
  for (const { role, content, state } of messages.slice(-WIDGET_HISTORY_MESSAGES_MAX).reverse()) {
    chars += content.length;
    if (taken.length > 0 && chars > WIDGET_HISTORY_CHARS_MAX) break;
    if (content !== '' && state !== 'failed') taken.unshift({ role, content });
  }
  return taken;
}
