/** A cell that a spreadsheet would read as a formula gets an apostrophe in front, so that it stays text. */
const cell = (value: unknown): string => {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean' ? String(value)
    : value instanceof Date ? value.toISOString()
      : typeof value === 'string' ? value.replace(/^(?=[=+\-@\t\r])/, "'") : JSON.stringify(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** Rows as CSV after RFC 4180, with a byte order mark so that spreadsheets read it as UTF-8. */
export const toCsv = (header: readonly string[], rows: readonly (readonly unknown[])[]): string =>
  `\uFEFF${[header, ...rows].map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
