import { el } from '../dom.ts';

/** Copies words to the clipboard; false if the browser or the page's permissions policy does not let us. */
export async function copyText(words: string, near: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(words);
    return true;
  } catch {
    // No clipboard on plain http pages and where the page forbids it: the old way needs a selected field.
    const field = el('textarea', { class: 'off-screen', readonly: true, tabindex: '-1', 'aria-hidden': 'true' });
    field.value = words;
    near.append(field);
    field.select();
    const copied = document.execCommand('copy');
    field.remove();
    near.focus();
    return copied;
  }
}
