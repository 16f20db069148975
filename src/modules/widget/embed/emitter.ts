export type Listener = (detail: unknown) => void;

/** The events a page can listen to. */
export const WIDGET_EVENTS = ['ready', 'open', 'close', 'message', 'error'] as const;
export type WidgetEvent = (typeof WIDGET_EVENTS)[number];

/** The page's listeners. `ready` is remembered: who listens late is called at once. */
export class Emitter {
  readonly #listeners = new Map<string, Set<Listener>>();
  #ready = false;

  on(event: string, listener: Listener): void {
    const known = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, known.add(listener));
    if (event === 'ready' && this.#ready) call(listener, {});
  }

  /** Removes one listener, or all of the event if none is named. */
  off(event: string, listener?: Listener): void {
    if (listener === undefined) this.#listeners.delete(event);
    else this.#listeners.get(event)?.delete(listener);
  }

  emit(event: WidgetEvent, detail: object): void {
    if (event === 'ready') this.#ready = true;
    for (const listener of Array.from(this.#listeners.get(event) ?? [])) call(listener, detail);
  }

  /** The widget went away: the next `ready` is a new one. Listeners stay. */
  forgetReady(): void {
    this.#ready = false;
  }
}

/** A listener's mistake belongs to the page: it reaches the page's error handling and does not stop the chat. */
function call(listener: Listener, detail: object): void {
  try {
    listener(detail);
  } catch (error) {
    setTimeout(() => {
      throw error;
    });
  }
}
