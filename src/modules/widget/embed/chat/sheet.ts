import type { WidgetCitation } from '../../embed-contract.ts';
import { el, icon, iconButton } from '../dom.ts';
import type { Words } from '../words/en.ts';
import { CHAT_ICONS } from './chat-icons.ts';

/**
 * A small dialog that rises over the conversation: a cited passage, or a question before something is lost.
 * The rest of the panel is inert meanwhile; closing returns the keyboard to where it was.
 */
export class Sheet {
  readonly element = el('div', { class: 'sheet-layer', hidden: true });
  readonly #root: ShadowRoot;
  readonly #behind: readonly HTMLElement[];
  #before: Element | null = null;

  constructor(root: ShadowRoot, behind: readonly HTMLElement[]) {
    this.#root = root;
    this.#behind = behind;
    this.element.addEventListener('click', (event) => {
      if (event.target === this.element) this.close();
    });
  }

  get isOpen(): boolean {
    return !this.element.hidden;
  }

  showCitation(citation: WidgetCitation, number: number, words: Words): void {
    const close = iconButton(words.close, icon(CHAT_ICONS.close), 'plain-icon');
    close.addEventListener('click', () => this.close());
    const title = citation.title || `${words.source} ${number}`;
    const place = citation.page === null ? null : el('p', { class: 'sheet-place' }, words.page.replace('{n}', String(citation.page)));
    const link = citation.url === null ? null : el(
      'a',
      { class: 'quiet', href: citation.url, target: '_blank', rel: 'noopener noreferrer nofollow' },
      words.openSource,
      icon(CHAT_ICONS.link),
    );
    this.#open(title, close,
      el('div', { class: 'sheet-head' }, el('span', { class: 'cite still' }, String(number)), el('div', { class: 'grow' }, el('h3', { dir: 'auto' }, title), place), close),
      el('blockquote', { class: 'passage', dir: 'auto', tabindex: '0' }, citation.snippet || words.noPassage),
      link,
    );
  }

  /** Asks before something is cleared. `yes` runs only on consent. */
  ask(question: string, yesWords: string, noWords: string, yes: () => void): void {
    const no = el('button', { type: 'button', class: 'quiet' }, noWords);
    const agree = el('button', { type: 'button', class: 'strong' }, yesWords);
    no.addEventListener('click', () => this.close());
    agree.addEventListener('click', () => {
      this.close();
      yes();
    });
    this.#open(question, no, el('p', { class: 'sheet-question' }, question), el('div', { class: 'sheet-buttons' }, no, agree));
  }

  close(): void {
    if (!this.isOpen) return;
    this.element.hidden = true;
    this.element.replaceChildren();
    for (const part of this.#behind) part.inert = false;
    if (this.#before instanceof HTMLElement && this.#before.isConnected) this.#before.focus();
  }

  #open(label: string, focus: HTMLElement, ...content: (Node | null)[]): void {
    if (!this.isOpen) this.#before = this.#root.activeElement;
    const sheet = el('div', { class: 'sheet', role: 'dialog', 'aria-modal': 'true', 'aria-label': label }, ...content);
    this.element.replaceChildren(sheet);
    this.element.hidden = false;
    for (const part of this.#behind) part.inert = true;
    focus.focus();
  }
}
