import { analyze, tokenizeWords } from '#modules/models/index.ts';

/** A word of a question with the forms any of which a text may hold. */
export type TermGroup = readonly string[];

const QUERY_CHARACTERS_MAX = 2000;
const GROUPS_MAX = 64;

/** The words of a question as groups of index terms: a group is matched when one of its terms is. */
export function queryTerms(query: string): TermGroup[] {
  const text = query.slice(0, QUERY_CHARACTERS_MAX).toWellFormed();
  const all = new Set(analyze(text, { query: true }));
  const groups: string[][] = [];
  const grouped = new Set<string>();
  for (const word of new Set(tokenizeWords(text))) {
    const forms = analyze(word, { query: true }).filter((term) => all.has(term) && !grouped.has(term));
    if (forms.length === 0) continue;
    groups.push(forms);
    for (const form of forms) grouped.add(form);
  }
  // Pairs of characters that reach over two words of an unspaced script.
  for (const term of all) if (!grouped.has(term)) groups.push([term]);
  return groups.slice(0, GROUPS_MAX);
}
