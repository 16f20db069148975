import type { WidgetVisitor } from '../embed-contract.ts';
import { BrowserStore } from './browser-store.ts';
import type { Identity } from './chat-port.ts';
import { own, text } from './plain-data.ts';

const CONTEXT_MAX = 16;

/**
 * Who chats: a random id per key and browser, and what the page says about the person. What the page says is a
 * claim; only a signed `token` makes the server believe it. Of the person only the id is stored, to notice that
 * somebody else signed in; name, email and token live until the page is left, since the page gives them each time.
 */
export class VisitorIdentity {
  readonly #store: BrowserStore;
  #visitor: WidgetVisitor;
  #lastUser: string;
  #context: Record<string, string> = {};

  constructor(key: string) {
    this.#store = new BrowserStore('localStorage', `${key}:visitor`);
    const stored = this.#store.read();
    const id = text(stored, 'id', 64);
    this.#visitor = { id: /^[\w-]{8,64}$/.test(id) ? id : newId() };
    this.#lastUser = text(stored, 'last_user', 200);
    this.#save();
  }

  get identity(): Identity {
    return { visitor: this.#visitor, context: this.#context };
  }

  /** Takes the page's word. True if this is another person than before, whose conversation must not be shown. */
  setUser(user: unknown): boolean {
    const id = own(user, 'id') ?? own(user, 'user_id');
    const userId = typeof id === 'number' ? String(id) : typeof id === 'string' ? id.trim().slice(0, 200) : '';
    const other = this.#lastUser !== '' && this.#lastUser !== userId;
    const name = text(user, 'name', 200);
    const email = text(user, 'email', 320);
    const token = text(user, 'token', 4_000);
    this.#visitor = {
      id: other ? newId() : this.#visitor.id,
      ...(userId && { user_id: userId }),
      ...(name && { name }),
      ...(email && { email }),
      ...(token && { token }),
    };
    this.#lastUser = userId;
    this.#save();
    return other;
  }

  /** Replaces the facts sent with each message: at most 16 pairs of short text, numbers or booleans. */
  setContext(context: unknown): void {
    const facts: Record<string, string> = {};
    if (typeof context === 'object' && context !== null) {
      for (const key of Object.keys(context).slice(0, CONTEXT_MAX)) {
        const value = own(context, key);
        if (key === '__proto__' || !['string', 'number', 'boolean'].includes(typeof value)) continue;
        facts[key.slice(0, 64)] = String(value).slice(0, 512);
      }
    }
    this.#context = facts;
  }

  /** Forgets the person and starts a new anonymous visitor. */
  reset(): void {
    this.#visitor = { id: newId() };
    this.#lastUser = '';
    this.#context = {};
    this.#save();
  }

  #save(): void {
    this.#store.write({ id: this.#visitor.id, last_user: this.#lastUser });
  }
}

/** 128 random bits as hex. Not `randomUUID`: that exists only on https pages. */
export function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
