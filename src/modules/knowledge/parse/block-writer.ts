import { PARSE_LIMITS } from './limits.ts';
import { type ParsedBlock, ParseError } from './parsed-document.ts';

/** Collects blocks in reading order and keeps the path of headings. Shared by every reader. */
export class BlockWriter {
  readonly blocks: ParsedBlock[] = [];
  #path: { level: number; text: string }[] = [];
  #characters = 0;

  /** Starts a section; `level` 1 is the outermost. */
  heading(level: number, text: string, page: number | null = null): void {
    const title = text.replace(/\s+/g, ' ').trim();
    if (title === '') return;
    while ((this.#path.at(-1)?.level ?? 0) >= level) this.#path.pop();
    this.#push({ page, heading: this.#path.map((part) => part.text), text: title, kind: 'heading' });
    this.#path.push({ level, text: title.slice(0, 300) });
  }

  /** Ends every section: what follows is under no heading until the next. For a chapter, page or slide of its own. */
  endSections(): void {
    this.#path = [];
  }

  text(text: string, page: number | null = null): void {
    this.#content(text, 'text', page);
  }

  /** A finished table text, see {@link ParsedBlock}. */
  table(text: string, page: number | null = null): void {
    this.#content(text, 'table', page);
  }

  #content(text: string, kind: 'text' | 'table', page: number | null): void {
    const clean = text.replace(/[ \t]+$/gm, '').replace(/^\n+|\s+$/g, '');
    if (clean !== '') this.#push({ page, heading: this.#path.map((part) => part.text), text: clean, kind });
  }

  #push(block: ParsedBlock): void {
    this.#characters += block.text.length;
    if (this.#characters > PARSE_LIMITS.charactersMax || this.blocks.length >= PARSE_LIMITS.blocksMax) {
      throw new ParseError('too-large', 'This file holds more text than one document may have. Split it into smaller files.');
    }
    this.blocks.push(block);
  }
}

/** Rows as `| a | b |` lines; the first row is the header. */
export function pipeTable(rows: readonly (readonly string[])[]): string {
  return rows
    .filter((row) => row.some((cell) => cell.trim() !== ''))
    .map((row) => `| ${row.map((cell) => cell.replace(/\s+/g, ' ').trim()).join(' | ')} |`)
    .join('\n');
}

/** Rows as records of `Header: value` lines, so that a row is understood without its header. Empty cells are left out. */
export function recordTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const names = header.map((name, column) => name.replace(/\s+/g, ' ').trim() || `Column ${column + 1}`);
  const records: string[] = [];
  for (const row of rows) {
    const lines: string[] = [];
    row.forEach((cell, column) => {
      const value = cell.replace(/\s*\n\s*/g, ' ').trim();
      if (value !== '') lines.push(`${names[column] ?? `Column ${column + 1}`}: ${value}`);
    });
    if (lines.length > 0) records.push(lines.join('\n'));
  }
  return records.join('\n\n');
}

/**
 * Which row names the columns: the first of the leading rows that fills at least two columns with distinct words and
 * has rows below it; -1 if none does.
 */
export function headerRowIndex(rows: readonly (readonly string[])[]): number {
  const width = Math.max(0, ...rows.slice(0, 50).map((row) => row.filter((cell) => cell.trim() !== '').length));
  if (width < 2) return -1;
  for (let index = 0; index < Math.min(rows.length - 1, 20); index++) {
    const filled = (rows[index] ?? []).map((cell) => cell.trim()).filter((cell) => cell !== '');
    if (filled.length < Math.max(2, width * 0.6)) continue;
    const words = filled.every((cell) => cell.length <= 200 && !/^[-+]?[\d.,:/%\s-]+$/.test(cell));
    return words && new Set(filled).size === filled.length ? index : -1;
  }
  return -1;
}
