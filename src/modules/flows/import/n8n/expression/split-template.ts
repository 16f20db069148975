/** Most places that are tried as the end of one expression: its own texts and objects may hold `}}`. */
const ENDS_MAX = 20;

export type TemplatePart = { kind: 'text'; text: string } | { kind: 'expression'; source: string };

/** Splits what follows the `=` of n8n into fixed text and the expressions between `{{` and `}}`. `\{{` is text. */
export function splitTemplate(template: string, isExpression: (source: string) => boolean): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let text = '';
  let at = 0;
  for (let open = template.indexOf('{{', at); open >= 0; open = template.indexOf('{{', at)) {
    if (template[open - 1] === '\\') {
      text += `${template.slice(at, open - 1)}{{`;
      at = open + 2;
      continue;
    }
    const end = endOf(template, open + 2, isExpression);
    if (end === null) break;
    text += template.slice(at, open);
    if (text !== '') parts.push({ kind: 'text', text });
    text = '';
    parts.push({ kind: 'expression', source: template.slice(open + 2, end) });
    at = end + 2;
  }
  text += template.slice(at);
  if (text !== '') parts.push({ kind: 'text', text });
  return parts;
}

/** Where the expression ends: at the first `}}` that leaves something readable, else at the first. */
function endOf(template: string, from: number, isExpression: (source: string) => boolean): number | null {
  const first = template.indexOf('}}', from);
  if (first < 0) return null;
  let end = first;
  for (let tried = 0; tried < ENDS_MAX && end >= 0; tried++) {
    const source = template.slice(from, end);
    if (source.trim() === '' || isExpression(source)) return end;
    end = template.indexOf('}}', end + 1);
  }
  return first;
}
