import { el } from '../dom.ts';
import type { MdNode } from './markdown-tree.ts';

/** What the surrounding message supplies: the words for a code block's button and for a citation mark. */
export type RenderWords = { copyCode: string; source: string };

/** Builds elements from the tree. Clicks are handled by the message (see `data-cite`, `data-copy-code`), so nodes can be swapped freely. */
export function renderMarkdown(nodes: readonly MdNode[], words: RenderWords): DocumentFragment {
  const fragment = document.createDocumentFragment();
  for (const node of nodes) fragment.append(render(node, words));
  return fragment;
}

function render(node: MdNode, words: RenderWords): Node {
  switch (node.kind) {
    case 'text':
      return document.createTextNode(node.text);
    case 'citation':
      return el('button', { type: 'button', class: 'cite', 'data-cite': String(node.number), 'aria-label': `${words.source} ${node.number}` }, String(node.number));
    case 'link': {
      const link = el('a', { href: node.href, target: '_blank', rel: 'noopener noreferrer nofollow', title: node.href });
      link.append(renderMarkdown(node.children, words));
      return link;
    }
    case 'code-block':
      return el(
        'div',
        { class: 'code', dir: 'ltr' },
        el('div', { class: 'code-head' }, el('span', {}, node.language), el('button', { type: 'button', class: 'code-copy', 'data-copy-code': true }, words.copyCode)),
        el('pre', { tabindex: '0' }, el('code', {}, node.text)),
      );
    case 'element':
      return element(node, words);
  }
}

function element(node: MdNode & { kind: 'element' }, words: RenderWords): HTMLElement {
  const children = renderMarkdown(node.children, words);
  const start = node.start !== undefined && node.start !== 1 ? String(node.start) : null;
  const attributes = { dir: AUTO_DIRECTION.has(node.tag) && 'auto', start, scope: node.tag === 'th' && 'col' };
  const made = el(node.tag, attributes);
  made.append(children);
  return node.tag === 'table' ? el('div', { class: 'table', tabindex: '0' }, made) : made;
}

/**
 * Each of these finds its own direction, so that an Arabic answer may quote an English line. A list or table does it as
 * a whole (its parts carry none, or they would not count for it), so that marks and columns stand on the right side.
 */
const AUTO_DIRECTION: ReadonlySet<string> = new Set(['p', 'h4', 'ul', 'ol', 'table']);
