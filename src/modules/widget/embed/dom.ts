import { bare } from './plain-data.ts';

/**
 * Building elements without markup strings: nothing here parses HTML, so text from a server, a page or a
 * visitor can only become text, and a page that enforces Trusted Types is not disturbed.
 */

type Child = Node | string | null | undefined | false;

/** Creates an element. Attributes set to false, null or undefined are left out; true means present. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string | boolean | null | undefined>> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const name of Object.keys(attributes)) {
    const value = attributes[name];
    if (value === true) element.setAttribute(name, '');
    else if (typeof value === 'string') element.setAttribute(name, value);
  }
  for (const child of children) if (child) element.append(child);
  return element;
}

/** An icon button: its words are both tooltip and accessible name. */
export function iconButton(label: string, icon: SVGElement, className: string): HTMLButtonElement {
  return el('button', { type: 'button', class: className, 'aria-label': label, title: label }, icon);
}

const SVG = 'http://www.w3.org/2000/svg';

/** A 24 by 24 line icon from path data. Hidden from assistive technology: the button carries the words. */
export function icon(path: string, className = 'icon'): SVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', className);
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('focusable', 'false');
  const line = document.createElementNS(SVG, 'path');
  line.setAttribute('d', path);
  svg.append(line);
  return svg;
}

/**
 * Adds a style sheet to a shadow root. Constructed sheets are not subject to the page's `style-src`;
 * browsers without them get a style element with the page's nonce.
 */
export function addStyles(root: ShadowRoot, css: string, nonce: string): void {
  if ('adoptedStyleSheets' in root && 'replaceSync' in CSSStyleSheet.prototype) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    return;
  }
  const style = document.createElement('style');
  style.nonce = nonce;
  style.textContent = css;
  root.prepend(style);
}

/** An element of ours with an open shadow root, not yet in the document. */
export function shadowHost(): { host: HTMLElement; root: ShadowRoot } {
  const host = document.createElement('cmp-widget');
  return { host, root: host.attachShadow(bare({ mode: 'open' as const })) };
}

/** An absolute http(s) address, or null. Anything else a server or page may send is not an address to us. */
export function webAddress(value: unknown, base?: string): string | null {
  if (typeof value !== 'string' || value === '') return null;
  try {
    const url = new URL(value, base);
    return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : null;
  } catch {
    return null;
  }
}

/** A round picture; the first letter of the name where there is no picture or it does not load. */
export function avatar(name: string, address: string | null, className = 'avatar'): HTMLElement {
  const initial = Array.from(name.trim())[0]?.toUpperCase() ?? '?';
  const mark = el('span', { class: className, 'aria-hidden': 'true' }, initial);
  if (address !== null) {
    const picture = el('img', { alt: '', src: address, referrerpolicy: 'no-referrer', draggable: 'false' });
    picture.addEventListener('load', () => mark.replaceChildren(picture), { once: true });
  }
  return mark;
}
