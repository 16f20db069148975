/** A statement of SQL with its values apart from it, as connectors of databases want it. */
export interface Statement { sql: string; values: string[] }

/**
 * Takes the templates out of a statement: each becomes `$n` and a value. Inside quotes the text around it is joined with
 * `||`, so that `'%{{ x }}%'` stays a pattern. Null where a template is the whole statement.
 */
export function statementOf(template: string, first = 1): Statement | null {
  if (/^\s*\{\{ [^]* \}\}\s*;?\s*$/.test(template) && template.split('{{ ').length === 2) return null;
  const values: string[] = [];
  let sql = '';
  let quoted = false;
  for (const part of template.split(/(\{\{ [^]*? \}\})/)) {
    if (part.startsWith('{{ ') && part.endsWith(' }}')) {
      values.push(part);
      const place = `$${first + values.length - 1}`;
      sql += quoted ? `' || ${place}::text || '` : place;
      continue;
    }
    for (const char of part) if (char === "'") quoted = !quoted;
    sql += part;
  }
  return { sql: sql.replaceAll("'' || ", '').replaceAll(" || ''", ''), values };
}
