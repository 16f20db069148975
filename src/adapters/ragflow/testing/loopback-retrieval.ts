import { createHash } from 'node:crypto';

export interface LoopbackChunk { id: string; content: string; /** `[[page, left, right, top, bottom], …]`; empty for text without pages. */ positions: number[][] }

/** Pieces between blank lines; form feeds part pages. */
export function chunksOf(documentId: string, text: string): LoopbackChunk[] {
  const pages = text.split('\f');
  return pages.flatMap((page, index) => page.split(/\n\s*\n/).map((piece) => piece.trim()).filter((piece) => piece !== '').map((content) => ({
    id: createHash('sha256').update(`${documentId}${index}${content}`).digest('hex').slice(0, 16), content, positions: pages.length > 1 ? [[index + 1, 60, 540, 80, 120]] : [],
  })));
}

const STOP = new Set('a an and are at do does for how i in is it of on or the to we what when where who with you your'.split(' '));
const words = (text: string): string[] => (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).filter((word) => !STOP.has(word));

/** The share of the question's words a piece holds, and the cosine of their counts, weighed as the server does. */
export function ranked<T extends { chunk: LoopbackChunk }>(question: string, candidates: readonly T[], vectorWeight: number): (T & { similarity: number; term_similarity: number; vector_similarity: number })[] {
  const asked = new Set(words(question));
  return candidates.map((candidate) => {
    const held = words(candidate.chunk.content);
    const common = [...asked].filter((word) => held.includes(word)).length;
    const term = asked.size === 0 ? 0 : common / asked.size;
    const vector = common === 0 ? 0 : common / Math.sqrt(asked.size * new Set(held).size);
    return { ...candidate, similarity: vectorWeight * vector + (1 - vectorWeight) * term, term_similarity: term, vector_similarity: vector };
  }).sort((a, b) => b.similarity - a.similarity);
}
