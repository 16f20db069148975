import { el } from './dom.ts';
import { Frame } from './frame.ts';

let shown: Frame | null = null;

/**
 * Tells the developer of the page, in the page, what is wrong with the integration. In English: it is for whoever
 * pastes the code, not for visitors, so it is shown only where that is likely (see `isDeveloperLooking`) or where
 * the fault is a leaked secret.
 */
export function showNotice(message: string, nonce: string): void {
  hideNotice();
  const frame = new Frame('floating', nonce);
  const close = el('button', { type: 'button', class: 'notice-close' }, 'Close');
  close.addEventListener('click', hideNotice);
  frame.inner.append(
    el('div', { class: 'notice', role: 'alert' }, el('strong', {}, 'Chat not started'), el('p', {}, message), close),
  );
  frame.attach(document.body ?? document.documentElement);
  shown = frame;
}

export function hideNotice(): void {
  shown?.destroy();
  shown = null;
}

/** A test key or a local address: the person looking is building the page. */
export function isDeveloperLooking(key: string): boolean {
  return key.startsWith('pk_test_') || /^(localhost|127(\.\d+){3}|\[::1\]|.*\.(local|test))$/.test(location.hostname);
}
