import { BlockWriter } from './block-writer.ts';
import { decodeText } from './encoding.ts';
import type { ReadContent } from './parsed-document.ts';

/** Plain text: paragraphs between empty lines; a form feed also ends one. */
export function readText(bytes: Uint8Array, charset: string | null = null): ReadContent {
  const { text, warning } = decodeText(bytes, null, charset);
  const writer = new BlockWriter();
  for (const paragraph of paragraphsOfText(text)) writer.text(paragraph);
  return { format: 'txt', blocks: writer.blocks, warnings: warning ? [warning] : [] };
}

export const paragraphsOfText = (text: string): string[] => text.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n').split(/\n[ \t]*\n|\f/);
