import type { WidgetLocale } from '../../embed-contract.ts';
import type { ChatEvents, ChatHandle, ChatSettings, Identity } from '../chat-port.ts';
import { avatar, el, icon, iconButton } from '../dom.ts';
import type { Words } from '../words/en.ts';
import { WORDS } from '../words/words.ts';
import { CHAT_ICONS } from './chat-icons.ts';
import { Composer } from './composer.ts';
import { Conversation, type ChatMessage } from './conversation.ts';
import { keepTabInside } from './focus.ts';
import { MessageView, type MessageActions } from './message-view.ts';
import { Sheet } from './sheet.ts';
import { chime } from './sound.ts';

/** Closer to the end than this, the view follows a growing answer; further up, it stays where the visitor reads. */
const NONE: readonly string[] = [];
const FOLLOW_PX = 64;

/** The conversation on screen: head, messages, composer, and what rises over them. */
export class Panel implements ChatHandle {
  readonly element: HTMLElement;
  readonly #settings: ChatSettings;
  readonly #events: ChatEvents;
  readonly #root: ShadowRoot;
  readonly #conversation: Conversation;
  readonly #composer: Composer;
  readonly #sheet: Sheet;
  readonly #views = new Map<ChatMessage, MessageView>();
  readonly #log = el('div', { class: 'log', tabindex: '0', role: 'log', 'aria-live': 'off' });
  readonly #prompts = el('div', { class: 'prompts' });
  /** What {@link #prompts} shows. */
  #suggested: readonly string[] | null = null;
  readonly #offline = el('p', { class: 'offline', role: 'status', hidden: true });
  readonly #status = el('p', { class: 'off-screen', 'aria-live': 'polite' });
  readonly #renew: HTMLButtonElement;
  readonly #close: HTMLButtonElement;
  readonly #latest: HTMLButtonElement;
  readonly #welcome: MessageView | null;
  #words: Words;
  #following = true;

  constructor(root: ShadowRoot, settings: ChatSettings, events: ChatEvents) {
    this.#root = root;
    this.#settings = settings;
    this.#events = events;
    this.#words = WORDS[settings.locale];
    this.#composer = new Composer(this.#words, { send: (words) => this.send(words), stop: () => this.#conversation.stop() });
    this.#renew = iconButton('', icon(CHAT_ICONS.edit), 'plain-icon');
    this.#close = iconButton('', icon(CHAT_ICONS.close), 'plain-icon close');
    this.#latest = iconButton('', icon(CHAT_ICONS.down), 'latest');
    const head = this.#head();
    const foot = el('footer', {}, el('div', { class: 'latest-holder' }, this.#latest), this.#prompts, this.#composer.element);
    if (settings.config.powered_by !== null) foot.append(el('p', { class: 'powered', dir: 'auto' }, settings.config.powered_by));
    this.#sheet = new Sheet(root, [head, this.#log, foot]);
    this.#welcome = this.#welcomeView();
    const { mode } = settings;
    const role = mode === 'inline' || mode === 'fullpage' ? 'region' : 'dialog';
    const attributes = { class: 'panel', role, 'aria-modal': mode === 'popup' && 'true', tabindex: '-1', hidden: true };
    this.element = el('section', attributes, head, this.#offline, this.#log, foot, this.#sheet.element, this.#status);
    this.#conversation = new Conversation(settings, this.#observed(events), {
      changed: (message) => this.#changed(message),
      removed: (message) => this.#removed(message),
      busy: (busy) => this.#busy(busy),
    });
    this.#listen();
    this.setLocale(settings.locale);
    this.#connection();
    this.#conversation.restore();
    this.#drawPrompts();
  }

  show(focus: boolean): void {
    this.element.hidden = false;
    this.#composer.fit();
    this.#toEnd();
    if (!focus) return;
    // On a touch screen, focus in the field would raise the keyboard over the greeting.
    const touch = matchMedia('(pointer: coarse)').matches;
    (touch ? this.element : this.#composer.field).focus({ preventScroll: true });
  }

  hide(): void {
    this.#sheet.close();
    this.element.hidden = true;
  }

  send(words: string): void {
    this.#following = true;
    void this.#conversation.send(words);
  }

  setIdentity(identity: Identity): void {
    this.#conversation.setIdentity(identity);
  }

  setLocale(locale: WidgetLocale): void {
    this.#words = WORDS[locale];
    const words = this.#words;
    for (const [button, label] of [[this.#renew, words.newChat], [this.#close, words.close], [this.#latest, words.latest]] as const) {
      button.title = label;
      button.setAttribute('aria-label', label);
    }
    this.element.setAttribute('aria-label', this.#settings.config.name);
    this.#log.setAttribute('aria-label', words.conversation);
    this.#offline.textContent = words.offline;
    this.#composer.setWords(words);
    this.#welcome?.setWords(words);
    for (const view of this.#views.values()) view.setWords(words);
  }

  reset(): void {
    this.#sheet.close();
    this.#conversation.reset();
    this.#drawPrompts();
  }

  destroy(): void {
    this.#conversation.stop();
    removeEventListener('online', this.#connection);
    removeEventListener('offline', this.#connection);
    visualViewport?.removeEventListener('resize', this.#fit);
    visualViewport?.removeEventListener('scroll', this.#fit);
    this.element.remove();
  }

  #head(): HTMLElement {
    const { config, mode } = this.#settings;
    this.#close.hidden = mode === 'inline' || mode === 'fullpage';
    this.#close.addEventListener('click', () => this.#events.close());
    this.#renew.addEventListener('click', () =>
      this.#sheet.ask(this.#words.newChatAsk, this.#words.newChatYes, this.#words.newChatNo, () => {
        this.reset();
        this.#composer.field.focus();
      }),
    );
    const title = el('h2', { dir: 'auto' }, config.name);
    const logo = config.logo === null ? null : el('img', { class: 'logo', alt: config.name, src: config.logo, referrerpolicy: 'no-referrer' });
    logo?.addEventListener('load', () => title.replaceChildren(logo), { once: true });
    return el('header', {}, avatar(config.name, config.avatar), title, this.#renew, this.#close);
  }

  /** The greeting is the panel's own first message: shown, never sent. */
  #welcomeView(): MessageView | null {
    const content = this.#settings.config.welcome_message;
    if (content === '') return null;
    const message: ChatMessage = { number: 0, role: 'assistant', content, state: 'done', failure: null, runId: null, citations: [], followUps: [], rating: null };
    const view = new MessageView(message, this.#settings.config, this.#words, this.#messageActions());
    view.element.classList.add('welcome');
    view.update();
    this.#log.append(view.element);
    return view;
  }

  #listen(): void {
    this.element.addEventListener('keydown', (event) => {
      // What is typed into the chat is not a shortcut of the page.
      event.stopPropagation();
      if (event.key === 'Escape' && !event.isComposing) this.#escape(event);
      else if (this.#settings.mode !== 'inline') keepTabInside(event, this.element, this.#root);
    });
    this.#log.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    this.#latest.addEventListener('click', () => this.#toEnd());
    addEventListener('online', this.#connection);
    addEventListener('offline', this.#connection);
    visualViewport?.addEventListener('resize', this.#fit);
    visualViewport?.addEventListener('scroll', this.#fit);
    this.#fit();
  }

  #escape(event: KeyboardEvent): void {
    event.preventDefault();
    if (this.#sheet.isOpen) this.#sheet.close();
    else this.#events.close();
  }

  #observed(events: ChatEvents): ChatEvents {
    const { config } = this.#settings;
    return {
      ...events,
      message: (event) => {
        if (event.role === 'assistant') {
          this.#announce(this.#words.said.replace('{name}', config.name).replace('{text}', () => event.content));
          if (config.sound) chime();
        }
        events.message(event);
      },
    };
  }

  #changed(message: ChatMessage): void {
    let view = this.#views.get(message);
    if (view === undefined) {
      view = new MessageView(message, this.#settings.config, this.#words, this.#messageActions());
      this.#views.set(message, view);
      this.#log.append(view.element);
    }
    view.update();
    this.#drawPrompts();
    if (this.#following) this.#toEnd();
    else this.#scrolled();
  }

  #removed(message: ChatMessage): void {
    this.#views.get(message)?.element.remove();
    this.#views.delete(message);
  }

  #busy(busy: boolean): void {
    this.#composer.setBusy(busy);
    if (busy) this.#announce(this.#words.answering.replace('{name}', this.#settings.config.name));
    else this.#drawPrompts();
  }

  #messageActions(): MessageActions {
    return {
      retry: () => {
        this.#following = true;
        void this.#conversation.retry();
        this.#composer.field.focus();
      },
      openCitation: (message, number) => {
        const citation = message.citations.find(({ id }) => id === number);
        if (citation !== undefined) this.#sheet.showCitation(citation, number, this.#words);
      },
      rate: (message, rating, comment) => this.#conversation.rate(message, rating, comment),
      announce: (words) => this.#announce(words),
    };
  }

  /** Suggestions stand before the first message; after a whole answer, what it suggests to ask next. */
  #drawPrompts(): void {
    const { messages } = this.#conversation;
    const last = messages[messages.length - 1];
    this.#renew.hidden = last === undefined;
    const suggested = last === undefined ? this.#settings.config.suggested_prompts : last.state === 'done' ? last.followUps : NONE;
    this.#prompts.hidden = suggested.length === 0;
    if (this.#suggested === suggested) return;
    this.#suggested = suggested;
    this.#prompts.replaceChildren();
    for (const words of suggested) {
      const prompt = el('button', { type: 'button', class: 'prompt', dir: 'auto' }, words);
      prompt.addEventListener('click', () => {
        this.send(words);
        this.#composer.field.focus();
      });
      this.#prompts.append(prompt);
    }
  }

  #scrolled(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.#log;
    this.#following = scrollHeight - scrollTop - clientHeight < FOLLOW_PX;
    this.#latest.hidden = this.#following;
  }

  #toEnd(): void {
    this.#log.scrollTop = this.#log.scrollHeight;
    this.#following = true;
    this.#latest.hidden = true;
  }

  #announce(words: string): void {
    this.#status.textContent = words;
  }

  readonly #connection = (): void => {
    const offline = !navigator.onLine;
    this.#offline.hidden = !offline;
    this.#composer.setOffline(offline);
  };

  /** On a phone the keyboard covers part of the page: the panel fills what remains visible. */
  readonly #fit = (): void => {
    if (visualViewport === null) return;
    this.element.style.setProperty('--visible-height', `${visualViewport.height}px`);
    this.element.style.setProperty('--visible-top', `${visualViewport.offsetTop}px`);
    if (this.#following) this.#toEnd();
  };
}
