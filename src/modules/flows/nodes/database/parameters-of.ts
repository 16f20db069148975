import { NodeError } from '../node-error.ts';

/** A statement with `$1`, `$2` … in place of its templates, and these in order. */
export interface ParameterizedStatement { sql: string; templates: readonly string[] }

const STATEMENT_CHARS_MAX = 20_000;

/**
 * Takes the templates out of a statement, so that what they evaluate to is never read as SQL. A template may stand alone in
 * single quotes, which then go too. `first` is how many values the statement has already. Throws NodeError where a template
 * is part of a longer text in quotes: there it could only be pasted in.
 */
export function parametersOf(written: string, first: number): ParameterizedStatement {
  if (written.length > STATEMENT_CHARS_MAX) throw new NodeError('node-config-invalid', `The statement is longer than ${STATEMENT_CHARS_MAX.toLocaleString('en')} characters.`);
  const templates: string[] = [];
  const put = (template: string) => `$${first + templates.push(template)}`;
  let sql = '';
  let rest = written;
  while (rest !== '') {
    const piece = PIECE.exec(rest)?.[0] ?? rest.slice(0, 1);
    const alone = ALONE.exec(piece);
    if (alone?.[1] !== undefined) sql += put(alone[1]);
    else if (piece.startsWith('{{')) sql += put(piece);
    else if (/^['"$]|^--|^\/\*/.test(piece) && piece.includes('{{')) throw new NodeError('node-config-invalid', `A template stands inside a longer text or name: ${piece.slice(0, 80)}. Put it outside the quotes, e.g. '%' || {{ … }} || '%'.`);
    else sql += piece;
    rest = rest.slice(piece.length);
  }
  return { sql, templates };
}

/** A template, a text or name in quotes, a comment, or what lies between. The body of a template ends at the first `}}`. */
const PIECE = /^(?:\{\{[^]*?\}\}|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$([A-Za-z_]*)\$[^]*?\$\1\$|--[^\n]*|\/\*[^]*?\*\/|[^'"{$\-/]+)/;
/** A text in quotes that is one template and nothing else. */
const ALONE = /^'\s*(\{\{(?:(?!\}\})[^])*\}\})\s*'$/;
