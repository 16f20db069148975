/** A template cut into fixed text and variables. */
export type TemplatePart = { text: string } | { variable: string };

/** Longest template that is looked into; the rest is fixed text. */
const TEMPLATE_CHARS_MAX = 200_000;
const VARIABLES_MAX = 200;

/** A variable is a plain name: no calls, no indexes, no format instructions. Anything else in braces is text. */
const NAME = /^[\p{L}_][\p{L}\p{N}_ .-]{0,79}$/u;

const single = /\{\{|\}\}|\{([^{}\n]{1,82})\}/g;
const double = /\{\{([^{}\n]{1,82})\}\}/g;

/**
 * Parses a prompt template. With single braces `{name}` is a variable and `{{`, `}}` are literal braces (as Python's
 * format strings); with double braces `{{name}}` is a variable and single braces are text. Never throws: what is no
 * variable stays as it is, so JSON examples in prompts survive.
 */
export function parseTemplate(template: string, doubleBraces: boolean): readonly TemplatePart[] {
  const parts: TemplatePart[] = [];
  const addText = (text: string) => {
    if (text === '') return;
    const last = parts.at(-1);
    if (last && 'text' in last) last.text += text;
    else parts.push({ text });
  };
  const looked = template.slice(0, TEMPLATE_CHARS_MAX);
  let position = 0;
  let variables = 0;
  for (const match of looked.matchAll(doubleBraces ? double : single)) {
    addText(looked.slice(position, match.index));
    position = match.index + match[0].length;
    const name = match[1]?.trim();
    if (name === undefined) addText(match[0].slice(0, 1));
    else if (NAME.test(name) && variables++ < VARIABLES_MAX) parts.push({ variable: name });
    else addText(match[0]);
  }
  addText(template.slice(position));
  return parts;
}

/** The variables of a template, each once, in order of appearance. */
export function templateVariables(template: string, doubleBraces = false): readonly string[] {
  const names = parseTemplate(template, doubleBraces).flatMap((part) => ('variable' in part ? [part.variable] : []));
  return [...new Set(names)];
}

/** The text of a parsed template; `valueOf` is asked for each variable. Values are inserted as they are, never parsed. */
export function renderTemplate(parts: readonly TemplatePart[], valueOf: (variable: string) => string): string {
  let rendered = '';
  for (const part of parts) rendered += 'text' in part ? part.text : valueOf(part.variable);
  return rendered;
}
