import type { DatabaseConfig, DatabaseSecrets } from '../contract/database.ts';
import type { ReadContext, SourceError } from '../source-reader.ts';

export type DatabaseContext = ReadContext<DatabaseConfig, DatabaseSecrets>;

/** A row as pairs in the order of its columns. Values are plain: numbers too large for one and times are text already. */
export type Row = readonly (readonly [column: string, value: unknown])[];

export interface TableEntry {
  /** As people write it, with its schema only where that is needed. Part of each row's id, so it must stay. */
  name: string;
  /** With its schema; the same as `name` where there are none. */
  fullName: string;
  /** An estimate; null where that is not cheap to know. */
  rows: number | null;
}

export interface TableShape {
  entry: TableEntry;
  /** In their order; null where each document has its own. */
  columns: readonly string[] | null;
  /** Columns of the primary key, in its order; empty where there is none. */
  key: readonly string[];
}

/** What is read in one go. `columns` null: all there are. */
export type Selection = { type: 'table'; table: TableShape; columns: readonly string[] | null } | { type: 'query' };

/** One connection to a database. It only ever reads, and is closed after each reading. Its methods throw the driver's errors. */
export interface Session {
  /** What the user may read. */
  tables(): Promise<TableEntry[]>;
  describe(entry: TableEntry): Promise<TableShape>;
  /** Rows in small batches, in the order of the key where there is one; at most `rowsMax`. */
  rows(selection: Selection, rowsMax: number): AsyncIterable<readonly Row[]>;
  /** Tells two states of these tables apart (none: of the whole database); null where that cannot be known without reading all. */
  mark(tables: readonly TableShape[]): Promise<string | null>;
  /** Whether listening begins where a mark was taken, so that nothing is missed and nothing need be asked besides. */
  readonly listensFromMark?: boolean;
  /** Resolves when the database tells of a change, or when the signal ends. Absent where it can only be asked. */
  listen?(tables: readonly TableShape[], mark: string | null, signal: AbortSignal): Promise<void>;
  /** An error of the driver in words for the buyer; null for one that is a fault of ours. */
  explain(error: unknown): SourceError | null;
  close(): Promise<void>;
}

export interface Engine {
  /** How often a database that does not tell of changes is asked. */
  pollMs: number;
  /** Connects and signs in. Throws SourceError. */
  open(context: DatabaseContext): Promise<Session>;
}

/** Rows asked for at a time at first; more when they turn out to be small. */
export const BATCH_ROWS = { first: 20, most: 500 } as const;
/** What a batch should hold, in characters. */
export const BATCH_SIZE = 2 * 1024 * 1024;
/** The most that may come for one batch, in bytes. A row larger than this cannot be read. */
export const BATCH_BYTES_MAX = 64 * 1024 * 1024;
export const CONNECT_MS_MAX = 10_000;
/** Until a statement gives its first row or the next batch. */
export const STATEMENT_MS_MAX = 60_000;
/** For looking up tables and columns. */
export const LOOKUP_MS_MAX = 15_000;
export const TABLES_MAX = 2_000;

/** How many rows to ask for next, from how large the last ones were. */
export function nextBatchRows(asked: number, size: number, got: number): number {
  const fitting = Math.floor(BATCH_SIZE / Math.max(1, size / Math.max(1, got)));
  return Math.max(1, Math.min(BATCH_ROWS.most, asked * 4, fitting));
}

/** Roughly what rows take, in characters. */
export const sizeOf = (rows: readonly Row[]): number => rows.reduce((sum, row) => sum + row.reduce((size, [, value]) => size + sizeOfValue(value), 0), 0);

function sizeOfValue(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (value instanceof Uint8Array) return value.byteLength;
  return value !== null && typeof value === 'object' ? JSON.stringify(value).length : 8;
}
