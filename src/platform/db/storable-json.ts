/** Escapes in JSON that stand for what the database refuses: NUL and halves of characters. */
const REFUSED = /\\u(?:0000|d[89a-f])/;
const clean = (_name: string, value: unknown): unknown => (typeof value === 'string' ? value.replaceAll('\u0000', '').toWellFormed() : value);

/** Rows as one JSON parameter the database takes. Models and programs may say anything, so what it refuses is left out. */
export function storableJson(rows: readonly object[]): string {
  const text = JSON.stringify(rows);
  return REFUSED.test(text) ? JSON.stringify(rows, clean) : text;
}
