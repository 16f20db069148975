import { load } from 'cheerio';
import { SourceError } from '../source-reader.ts';
import { type DomElement, type DomNode, isElement, isText } from '../../parse/dom-node.ts';

/** A page's content as plain HTML, and what it holds beside text. */
export interface StorageHtml { html: string; /** Files that the page shows or links; they are not read. */ attachments: number }

const KEPT = new Set([
  'p', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'ul', 'ol', 'li', 'table', 'thead', 'tbody', 'tfoot', 'tr', 'th', 'td', 'pre', 'code', 'blockquote', 'div', 'span', 'br', 'hr',
  'strong', 'b', 'em', 'i', 'u', 's', 'del', 'sub', 'sup', 'a', 'dl', 'dt', 'dd',
]);
const VOID = new Set(['br', 'hr']);
/** What is no content, or of others: placeholders, settings of macros, people. */
const SKIPPED = new Set(['ac:parameter', 'ac:placeholder', 'ac:task-id', 'ac:adf-attribute', 'ri:user', 'script', 'style']);
/** Macros that are made when a page is shown: lists of pages, of files, of what changed. */
const SHOWN_ONLY = new Set(['toc', 'toc-zone', 'children', 'pagetree', 'anchor', 'attachments', 'gallery', 'recently-updated', 'contentbylabel', 'livesearch', 'include', 'excerpt-include', 'html', 'html-include', 'style', 'widget', 'iframe', 'profile', 'blog-posts']);
const PANELS: ReadonlyMap<string, string> = new Map([['info', 'Info'], ['note', 'Note'], ['warning', 'Warning'], ['tip', 'Tip'], ['panel', ''], ['expand', '']]);
/** The parser's work on each element grows with those around it, and it is done in the server's own process. */
const DEPTH_MAX = 300;

/**
 * Confluence's storage format (XHTML with elements of its own) as HTML: macros become what they say, their settings and
 * what is only made for the screen is left out. Nothing it refers to is fetched. Throws {@link SourceError} `too-large`
 * for elements in elements without end.
 */
export function storageHtml(storage: string): StorageHtml {
  if (isNestedDeeper(storage, DEPTH_MAX)) throw new SourceError('too-large', 'Its elements are nested too deeply to be read.');
  const page = load(storage, { xml: { xmlMode: true, decodeEntities: false } });
  const walk = new StorageWalk();
  return { html: walk.nodes(page.root().contents().toArray(), 0), attachments: walk.attachments };
}

class StorageWalk {
  attachments = 0;

  nodes(nodes: readonly DomNode[], depth: number): string {
    if (depth > DEPTH_MAX) return '';
    return nodes.map((node) => this.#node(node, depth)).join('');
  }

  #node(node: DomNode, depth: number): string {
    // Entities were left as they are, so this is escaped already.
    if (isText(node)) return node.data;
    // CDATA has children like an element, and scripts have attributes like one.
    if (!isElement(node)) return 'children' in node && !('attribs' in node) ? escaped(rawText(node)) : '';
    const name = node.name.toLowerCase();
    if (SKIPPED.has(name)) return '';
    if (name === 'ac:structured-macro' || name === 'ac:macro') return this.#macro(node, depth);
    if (KEPT.has(name)) return VOID.has(name) ? `<${name}>` : `<${name}>${this.nodes(node.children, depth + 1)}</${name}>`;
    switch (name) {
      case 'ac:link': return this.#link(node, depth);
      case 'ac:image': return this.#image(node, depth);
      case 'ac:task-list': return `<ul>${this.nodes(node.children, depth + 1)}</ul>`;
      case 'ac:task': return `<li>[${textIn(node, 'ac:task-status') === 'complete' ? 'x' : ' '}] ${this.#inside(node, 'ac:task-body', depth)}</li>`;
      case 'ac:emoticon': { const sign = attribute(node, 'ac:emoji-fallback'); return sign.startsWith(':') ? '' : sign; }
      case 'ac:adf-extension': return child(node, 'ac:adf-fallback') ? this.#inside(node, 'ac:adf-fallback', depth) : this.nodes(node.children, depth + 1);
      case 'ri:attachment': this.attachments += 1; return '';
      case 'time': return attribute(node, 'datetime');
      // Layouts, marks of comments, bodies, and elements yet to come: what is inside.
      default: return this.nodes(node.children, depth + 1);
    }
  }

  #macro(macro: DomElement, depth: number): string {
    const kind = (macro.attribs['ac:name'] ?? '').toLowerCase();
    const title = parameter(macro, 'title');
    const panel = PANELS.get(kind);
    if (panel !== undefined) return `<div>${strongLine([panel, title].filter((part) => part !== '').join(': '))}${this.#inside(macro, 'ac:rich-text-body', depth)}</div>`;
    if (kind === 'status') return title;
    if (kind === 'jira') return parameter(macro, 'key');
    if (kind === 'view-file' || kind === 'viewpdf') { this.attachments += 1; return ''; }
    if (SHOWN_ONLY.has(kind)) return '';
    const plain = child(macro, 'ac:plain-text-body');
    if (plain) return `${strongLine(title)}<pre>${escaped(rawText(plain))}</pre>`;
    return this.#inside(macro, 'ac:rich-text-body', depth);
  }

  #link(link: DomElement, depth: number): string {
    const target = link.children.filter(isElement);
    if (target.some(({ name }) => name === 'ri:attachment')) this.attachments += 1;
    const rich = this.#inside(link, 'ac:link-body', depth);
    if (rich !== '') return rich;
    const plain = child(link, 'ac:plain-text-link-body');
    if (plain) return escaped(rawText(plain));
    return target.map((one) => attribute(one, 'ri:content-title') || attribute(one, 'ri:filename')).find((text) => text !== '') ?? '';
  }

  #image(image: DomElement, depth: number): string {
    if (child(image, 'ri:attachment')) this.attachments += 1;
    const words = this.#inside(image, 'ac:caption', depth) || attribute(image, 'ac:alt');
    return words === '' ? '' : ` ${words} `;
  }

  #inside(element: DomElement, name: string, depth: number): string {
    const body = child(element, name);
    return body ? this.nodes(body.children, depth + 1) : '';
  }
}

const child = (element: DomElement, name: string): DomElement | undefined => element.children.filter(isElement).find((one) => one.name === name);
/** Attributes and texts keep their entities, so these are HTML as they stand. */
const textIn = (element: DomElement, name: string): string => { const found = child(element, name); return found ? rawText(found).trim() : ''; };
const parameter = (macro: DomElement, name: string): string => {
  const found = macro.children.filter(isElement).find((one) => one.name === 'ac:parameter' && one.attribs['ac:name'] === name);
  return found ? rawText(found).trim() : '';
};
const attribute = ({ attribs }: DomElement, name: string): string => (attribs[name] ?? '').replaceAll('<', '&lt;');
const strongLine = (words: string): string => (words === '' ? '' : `<p><strong>${words}</strong></p>`);
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function isNestedDeeper(markup: string, depthMax: number): boolean {
  let depth = 0;
  for (let at = markup.indexOf('<'); at >= 0; at = markup.indexOf('<', at + 1)) {
    if (markup.startsWith('<![CDATA[', at)) { at = markup.indexOf(']]>', at); if (at < 0) return false; continue; }
    const next = markup[at + 1] ?? '';
    if (next === '!' || next === '?') continue;
    const end = markup.indexOf('>', at);
    if (end < 0) return false;
    if (next === '/') depth -= 1;
    else if (markup[end - 1] !== '/') depth += 1;
    if (depth > depthMax) return true;
    at = end;
  }
  return false;
}

/** Text below a node, also inside CDATA; without recursion. */
function rawText(root: DomNode): string {
  const parts: string[] = [];
  const stack: DomNode[] = [root];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (isText(node)) parts.push(node.data);
    else if ('children' in node) stack.push(...node.children.toReversed());
  }
  return parts.join('');
}
