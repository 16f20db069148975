import type { MountChat } from './chat-port.ts';
import { CHAT_READY_EVENT } from './chat-port.ts';

/** The names our loader is served under (WIDGET_SCRIPT_PATHS without their folders). */
const LOADER_NAME = /\/(widget|gsv-widget|loader|chat)\.js(\?|$)/;

/**
 * The script element now running. Read through the prototype, because an `<img name="currentScript">` in the page
 * would otherwise shadow `document.currentScript` and choose the server we talk to.
 */
export function runningScript(): HTMLScriptElement | null {
  const read = Object.getOwnPropertyDescriptor(Document.prototype, 'currentScript')?.get;
  const script: unknown = read?.call(document);
  return script instanceof HTMLScriptElement ? script : null;
}

/** Our loader's script element, also where a tag manager or a bundler ran it without `currentScript`. */
export function loaderScript(): HTMLScriptElement | null {
  const running = runningScript();
  if (running !== null) return running;
  const marked = Array.from(document.querySelectorAll<HTMLScriptElement>('script[src]'));
  return marked.find((script) => LOADER_NAME.test(script.src) && (script.dataset['key'] ?? script.dataset['token'] ?? script.dataset['apiKey']) !== undefined)
    ?? marked.find((script) => LOADER_NAME.test(script.src)) ?? null;
}

/** Loads the panel's script once per call. Rejects if it does not load or does not announce itself. */
export function loadChat(address: string, nonce: string): Promise<MountChat> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    const failed = (): void => {
      script.remove();
      reject(new Error('The chat could not be loaded.'));
    };
    script.addEventListener(CHAT_READY_EVENT, (event) => {
      if (event instanceof CustomEvent) resolve(event.detail);
    });
    script.addEventListener('error', failed);
    script.addEventListener('load', failed);
    script.async = true;
    script.nonce = nonce;
    Reflect.set(script, 'src', trusted(address));
    document.head.append(script);
  });
}

/** Under `require-trusted-types-for 'script'` an address must come from a named policy; elsewhere it is plain text. */
function trusted(address: string): unknown {
  const factory: unknown = Reflect.get(window, 'trustedTypes');
  if (typeof factory !== 'object' || factory === null) return address;
  try {
    const create: unknown = Reflect.get(factory, 'createPolicy');
    if (typeof create !== 'function') return address;
    policy ??= Reflect.apply(create, factory, ['cmp-widget', { createScriptURL: (url: string) => url }]);
    return policy?.createScriptURL(address) ?? address;
  } catch {
    // The page allows no policy of this name: the plain address either works or the load fails visibly.
    return address;
  }
}

let policy: { createScriptURL(url: string): unknown } | undefined;
