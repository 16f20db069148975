/** The script a customer's page includes: makes the globals, takes over calls made before it, and starts the widget. */
import { createApi, GLOBAL_NAMES, queuedCalls } from './api.ts';
import { scriptOptions } from './options.ts';
import { loaderScript } from './own-script.ts';
import { own } from './plain-data.ts';

/** Marks our function, so that a page which includes the script twice keeps one widget. */
const MARK = 'cmpWidgetVersion';

function install(): void {
  const script = loaderScript();
  const options = script === null ? {} : scriptOptions(script);
  const startsItself = options['apiKey'] !== undefined;
  const existing: unknown = Reflect.get(window, 'CMP');
  if (typeof existing === 'function' && own(existing, MARK) !== undefined) {
    if (startsItself) existing('init', options);
    return;
  }
  const origin = script !== null && /^https?:/.test(script.src) ? new URL(script.src).origin : null;
  const api = createApi({ origin, nonce: script?.nonce || script?.dataset['nonce'] || '', options });
  Object.defineProperty(api, MARK, { value: 1 });
  const calls = GLOBAL_NAMES.flatMap((name) => queuedCalls(Reflect.get(window, name)));
  for (const name of GLOBAL_NAMES) Object.defineProperty(window, name, { value: api, configurable: true, writable: true });
  // A key in the attributes starts the widget, unless the page queued its own `init`, which then has the last word.
  if (startsItself && !calls.some(([method]) => method === 'init')) api('init', {});
  for (const [method, ...args] of calls) api(String(method), ...args);
}

install();
