import { asText, withoutDates } from './data.ts';
import { compileExpression } from './compile.ts';
import { Evaluation } from './evaluation.ts';
import type { Run } from './evaluation.ts';
import { ExpressionError } from './expression-error.ts';
import { EXPRESSIONS_MAX, TEMPLATE_CHARS_MAX } from './limits.ts';
import { parseExpression } from './parser.ts';
import type { ParseState } from './parser.ts';
import type { Scope } from './scope.ts';

/** A text with `{{ }}`, read and compiled once, for any number of runs. */
export interface Template {
  readonly source: string;
  /** Fixed text and expressions in turn; null for an empty expression. */
  readonly parts: readonly (string | Run | null)[];
  /** The steps it names. */
  readonly steps: readonly string[];
}

/** Whether a text is a template at all. */
export const isTemplate = (source: string): boolean => source.includes('{{');

/**
 * Reads a template. Everything outside `{{ }}` is text. Throws ExpressionError, with the place, for what the grammar does
 * not know and past the limits of length, parts and nesting.
 */
export function parseTemplate(source: string): Template {
  if (source.length > TEMPLATE_CHARS_MAX) throw new ExpressionError(`A template longer than ${TEMPLATE_CHARS_MAX} characters is not read`);
  const state: ParseState = { parts: 0, slots: 0, steps: new Set() };
  const parts: (string | Run | null)[] = [];
  let at = 0;
  for (let open = source.indexOf('{{'); open >= 0; open = source.indexOf('{{', at)) {
    if (parts.length > EXPRESSIONS_MAX * 2) throw new ExpressionError(`A template with more than ${EXPRESSIONS_MAX} expressions is not read`, open);
    if (open > at) parts.push(source.slice(at, open));
    const { expression, end } = parseExpression(source, open + 2, state);
    if (!source.startsWith('}}', end)) throw new ExpressionError(end >= source.length ? 'The expression is not closed by "}}"' : 'The expression should end here, with "}}"', end, source);
    parts.push(expression && compileExpression(expression));
    at = end + 2;
  }
  if (at < source.length || parts.length === 0) parts.push(source.slice(at));
  return { source, parts, steps: [...state.steps] };
}

/** The text of a template: missing values are empty, dates ISO 8601, lists and objects JSON. Throws ExpressionError. */
export function renderText(template: Template | string, scope: Scope): string {
  const { parts } = typeof template === 'string' ? templateOf(template) : template;
  const evaluation = new Evaluation(scope);
  let text = '';
  for (const part of parts) {
    text += part === null ? '' : typeof part === 'string' ? part : asText(part(evaluation), evaluation);
    evaluation.fits(text.length);
  }
  return text;
}

/** The value of a template: that of its expression where it is exactly one `{{ }}`, else its text. Dates leave as ISO 8601 texts. */
export function evaluate(template: Template | string, scope: Scope): unknown {
  const known = typeof template === 'string' ? templateOf(template) : template;
  const only = onlyExpression(known);
  if (only === undefined) return renderText(known, scope);
  if (only === null) return undefined;
  const evaluation = new Evaluation(scope);
  const value = only(evaluation);
  return evaluation.dated ? withoutDates(value, evaluation) : value;
}

/** The one expression of a template without other text than space around it. */
function onlyExpression({ parts }: Template): Run | null | undefined {
  if (parts.length === 1) return typeof parts[0] === 'string' ? undefined : parts[0];
  const filled = parts.filter((part) => typeof part !== 'string' || part.trim() !== '');
  return filled.length === 1 && typeof filled[0] !== 'string' ? filled[0] : undefined;
}

const KEPT_MAX = 1_000;
const KEPT_CHARS_MAX = 4_000;
const kept = new Map<string, Template>();

/** Templates that callers give as text are read once as well, as long as they are few and short. */
export function templateOf(source: string): Template {
  const known = kept.get(source);
  if (known) return known;
  const template = parseTemplate(source);
  if (source.length <= KEPT_CHARS_MAX) {
    if (kept.size >= KEPT_MAX) kept.clear();
    kept.set(source, template);
  }
  return template;
}
