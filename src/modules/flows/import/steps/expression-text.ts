import { parseTemplate } from '../../expression/template.ts';
import { ExpressionError } from '../../expression/expression-error.ts';

/** A text cut into fixed words and expressions of our grammar. */
export type TextPart = { text: string } | { expression: string };

/** Fixed text as a template that renders to it. */
export const literal = (text: string): string => text.replaceAll('{{', '{{ "{{" }}');

/** A text as a literal inside an expression. */
export const quoted = (text: string): string => JSON.stringify(text);

/** A template of ours from its parts. */
export const templateOf = (parts: readonly TextPart[]): string =>
  parts.map((part) => ('text' in part ? literal(part.text) : `{{ ${part.expression} }}`)).join('');

/** One expression for the whole text: the expression itself where there is nothing else, so that it keeps its kind. */
export function expressionOf(parts: readonly TextPart[]): string {
  const filled = parts.filter((part) => 'expression' in part || part.text.trim() !== '');
  const [only] = filled;
  if (only === undefined) return quoted(parts.map((part) => ('text' in part ? part.text : '')).join(''));
  if (filled.length === 1 && 'expression' in only) return `(${only.expression})`;
  return `(${parts.map((part) => ('text' in part ? quoted(part.text) : `\`\${${part.expression}}\``)).join(' + ')})`;
}

/** Whether the text is one expression and nothing else. */
export function soleExpression(parts: readonly TextPart[]): string | null {
  const filled = parts.filter((part) => 'expression' in part || part.text.trim() !== '');
  const [only] = filled;
  return filled.length === 1 && only !== undefined && 'expression' in only ? only.expression : null;
}

export const isFixed = (parts: readonly TextPart[]): boolean => parts.every((part) => 'text' in part);
export const fixedText = (parts: readonly TextPart[]): string => parts.map((part) => ('text' in part ? part.text : '')).join('');

export type StepPart = 'item' | 'items' | 'text' | 'json' | 'outputs';

/** What another step made, or one of its fields. */
export const stepValue = (id: string, part: StepPart, path: readonly string[] = []): string => `steps[${quoted(id)}].${part}${path.map(fieldAccess).join('')}`;

const INDEX = /^\d{1,6}$/;
export const fieldAccess = (name: string): string => (INDEX.test(name) ? `[${name}]` : `[${quoted(name)}]`);

/** A variable of the run. */
export const stateValue = (name: string): string => `state[${quoted(name)}]`;

const WALK_DEPTH_MAX = 12;

/** Why a template anywhere in the settings cannot be read; null when all can. Code is no template. */
export function refusedTemplate(value: unknown, depth = 0): string | null {
  if (typeof value === 'string') return value.includes('{{') ? refusal(value) : null;
  if (typeof value !== 'object' || value === null || depth > WALK_DEPTH_MAX) return null;
  for (const [name, part] of Object.entries(value)) {
    if (name === 'code' || name === 'flow') continue;
    const refused = refusedTemplate(part, depth + 1);
    if (refused !== null) return refused;
  }
  return null;
}

function refusal(template: string): string | null {
  try {
    parseTemplate(template);
    return null;
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return error.message;
  }
}
