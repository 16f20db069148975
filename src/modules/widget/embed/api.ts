import { Emitter, type Listener } from './emitter.ts';
import { hideNotice, showNotice } from './notice.ts';
import { apiBaseOf, keyProblem, readOptions } from './options.ts';
import { encodeJson, own } from './plain-data.ts';
import { Widget } from './widget.ts';

/** The page's three names for one object; the sources document each of them. */
export const GLOBAL_NAMES = ['CMP', 'CMPWidget', 'GSVWidget'] as const;

const CALLS_BEFORE_INIT_MAX = 50;

/** What the page can do with the chat. Also callable: `CMP('open')` is `CMP.open()`. */
export type WidgetApi = ((method: string, ...args: unknown[]) => unknown) & WidgetMethods;

type WidgetMethods = {
  /** Starts the chat. A second call with other options replaces the first widget. */
  init(options: unknown): void;
  open(): void;
  close(): void;
  toggle(): void;
  /** The launcher. */
  show(): void;
  hide(): void;
  sendMessage(text: string): void;
  /** `{ id, name, email, token }`. Without a signed token the server treats the id as a claim. */
  setUser(user: unknown): void;
  /** Up to 16 facts sent with each message, such as the order on this page. */
  setContext(context: unknown): void;
  setLocale(locale: string): void;
  /** For sign-out: forgets person and conversation. `shutdown` is the same. */
  reset(): void;
  shutdown(): void;
  /** Removes everything from the page; `init` may follow. */
  destroy(): void;
  on(event: string, listener: Listener): void;
  off(event: string, listener?: Listener): void;
};

/** What our own script element tells: where it came from (null if unknown), its nonce, and options in its attributes. */
export type ScriptFacts = { origin: string | null; nonce: string; options: Readonly<Record<string, string>> };

/** Makes the object behind the globals. Options of the script element hold where `init` does not say otherwise. */
export function createApi(script: ScriptFacts): WidgetApi {
  const emitter = new Emitter();
  let widget: Widget | null = null;
  let started = '';
  let waiting: ((widget: Widget) => void)[] = [];

  const withWidget = (act: (widget: Widget) => void): void => {
    if (widget !== null) act(widget);
    else if (waiting.length < CALLS_BEFORE_INIT_MAX) waiting.push(act);
  };

  const refuse = (code: string, message: string): void => {
    console.error(`[CMP widget] ${message} (${code})`);
    showNotice(message, script.nonce);
    emitter.emit('error', { code, message, status: 0 });
  };

  const methods: WidgetMethods = {
    init(source) {
      const options = readOptions(Object.assign(Object.create(null), script.options, source));
      options.nonce ||= script.nonce;
      const problem = keyProblem(options.apiKey);
      if (problem !== undefined) return refuse(problem.code, problem.message);
      const base = apiBaseOf(options.apiBase, script.origin);
      if (base === null) return refuse('invalid_api_base', 'The chat does not know its server. Set apiBase (data-api-base) to an http(s) address.');
      const { target, ...comparable } = options;
      const wish = encodeJson([comparable, typeof target === 'string' ? target : 'element']);
      if (widget !== null && wish === started) return;
      if (widget !== null) methods.destroy();
      hideNotice();
      started = wish;
      widget = new Widget(options, { base, scriptOrigin: script.origin ?? base }, emitter);
      for (const act of waiting.splice(0)) act(widget);
    },
    open: () => withWidget((running) => running.open(navigator.userActivation?.isActive ?? true)),
    close: () => withWidget((running) => running.close()),
    toggle: () => withWidget((running) => running.toggle(true)),
    show: () => withWidget((running) => running.setLauncherVisible(true)),
    hide: () => withWidget((running) => running.setLauncherVisible(false)),
    sendMessage: (words) => withWidget((running) => running.sendMessage(String(words))),
    setUser: (user) => withWidget((running) => running.setUser(user)),
    setContext: (context) => withWidget((running) => running.setContext(context)),
    setLocale: (locale) => withWidget((running) => running.setLocale(String(locale))),
    reset: () => withWidget((running) => running.reset()),
    shutdown: () => methods.reset(),
    destroy() {
      widget?.destroy();
      widget = null;
      waiting = [];
      emitter.forgetReady();
      hideNotice();
    },
    on: (event, listener) => emitter.on(event, listener),
    off: (event, listener) => emitter.off(event, listener),
  };

  const call = (method: string, ...args: unknown[]): unknown => {
    const action = own(methods, method);
    if (typeof action === 'function') return Reflect.apply(action, methods, args);
    console.error(`[CMP widget] There is no method named "${String(method).slice(0, 40)}".`);
    return undefined;
  };
  return Object.assign(call, methods);
}

/** Calls the page made before this script ran: `CMP.q`, a list of argument lists. */
export function queuedCalls(stub: unknown): unknown[][] {
  const queue = own(stub, 'q');
  if (!Array.isArray(queue)) return [];
  return queue.slice(0, CALLS_BEFORE_INIT_MAX).map((entry: unknown) => Array.from(isArrayLike(entry) ? entry : []));
}

function isArrayLike(value: unknown): value is ArrayLike<unknown> {
  return typeof value === 'object' && value !== null && typeof own(value, 'length') === 'number';
}
