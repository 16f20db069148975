import type { Cheerio } from 'cheerio';
import { BlockWriter, pipeTable } from './block-writer.ts';
import { type DomElement, type DomNode, isElement, isText } from './dom-node.ts';
import { PARSE_LIMITS } from './limits.ts';
import type { ParsedBlock } from './parsed-document.ts';

const SKIPPED = new Set([
  'script', 'style', 'noscript', 'template', 'head', 'svg', 'math', 'iframe', 'object', 'embed', 'canvas', 'audio', 'video',
  'select', 'button', 'input', 'textarea', 'link', 'meta',
]);
const INLINE = new Set([
  'a', 'abbr', 'acronym', 'b', 'bdi', 'bdo', 'big', 'cite', 'code', 'data', 'del', 'dfn', 'em', 'font', 'i', 'ins', 'kbd', 'label',
  'mark', 'q', 'rp', 'rt', 'ruby', 's', 'samp', 'small', 'span', 'strike', 'strong', 'sub', 'sup', 'time', 'tt', 'u', 'var', 'wbr', 'img', 'br',
]);

/** The blocks below `root`, in document order. Elements in `skip` are left out with all they contain. */
export function htmlBlocks(root: Cheerio<DomNode>, skip: ReadonlySet<DomNode> = new Set()): ParsedBlock[] {
  const writer = new BlockWriter();
  writeHtml(writer, root, skip);
  return writer.blocks;
}

/** As {@link htmlBlocks}, for a page that is part of a larger document. */
export function writeHtml(writer: BlockWriter, root: Cheerio<DomNode>, skip: ReadonlySet<DomNode> = new Set()): void {
  const walk = new HtmlWalk(writer, skip);
  for (const node of root.toArray()) walk.node(node, 0);
  walk.flush();
}

class HtmlWalk {
  readonly writer: BlockWriter;
  readonly #skip: ReadonlySet<DomNode>;
  #inline = '';
  #list: { ordered: boolean; item: number }[] = [];

  constructor(writer: BlockWriter, skip: ReadonlySet<DomNode>) {
    this.writer = writer;
    this.#skip = skip;
  }

  node(node: DomNode, depth: number): void {
    if (this.#skip.has(node)) return;
    if (isText(node)) {
      this.#inline += node.data.replace(/\s+/g, ' ');
      return;
    }
    if (isElement(node)) return this.#element(node, depth);
    if ('children' in node && !('attribs' in node)) this.#children(node, depth);
  }

  /** Ends the running paragraph. */
  flush(): void {
    const text = tidy(this.#inline);
    this.#inline = '';
    if (text !== '') this.writer.text(text);
  }

  #element(element: DomElement, depth: number): void {
    const name = element.name.toLowerCase();
    if (SKIPPED.has(name)) return;
    if (name === 'br') { this.#inline += '\n'; return; }
    if (name === 'img') { this.#inline += ` ${element.attribs.alt ?? ''} `; return; }
    if (INLINE.has(name)) return this.#children(element, depth);
    const level = /^h([1-6])$/.exec(name)?.[1];
    if (level) {
      this.flush();
      return this.writer.heading(Number(level), plainText(element, this.#skip));
    }
    if (name === 'table') return this.#table(element, depth);
    if (name === 'pre') {
      this.flush();
      return this.writer.text(plainText(element, this.#skip, true));
    }
    if (name === 'ul' || name === 'ol') return this.#listItems(element, name === 'ol', depth);
    if (name === 'li' && this.#list.length > 0) return this.#listItem(element, depth);
    if (this.#list.length > 0) return this.#insideList(element, depth);
    this.flush();
    this.#children(element, depth);
    this.flush();
  }

  #children(parent: { children: readonly DomNode[] }, depth: number): void {
    if (depth > PARSE_LIMITS.depthMax) {
      for (const child of parent.children) this.#inline += ` ${plainText(child, this.#skip)} `;
      return;
    }
    for (const child of parent.children) this.node(child, depth + 1);
  }

  /** A list is one paragraph of lines: split, its items lose the sentence that introduces them. */
  #listItems(element: DomElement, ordered: boolean, depth: number): void {
    if (this.#list.length === 0) this.flush();
    this.#list.push({ ordered, item: 0 });
    this.#children(element, depth);
    this.#list.pop();
    if (this.#list.length === 0) this.flush();
  }

  #listItem(element: DomElement, depth: number): void {
    const list = this.#list.at(-1);
    if (!list) return;
    list.item++;
    const mark = list.ordered ? `${list.item}.` : '-';
    this.#inline = `${this.#inline.trimEnd()}\n${'  '.repeat(this.#list.length - 1)}${mark} `;
    this.#children(element, depth);
  }

  /** Paragraphs of a list item stay in its list: the first on the line of its mark, the others on lines of their own. */
  #insideList(element: DomElement, depth: number): void {
    if (!/(^|\n) *(-|\d+\.)\s*$/.test(this.#inline.slice(-40))) this.#inline = `${this.#inline.trimEnd()}\n${'  '.repeat(this.#list.length)}`;
    this.#children(element, depth);
  }

  /** A table of data becomes lines; a table that only arranges the page is read cell by cell. */
  #table(table: DomElement, depth: number): void {
    const rows = ownRows(table);
    const cells = rows.map((row) => row.children.filter(isCell));
    const columns = Math.max(0, ...cells.map((row) => row.length));
    const nested = cells.flat().some((cell) => containsBlock(cell));
    this.flush();
    if (columns < 2 || nested) {
      this.#children(table, depth);
      return this.flush();
    }
    this.writer.table(pipeTable(cells.map((row) => row.map((cell) => plainText(cell, this.#skip)))));
  }
}

const isCell = (node: DomNode): node is DomElement => isElement(node) && (node.name === 'td' || node.name === 'th');

function ownRows(table: DomElement): DomElement[] {
  const sections = table.children.filter(isElement);
  return sections.flatMap((child) =>
    child.name === 'tr' ? [child] : /^t(head|body|foot)$/.test(child.name) ? child.children.filter(isElement).filter((row) => row.name === 'tr') : [],
  );
}

/** Headings and tables inside a cell mean layout, as do many paragraphs. */
function containsBlock(cell: DomElement): boolean {
  let paragraphs = 0;
  const stack: DomNode[] = [...cell.children];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (!isElement(node)) continue;
    if (/^(table|h[1-6]|article|section)$/.test(node.name)) return true;
    if (node.name === 'p' && ++paragraphs > 12) return true;
    stack.push(...node.children);
  }
  return false;
}

/** All text below a node, without recursion: depth is the file's choice, the call stack is ours. */
function plainText(root: DomNode, skip: ReadonlySet<DomNode>, preserve = false): string {
  const parts: string[] = [];
  const stack: DomNode[] = [root];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (skip.has(node)) continue;
    if (isText(node)) parts.push(node.data);
    else if (isElement(node) && !SKIPPED.has(node.name)) {
      if (node.name === 'br') parts.push('\n');
      else if (!INLINE.has(node.name) && node !== root) parts.push(preserve ? '' : ' ');
      for (let index = node.children.length - 1; index >= 0; index--) {
        const child = node.children[index];
        if (child) stack.push(child);
      }
    }
  }
  const text = parts.join('');
  return preserve ? text : text.replace(/\s+/g, ' ').trim();
}

/** Spaces inside lines collapse; line ends and the indentation of list items stay. */
const tidy = (text: string): string =>
  text.split('\n').map((line) => line.replace(/(\S)\s+/g, '$1 ').trimEnd().replace(/^\s(?=\S)/, '')).join('\n').replace(/\n{3,}/g, '\n\n').trim();
