import { analyze, tokenizeWords } from '#modules/models/index.ts';

/** A word of a question with the forms any of which a text may hold. */
export type TermGroup = readonly string[];

const QUERY_CHARACTERS_MAX = 2000;
const GROUPS_MAX = 64;

/** The words of a question as groups of index terms: a group is matched when one of its terms is. */
export function queryTerms(query: string): TermGroup[] {
  const { words, across } = groupsIn(query);
  return [...words, ...across].slice(0, GROUPS_MAX);
}

/** The first groups of {@link queryTerms}: those that are words, without what only reaches over two of them. */
export const queryWords = (query: string): TermGroup[] => groupsIn(query).words.slice(0, GROUPS_MAX);

function groupsIn(query: string): { words: TermGroup[]; across: TermGroup[] } {
  const text = query.slice(0, QUERY_CHARACTERS_MAX).toWellFormed();
  const all = new Set(analyze(text, { query: true }));
  const words: string[][] = [];
  const grouped = new Set<string>();
  for (const word of new Set(tokenizeWords(text))) {
    const forms = analyze(word, { query: true }).filter((term) => all.has(term) && !grouped.has(term));
    if (forms.length === 0) continue;
    words.push(forms);
    for (const form of forms) grouped.add(form);
  }
  // Pairs of characters that reach over two words of an unspaced script.
  return { words, across: [...all].filter((term) => !grouped.has(term)).map((term) => [term]) };
}
