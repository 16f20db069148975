/** A JSON object; anything may be inside. */
export type JsonRecord = Record<string, unknown>;

export const isRecord = (value: unknown): value is JsonRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Lays `over` on `under`: objects merge key by key, everything else (arrays too) replaces. `undefined` leaves what is
 * under it. Neither argument is changed. Recursion goes only where both sides are objects, so a hostile depth on one
 * side costs nothing; keys such as `__proto__` stay ordinary own keys, for a strict schema to refuse afterwards.
 */
export const mergeDeep = (under: unknown, over: unknown): unknown => {
  if (over === undefined) return under;
  if (!isRecord(under) || !isRecord(over)) return over;
  const merged = new Map(Object.entries(under));
  for (const [key, value] of Object.entries(over)) merged.set(key, mergeDeep(merged.get(key), value));
  return Object.fromEntries(merged);
};
