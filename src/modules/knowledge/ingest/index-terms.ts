import { hash } from 'node:crypto';
import { analyze } from '#modules/models/index.ts';

/** Distinct terms of one chunk that are indexed; more than any text of a chunk's size holds. */
const TERMS_MAX = 4000;
const COUNT_MAX = 32_767;

/** What keyword search stores of a chunk. */
export interface IndexTerms {
  /** {@link termKey} of each distinct term. */
  terms: bigint[];
  /** How often each occurs, in the same order. */
  counts: number[];
  /** Terms with repetitions. */
  length: number;
}

/** The index terms of a chunk with the words around it (title, headings), which count like its own. `scope` is of {@link termScope}. */
export function indexTerms(scope: string, content: string, around: string): IndexTerms {
  const counts = new Map<string, number>();
  let length = 0;
  for (const term of [...analyze(around), ...analyze(content)]) {
    const known = counts.get(term);
    if (known === undefined && counts.size >= TERMS_MAX) continue;
    counts.set(term, Math.min(COUNT_MAX, (known ?? 0) + 1));
    length++;
  }
  return { terms: [...counts.keys()].map((term) => termKey(scope, term)), counts: [...counts.values()], length };
}

/** What the terms of one edition of a knowledge base belong to. */
export const termScope = ({ id, edition }: { id: string; edition: number }): string => (edition === 1 ? id : `${id}#${edition}`);

/**
 * A term of one edition of a knowledge base as a number. The same word in two of them has two keys, so the lists of the shared
 * index belong to one edition each: they stay short, and none of another tenant is ever read.
 */
export function termKey(scope: string, term: string): bigint {
  const keys = keysOf(scope);
  let key = keys.get(term);
  if (key === undefined) {
    key = BigInt.asIntN(64, BigInt(`0x${hash('sha256', `${scope}\u0000${term}`, 'hex').slice(0, 16)}`));
    if (keys.size >= KEYS_MAX) keys.clear();
    keys.set(term, key);
  }
  return key;
}

/** Keys are remembered, since texts repeat their words and making one takes ten times as long: so many, of so many editions. */
const KEYS_MAX = 20_000;
const SCOPES_MAX = 4;
const remembered = new Map<string, Map<string, bigint>>();

function keysOf(scope: string): Map<string, bigint> {
  let keys = remembered.get(scope);
  if (!keys) {
    const [oldest] = remembered.keys();
    if (remembered.size >= SCOPES_MAX && oldest !== undefined) remembered.delete(oldest);
    remembered.set(scope, keys = new Map());
  }
  return keys;
}
