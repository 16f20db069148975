import type { WidgetConfig, WidgetLocale, WidgetMode, WidgetTransport, WidgetVisitor } from '../embed-contract.ts';

/**
 * The only contact between the loader (in the host page) and the panel. Everything that crosses is plain data or a
 * call without result, so that the panel can move into a cross-origin frame and the calls become messages.
 */

/** Everything the panel needs to know at its start. */
export type ChatSettings = {
  config: WidgetConfig;
  base: string;
  key: string;
  model: string;
  mode: WidgetMode;
  locale: WidgetLocale;
  identity: Identity;
  nonce: string;
  transport: WidgetTransport;
};

/** Who chats, and what the page said about the situation. */
export type Identity = { visitor: WidgetVisitor; context: Record<string, string> };

export type ChatMessageEvent = { role: 'user' | 'assistant'; content: string; conversation_id: string | null; run_id: string | null };
export type ChatErrorEvent = { code: string; message: string; status: number };

/** What the panel reports. `close`: the visitor asked to close; the loader decides and calls `hide`. */
export type ChatEvents = {
  message: (event: ChatMessageEvent) => void;
  error: (event: ChatErrorEvent) => void;
  close: () => void;
};

/** What the loader may ask of the panel. */
export type ChatHandle = {
  /** `focus`: move the keyboard into the panel; false when the visitor did not ask for it. */
  show(focus: boolean): void;
  hide(): void;
  send(text: string): void;
  setIdentity(identity: Identity): void;
  setLocale(locale: WidgetLocale): void;
  /** Stops what runs and forgets the conversation, in memory and in the browser. */
  reset(): void;
  destroy(): void;
};

/** Builds the panel in `frame`, an element of ours inside the shadow root; hidden until `show`. */
export type MountChat = (frame: HTMLElement, root: ShadowRoot, settings: ChatSettings, events: ChatEvents) => ChatHandle;

/** Fired on the script element that loaded the panel; `detail` is the MountChat function. No global is needed. */
export const CHAT_READY_EVENT = 'cmp-chat-ready';
