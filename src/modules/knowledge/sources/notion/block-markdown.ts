import { z } from 'zod';
import { plainId, type NotionBlock } from './notion-client.ts';

/** A block with what is inside it. */
export interface BlockTree { block: NotionBlock; children: readonly BlockTree[] }

const RichText = z.array(z.object({
  plain_text: z.string(), href: z.string().nullish(),
  annotations: z.object({ bold: z.boolean().optional(), italic: z.boolean().optional(), strikethrough: z.boolean().optional(), code: z.boolean().optional() }).optional(),
}));

const FileValue = z.object({ type: z.string().optional(), caption: z.unknown(), name: z.string().optional(), url: z.string().optional(), external: z.object({ url: z.string() }).optional() });
const TableRow = z.object({ cells: z.array(z.unknown()) });
const FILES: ReadonlyMap<string, string> = new Map([['image', 'Image'], ['video', 'Video'], ['audio', 'Recording'], ['file', 'File'], ['pdf', 'PDF']]);
const LINKS: ReadonlySet<string> = new Set(['bookmark', 'embed', 'link_preview']);
const SILENT: ReadonlySet<string> = new Set(['table_of_contents', 'breadcrumb', 'unsupported']);
const LIST_ITEMS: ReadonlySet<string> = new Set(['bulleted_list_item', 'numbered_list_item', 'to_do']);

/** Blocks as Markdown. What only shows on a screen is left out; pages below are named, not included. */
export function blocksMarkdown(blocks: readonly BlockTree[]): string {
  let number = 0;
  let text = '';
  let before: string | null = null;
  for (const tree of blocks) {
    const { type } = tree.block;
    number = type === 'numbered_list_item' ? number + 1 : 0;
    const own = blockMarkdown(tree, number);
    if (own === '') continue;
    const tight = LIST_ITEMS.has(type) && before !== null && LIST_ITEMS.has(before);
    text += `${text === '' ? '' : tight ? '\n' : '\n\n'}${own}`;
    before = type;
  }
  return text;
}

function blockMarkdown({ block, children }: BlockTree, number: number): string {
  const { type } = block;
  const value = valueOf(block);
  const words = richText(value.get('rich_text'));
  const inside = (): string => blocksMarkdown(children);
  const heading = /^heading_([1-6])$/.exec(type)?.[1];
  if (heading) return joined(words === '' ? '' : `${'#'.repeat(Number(heading))} ${words}`, inside());
  if (SILENT.has(type)) return '';
  if (FILES.has(type)) return fileText(FILES.get(type) ?? '', block);
  if (LINKS.has(type)) return linkText(richText(value.get('caption')), textOf(value.get('url')));
  switch (type) {
    case 'bulleted_list_item': return item('- ', words, inside());
    case 'numbered_list_item': return item(`${number}. `, words, inside());
    case 'to_do': return item(value.get('checked') === true ? '- [x] ' : '- [ ] ', words, inside());
    case 'quote': case 'callout': return joined(words, inside()).split('\n').map((line) => `> ${line}`.trimEnd()).join('\n').replace(/^>$/, '');
    case 'code': return fenced(plainText(value.get('rich_text')), textOf(value.get('language')));
    case 'equation': return `$$${textOf(value.get('expression'))}$$`;
    case 'divider': return children.length > 0 ? inside() : '---';
    case 'table': return tableText(children);
    case 'child_page': case 'child_database': return `- ${linkText(textOf(value.get('title')) || 'Untitled', `https://www.notion.so/${plainId(block.id)}`)}`;
    case 'link_to_page': { const id = textOf(value.get('page_id')) || textOf(value.get('database_id')); return id === '' ? '' : linkText('Page', `https://www.notion.so/${plainId(id)}`); }
    // Paragraphs, toggles, columns, synced blocks, tabs, notes of meetings, and kinds yet to come: their text, then what is inside.
    default: return joined(words || plainTitle(value.get('title')), inside());
  }
}

/** Styled text as Markdown. */
export function richText(value: unknown): string {
  return (RichText.safeParse(value).data ?? []).map(({ plain_text: text, href, annotations = {} }) => {
    const [, before = '', core = '', after = ''] = /^(\s*)([^]*?)(\s*)$/.exec(text) ?? [];
    if (core === '') return text;
    const marks = annotations.code ? '`' : `${annotations.strikethrough ? '~~' : ''}${annotations.bold ? '**' : ''}${annotations.italic ? '_' : ''}`;
    const marked = `${marks}${core}${[...marks].toReversed().join('')}`;
    return `${before}${href ? linkText(marked, href) : marked}${after}`;
  }).join('');
}

/** Styled text without its styles. */
export const plainText = (value: unknown): string => (RichText.safeParse(value).data ?? []).map((piece) => piece.plain_text).join('');

const valueOf = (block: NotionBlock): ReadonlyMap<string, unknown> => {
  const value: unknown = block[block.type];
  return new Map<string, unknown>(typeof value === 'object' && value !== null ? Object.entries(value) : []);
};
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const plainTitle = (value: unknown): string => (typeof value === 'string' ? value : plainText(value));
const joined = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join('\n\n');
const item = (mark: string, words: string, inside: string): string => `${mark}${words}${inside === '' ? '' : `\n${inside.split('\n').map((line) => (line === '' ? '' : `${' '.repeat(Math.min(3, mark.length))}${line}`)).join('\n')}`}`;

function linkText(words: string, url: string): string {
  if (!/^https?:\/\//i.test(url) || url.length > 2_048) return words;
  return `[${words === '' ? url : words}](${url.replaceAll(')', '%29').replaceAll(' ', '%20')})`;
}

/** Files that Notion keeps have addresses that end within the hour, so they are only named. */
function fileText(kind: string, block: NotionBlock): string {
  const file = FileValue.safeParse(block[block.type]).data;
  const name = richText(file?.caption) || file?.name || '';
  return file?.external ? linkText(name || kind, file.external.url) : name === '' ? '' : `${kind}: ${name}`;
}

function fenced(code: string, language: string): string {
  const fence = '`'.repeat(Math.max(3, ...[...code.matchAll(/`+/g)].map(([run]) => run.length + 1)));
  return code.trim() === '' ? '' : `${fence}${language === 'plain text' ? '' : language.replace(/\s+/g, '-')}\n${code}\n${fence}`;
}

function tableText(children: readonly BlockTree[]): string {
  const rows = children.flatMap(({ block }) => {
    const row = TableRow.safeParse(block.table_row).data;
    return row ? [row.cells.map((cell) => richText(cell).replace(/\s*\n\s*/g, ' ').replaceAll('|', '\\|'))] : [];
  });
  const [head, ...rest] = rows;
  if (!head) return '';
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rest.map(line)].join('\n');
}
