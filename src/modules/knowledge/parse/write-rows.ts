import { headerRowIndex, recordTable, type BlockWriter } from './block-writer.ts';

/** Rows of a sheet or CSV file: what stands above the header row as text, the rest as records. */
export function writeRows(writer: BlockWriter, rows: readonly (readonly string[])[]): void {
  const header = headerRowIndex(rows);
  if (header < 0) {
    const lines = rows.map((row) => row.map((cell) => cell.replace(/\s*\n\s*/g, ' ').trim()).filter((cell) => cell !== '').join(' | '));
    writer.table(lines.filter((line) => line !== '').join('\n'));
    return;
  }
  for (const row of rows.slice(0, header)) writer.text(row.filter((cell) => cell.trim() !== '').join(' '));
  // The header also stands by itself: columns without values would be lost, and the guess may be wrong.
  writer.text((rows[header] ?? []).map((cell) => cell.replace(/\s+/g, ' ').trim()).filter((cell) => cell !== '').join(' | '));
  writer.table(recordTable(rows[header] ?? [], rows.slice(header + 1)));
}
