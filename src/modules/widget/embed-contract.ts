/**
 * What the widget bundle in a visitor's browser and the server agree on: paths, bodies and limits.
 * Types only (no Zod), so that the bundle stays small; the server's schemas must satisfy these types.
 */

export const WIDGET_CONFIG_PATH = '/v1/widget/config';
export const WIDGET_FEEDBACK_PATH = '/v1/widget/feedback';
export const WIDGET_CHAT_PATH = '/v1/chat/completions';
/** The same over a WebSocket, with the subprotocols `cmp` and `cmp.key.<key>`. */
export const WIDGET_SOCKET_PATH = '/v1/ws';

/** Paths under which the one loader bundle is served; the panel it loads is at WIDGET_CHAT_SCRIPT_PATH. */
export const WIDGET_SCRIPT_PATHS = ['/widget.js', '/gsv-widget.js', '/v1/loader.js', '/v1/chat.js'] as const;
export const WIDGET_CHAT_SCRIPT_PATH = '/widget-chat.js';

export const WIDGET_THEMES = ['light', 'dark', 'auto', 'custom'] as const;
export const WIDGET_POSITIONS = ['bottom-right', 'bottom-left', 'top-right', 'top-left'] as const;
export const WIDGET_SIZES = ['small', 'medium', 'large'] as const;
/** How answers travel: a stream over HTTP, or a WebSocket that falls back to it. */
export const WIDGET_TRANSPORTS = ['http', 'websocket'] as const;
export type WidgetTransport = (typeof WIDGET_TRANSPORTS)[number];
export const WIDGET_MODES = ['floating', 'inline', 'popup', 'fullpage'] as const;
/** Languages of the fixed words. Anything else shows English. */
export const WIDGET_LOCALES = ['en', 'es', 'de', 'fr', 'it', 'pt', 'nl', 'ar', 'he', 'zh', 'ja', 'hi'] as const;

/** The accent where neither widget nor branding has a colour. */
export const WIDGET_COLOR_DEFAULT = '#3B82F6';

export type WidgetTheme = (typeof WIDGET_THEMES)[number];
export type WidgetPosition = (typeof WIDGET_POSITIONS)[number];
export type WidgetSize = (typeof WIDGET_SIZES)[number];
export type WidgetMode = (typeof WIDGET_MODES)[number];
export type WidgetLocale = (typeof WIDGET_LOCALES)[number];

/** Answer of `GET /v1/widget/config` with `Authorization: Bearer pk_…`. Empty string or null: not set. */
export type WidgetConfig = {
  name: string;
  /** Absolute http(s) address of a picture, or null: the name's initial is shown. */
  avatar: string | null;
  logo: string | null;
  /** First message of an empty conversation; markdown. */
  welcome_message: string;
  suggested_prompts: string[];
  theme: WidgetTheme;
  /** Six-digit hex colours. `text` is what stands on `primary`; used only if its contrast is at least 4.5. */
  colors: { primary: string; text?: string | null };
  position: WidgetPosition;
  size: WidgetSize;
  /** `icon`: `chat`, `help`, `spark`, or an http(s) address. `label`: words beside the icon. */
  launcher: { icon: string | null; label: string | null };
  /** Line beside the closed launcher; also the first message when `welcome_message` is empty. */
  greeting: string;
  /** Shown instead of an error when credits or quota are used up (402): the polite hand-off. */
  fallback_message: string;
  auto_open: boolean;
  sound: boolean;
  citations: boolean;
  file_upload: boolean;
  feedback: boolean;
  /** A language tag, or `auto`: the page's language, then the browser's. */
  locale: string;
  /** Words of the foot line, or null for none. */
  powered_by: string | null;
};

/** Who is chatting. `token` is a JWT signed with the subscription's identity secret; without it `user_id` is unverified. */
export type WidgetVisitor = { id: string; user_id?: string; name?: string; email?: string; token?: string };

/** Body of `POST /v1/chat/completions` as the widget sends it. `model` is `default` when the page names no instance: the key decides. */
export type WidgetChatRequest = {
  model: string;
  messages: { role: 'user' | 'assistant'; content: string }[];
  stream: true;
  conversation_id?: string;
  visitor: WidgetVisitor;
  /** What the page gave to `setContext`; at most 16 string pairs, as in OpenAI's `metadata`. */
  metadata?: Record<string, string>;
};

/** One passage an answer rests on, made by the server, never by the model. */
export type WidgetCitation = {
  id: number;
  document_id: string;
  title: string;
  page: number | null;
  url: string | null;
  snippet: string;
};

/** Fields we add to OpenAI's stream chunks. `citations` and `usage` come with the last chunk. */
export type WidgetChunkExtras = { conversation_id?: string; run_id?: string; citations?: WidgetCitation[] };

/** An error, before the stream as a JSON body, inside it as `data: {"error": …}`. */
export type WidgetErrorBody = { error: { message: string; code: string; type?: string } };

/** Body of `POST /v1/widget/feedback`. `comment` is at most WIDGET_COMMENT_MAX characters. */
export type WidgetFeedback = { run_id: string; rating: 'up' | 'down'; comment?: string };

/** Longest message a visitor can send, in UTF-16 code units. */
export const WIDGET_MESSAGE_MAX = 8_000;
export const WIDGET_COMMENT_MAX = 1_000;
/** Newest messages sent along as history, and their total length. */
export const WIDGET_HISTORY_MESSAGES_MAX = 20;
export const WIDGET_HISTORY_CHARS_MAX = 24_000;
