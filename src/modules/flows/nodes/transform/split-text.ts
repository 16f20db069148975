import { z } from 'zod';
import { defineNode, inputAt } from '../define-node.ts';
import { rowsOf, scalarText } from '../values.ts';
import type { Row } from '../values.ts';

const CHUNKS_MAX = 10_000;

export const splitText = defineNode({
  type: 'transform.split-text',
  title: 'Split text',
  description: 'Cuts text into pieces of about the same size, at the separator where possible.',
  family: 'transform',
  config: z.strictObject({
    /** In characters. */
    chunkSize: z.number().int().min(1).max(1_000_000).default(1000),
    overlap: z.number().int().min(0).max(1_000_000).default(200),
    separator: z.string().max(100).default('\n'),
  }),
  inputs: [{ name: 'data' }],
  outputs: [{ name: 'chunks' }],
  run: async (_context, config, inputs) => {
    const rows: Row[] = [];
    for (const row of rowsOf(inputAt(inputs, 'data'))) {
      const { text, ...rest } = row;
      for (const piece of pieces(scalarText(text ?? row), config)) {
        if (rows.length >= CHUNKS_MAX) break;
        rows.push({ ...rest, text: piece });
      }
    }
    return { chunks: { kind: 'table', rows } };
  },
});

/** Parts between separators, joined while they fit; a part longer than a chunk is cut. The overlap repeats whole parts. */
function pieces(text: string, { chunkSize, overlap, separator }: { chunkSize: number; overlap: number; separator: string }): string[] {
  const parts = text.split(separator === '' ? /(?!)/ : separator).flatMap((part) => cut(part, chunkSize));
  const chunks: string[] = [];
  const open: string[] = [];
  let length = 0;
  for (const part of parts) {
    if (open.length > 0 && length + separator.length + part.length > chunkSize) {
      chunks.push(open.join(separator));
      if (chunks.length >= CHUNKS_MAX) return chunks;
      const room = Math.min(overlap, chunkSize - part.length - separator.length);
      while (open.length > 0 && length > room) length -= (open.shift() ?? '').length + separator.length;
      if (open.length === 0) length = 0;
    }
    length += part.length + (open.length > 0 ? separator.length : 0);
    open.push(part);
  }
  if (open.length > 0) chunks.push(open.join(separator));
  return chunks.map((chunk) => chunk.trim()).filter((chunk) => chunk !== '');
}

function cut(part: string, size: number): string[] {
  if (part.length <= size) return [part];
  const cuts: string[] = [];
  for (let i = 0; i < part.length && cuts.length < CHUNKS_MAX; i += size) cuts.push(part.slice(i, i + size));
  return cuts;
}
