import { WIDGET_COMMENT_MAX, type WidgetConfig } from '../../embed-contract.ts';
import { avatar, el, icon, iconButton } from '../dom.ts';
import type { Words } from '../words/en.ts';
import { CHAT_ICONS } from './chat-icons.ts';
import type { FailureKind } from './chat-client.ts';
import type { ChatMessage } from './conversation.ts';
import { copyText } from './copy-text.ts';
import { parseMarkdown } from './markdown.ts';
import { morph } from './morph.ts';
import { renderMarkdown } from './render-markdown.ts';

export type MessageActions = {
  retry: () => void;
  openCitation: (message: ChatMessage, number: number) => void;
  rate: (message: ChatMessage, rating: 'up' | 'down', comment?: string) => Promise<boolean>;
  announce: (words: string) => void;
};

/** Marks `[1]` are shown as chips while the answer streams, before the citations are known. */
const STREAMING_CITATIONS_MAX = 99;
/** Not a wrong key, a refused site or used-up credits: those the visitor cannot change by asking again. */
const WORTH_ANOTHER_TRY: ReadonlySet<FailureKind> = new Set(['busy', 'server', 'network', 'cut']);
/** A long answer is parsed again at most this often while it grows. */
const REDRAW_MS = 40;

/** One message on screen; `update` brings it to the message's present state with the smallest change. */
export class MessageView {
  readonly element: HTMLElement;
  readonly #message: ChatMessage;
  readonly #config: WidgetConfig;
  readonly #actions: MessageActions;
  readonly #body = el('div', { class: 'md' });
  readonly #bubble = el('div', { class: 'bubble' }, this.#body);
  readonly #column = el('div', { class: 'column' }, this.#bubble);
  readonly #under = el('div', { class: 'under' });
  #words: Words;
  #redraw = 0;
  #underKey = '';
  #commenting = false;

  constructor(message: ChatMessage, config: WidgetConfig, words: Words, actions: MessageActions) {
    this.#message = message;
    this.#config = config;
    this.#words = words;
    this.#actions = actions;
    const bot = message.role === 'assistant';
    this.element = el('article', { class: `message ${bot ? 'bot' : 'user'}` }, bot && avatar(config.name, config.avatar, 'avatar small'), this.#column);
    this.#column.append(this.#under);
    this.#bubble.addEventListener('click', (event) => this.#clicked(event));
  }

  setWords(words: Words): void {
    this.#words = words;
    this.#underKey = '';
    this.update();
  }

  update(): void {
    const { state, role } = this.#message;
    this.element.dataset['state'] = state;
    this.element.setAttribute('aria-busy', String(state === 'streaming'));
    if (role === 'user') {
      this.#body.dir = 'auto';
      this.#body.textContent = this.#message.content;
    } else if (state !== 'streaming') {
      clearTimeout(this.#redraw);
      this.#redraw = 0;
      this.#draw();
    } else if (this.#redraw === 0) {
      this.#draw();
      this.#redraw = window.setTimeout(() => {
        this.#redraw = 0;
        this.#draw();
      }, REDRAW_MS);
    }
    this.#drawUnder();
  }

  #draw(): void {
    const { content, state, citations } = this.#message;
    const streaming = state === 'streaming';
    const waiting = streaming && content === '';
    this.#bubble.hidden = content === '' && !streaming;
    this.#bubble.classList.toggle('waiting', waiting);
    if (waiting) return this.#body.replaceChildren(el('span', { class: 'dots', 'aria-hidden': 'true' }, el('i'), el('i'), el('i')));
    if (this.#body.firstElementChild?.className === 'dots') this.#body.replaceChildren();
    // The server numbers what it retrieved, so an answer may cite [2] and [5] only.
    const shown = !this.#config.citations ? 0 : streaming ? STREAMING_CITATIONS_MAX : Math.max(0, ...citations.map(({ id }) => id));
    const tree = parseMarkdown(content, { streaming, citations: shown });
    morph(this.#body, renderMarkdown(tree, { copyCode: this.#words.copyCode, source: this.#words.source }));
  }

  #drawUnder(): void {
    const { state, failure, rating, citations, runId } = this.#message;
    const key = [state, failure?.kind, rating, citations.length, runId, this.#commenting].join();
    if (key === this.#underKey) return;
    this.#underKey = key;
    if (this.#message.role === 'user') return this.#under.replaceChildren(...(state === 'unsent' ? [this.#unsent()] : []));
    const parts: (HTMLElement | null)[] = state === 'streaming' ? [] : [this.#citations(), this.#failure(), this.#tools(), this.#comment()];
    this.#under.replaceChildren(...parts.filter((part) => part !== null));
  }

  #unsent(): HTMLElement {
    const again = el('button', { type: 'button', class: 'text-button' }, this.#words.resend);
    again.addEventListener('click', this.#actions.retry);
    return el('p', { class: 'note bad', role: 'alert' }, icon(CHAT_ICONS.alert), el('span', {}, this.#words.unsent), again);
  }

  #citations(): HTMLElement | null {
    const { citations } = this.#message;
    if (!this.#config.citations || citations.length === 0) return null;
    const chips = citations.map((citation) => {
      const title = citation.title || `${this.#words.source} ${citation.id}`;
      const page = citation.page === null ? null : el('span', { class: 'chip-page' }, this.#words.page.replace('{n}', String(citation.page)));
      const chip = el('button', { type: 'button', class: 'chip', title }, el('span', { class: 'cite still' }, String(citation.id)), el('span', { class: 'chip-title', dir: 'auto' }, title), page);
      chip.addEventListener('click', () => this.#actions.openCitation(this.#message, citation.id));
      return el('li', {}, chip);
    });
    return el('ul', { class: 'chips', 'aria-label': this.#words.sources }, ...chips);
  }

  #failure(): HTMLElement | null {
    const { state, failure } = this.#message;
    if (state === 'stopped') return el('p', { class: 'note' }, this.#words.stopped);
    if (state !== 'failed' || failure === null) return null;
    const reference = failure.requestId === null ? null : el('span', { class: 'reference' }, this.#words.reference.replace('{n}', failure.requestId.slice(0, 64)));
    const words = el('span', { dir: 'auto' }, failureWords(failure, this.#config, this.#words));
    if (failure.kind === 'credits') return el('div', { class: 'bubble handoff', role: 'alert' }, words);
    return el('p', { class: 'note bad', role: 'alert' }, icon(CHAT_ICONS.alert), el('span', { class: 'grow' }, words, reference));
  }

  #tools(): HTMLElement | null {
    const { state, content, failure, runId, rating } = this.#message;
    const tools: HTMLElement[] = [];
    if (content !== '') {
      const copy = iconButton(this.#words.copy, icon(CHAT_ICONS.copy), 'tool');
      copy.addEventListener('click', () => void this.#copy(content, copy));
      tools.push(copy);
    }
    if (state === 'done' && this.#config.feedback && runId !== null) tools.push(this.#thumb('up', rating), this.#thumb('down', rating));
    if (state === 'stopped' || (failure !== null && WORTH_ANOTHER_TRY.has(failure.kind))) {
      const retry = el('button', { type: 'button', class: 'tool wide' }, icon(CHAT_ICONS.retry), this.#words.retry);
      retry.addEventListener('click', this.#actions.retry);
      tools.unshift(retry);
    }
    return tools.length === 0 ? null : el('div', { class: 'tools' }, ...tools);
  }

  #thumb(side: 'up' | 'down', rating: 'up' | 'down' | null): HTMLElement {
    const thumb = iconButton(side === 'up' ? this.#words.good : this.#words.bad, icon(CHAT_ICONS.up, side === 'up' ? 'icon' : 'icon turned'), 'tool');
    thumb.setAttribute('aria-pressed', String(rating === side));
    thumb.dataset['side'] = side;
    thumb.addEventListener('click', () => void this.#rate(side));
    return thumb;
  }

  async #rate(side: 'up' | 'down'): Promise<void> {
    this.#commenting = side === 'down';
    const rated = this.#actions.rate(this.#message, side);
    // The row was drawn anew by the change: the keyboard stays on the same thumb.
    this.#under.querySelector<HTMLElement>(`[data-side="${side}"]`)?.focus();
    const taken = await rated;
    if (!taken) this.#commenting = false;
    this.update();
    this.#actions.announce(taken ? this.#words.thanks : this.#words.failNetwork);
  }

  #comment(): HTMLElement | null {
    if (!this.#commenting) return null;
    const field = el('textarea', { rows: '2', dir: 'auto', maxlength: String(WIDGET_COMMENT_MAX), placeholder: this.#words.commentAsk, 'aria-label': this.#words.commentAsk });
    const send = el('button', { type: 'submit', class: 'quiet' }, this.#words.commentSend);
    const form = el('form', { class: 'comment' }, field, send);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#commenting = false;
      const comment = field.value.trim();
      if (comment !== '') void this.#actions.rate(this.#message, 'down', comment);
      form.replaceWith(el('p', { class: 'note' }, this.#words.thanks));
      this.#actions.announce(this.#words.thanks);
    });
    return form;
  }

  async #copy(words: string, button: HTMLElement): Promise<void> {
    if (!(await copyText(words, button))) return;
    const before = Array.from(button.childNodes);
    button.replaceChildren(button.classList.contains('tool') ? icon(CHAT_ICONS.check) : this.#words.copied);
    this.#actions.announce(this.#words.copied);
    setTimeout(() => button.replaceChildren(...before), 1_500);
  }

  #clicked(event: Event): void {
    if (!(event.target instanceof Element)) return;
    const cite = event.target.closest<HTMLElement>('[data-cite]');
    if (cite !== null) this.#actions.openCitation(this.#message, Number(cite.dataset['cite']));
    const copy = event.target.closest<HTMLElement>('[data-copy-code]');
    const code = copy?.closest('.code')?.querySelector('code')?.textContent;
    if (copy !== null && code !== null && code !== undefined) void this.#copy(code, copy);
  }
}

/** What went wrong in words a visitor can act on. Used-up credits are not the visitor's business: they read the hand-off. */
function failureWords(failure: NonNullable<ChatMessage['failure']>, config: WidgetConfig, words: Words): string {
  switch (failure.kind) {
    case 'setup': return words.failSetup;
    case 'credits': return config.fallback_message || words.failCredits;
    case 'forbidden': return words.failForbidden;
    case 'busy': return failure.retryAfterS === null ? words.failBusy : words.failBusyIn.replace('{n}', String(failure.retryAfterS));
    case 'network': return words.failNetwork;
    case 'cut': return words.failCut;
    case 'server': return words.failServer;
  }
}
