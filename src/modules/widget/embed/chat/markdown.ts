import { parseInline } from './markdown-inline.ts';
import type { MarkdownOptions, MdNode, MdTag } from './markdown-tree.ts';

const DEPTH_MAX = 6;
const COLUMNS_MAX = 12;

const FENCE = /^ {0,3}(`{3,}|~{3,})([^`]*)$/;
const HEADING = /^ {0,3}#{1,6}\s+(\S.*)$/;
const RULE = /^ {0,3}([-*_])(?:\s*\1){2,}\s*$/;
const ITEM = /^( {0,3})([-*+•]|(\d{1,9})[.)])(?:\s+|$)/;
const QUOTE = /^ {0,3}> ?/;
const TABLE_RULE = /^\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?$/;

/** Parses a whole text. Total: every text gives a tree, and nesting is bounded. */
export function parseMarkdown(source: string, options: MarkdownOptions = {}): MdNode[] {
  return blocks(source.replace(/\r\n?/g, '\n').replace(/\t/g, '    ').split('\n'), options, 0);
}

function blocks(lines: readonly string[], options: MarkdownOptions, depth: number): MdNode[] {
  const nodes: MdNode[] = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at] ?? '';
    if (line.trim() === '') {
      at += 1;
      continue;
    }
    const taken = fence(lines, at, nodes)
      || heading(line, nodes, options)
      || rule(line, nodes)
      || (depth < DEPTH_MAX && (quote(lines, at, nodes, options, depth) || list(lines, at, nodes, options, depth)))
      || table(lines, at, nodes, options)
      || paragraph(lines, at, nodes, options);
    at += taken;
  }
  return nodes;
}

/** Each block reader adds its node and returns how many lines it took; 0 if the block is of another kind. */
function fence(lines: readonly string[], at: number, nodes: MdNode[]): number {
  const open = FENCE.exec(lines[at] ?? '');
  const mark = open?.[1];
  if (open === null || mark === undefined) return 0;
  let end = at + 1;
  while (end < lines.length && !closesFence(lines[end] ?? '', mark)) end += 1;
  nodes.push({ kind: 'code-block', language: /^\s*([\w+#.-]{0,30})/.exec(open[2] ?? '')?.[1] ?? '', text: lines.slice(at + 1, end).join('\n') });
  return end - at + 1;
}

function closesFence(line: string, mark: string): boolean {
  const trimmed = line.trim();
  return trimmed.length >= mark.length && trimmed === (mark[0] ?? '').repeat(trimmed.length);
}

function heading(line: string, nodes: MdNode[], options: MarkdownOptions): number {
  const words = HEADING.exec(line)?.[1];
  if (words === undefined) return 0;
  nodes.push(element('h4', parseInline(words.trim().replace(/\s#+$/, ''), options)));
  return 1;
}

function rule(line: string, nodes: MdNode[]): number {
  if (!RULE.test(line)) return 0;
  nodes.push(element('hr', []));
  return 1;
}

function quote(lines: readonly string[], at: number, nodes: MdNode[], options: MarkdownOptions, depth: number): number {
  let end = at;
  while (end < lines.length && QUOTE.test(lines[end] ?? '')) end += 1;
  if (end === at) return 0;
  nodes.push(element('blockquote', blocks(lines.slice(at, end).map((line) => line.replace(QUOTE, '')), options, depth + 1)));
  return end - at;
}

function list(lines: readonly string[], at: number, nodes: MdNode[], options: MarkdownOptions, depth: number): number {
  const first = ITEM.exec(lines[at] ?? '');
  if (first === null) return 0;
  const ordered = first[3] !== undefined;
  const items: MdNode[] = [];
  let next = at;
  while (next < lines.length) {
    const head = ITEM.exec(lines[next] ?? '');
    if (head === null || (head[3] !== undefined) !== ordered || RULE.test(lines[next] ?? '')) break;
    const end = itemEnd(lines, next, head[0].length);
    const body = lines.slice(next, end).map((line, index) => (index === 0 ? line.slice(head[0].length) : dedent(line, head[0].length)));
    items.push(element('li', tight(blocks(body, options, depth + 1))));
    next = end;
    while (next < lines.length && (lines[next] ?? '').trim() === '' && ITEM.test(lines[next + 1] ?? '')) next += 1;
  }
  nodes.push({ kind: 'element', tag: ordered ? 'ol' : 'ul', children: items, ...(ordered ? { start: Number(first[3]) } : {}) });
  return next - at;
}

/** An item reaches over indented lines, and over plain lines that directly continue its text. */
function itemEnd(lines: readonly string[], at: number, indent: number): number {
  let end = at + 1;
  for (; end < lines.length; end++) {
    const line = lines[end] ?? '';
    if (line.trim() === '') {
      if (!isIndented(lines[end + 1] ?? '', indent)) break;
    } else if (!isIndented(line, indent)) {
      const continues = (lines[end - 1] ?? '').trim() !== '' && !ITEM.test(line) && !startsBlock(line);
      if (!continues) break;
    }
  }
  return end;
}

function isIndented(line: string, indent: number): boolean {
  return line.trim() !== '' && line.search(/\S/) >= Math.min(indent, 2);
}

function dedent(line: string, indent: number): string {
  return line.slice(Math.min(indent, Math.max(line.search(/\S/), 0)));
}

/** An item with one paragraph shows its words directly. */
function tight(children: MdNode[]): MdNode[] {
  const [first, ...rest] = children;
  if (first?.kind !== 'element' || first.tag !== 'p') return children;
  return [...first.children, ...rest];
}

function table(lines: readonly string[], at: number, nodes: MdNode[], options: MarkdownOptions): number {
  const head = lines[at] ?? '';
  if (!head.includes('|') || !TABLE_RULE.test((lines[at + 1] ?? '').trim())) return 0;
  const columns = cells(head);
  if (columns.length < 2 || cells(lines[at + 1] ?? '').length !== columns.length) return 0;
  const row = (words: readonly string[], tag: 'th' | 'td'): MdNode =>
    element('tr', columns.map((_, index) => element(tag, parseInline(words[index] ?? '', options))));
  const rows = [row(columns, 'th')];
  let end = at + 2;
  for (; end < lines.length && (lines[end] ?? '').includes('|'); end++) rows.push(row(cells(lines[end] ?? ''), 'td'));
  nodes.push(element('table', rows));
  return end - at;
}

function cells(line: string): string[] {
  const inner = line.trim().replace(/^\|/, '').replace(/\|$/, '');
  return inner.split('|', COLUMNS_MAX).map((cell) => cell.trim());
}

function paragraph(lines: readonly string[], at: number, nodes: MdNode[], options: MarkdownOptions): number {
  let end = at + 1;
  while (end < lines.length && (lines[end] ?? '').trim() !== '' && !startsBlock(lines[end] ?? '') && !ITEM.test(lines[end] ?? '')) end += 1;
  const words = lines.slice(at, end).map((line) => line.trim()).join('\n');
  nodes.push(element('p', parseInline(words, options)));
  return end - at;
}

function startsBlock(line: string): boolean {
  return FENCE.test(line) || HEADING.test(line) || RULE.test(line) || QUOTE.test(line);
}

function element(tag: MdTag, children: MdNode[]): MdNode {
  return { kind: 'element', tag, children };
}
