import type { WidgetConfig, WidgetLocale, WidgetMode } from '../embed-contract.ts';
import { readableOn, textOn } from './color.ts';
import { addStyles, el, shadowHost } from './dom.ts';
import styles from './frame.css?inline';
import { directionOf } from './locale.ts';

/** The least contrasting surfaces of frame.css that carry links (`--surface-2`); what is readable there is so everywhere. */
const LIGHT_SURFACE = '#f3f4f6';
const DARK_SURFACE = '#25282e';
/** A page that keeps removing us (a strict framework) wins in the end. */
const REATTACH_MAX = 25;

/**
 * Our one element in the page, with everything inside its shadow root: launcher and panel. Colours and theme are
 * custom properties on the inner element, so the page's styles reach neither.
 */
export class Frame {
  readonly host: HTMLElement;
  readonly root: ShadowRoot;
  /** Holds launcher and panel; carries theme, direction, position and colours. */
  readonly inner: HTMLElement;
  readonly #dark = matchMedia('(prefers-color-scheme: dark)');
  readonly #keeper: MutationObserver;
  #theme: WidgetConfig['theme'] = 'auto';
  #home: Element | null = null;
  #reattached = 0;

  constructor(mode: WidgetMode, nonce: string) {
    const { host, root } = shadowHost();
    this.host = host;
    this.root = root;
    this.host.dataset['mode'] = mode;
    this.inner = el('div', { class: 'frame', 'data-mode': mode });
    addStyles(root, styles, nonce);
    root.append(this.inner);
    this.#keeper = new MutationObserver(() => this.#reattach());
    this.#dark.addEventListener('change', this.#paint);
  }

  /** Puts the element into the page and back again when the page swaps its body (Turbo, full re-renders). */
  attach(home: Element): void {
    this.#home = home;
    home.append(this.host);
    this.#keeper.observe(document.documentElement, { childList: true });
    this.#keeper.observe(home, { childList: true });
  }

  setLook(config: WidgetConfig): void {
    const brand = config.colors.primary;
    const style = this.inner.style;
    style.setProperty('--brand', brand);
    style.setProperty('--on-brand', textOn(brand, config.colors.text ?? null));
    style.setProperty('--accent-light', readableOn(LIGHT_SURFACE, brand));
    style.setProperty('--accent-dark', readableOn(DARK_SURFACE, brand));
    this.inner.dataset['position'] = config.position;
    this.inner.dataset['size'] = config.size;
    this.#theme = config.theme;
    this.#paint();
  }

  setLocale(locale: WidgetLocale): void {
    this.inner.lang = locale;
    this.inner.dir = directionOf(locale);
  }

  destroy(): void {
    this.#keeper.disconnect();
    this.#dark.removeEventListener('change', this.#paint);
    this.host.remove();
  }

  readonly #paint = (): void => {
    const dark = this.#theme === 'dark' || (this.#theme === 'auto' && this.#dark.matches);
    this.inner.dataset['theme'] = dark ? 'dark' : 'light';
    this.inner.toggleAttribute('data-branded', this.#theme === 'custom');
  };

  #reattach(): void {
    if (this.host.isConnected || this.#reattached >= REATTACH_MAX) return;
    const home = this.#home?.isConnected === true ? this.#home : this.host.dataset['mode'] === 'inline' ? null : document.body;
    if (home === null) return;
    this.#reattached += 1;
    this.attach(home);
  }
}
