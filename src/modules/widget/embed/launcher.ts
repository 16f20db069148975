import type { WidgetConfig, WidgetLocale } from '../embed-contract.ts';
import { el, icon, iconButton } from './dom.ts';
import { ICONS } from './icons.ts';
import { launcherWords } from './locale.ts';

type LauncherActions = { toggle: () => void; intent: () => void; dismissed: () => void };

/** The round button in the page's corner, its unread badge, and the line beside it. */
export class Launcher {
  readonly element: HTMLButtonElement;
  readonly #badge = el('span', { class: 'badge', hidden: true });
  readonly #label = el('span', { class: 'launcher-label' });
  readonly #actions: LauncherActions;
  #teaser: HTMLElement | null = null;
  #locale: WidgetLocale = 'en';
  #open = false;
  #unread = 0;

  constructor(config: WidgetConfig, actions: LauncherActions) {
    this.#actions = actions;
    const face = el('span', { class: 'launcher-face' }, launcherIcon(config.launcher.icon), icon(ICONS.chevron, 'icon launcher-close'));
    this.element = el('button', { type: 'button', class: 'launcher', 'aria-haspopup': 'dialog' }, face, this.#badge);
    if (config.launcher.label !== null) {
      this.#label.textContent = config.launcher.label;
      face.after(this.#label);
      this.element.classList.add('with-label');
    }
    this.element.addEventListener('click', actions.toggle);
    // Fetching the panel when a hand comes near makes the first open immediate.
    for (const event of ['pointerenter', 'touchstart']) this.element.addEventListener(event, actions.intent, { once: true, passive: true });
  }

  setLocale(locale: WidgetLocale): void {
    this.#locale = locale;
    this.#describe();
  }

  setOpen(open: boolean): void {
    this.#open = open;
    this.#describe();
    if (open) this.say(null);
  }

  setBusy(busy: boolean): void {
    this.element.toggleAttribute('data-busy', busy);
  }

  setUnread(count: number): void {
    this.#unread = count;
    this.#badge.textContent = count > 9 ? '9+' : String(count);
    this.#badge.hidden = count === 0;
    this.#describe();
  }

  setVisible(visible: boolean): void {
    this.element.hidden = !visible;
    if (!visible) this.say(null);
  }

  /** Shows a line beside the launcher, or takes it away. `opens`: a press on it opens the chat. */
  say(words: string | null, opens = true): void {
    this.#teaser?.remove();
    this.#teaser = null;
    if (words === null) return;
    const dismiss = iconButton(launcherWords(this.#locale).dismiss, icon(ICONS.close), 'teaser-dismiss');
    const line = opens
      ? el('button', { type: 'button', class: 'teaser-text', dir: 'auto' }, words)
      : el('span', { class: 'teaser-text', dir: 'auto', role: 'alert' }, words);
    if (opens) line.addEventListener('click', this.#actions.toggle);
    dismiss.addEventListener('click', () => {
      this.say(null);
      this.#actions.dismissed();
    });
    this.#teaser = el('div', { class: 'teaser' }, line, dismiss);
    this.element.after(this.#teaser);
  }

  #describe(): void {
    const words = launcherWords(this.#locale);
    const unread = this.#unread === 0 ? '' : ` – ${words.unread.replace('{n}', String(this.#unread))}`;
    this.element.setAttribute('aria-label', this.#open ? words.close : `${this.#label.textContent || words.open}${unread}`);
    this.element.setAttribute('aria-expanded', String(this.#open));
  }
}

function launcherIcon(name: string | null): Element {
  if (name === 'help') return icon(ICONS.help, 'icon launcher-open');
  if (name === 'spark') return icon(ICONS.spark, 'icon launcher-open');
  if (name === null) return icon(ICONS.chat, 'icon filled launcher-open');
  const picture = el('img', { alt: '', class: 'launcher-open', src: name, referrerpolicy: 'no-referrer', draggable: 'false' });
  picture.addEventListener('error', () => picture.replaceWith(icon(ICONS.chat, 'icon filled launcher-open')), { once: true });
  return picture;
}
