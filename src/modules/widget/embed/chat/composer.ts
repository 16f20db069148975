import { WIDGET_MESSAGE_MAX } from '../../embed-contract.ts';
import { el, icon } from '../dom.ts';
import type { Words } from '../words/en.ts';
import { CHAT_ICONS } from './chat-icons.ts';

/** From here on the remaining characters are shown. */
const COUNT_FROM = WIDGET_MESSAGE_MAX - 500;
const FIELD_PX_MAX = 132;

type ComposerActions = { send: (words: string) => void; stop: () => void };

/** Where the visitor writes: a field that grows, and one button that sends or stops. */
export class Composer {
  readonly element = el('form', { class: 'composer' });
  readonly field = el('textarea', { rows: '1', maxlength: String(WIDGET_MESSAGE_MAX), enterkeyhint: 'send', autocomplete: 'off' });
  readonly #button = el('button', { type: 'submit', class: 'send' });
  readonly #count = el('span', { class: 'count', 'aria-live': 'polite' });
  readonly #actions: ComposerActions;
  #words: Words;
  #busy = false;
  #offline = false;

  constructor(words: Words, actions: ComposerActions) {
    this.#words = words;
    this.#actions = actions;
    this.element.append(this.field, this.#count, this.#button);
    this.element.addEventListener('submit', (event) => {
      event.preventDefault();
      if (this.#busy) actions.stop();
      else this.#send();
    });
    this.element.addEventListener('click', (event) => {
      if (event.target === this.element) this.field.focus();
    });
    this.field.addEventListener('input', () => this.#update());
    this.field.addEventListener('keydown', (event) => {
      // While an input method composes (Japanese, Chinese), Enter picks a word and must not send.
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
      event.preventDefault();
      if (!this.#busy) this.#send();
    });
    this.setWords(words);
  }

  setWords(words: Words): void {
    this.#words = words;
    this.field.placeholder = words.placeholder;
    this.field.setAttribute('aria-label', words.placeholder);
    this.#update();
  }

  setBusy(busy: boolean): void {
    this.#busy = busy;
    this.#update();
  }

  /** Offline, what is written stays in the field. */
  setOffline(offline: boolean): void {
    this.#offline = offline;
    this.#update();
  }

  /** Gives the field the height of its words; call when the panel becomes visible, hidden fields have no height. */
  fit(): void {
    this.field.style.setProperty('height', 'auto');
    const { scrollHeight } = this.field;
    if (scrollHeight > 0) this.field.style.setProperty('height', `${Math.min(scrollHeight, FIELD_PX_MAX)}px`);
  }

  #send(): void {
    const words = this.field.value;
    if (words.trim() === '' || this.#offline) return;
    this.field.value = '';
    this.#update();
    this.#actions.send(words);
  }

  #update(): void {
    const label = this.#busy ? this.#words.stop : this.#words.send;
    const empty = this.field.value.trim() === '' || this.#offline;
    if (this.#button.getAttribute('aria-label') !== label) {
      this.#button.setAttribute('aria-label', label);
      this.#button.title = label;
      this.#button.replaceChildren(icon(this.#busy ? CHAT_ICONS.stop : CHAT_ICONS.send, this.#busy ? 'icon solid' : 'icon'));
    }
    this.#button.setAttribute('aria-disabled', String(!this.#busy && empty));
    const left = WIDGET_MESSAGE_MAX - this.field.value.length;
    this.#count.textContent = this.field.value.length > COUNT_FROM ? String(left) : '';
    // An empty field shows its placeholder in the language's direction; words find their own.
    this.field.dir = this.field.value === '' ? '' : 'auto';
    this.fit();
  }
}
