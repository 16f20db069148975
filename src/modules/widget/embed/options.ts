import {
  WIDGET_MODES,
  WIDGET_POSITIONS,
  WIDGET_SIZES,
  WIDGET_THEMES,
  WIDGET_TRANSPORTS,
  type WidgetMode,
  type WidgetPosition,
  type WidgetSize,
  type WidgetTheme,
  type WidgetTransport,
} from '../embed-contract.ts';
import { hexColor } from './color.ts';
import { flag, oneOf, own, text } from './plain-data.ts';

/** What the page asked for, by `init({…})` or by attributes of the script. Undefined leaves the server's setting. */
export type WidgetOptions = {
  apiKey: string;
  /** Sent as `model`. The key already names the subscription, so it is optional. */
  instanceId: string;
  /** Address of the API without trailing slash; empty if the page gave none. */
  apiBase: string;
  mode: WidgetMode;
  /** Selector or element that holds an inline widget. */
  target: string | Element;
  nonce: string;
  transport: WidgetTransport;
  locale: string;
  greeting: string | undefined;
  name: string | undefined;
  theme: WidgetTheme | undefined;
  position: WidgetPosition | undefined;
  size: WidgetSize | undefined;
  color: string | undefined;
  autoOpen: boolean | undefined;
  /** False: no launcher; the page opens the chat itself. */
  launcher: boolean;
};

/** A key that cannot be used in a page, with the words for its developer. The words never contain the key. */
export type KeyProblem = { code: 'secret_key' | 'missing_key' | 'invalid_key'; message: string };

/** Reads what a page passed to `init`. Own members only; unknown ones are ignored. */
export function readOptions(source: unknown): WidgetOptions {
  const target = own(source, 'target');
  const colors = own(source, 'colors');
  return {
    apiKey: firstText(source, ['apiKey', 'key', 'token'], 300),
    instanceId: firstText(source, ['instanceId', 'model'], 200),
    apiBase: text(source, 'apiBase', 2_000),
    mode: oneOf(source, 'mode', WIDGET_MODES) ?? 'floating',
    target: target instanceof Element ? target : text(source, 'target', 500),
    nonce: text(source, 'nonce', 500),
    transport: oneOf(source, 'transport', WIDGET_TRANSPORTS) ?? 'http',
    locale: text(source, 'locale', 35),
    greeting: text(source, 'greeting', 2_000) || undefined,
    name: text(source, 'name', 80) || undefined,
    theme: oneOf(source, 'theme', WIDGET_THEMES),
    position: oneOf(source, 'position', WIDGET_POSITIONS),
    size: oneOf(source, 'size', WIDGET_SIZES),
    color: hexColor(own(source, 'primaryColor')) ?? hexColor(own(source, 'color')) ?? hexColor(own(colors, 'primary')) ?? undefined,
    autoOpen: own(source, 'autoOpen') === undefined ? undefined : flag(source, 'autoOpen', false),
    launcher: flag(source, 'launcher', true),
  };
}

/** The same options from `data-*` attributes of the script. */
export function scriptOptions(script: HTMLScriptElement): Record<string, string> {
  const options: Record<string, string> = Object.create(null);
  for (const [attribute, name] of ATTRIBUTES) {
    const value = script.getAttribute(`data-${attribute}`);
    if (value !== null) options[name] = value;
  }
  return options;
}

const ATTRIBUTES: readonly (readonly [attribute: string, option: string])[] = [
  ['token', 'apiKey'],
  ['api-key', 'apiKey'],
  ['key', 'apiKey'],
  ['instance', 'instanceId'],
  ['instance-id', 'instanceId'],
  ['api-base', 'apiBase'],
  ['position', 'position'],
  ['theme', 'theme'],
  ['size', 'size'],
  ['greeting', 'greeting'],
  ['name', 'name'],
  ['locale', 'locale'],
  ['mode', 'mode'],
  ['target', 'target'],
  ['color', 'primaryColor'],
  ['auto-open', 'autoOpen'],
  ['launcher', 'launcher'],
  ['nonce', 'nonce'],
  ['transport', 'transport'],
];

/**
 * Refuses keys that must not be in a page. A secret key in public source is already leaked, so its owner is told
 * to revoke it; it is not sent even once, since the request would put it into more logs.
 */
export function keyProblem(key: string): KeyProblem | undefined {
  if (key === '') {
    return {
      code: 'missing_key',
      message: 'The chat has no key. Add data-key="pk_live_…" to the script, or call CMPWidget.init({ apiKey: "pk_live_…" }).',
    };
  }
  if (/^([a-z]{1,12}[_-])?sk[_-]/i.test(key)) {
    return {
      code: 'secret_key',
      message:
        'This page contains a secret key, which every visitor can read. The chat did not start and the key was not sent. ' +
        'Revoke that key now and use a publishable key (pk_live_… or pk_test_…) instead.',
    };
  }
  if (!/^[\w.-]{8,300}$/.test(key)) {
    return { code: 'invalid_key', message: 'The chat key is not valid. Copy the publishable key (pk_live_… or pk_test_…) again.' };
  }
  return undefined;
}

/** The API's address without trailing slash, from the page's wish or the script's own origin; null if neither will do. */
export function apiBaseOf(wish: string, scriptOrigin: string | null): string | null {
  if (wish === '') return scriptOrigin;
  try {
    const url = new URL(wish, location.href);
    const acceptable = (url.protocol === 'https:' || url.protocol === 'http:') && url.username === '' && url.password === '';
    return acceptable ? `${url.origin}${url.pathname.replace(/\/+$/, '')}` : null;
  } catch {
    return null;
  }
}

function firstText(source: unknown, keys: readonly string[], max: number): string {
  for (const key of keys) {
    const value = text(source, key, max);
    if (value !== '') return value;
  }
  return '';
}
