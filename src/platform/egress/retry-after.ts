/** Milliseconds that a `Retry-After` header asks for (RFC 9110, 10.2.3): seconds or a date. Null where it asks for nothing that can be read. */
export function retryAfter(header: string | null, now: Date): number | null {
  if (header === null) return null;
  if (/^\s*\d{1,9}(\.\d{1,6})?\s*$/.test(header)) return Number(header) * 1_000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? null : Math.max(0, date - now.getTime());
}
