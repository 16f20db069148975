import {
  WIDGET_CONFIG_PATH,
  WIDGET_POSITIONS,
  WIDGET_SIZES,
  WIDGET_THEMES,
  type WidgetConfig,
} from '../embed-contract.ts';
import { hexColor } from './color.ts';
import { webAddress } from './dom.ts';
import type { WidgetOptions } from './options.ts';
import { bare, flag, oneOf, own, text } from './plain-data.ts';

const BRAND_DEFAULT = '#2f5bea';
const PROMPTS_MAX = 6;

export type ConfigAnswer =
  | { ok: true; config: WidgetConfig }
  /** `status` 0: no answer at all. `again`: worth another try later. */
  | { ok: false; status: number; code: string; message: string; again: boolean };

/** Asks the server how this widget looks and behaves. The only request before the chat is opened. */
export async function fetchConfig(base: string, key: string, options: WidgetOptions): Promise<ConfigAnswer> {
  let response: Response;
  try {
    response = await fetch(`${base}${WIDGET_CONFIG_PATH}`, bare<RequestInit>({
      headers: bare({ authorization: `Bearer ${key}`, accept: 'application/json' }),
      credentials: 'omit',
      referrerPolicy: 'origin',
    }));
  } catch {
    return { ok: false, status: 0, code: 'network', message: `No answer from ${base}.`, again: true };
  }
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok || body === undefined) {
    const error = own(body, 'error');
    return {
      ok: false,
      status: response.status,
      code: text(error, 'code', 80, 'config_failed'),
      message: text(error, 'message', 500, `The server answered ${response.status}.`),
      again: response.status >= 500 || response.status === 429,
    };
  }
  return { ok: true, config: effectiveConfig(body, base, options) };
}

/** The server's settings, bounded and completed, with the page's options laid over them. */
export function effectiveConfig(body: unknown, base: string, options: WidgetOptions): WidgetConfig {
  const colors = own(body, 'colors');
  const launcher = own(body, 'launcher');
  const greeting = options.greeting ?? text(body, 'greeting', 2_000);
  const icon = text(launcher, 'icon', 2_000);
  return {
    name: options.name ?? (text(body, 'name', 80) || 'Chat'),
    avatar: webAddress(own(body, 'avatar'), base),
    logo: webAddress(own(body, 'logo'), base),
    welcome_message: options.greeting ?? (text(body, 'welcome_message', 4_000) || greeting),
    suggested_prompts: prompts(own(body, 'suggested_prompts')),
    theme: options.theme ?? oneOf(body, 'theme', WIDGET_THEMES) ?? 'auto',
    colors: { primary: options.color ?? hexColor(own(colors, 'primary')) ?? BRAND_DEFAULT, text: hexColor(own(colors, 'text')) },
    position: options.position ?? oneOf(body, 'position', WIDGET_POSITIONS) ?? 'bottom-right',
    size: options.size ?? oneOf(body, 'size', WIDGET_SIZES) ?? 'medium',
    launcher: { icon: icon === 'help' || icon === 'spark' ? icon : webAddress(icon), label: text(launcher, 'label', 40) || null },
    greeting,
    fallback_message: text(body, 'fallback_message', 2_000),
    auto_open: options.autoOpen ?? flag(body, 'auto_open', false),
    sound: flag(body, 'sound', false),
    citations: flag(body, 'citations', true),
    file_upload: flag(body, 'file_upload', false),
    feedback: flag(body, 'feedback', true),
    locale: options.locale || text(body, 'locale', 35),
    powered_by: text(body, 'powered_by', 80) || null,
  };
}

function prompts(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  const words: string[] = [];
  for (const entry of value.slice(0, PROMPTS_MAX)) {
    if (typeof entry === 'string' && entry.trim() !== '') words.push(entry.trim().slice(0, 200));
  }
  return words;
}
