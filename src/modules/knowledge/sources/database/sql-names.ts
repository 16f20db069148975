import type { Selection } from './engine.ts';

/** Schema and table: the first dot parts them. */
export function partsOfName(fullName: string): [schema: string, table: string] {
  const dot = fullName.indexOf('.');
  return [fullName.slice(0, dot), fullName.slice(dot + 1)];
}

/** How a dialect writes names, so that each is a name, whatever it holds. */
export function sqlNames(quote: '"' | '`') {
  const quoted = (written: string): string => `${quote}${written.replaceAll(quote, quote + quote)}${quote}`;
  const identifier = (fullName: string): string => partsOfName(fullName).map(quoted).join('.');
  return {
    quoted, identifier,
    /** The rows of the lowest keys, so that the same ones are read each time where there are too many. */
    selectFrom({ table, columns }: Extract<Selection, { type: 'table' }>, rowsMax: number): string {
      const order = table.key.length === 0 ? '' : ` order by ${table.key.map(quoted).join(', ')}`;
      return `select ${(columns ?? []).map(quoted).join(', ')} from ${identifier(table.entry.fullName)}${order} limit ${rowsMax}`;
    },
  };
}
