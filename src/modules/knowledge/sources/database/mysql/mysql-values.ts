/** Types of columns as the protocol numbers them (MySQL client/server protocol, column definition). */
const TIMESTAMP = 7;
const DATE = 10;
const DATETIME = 12;
const BIT = 16;
const GEOMETRY = 255;

/** Times in ISO 8601, those with a zone in UTC, as the session is told to give them; dates of zeros, shapes and bits are nothing to read. */
export function plainValue(value: unknown, type: number | undefined): unknown {
  if (type === BIT) return value instanceof Uint8Array && value.length === 1 ? value[0] ?? null : null;
  if (type === GEOMETRY) return null;
  if (typeof value !== 'string' || (type !== TIMESTAMP && type !== DATE && type !== DATETIME)) return value;
  if (value.startsWith('0000-')) return null;
  const iso = value.replace(' ', 'T');
  return type === TIMESTAMP ? `${iso}Z` : iso;
}
