import { analyzeQuestion } from '#modules/models/index.ts';

/** A word of a question with the forms any of which a text may hold. */
export type TermGroup = readonly string[];

/** A question as it is searched. */
export interface QuestionTerms {
  groups: readonly TermGroup[];
  /** The groups that make up each word, by their places: one, or in unspaced scripts one for each pair of characters in it. */
  words: readonly (readonly number[])[];
}

const QUERY_CHARACTERS_MAX = 2000;
const GROUPS_MAX = 64;

/** The words of a question as groups of index terms: a group is matched when one of its terms is. */
export function questionTerms(query: string): QuestionTerms {
  const { words, across } = analyzeQuestion(query.slice(0, QUERY_CHARACTERS_MAX).toWellFormed());
  const groups: TermGroup[] = [];
  const places: number[][] = [];
  for (const { terms, pairs } of words) {
    const own = pairs ? terms.map((term) => [term]) : [terms];
    if (groups.length + own.length > GROUPS_MAX) break;
    places.push(own.map((_, index) => groups.length + index));
    groups.push(...own);
  }
  groups.push(...across.map((pair) => [pair]));
  return { groups: groups.slice(0, GROUPS_MAX), words: places.length > 0 ? places : groups.slice(0, GROUPS_MAX).map((_, index) => [index]) };
}

export const queryTerms = (query: string): readonly TermGroup[] => questionTerms(query).groups;

/** How rare each word is, and the terms of which a text must hold one: what confidence asks. A word of several pairs is as rare as its commonest. */
export function wordsOf({ groups, words }: QuestionTerms, rarity: readonly number[]): { groups: TermGroup[]; rarity: number[] } {
  return {
    groups: words.map((places) => places.flatMap((place) => groups[place] ?? [])),
    rarity: words.map((places) => Math.min(...places.map((place) => rarity[place] ?? 0))),
  };
}
