import { SourceError } from '../source-reader.ts';
import type { DatabaseContext, Selection, Session, TableEntry, TableShape } from './engine.ts';
import { columnsRead, missingColumns, sameName } from './row-document.ts';

/** Names told in a message; more would not be read. */
const NAMES_SHOWN = 30;

/** What is read: a query, or a table with its columns. */
export interface Part { name: string; key: readonly string[]; rows: number | null; selection: Selection }

/** What the settings name, checked against what is there. Throws SourceError that says what there is instead. */
export async function partsOf(session: Session, { config }: DatabaseContext): Promise<Part[]> {
  if (isQuery(config)) return [{ name: 'query', key: [], rows: null, selection: { type: 'query' } }];
  const entries = await session.tables();
  if (config.tables.length === 0) throw new SourceError('settings', `Name the tables to be read. ${thereAre(entries)}`);
  const chosen = config.tables.map((written) => ({ written, entry: findTable(entries, written) }));
  const absent = chosen.filter(({ entry }) => entry === null).map(({ written }) => written);
  if (absent.length > 0) throw new SourceError('not-found', `There is no table ${listed(absent)} in ${config.database} that this user may read. ${thereAre(entries)}`);
  const shapes: TableShape[] = [];
  for (const entry of new Set(chosen.flatMap(({ entry }) => entry ?? []))) shapes.push(await session.describe(entry));
  const known = shapes.every(({ columns }) => columns !== null) ? shapes.flatMap(({ columns }) => columns ?? []) : null;
  if (known) requireColumns(known, config);
  return shapes.map((table) => ({
    name: table.entry.name, key: table.key, rows: table.entry.rows, selection: { type: 'table', table, columns: table.columns && columnsRead(table.columns, table.key, config) },
  }));
}

/** A query of SQL takes the place of tables; a filter of MongoDB narrows them. */
export const isQuery = ({ engine, query }: DatabaseContext['config']): boolean => query !== '' && engine !== 'mongodb';

/** Throws SourceError where a column is named that none of the tables has. */
export function requireColumns(columns: readonly string[], config: DatabaseContext['config']): void {
  const missing = missingColumns(columns, config);
  if (missing.length > 0) throw new SourceError('not-found', `There is no column ${listed(missing)}. There are: ${listed([...new Set(columns)])}.`);
}

export const tablesOf = (parts: readonly Part[]): TableShape[] => parts.flatMap(({ selection }) => (selection.type === 'table' ? [selection.table] : []));

export const thereAre = (entries: readonly TableEntry[]): string => (entries.length === 0 ? 'This user may read no table there.' : `There are: ${listed(entries.map(({ name }) => name))}.`);

export const listed = (names: readonly string[]): string => names.slice(0, NAMES_SHOWN).join(', ') + (names.length > NAMES_SHOWN ? ` and ${names.length - NAMES_SHOWN} more` : '');

/** The table somebody means: written exactly, else in other letters or without its schema where only one fits. */
export function findTable(entries: readonly TableEntry[], written: string): TableEntry | null {
  const name = written.replaceAll(/["`]/g, '');
  const exact = entries.find((entry) => entry.name === name || entry.fullName === name);
  if (exact) return exact;
  const alike = entries.filter((entry) => sameName(entry.name, name) || sameName(entry.fullName, name));
  const fitting = alike.length > 0 ? alike : entries.filter(({ fullName }) => sameName(fullName.slice(fullName.indexOf('.') + 1), name));
  return fitting.length === 1 ? fitting[0] ?? null : null;
}
