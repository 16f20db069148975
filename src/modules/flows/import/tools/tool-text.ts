import { oneLine } from '../plain.ts';

/** Longest description of a tool, in characters; common model providers take 1,024. */
export const TOOL_DESCRIPTION_CHARS_MAX = 1_000;

/** A name as models take it: letters, digits, `_` and `-`, at most 56 characters. */
export function toolName(text: string): string {
  const name = text.normalize('NFKD').replace(/[^a-zA-Z0-9_-]+/g, '_').replace(/^_+|_+$/g, '').slice(0, 56).replace(/_+$/, '');
  return name === '' ? 'tool' : name;
}

/**
 * Words of a file for people and models: tags, invisible and direction-changing characters removed, blanks collapsed,
 * bounded. It stays somebody else's text: nothing in it is an instruction to this product.
 */
export function plainText(text: string, charsMax: number): string {
  const words = oneLine(
    text.slice(0, charsMax * 8)
      .replace(/<[^<>]{0,500}>/g, ' ')
      .replace(/[\u00ad\u200b-\u200d\u2060-\u2064\ufeff]|[\u{e0000}-\u{e007f}]/gu, ''),
    charsMax * 8,
  ).replace(/\s+/g, ' ').trim();
  return words.length <= charsMax ? words : `${words.slice(0, charsMax - 1).trimEnd().toWellFormed()}…`;
}

const INSTRUCTIONS = /\b(?:ignore|disregard|forget)\b.{0,40}\b(?:previous|prior|above|earlier|all|any|your)\b.{0,40}\b(?:instruction|rule|prompt|message)|\b(?:system|developer) prompt\b|\bdo not (?:tell|inform|mention|reveal|show)\b.{0,40}\b(?:user|person|human|customer)|\bwithout (?:telling|asking|informing) the (?:user|person|customer)|<\s*(?:system|important|instructions?)\s*>|\bbefore (?:using|calling) (?:this|any other) tool\b/i;

/** Whether words that should describe something read like orders to a model. A hint for the reviewer, not a filter. */
export const readsLikeInstructions = (text: string): boolean => INSTRUCTIONS.test(text.slice(0, 20_000));

/** The warning for those whose descriptions read like orders; empty when there are none. */
export function instructionWarnings(suspicious: readonly string[], what: 'operation' | 'tool'): string[] {
  if (suspicious.length === 0) return [];
  const names = suspicious.slice(0, 5).map((name) => `“${name}”`).join(', ');
  const more = suspicious.length > 5 ? ` and ${suspicious.length - 5} more` : '';
  return [`The description of the ${what}${suspicious.length === 1 ? '' : 's'} ${names}${more} contains words that read like orders to a model. Read it before you offer it.`];
}
