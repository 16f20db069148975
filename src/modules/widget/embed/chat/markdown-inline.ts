import type { MarkdownOptions, MdNode, MdTag } from './markdown-tree.ts';

const DEPTH_MAX = 5;
/** How far the end of a mark is looked for; keeps the whole parse linear on hostile input. */
const REACH = 2_000;
const LABEL_REACH = 500;
const CLOSERS_MAX = 40;
const WORD = /[\p{L}\p{N}]/u;

/** Parses the words of one block. Total and bounded: a mark that does not close in reach is plain text. */
export function parseInline(source: string, options: MarkdownOptions, depth = 0): MdNode[] {
  const nodes: MdNode[] = [];
  let plain = '';
  let at = 0;
  const flush = (): void => {
    if (plain !== '') nodes.push({ kind: 'text', text: plain });
    plain = '';
  };
  while (at < source.length) {
    const found = depth < DEPTH_MAX ? special(source, at, options, depth) : null;
    if (found === null) {
      const escaped = source[at] === '\\' && /[!-/:-@[-`{-~]/.test(source[at + 1] ?? '');
      plain += escaped ? (source[at + 1] ?? '') : (source[at] ?? '');
      at += escaped ? 2 : 1;
      continue;
    }
    if (found.node === null) plain += found.plain;
    else {
      flush();
      nodes.push(...found.node);
    }
    at = found.end;
  }
  flush();
  return nodes;
}

type Found = { node: MdNode[]; end: number } | { node: null; plain: string; end: number } | null;

function special(source: string, at: number, options: MarkdownOptions, depth: number): Found {
  switch (source[at]) {
    case '\n':
      return { node: [{ kind: 'element', tag: 'br', children: [] }], end: at + 1 };
    case '`':
      return codeSpan(source, at, options);
    case '*':
    case '_':
    case '~':
      return emphasis(source, at, options, depth);
    case '[':
      return citation(source, at, options) ?? link(source, at, options, depth);
    case '!':
      return source[at + 1] === '[' ? picture(source, at, options) : null;
    case '<':
      return angleLink(source, at);
    case 'h':
      return bareLink(source, at);
    default:
      return null;
  }
}

function codeSpan(source: string, at: number, options: MarkdownOptions): Found {
  const ticks = runLength(source, at);
  const mark = '`'.repeat(ticks);
  let close = within(source, mark, at + ticks);
  while (close !== -1 && runLength(source, close) !== ticks) close = within(source, mark, close + runLength(source, close));
  if (close === -1) {
    if (options.streaming !== true || ticks > 1) return { node: null, plain: mark, end: at + ticks };
    close = source.length;
  }
  const text = source.slice(at + ticks, close).replace(/\n/g, ' ');
  const trimmed = text.startsWith(' ') && text.endsWith(' ') && text.trim() !== '' ? text.slice(1, -1) : text;
  return { node: [element('code', [{ kind: 'text', text: trimmed }])], end: Math.min(close + ticks, source.length) };
}

function emphasis(source: string, at: number, options: MarkdownOptions, depth: number): Found {
  const sign = source[at] ?? '';
  const run = runLength(source, at);
  const length = Math.min(run, 3);
  const mark = sign.repeat(length);
  const literal: Found = { node: null, plain: sign.repeat(run), end: at + run };
  if (run > 3 || (sign === '~' && run !== 2)) return literal;
  const next = source[at + length];
  if (next === undefined) return options.streaming === true ? { node: null, plain: '', end: source.length } : literal;
  if (/\s/.test(next) || (sign === '_' && WORD.test(source[at - 1] ?? ''))) return literal;
  let close = closer(source, mark, at + length);
  if (close === -1) {
    if (options.streaming !== true || source.length - at > REACH) return literal;
    close = source.length;
  }
  const inner = parseInline(source.slice(at + length, close), options, depth + 1);
  const node = sign === '~' ? element('del', inner) : length === 1 ? element('em', inner) : element('strong', length === 3 ? [element('em', inner)] : inner);
  return { node: [node], end: Math.min(close + length, source.length) };
}

/** Where the mark ends: not after a space, not inside a longer run, and `_` not within a word. */
function closer(source: string, mark: string, from: number): number {
  const area = source.slice(from, from + REACH);
  let at = area.indexOf(mark);
  for (let tries = 0; at !== -1 && tries < CLOSERS_MAX; tries++) {
    const run = runLength(area, at);
    const before = area[at - 1] ?? ' ';
    const inWord = mark[0] === '_' && WORD.test(area[at + run] ?? '');
    const ends = !/\s/.test(before) && before !== '\\' && !inWord;
    if (ends && run === mark.length) return from + at;
    if (ends && run === 3) return from + at + run - mark.length;
    at = area.indexOf(mark, at + run);
  }
  return -1;
}

/** `[2]`, as the server's prompt asks the model to write it; not the start of a link. */
function citation(source: string, at: number, options: MarkdownOptions): Found {
  const match = /^\[(\d{1,3})\](?![([:])/.exec(source.slice(at, at + 7));
  const number = Number(match?.[1]);
  if (match === null || number < 1 || number > (options.citations ?? 0)) return null;
  return { node: [{ kind: 'citation', number }], end: at + match[0].length };
}

function link(source: string, at: number, options: MarkdownOptions, depth: number): Found {
  const labelEnd = matching(source, at + 1, '[', ']', LABEL_REACH);
  if (labelEnd === -1) return null;
  const label = source.slice(at + 1, labelEnd);
  if (source[labelEnd + 1] !== '(' || label.includes('\n\n')) return null;
  const close = matching(source, labelEnd + 2, '(', ')', REACH);
  const children = withoutLinks(parseInline(label, { ...options, citations: 0 }, depth + 1));
  if (close === -1) return options.streaming === true && source.length - labelEnd < REACH ? { node: children, end: source.length } : null;
  const href = safeLink(source.slice(labelEnd + 2, close).trim().replace(/\s+["'(].*$/s, '').replace(/^<(.*)>$/, '$1'));
  return { node: href === null ? children : [{ kind: 'link', href, children }], end: close + 1 };
}

/** The bracket that closes what began before `from`, in reach; pairs inside belong to the content. */
function matching(source: string, from: number, opening: string, closing: string, reach: number): number {
  let open = 0;
  for (let at = from; at < Math.min(source.length, from + reach); at++) {
    if (source[at] === opening) open += 1;
    else if (source[at] === closing && open-- === 0) return at;
  }
  return -1;
}

/** A picture would fetch an address chosen by the text, which can carry data away: only its words are shown. */
function picture(source: string, at: number, options: MarkdownOptions): Found {
  const found = link(source, at + 1, { ...options, citations: 0 }, DEPTH_MAX);
  if (found === null || found.node === null) return null;
  return { node: withoutLinks(found.node), end: found.end };
}

function withoutLinks(nodes: MdNode[]): MdNode[] {
  return nodes.flatMap((node) => (node.kind === 'link' ? node.children : [node]));
}

function angleLink(source: string, at: number): Found {
  const close = within(source, '>', at);
  const address = close === -1 ? '' : source.slice(at + 1, close);
  const href = /^(https?:\/\/|mailto:)\S+$/i.test(address) ? safeLink(address) : null;
  return href === null ? null : { node: [{ kind: 'link', href, children: [{ kind: 'text', text: address }] }], end: close + 1 };
}

function bareLink(source: string, at: number): Found {
  if (WORD.test(source[at - 1] ?? '')) return null;
  const match = /^https?:\/\/[^\s<>"'`*|{}\\^]+/i.exec(source.slice(at, at + REACH));
  if (match === null) return null;
  let address = match[0].replace(/[.,;:!?。，、）]+$/, '');
  if (address.endsWith(')') && !address.includes('(')) address = address.slice(0, -1).replace(/[.,;:!?]+$/, '');
  const href = safeLink(address);
  return href === null ? null : { node: [{ kind: 'link', href, children: [{ kind: 'text', text: address }] }], end: at + address.length };
}

/** The only addresses a link may have: absolute http, https or mailto, as the browser itself reads them. */
export function safeLink(address: string): string | null {
  try {
    const url = new URL(address);
    return ['https:', 'http:', 'mailto:'].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

function runLength(source: string, at: number): number {
  let end = at;
  while (source[end] === source[at] && end - at < REACH) end += 1;
  return end - at;
}

/** `indexOf` that gives up after REACH characters. */
function within(source: string, mark: string, from: number): number {
  const at = source.slice(from, from + REACH).indexOf(mark);
  return at === -1 ? -1 : from + at;
}

function element(tag: MdTag, children: MdNode[]): MdNode {
  return { kind: 'element', tag, children };
}
