/** The part of an address after `?` as plain text values; a name that repeats becomes a list. */
export type SearchValues = Record<string, string | string[]>;

/** Reads `?a=1&b=2&b=3` without guessing types: what an address holds is text, and each screen's schema says what it means. */
export const parseSearch = (text: string): SearchValues => {
  const values: SearchValues = {};
  for (const [name, value] of new URLSearchParams(text)) {
    if (name === '__proto__') continue;
    const before = Object.hasOwn(values, name) ? values[name] : undefined;
    values[name] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value];
  }
  return values;
};

/** The opposite; what is undefined, null or empty text is left out, so that addresses stay short. */
export const stringifySearch = (values: Record<string, unknown>): string => {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item === undefined || item === null || item === '') continue;
      search.append(name, typeof item === 'object' ? JSON.stringify(item) : String(item));
    }
  }
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
};
