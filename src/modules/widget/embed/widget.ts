import { WIDGET_CHAT_SCRIPT_PATH, type WidgetConfig, type WidgetLocale } from '../embed-contract.ts';
import { BrowserStore } from './browser-store.ts';
import type { ChatHandle, ChatSettings } from './chat-port.ts';
import type { Emitter } from './emitter.ts';
import { Frame } from './frame.ts';
import { Launcher } from './launcher.ts';
import { chooseLocale, launcherWords } from './locale.ts';
import { isDeveloperLooking, showNotice } from './notice.ts';
import type { WidgetOptions } from './options.ts';
import { loadChat } from './own-script.ts';
import { fetchConfig } from './remote-config.ts';
import { VisitorIdentity } from './visitor.ts';

/** Set by the build: changes with the panel's content, so that caches never pair an old panel with a new loader. */
declare const __CHAT_VERSION__: string;

const CONFIG_RETRY_MS = [3_000, 15_000];
const TEASER_DELAY_MS = 3_000;
const WAITING_MAX = 20;

/** Where the widget runs: the API, and where its own scripts come from. */
export type Surroundings = { base: string; scriptOrigin: string };

/** One running widget: asks for its settings, shows the launcher, and loads the panel when it is first needed. */
export class Widget {
  readonly #options: WidgetOptions;
  readonly #surroundings: Surroundings;
  readonly #emitter: Emitter;
  readonly #visitor: VisitorIdentity;
  readonly #frame: Frame;
  /** What the visitor last did in this tab: true opened, false closed. Other pages of the site follow it. */
  readonly #session: BrowserStore;
  readonly #teaserSeen: BrowserStore;
  /** What to do with the panel once the settings are here, in order. */
  #waiting: ((chat: ChatHandle) => void)[] = [];
  #config: WidgetConfig | null = null;
  #launcher: Launcher | null = null;
  #chat: Promise<ChatHandle> | null = null;
  #locale: WidgetLocale;
  #wantsOpen = false;
  #wantsLauncher: boolean;
  #open = false;
  #focusBefore: Element | null = null;
  #unread = 0;
  #destroyed = false;

  constructor(options: WidgetOptions, surroundings: Surroundings, emitter: Emitter) {
    this.#options = options;
    this.#surroundings = surroundings;
    this.#emitter = emitter;
    this.#visitor = new VisitorIdentity(options.apiKey);
    this.#session = new BrowserStore('sessionStorage', `${options.apiKey}:open`);
    this.#teaserSeen = new BrowserStore('localStorage', `${options.apiKey}:greeted`);
    this.#wantsLauncher = options.launcher;
    this.#locale = chooseLocale(options.locale, document.documentElement.lang, navigator.language);
    this.#frame = new Frame(options.mode, options.nonce);
    // The dimmed page behind a popup is the frame itself.
    this.#frame.inner.addEventListener('click', (event) => {
      if (event.target === this.#frame.inner) this.close();
    });
    void this.#start(0);
  }

  get #alwaysOpen(): boolean {
    return this.#options.mode === 'inline' || this.#options.mode === 'fullpage';
  }

  open(focus: boolean): void {
    this.#wantsOpen = true;
    if (this.#open || this.#config === null) return;
    this.#open = true;
    this.#focusBefore = this.#frame.root.activeElement ?? document.activeElement;
    if (!this.#alwaysOpen) this.#session.write(true);
    this.#teaserSeen.write(true);
    this.#launcher?.setOpen(true);
    this.#frame.inner.toggleAttribute('data-open', true);
    this.#countUnread(0);
    void this.#withChat((chat) => {
      if (!this.#open) return;
      chat.show(focus);
      this.#emitter.emit('open', {});
    });
  }

  close(): void {
    this.#wantsOpen = false;
    if (!this.#open || this.#alwaysOpen) return;
    this.#open = false;
    this.#session.write(false);
    this.#launcher?.setOpen(false);
    this.#frame.inner.toggleAttribute('data-open', false);
    void this.#withChat((chat) => chat.hide());
    this.#returnFocus();
    this.#emitter.emit('close', {});
  }

  toggle(focus: boolean): void {
    if (this.#wantsOpen) this.close();
    else this.open(focus);
  }

  /** Shows or hides the launcher; the panel closes with it. */
  setLauncherVisible(visible: boolean): void {
    this.#wantsLauncher = visible;
    this.#launcher?.setVisible(visible);
    if (!visible) this.close();
  }

  sendMessage(text: string): void {
    this.open(false);
    void this.#withChat((chat) => chat.send(text));
  }

  setUser(user: unknown): void {
    const otherPerson = this.#visitor.setUser(user);
    if (otherPerson) this.#forgetConversation();
    this.#passIdentity();
  }

  setContext(context: unknown): void {
    this.#visitor.setContext(context);
    this.#passIdentity();
  }

  setLocale(wish: string): void {
    this.#locale = chooseLocale(wish, this.#config?.locale, document.documentElement.lang);
    this.#frame.setLocale(this.#locale);
    this.#launcher?.setLocale(this.#locale);
    if (this.#chat !== null) void this.#withChat((chat) => chat.setLocale(this.#locale));
  }

  /** For sign-out: forgets person, context and conversation, and closes. */
  reset(): void {
    this.#visitor.reset();
    this.#forgetConversation();
    this.#passIdentity();
    this.close();
    this.#session.clear();
  }

  destroy(): void {
    this.#destroyed = true;
    removeEventListener('online', this.#retryNow);
    void this.#chat?.then((chat) => chat.destroy(), () => undefined);
    this.#frame.destroy();
  }

  async #start(attempt: number): Promise<void> {
    const answer = await fetchConfig(this.#surroundings.base, this.#options.apiKey, this.#options);
    if (this.#destroyed) return;
    if (answer.ok) {
      await documentReady();
      if (!this.#destroyed) this.#show(answer.config);
      return;
    }
    this.#fail(answer.code, answer.message, answer.status);
    const wait = CONFIG_RETRY_MS[attempt];
    if (!answer.again) return;
    if (wait === undefined) addEventListener('online', this.#retryNow, { once: true });
    else setTimeout(() => void (this.#destroyed || this.#start(attempt + 1)), wait);
  }

  readonly #retryNow = (): void => void this.#start(CONFIG_RETRY_MS.length);

  #show(config: WidgetConfig): void {
    const { mode, target, locale } = this.#options;
    const home = mode === 'inline' ? findTarget(target) : document.body;
    if (home === null) return this.#fail('target_missing', `No element matches the target "${typeof target === 'string' ? target : target.localName}" of the inline chat.`, 0);
    this.#config = config;
    this.#locale = chooseLocale(locale, config.locale, document.documentElement.lang, navigator.language);
    this.#frame.setLook(config);
    if (!this.#alwaysOpen) this.#addLauncher(config);
    this.setLocale(this.#locale);
    this.#frame.attach(home);
    this.#emitter.emit('ready', {});
    this.#openIfDue(config);
    for (const act of this.#waiting.splice(0)) void this.#withChat(act);
  }

  #addLauncher(config: WidgetConfig): void {
    this.#launcher = new Launcher(config, {
      toggle: () => this.toggle(true),
      intent: () => void this.#loadChat().catch(() => undefined),
      dismissed: () => this.#teaserSeen.write(true),
    });
    this.#launcher.setVisible(this.#wantsLauncher);
    this.#frame.inner.append(this.#launcher.element);
  }

  /** Opens at once where the page or this tab's history says so; otherwise greets after a moment, once per browser. */
  #openIfDue(config: WidgetConfig): void {
    const before = this.#session.read();
    const phone = matchMedia('(max-width: 480px)').matches;
    const automatic = before === true || (config.auto_open && before === undefined);
    if (this.#alwaysOpen || this.#wantsOpen || (automatic && !phone)) return this.open(false);
    if (config.greeting === '' || before !== undefined || this.#teaserSeen.read() === true) return;
    setTimeout(() => {
      if (!this.#open && !this.#destroyed && this.#wantsLauncher) this.#launcher?.say(config.greeting);
    }, TEASER_DELAY_MS);
  }

  async #withChat(act: (chat: ChatHandle) => void): Promise<void> {
    if (this.#config === null) {
      if (this.#waiting.length < WAITING_MAX) this.#waiting.push(act);
      return;
    }
    let chat: ChatHandle;
    try {
      chat = await this.#loadChat();
    } catch {
      this.#chat = null;
      this.#open = this.#wantsOpen = false;
      this.#launcher?.setOpen(false);
      this.#launcher?.say(launcherWords(this.#locale).loadFailed, false);
      return this.#fail('load_failed', 'The chat panel could not be loaded.', 0);
    }
    if (!this.#destroyed) act(chat);
  }

  #loadChat(): Promise<ChatHandle> {
    if (this.#chat !== null) return this.#chat;
    const config = this.#config;
    if (config === null) return Promise.reject(new Error('The settings are not here yet.'));
    this.#launcher?.setBusy(true);
    const address = `${this.#surroundings.scriptOrigin}${WIDGET_CHAT_SCRIPT_PATH}?v=${__CHAT_VERSION__}`;
    const chat = loadChat(address, this.#options.nonce).then((mount) =>
      mount(this.#frame.inner, this.#frame.root, this.#settings(config), {
        message: (event) => {
          if (event.role === 'assistant' && !this.#open) this.#countUnread(this.#unread + 1);
          this.#emitter.emit('message', event);
        },
        error: (event) => this.#emitter.emit('error', event),
        close: () => this.close(),
      }),
    );
    this.#chat = chat;
    void chat.catch(() => (this.#chat = null)).then(() => this.#launcher?.setBusy(false));
    return chat;
  }

  #settings(config: WidgetConfig): ChatSettings {
    const { apiKey, instanceId, mode, nonce, transport } = this.#options;
    return {
      config,
      base: this.#surroundings.base,
      key: apiKey,
      model: instanceId || 'default',
      mode,
      locale: this.#locale,
      identity: this.#visitor.identity,
      nonce,
      transport,
    };
  }

  #forgetConversation(): void {
    new BrowserStore('localStorage', `${this.#options.apiKey}:conversation`).clear();
    this.#countUnread(0);
    if (this.#chat !== null) void this.#withChat((chat) => chat.reset());
  }

  #passIdentity(): void {
    if (this.#chat !== null) void this.#withChat((chat) => chat.setIdentity(this.#visitor.identity));
  }

  #countUnread(count: number): void {
    this.#unread = count;
    this.#launcher?.setUnread(count);
  }

  #returnFocus(): void {
    const active = this.#frame.root.activeElement;
    if (active === null) return;
    const before = this.#focusBefore;
    const back = before instanceof HTMLElement && before.isConnected && before !== document.body ? before : this.#launcher?.element;
    back?.focus();
  }

  #fail(code: string, message: string, status: number): void {
    console.error(`[CMP widget] ${message} (${code})`);
    this.#emitter.emit('error', { code, message, status });
    const integrationFault = status === 401 || status === 403 || status === 404 || code === 'target_missing';
    if (integrationFault && isDeveloperLooking(this.#options.apiKey)) showNotice(message, this.#options.nonce);
  }
}

function findTarget(target: string | Element): Element | null {
  if (typeof target !== 'string') return target;
  try {
    return document.querySelector(target || '[data-cmp-chat]');
  } catch {
    // Not a selector: same as no such element.
    return null;
  }
}

function documentReady(): Promise<void> {
  if (document.readyState !== 'loading') return Promise.resolve();
  return new Promise((resolve) => document.addEventListener('DOMContentLoaded', () => resolve(), { once: true }));
}
