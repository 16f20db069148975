/** Reading parsed JSON without trusting its shape: own properties only, wrong kinds read as absent. */

export type PlainRecord = Record<string, unknown>;

export const isRecord = (value: unknown): value is PlainRecord => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The own property, never one of the prototype (`constructor`, `toString`). */
export const read = (value: unknown, key: string): unknown => (isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined);

export const readText = (value: unknown, key: string): string | null => {
  const found = read(value, key);
  return typeof found === 'string' ? found : null;
};

export const readRecord = (value: unknown, key: string): PlainRecord | null => {
  const found = read(value, key);
  return isRecord(found) ? found : null;
};

export const readList = (value: unknown, key: string): readonly unknown[] => {
  const found = read(value, key);
  return Array.isArray(found) ? found : [];
};

export const readFlag = (value: unknown, key: string): boolean => read(value, key) === true;

export const readNumber = (value: unknown, key: string): number | null => {
  const found = read(value, key);
  return typeof found === 'number' && Number.isFinite(found) ? found : null;
};

/** One line for names and titles: no control or direction-changing characters, bounded. */
export const oneLine = (text: string, charsMax: number): string =>
  text.replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim().slice(0, charsMax).toWellFormed();
