import { ExpressionError } from '../../../expression/expression-error.ts';
import { parseTemplate } from '../../../expression/template.ts';
import { splitTemplate } from './split-template.ts';
import { parseJavaScript } from './parse-javascript.ts';
import { translateExpression } from './translate-expression.ts';
import type { ExpressionContext } from './roots.ts';

/** What could not be said in our grammar: the expression as the file has it, and why. */
export interface UntranslatedExpression { source: string; problem: string }

export interface TranslatedTemplate {
  /** A template of ours: fixed text and `{{ }}`. */
  template: string;
  problems: readonly UntranslatedExpression[];
}

/** Fixed text as a template that renders to it. */
export const literal = (text: string): string => text.replaceAll('{{', '{{ "{{" }}');

/** Whether n8n reads a setting as an expression. */
export const isExpression = (text: string): boolean => text.startsWith('=');

/** A text setting of n8n as a template of ours. An expression that cannot be said leaves a gap and a problem. */
export function translateTemplate(setting: string, context: ExpressionContext): TranslatedTemplate {
  if (!isExpression(setting)) return { template: literal(setting), problems: [] };
  const problems: UntranslatedExpression[] = [];
  const template = splitTemplate(setting.slice(1), (source) => parseJavaScript(source, context.budget) !== null)
    .map((part) => (part.kind === 'text' ? literal(part.text) : expressionTemplate(part.source, context, problems)))
    .join('');
  return { template, problems };
}

/** A text setting whose text is JSON, e.g. a request's body, as a template that gives the data. */
export function translateJson(setting: string, context: ExpressionContext): TranslatedTemplate {
  const { template, problems } = translateTemplate(setting, context);
  if (!template.includes('{{') || isSingle(setting, context)) return { template, problems };
  const inside = splitTemplate(setting.slice(1), (source) => parseJavaScript(source, context.budget) !== null)
    .map((part) => {
      if (part.kind === 'text') return part.text.replaceAll('\\', '\\\\').replaceAll('`', '\\`').replaceAll('${', '\\${');
      const translated = translateExpression(part.source, context);
      return 'text' in translated ? `\${${translated.text}}` : '';
    }).join('');
  return { template: `{{ JSON.parse(\`${inside}\`) }}`, problems };
}

/** Exactly one expression and nothing else: it gives its value, whatever its kind. */
export function isSingle(setting: string, context: ExpressionContext): boolean {
  if (!isExpression(setting)) return false;
  const parts = splitTemplate(setting.slice(1), (source) => parseJavaScript(source, context.budget) !== null);
  return parts.filter((part) => part.kind === 'expression' || part.text.trim() !== '').length === 1 && parts.some((part) => part.kind === 'expression');
}

function expressionTemplate(source: string, context: ExpressionContext, problems: UntranslatedExpression[]): string {
  if (source.trim() === '') return '';
  const translated = translateExpression(source, context);
  const problem = 'problem' in translated ? translated.problem : refusedBy(`{{ ${translated.text} }}`);
  if (problem === null && 'text' in translated) return `{{ ${translated.text} }}`;
  problems.push({ source: source.trim().slice(0, 300), problem: problem ?? '' });
  return '';
}

/** What our own grammar has against a template; null when it takes it. */
function refusedBy(template: string): string | null {
  try {
    parseTemplate(template);
    return null;
  } catch (error) {
    if (error instanceof ExpressionError) return error.message.replace(/\s*\(at character.*$/s, '');
    throw error;
  }
}
