import { parse } from 'acorn';
import type { Expression } from 'acorn';
import type { ExpressionContext } from './roots.ts';

/** Longest expression that is read, in characters; also what bounds the parser's recursion. */
export const SOURCE_CHARS_MAX = 20_000;

/** The expression that is all of a text; null where the text is none. */
export function parseJavaScript(source: string, budget: ExpressionContext['budget']): Expression | null {
  if (source.length > SOURCE_CHARS_MAX || budget.chars <= 0) return null;
  budget.chars -= source.length;
  try {
    // In brackets, so that braces are an object and nothing may follow but a comment.
    const { body } = parse(`(${source.trim().replace(/;+$/, '')}\n)`, { ecmaVersion: 2023 });
    const [only] = body;
    return body.length === 1 && only?.type === 'ExpressionStatement' ? only.expression : null;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return null;
    throw error;
  }
}
