/** A part of an expression in our grammar, with what n8n's item wrappers make of it. */
export type Emitted =
  | { kind: 'value'; text: string; /** Binds as tightly as a name: needs no brackets before a dot. */ tight: boolean }
  /** n8n's `{json, binary}` around one item; `json` is the text that reads the item's data. */
  | { kind: 'wrapper'; json: string }
  /** A list of such wrappers; `items` reads the list of their data. */
  | { kind: 'wrappers'; items: string }
  /** `$('Name')` or `$input` before anything was read of it. */
  | { kind: 'source'; item: string; items: string; name: string | null };

/** Why an expression cannot be said in our grammar, in words. */
export class TranslationProblem extends Error {}

/** Longest text one expression may become: substituted names could multiply it. */
const CHARS_MAX = 50_000;

export function value(text: string, tight = false): Emitted {
  if (text.length > CHARS_MAX) throw new TranslationProblem('it is too long');
  return { kind: 'value', text, tight };
}

/** The text of a part where any value may stand. */
export function textOf(part: Emitted): string {
  switch (part.kind) {
    case 'value': return part.text;
    case 'wrapper': return `{json: ${part.json}}`;
    case 'wrappers': return `${part.items}.map(w => ({json: w}))`;
    case 'source': throw new TranslationProblem(part.name === null ? '“$input” is used as a whole' : `the step “${part.name}” is used as a whole`);
  }
}

/** The text of a part before a dot, a bracket or as an operand. */
export const operandOf = (part: Emitted): string => (part.kind === 'value' && part.tight ? part.text : part.kind === 'wrappers' ? textOf(part) : `(${textOf(part)})`);
