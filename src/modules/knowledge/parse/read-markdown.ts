import { FAILSAFE_SCHEMA, load as loadYaml, YAMLException } from 'js-yaml';
import { z } from 'zod';
import { BlockWriter } from './block-writer.ts';
import { decodeText } from './encoding.ts';
import { dateOf } from './file-date.ts';
import type { ReadContent } from './parsed-document.ts';

/** Markdown, kept as written: headings make sections, fenced code and tables stay whole. */
export function readMarkdown(bytes: Uint8Array, charset: string | null = null): ReadContent {
  const { text, warning } = decodeText(bytes, null, charset);
  const { body, meta } = frontMatter(text.replace(/\r\n?/g, '\n'));
  const writer = new BlockWriter();
  writeMarkdown(writer, body.split('\n'));
  return {
    format: 'md',
    title: meta.get('title') ?? writer.blocks.find((block) => block.kind === 'heading')?.text ?? null,
    author: meta.get('author') ?? null,
    createdAt: dateOf(meta.get('date') ?? null),
    language: meta.get('lang')?.split(/[-_]/)[0]?.toLowerCase() ?? null,
    metadata: Object.fromEntries([...meta].filter(([name]) => !['title', 'author', 'date'].includes(name))),
    blocks: writer.blocks,
    warnings: warning ? [warning] : [],
  };
}

function writeMarkdown(writer: BlockWriter, lines: readonly string[]): void {
  let paragraph: string[] = [];
  const flush = (): void => {
    if (paragraph.length > 0) writer.text(paragraph.join('\n'));
    paragraph = [];
  };
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    const fence = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    const heading = /^ {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$/.exec(line);
    if (fence) {
      const end = fenceEnd(lines, index, fence);
      flush();
      writer.text(lines.slice(index, end + 1).join('\n'));
      index = end;
    } else if (heading) {
      flush();
      writer.heading(heading[1]?.length ?? 1, heading[2] ?? '');
    } else if (paragraph.length === 1 && /^ {0,3}(=+|-+)[ \t]*$/.test(line)) {
      const title = paragraph[0] ?? '';
      paragraph = [];
      writer.heading(line.includes('=') ? 1 : 2, title);
    } else if (line.includes('|') && isTableRule(lines[index + 1])) {
      const end = tableEnd(lines, index);
      flush();
      writer.table(lines.slice(index, end).join('\n'));
      index = end - 1;
    } else if (line.trim() === '') flush();
    else paragraph.push(line);
  }
  flush();
}

function fenceEnd(lines: readonly string[], start: number, fence: string): number {
  for (let index = start + 1; index < lines.length; index++) {
    const line = (lines[index] ?? '').trim();
    if (line.startsWith(fence) && line === (fence[0] ?? '').repeat(line.length)) return index;
  }
  return lines.length - 1;
}

const isTableRule = (line: string | undefined): boolean =>
  line !== undefined && line.length < 2000 && line.includes('-') && line.includes('|') && /^[\s|:-]+$/.test(line);

function tableEnd(lines: readonly string[], start: number): number {
  let end = start + 2;
  while (end < lines.length && (lines[end] ?? '').includes('|')) end++;
  return end;
}

const FrontMatter = z.record(z.string(), z.unknown());
const Scalars = z.union([z.string().transform((text) => [text]), z.array(z.string())]);

/** `---` front matter: the values and flat lists of its outermost level; as plain lines where it is no valid YAML. */
function frontMatter(text: string): { body: string; meta: Map<string, string> } {
  const clean = text.replace(/^\ufeff/, '');
  if (!clean.startsWith('---\n')) return { body: clean, meta: new Map() };
  const end = clean.indexOf('\n---', 3);
  if (end < 0 || end > 20_000) return { body: clean, meta: new Map() };
  const after = clean.indexOf('\n', end + 1);
  return { body: after < 0 ? '' : clean.slice(after + 1), meta: fieldsOf(clean.slice(4, end)) };
}

function fieldsOf(yaml: string): Map<string, string> {
  const meta = new Map<string, string>();
  for (const [name, value] of Object.entries(FrontMatter.safeParse(valuesOf(yaml)).data ?? {})) {
    const values = Scalars.safeParse(value).data;
    if (values) meta.set(name.toLowerCase(), values.join(', ').trim());
  }
  return meta;
}

/** All values as strings: what a date or number looks like is the reader's business. */
function valuesOf(yaml: string): unknown {
  try {
    return loadYaml(yaml, { schema: FAILSAFE_SCHEMA });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    return Object.fromEntries(yaml.split('\n').flatMap((line) => {
      const pair = /^([A-Za-z][\w-]{0,40}):[ \t]*(.{1,500})$/.exec(line);
      return pair?.[1] && pair[2] ? [[pair[1], pair[2].trim().replace(/^(["'])(.*)\1$/, '$2')]] : [];
    }));
  }
}
