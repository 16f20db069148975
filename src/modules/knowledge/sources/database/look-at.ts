import type { SourceTest } from '../contract.ts';
import { isQuery, listed, partsOf, requireColumns, thereAre, type Part } from './choose-tables.ts';
import type { DatabaseContext, Row, Session } from './engine.ts';
import { documentOf } from './row-document.ts';

const SAMPLE_ROWS = 3;
const SAMPLE_CHARACTERS_MAX = 2_000;

/** What a database holds, before it is read: which tables there are, whether those named are among them, and the first rows. */
export async function lookAt(session: Session, context: DatabaseContext): Promise<Omit<SourceTest, 'ok'>> {
  const { config } = context;
  if (config.tables.length === 0 && !isQuery(config)) {
    const entries = await session.tables();
    return { message: `Connected to ${config.database}. ${thereAre(entries)} Name the tables to be read.`, found: null, sample: [] };
  }
  const parts = await partsOf(session, context);
  const sample: SourceTest['sample'] = [];
  const columns = new Set<string>();
  for (const part of parts) {
    const rows = await firstRows(session, part);
    for (const row of rows) {
      for (const [name] of row) columns.add(name);
      const read = await documentOf(row, part.name, part.key, config);
      if (sample.length < SAMPLE_ROWS && 'document' in read) sample.push({ title: read.document.title, text: read.document.content.text.slice(0, SAMPLE_CHARACTERS_MAX).toWellFormed(), url: read.document.url });
    }
    if (sample.length >= SAMPLE_ROWS && isFixed(part)) break;
  }
  // Where each document has fields of its own, the first of them are asked.
  if (columns.size > 0 && !parts.every(isFixed)) requireColumns([...columns], config);
  const found = parts.some(({ rows }) => rows === null) ? null : parts.reduce((sum, { rows }) => sum + (rows ?? 0), 0);
  return { message: `Connected to ${config.database}. ${isQuery(config) ? 'The query can be read.' : `To be read: ${listed(parts.map(counted))}.`}`, found, sample };
}

const isFixed = ({ selection }: Part): boolean => selection.type === 'table' && selection.table.columns !== null;

async function firstRows(session: Session, { selection }: Part): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for await (const batch of session.rows(selection, SAMPLE_ROWS)) {
    rows.push(...batch);
    if (rows.length >= SAMPLE_ROWS) break;
  }
  return rows.slice(0, SAMPLE_ROWS);
}

const counted = ({ name, rows }: Part): string => (rows === null ? name : `${name} (about ${rows} ${rows === 1 ? 'row' : 'rows'})`);
