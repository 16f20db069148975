/** The script a customer's page includes: makes the globals, takes over calls made before it, and starts the widget. */
import { createApi, GLOBAL_NAMES, queuedCalls } from './api.ts';
import { scriptOptions } from './options.ts';
import { loaderScript } from './own-script.ts';
import { own } from './plain-data.ts';

/** Marks our function, so that a page which includes the script twice keeps one widget. */
const MARK = 'cmpWidgetVersion';

function install(): void {
  const script = loaderScript();
  const options = script === null ? undefined : scriptOptions(script);
  const existing: unknown = Reflect.get(window, 'CMP');
  if (typeof existing === 'function' && own(existing, MARK) !== undefined) {
    if (options !== undefined) existing('init', options);
    return;
  }
  const origin = script !== null && /^https?:/.test(script.src) ? new URL(script.src).origin : null;
  const api = createApi(origin, script?.nonce || script?.dataset['nonce'] || '');
  Object.defineProperty(api, MARK, { value: 1 });
  const calls = GLOBAL_NAMES.flatMap((name) => queuedCalls(Reflect.get(window, name)));
  for (const name of GLOBAL_NAMES) Object.defineProperty(window, name, { value: api, configurable: true, writable: true });
  // `init` first: what the page queued before it (a user, an open) belongs to the widget that init starts.
  if (options !== undefined) api('init', options);
  for (const [method, ...args] of calls) api(String(method), ...args);
}

install();
