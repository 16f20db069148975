import { load, type CheerioAPI } from 'cheerio';
import { BlockWriter, pipeTable } from './block-writer.ts';
import { type DomElement, type DomNode, isElement, isText } from './dom-node.ts';
import { dateOf } from './file-date.ts';
import { PARSE_LIMITS } from './limits.ts';
import { ParseError, type ReadContent } from './parsed-document.ts';
import { verifyZipSizes, ZipTexts } from './zip-check.ts';

/** What stands beside the text: the history of changes holds what was deleted. */
const SKIPPED = new Set(['text:tracked-changes', 'office:annotation', 'text:sequence-decls', 'office:forms', 'text:note-citation', 'svg:title']);
const REPEAT_MAX = 64;

/** A text document of OpenDocument (LibreOffice): headings, paragraphs, lists, tables and notes. */
export async function readOdt(bytes: Uint8Array): Promise<ReadContent> {
  await verifyZipSizes(bytes);
  const texts = await ZipTexts.open(bytes);
  if ((await texts.text('META-INF/manifest.xml'))?.includes('encryption-data')) {
    throw new ParseError('password', 'This file is protected with a password. Save a copy without the password and upload that.');
  }
  const xml = await texts.text('content.xml');
  if (xml === null) throw new ParseError('damaged', 'This document is damaged. Open it in LibreOffice, save it again, and upload the new copy.');
  const $ = load(xml, { xml: true });
  const writer = new BlockWriter();
  for (const root of $('office\\:text').toArray()) writeNodes($, writer, root.children, 0);
  const meta = load(await texts.text('meta.xml') ?? '', { xml: true });
  const value = (name: string): string | null => meta(name).first().text().replace(/\s+/g, ' ').trim() || null;
  const metadata: Record<string, string | null> = { subject: value('dc\\:subject'), description: value('dc\\:description'), keywords: meta('meta\\:keyword').toArray().map((word) => meta(word).text()).join(', ') };
  for (const field of meta('meta\\:user-defined').toArray()) metadata[field.attribs['meta:name'] ?? ''] ??= meta(field).text();
  return {
    format: 'odt', title: value('dc\\:title'), author: value('meta\\:initial-creator') ?? value('dc\\:creator'), createdAt: dateOf(value('meta\\:creation-date')),
    language: value('dc\\:language')?.split('-')[0]?.toLowerCase() ?? null, metadata, blocks: writer.blocks,
  };
}

function writeNodes($: CheerioAPI, writer: BlockWriter, nodes: readonly DomNode[], depth: number): void {
  for (const node of nodes) {
    if (!isElement(node) || SKIPPED.has(node.name)) continue;
    if (node.name === 'text:h') writer.heading(Number(node.attribs['text:outline-level'] ?? 1) || 1, inlineText(node));
    else if (node.name === 'text:p') writer.text(inlineText(node));
    else if (node.name === 'text:list') writer.text(listLines(node, 0).join('\n'));
    else if (node.name === 'table:table') writer.table(pipeTable(tableRows($, node)));
    else if (depth < PARSE_LIMITS.depthMax) writeNodes($, writer, node.children, depth + 1);
  }
}

function listLines(list: DomElement, level: number): string[] {
  if (level > 20) return [inlineText(list)];
  return list.children.filter(isElement).flatMap((item) => item.children.filter(isElement).flatMap((part) => (
    part.name === 'text:list' ? listLines(part, level + 1) : `${'  '.repeat(level)}- ${inlineText(part)}`
  )));
}

function tableRows($: CheerioAPI, table: DomElement): string[][] {
  return $(table).find('table\\:table-row').toArray().filter((row) => $(row).closest('table\\:table').get(0) === table)
    .map((row) => row.children.filter(isElement).filter((cell) => cell.name === 'table:table-cell').flatMap((cell) =>
      Array<string>(Math.min(REPEAT_MAX, Math.max(1, Number(cell.attribs['table:number-columns-repeated'] ?? 1) || 1))).fill(inlineText(cell))));
}

/** The text below a node without recursion: depth is the file's choice, the call stack is ours. Notes follow at its end. */
function inlineText(root: DomNode): string {
  const parts: string[] = [];
  const notes: string[] = [];
  const stack: DomNode[] = [root];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (isText(node)) parts.push(node.data.replace(/\s+/g, ' '));
    else if (isElement(node) && !SKIPPED.has(node.name)) {
      if (node.name === 'text:note' && node !== root) {
        notes.push(` ${inlineText(node)}`);
        continue;
      }
      if (/^text:(s|tab)$/.test(node.name)) parts.push(' ');
      else if (node.name === 'text:line-break') parts.push('\n');
      else if (/^text:(p|h)$/.test(node.name) && node !== root) parts.push(' ');
      for (let index = node.children.length - 1; index >= 0; index--) {
        const child = node.children[index];
        if (child) stack.push(child);
      }
    }
  }
  return [...parts, ...notes].join('').replace(/ {2,}/g, ' ').trim();
}
