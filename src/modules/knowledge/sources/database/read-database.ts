import { setImmediate as others } from 'node:timers/promises';
import type { Found } from '../source-reader.ts';
import { partsOf, requireColumns, tablesOf, type Part } from './choose-tables.ts';
import type { DatabaseContext, Row, Session } from './engine.ts';
import { documentOf, type RowDocument } from './row-document.ts';

/** All text of one reading, in characters. */
const TEXT_MAX = 256 * 1024 * 1024;
/** Rows made into documents before everybody else has a turn. */
const ROWS_AT_ONCE = 25;

/** Every row of what the settings name. Rows that are there unchanged are only said to be so. */
export async function* readRows(session: Session, context: DatabaseContext): AsyncGenerator<Found> {
  const parts = await partsOf(session, context);
  // Taken before the rows: what changes meanwhile is seen as a change afterwards.
  const mark = await session.mark(tablesOf(parts));
  const reading = new RowReading(context, parts);
  for (const part of parts) {
    for await (const batch of session.rows(part.selection, reading.rowsLeft + 1)) {
      yield* reading.take(part, batch);
      if (reading.ended !== null) break;
    }
    if (reading.ended !== null) break;
  }
  if (reading.ended !== null) yield { type: 'incomplete', reason: reading.ended };
  context.remember({ mark });
}

class RowReading {
  readonly #context: DatabaseContext;
  readonly #rowsMax: number;
  readonly #total: number | null;
  readonly #seen = new Set<string>();
  #rows = 0;
  #characters = 0;
  /** Why nothing more is taken; null while more is. */
  ended: string | null = null;

  constructor(context: DatabaseContext, parts: readonly Part[]) {
    this.#context = context;
    this.#rowsMax = Math.min(context.config.rowsMax, context.documentsMax);
    this.#total = parts.some(({ rows }) => rows === null) ? null : Math.min(this.#rowsMax, parts.reduce((sum, { rows }) => sum + (rows ?? 0), 0));
  }

  get rowsLeft(): number { return this.#rowsMax - this.#rows; }

  async* take(part: Part, batch: readonly Row[]): AsyncGenerator<Found> {
    const { config } = this.#context;
    if (this.#rows === 0 && part.selection.type === 'query' && batch[0]) requireColumns(batch[0].map(([name]) => name), config);
    const taken = batch.slice(0, this.rowsLeft);
    const documents: RowDocument[] = [];
    for (const [index, row] of taken.entries()) {
      if (index % ROWS_AT_ONCE === 0) await others();
      documents.push(await documentOf(row, part.name, part.key, config));
    }
    const known = await this.#context.known(documents.flatMap((row) => ('document' in row ? row.document.externalId : [])));
    for (const row of documents) {
      yield this.#found(part, row, known);
      if (this.ended !== null) return;
    }
    this.#rows += taken.length;
    if (taken.length < batch.length) this.ended = `Only the first ${this.#rowsMax} rows were read. Allow more rows, or read less with a query.`;
    yield { type: 'progress', done: this.#rows, total: this.#total === null ? null : Math.max(this.#total, this.#rows), message: `Reading ${part.name}` };
  }

  #found(part: Part, row: RowDocument, known: ReadonlyMap<string, string | null>): Found {
    if ('problem' in row) return { type: 'problem', externalId: row.externalId, name: row.externalId, message: row.problem };
    const { document } = row;
    const { externalId, title, fingerprint, content } = document;
    if (this.#seen.has(externalId)) {
      return { type: 'problem', externalId, name: title, message: `Several rows of ${part.name} have the same id; the first is kept. Name a column that tells rows apart.` };
    }
    this.#seen.add(externalId);
    this.#characters += content.text.length;
    if (this.#characters > TEXT_MAX) this.ended = `Reading ended after ${TEXT_MAX / 1024 / 1024} MB of text. Name the text columns, or read less with a query.`;
    if (Buffer.byteLength(content.text) > this.#context.bytesMax) return { type: 'problem', externalId, name: title, message: `The row is larger than ${Math.round(this.#context.bytesMax / 1024 / 1024)} MB.` };
    return known.get(externalId) === fingerprint ? { type: 'unchanged', externalId } : { type: 'document', document };
  }
}

