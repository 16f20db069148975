/** Values within one JSON value that are written out; more are not read by anybody. */
const VALUES_MAX = 500;
const DEPTH_MAX = 8;
/** JSON in a column of text is only looked for in so many characters. */
const JSON_CHARACTERS_MAX = 200_000;

/** A value as people read it: times in ISO 8601, JSON as lines of `path: value`. Null where there is nothing to read (null, empty, bytes). */
export function cellText(value: unknown): string | null {
  const scalar = scalarText(value);
  if (scalar !== undefined) return parsedJson(scalar) ?? scalar;
  if (value === null || typeof value !== 'object') return null;
  const lines: string[] = [];
  flatten(value, '', 0, lines);
  return lines.length === 0 ? null : lines.join('\n');
}

/** Undefined for what is no single value; null for one without text. */
function scalarText(value: unknown): string | null | undefined {
  switch (typeof value) {
    case 'string': return value.trim() === '' ? null : value.trim();
    case 'number': case 'bigint': case 'boolean': return String(value);
    case 'object':
      if (value === null || value instanceof Uint8Array) return null;
      if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
      return undefined;
    case 'undefined': case 'function': case 'symbol': return null;
  }
}

function parsedJson(text: string | null): string | null {
  if (text === null || text.length > JSON_CHARACTERS_MAX || !/^(\{[\s\S]*\}|\[[\s\S]*\])$/.test(text)) return null;
  try {
    const parsed: unknown = JSON.parse(text);
    return parsed !== null && typeof parsed === 'object' ? cellText(parsed) : null;
  } catch {
    return null; // It only looked like JSON.
  }
}

function flatten(value: object, path: string, depth: number, lines: string[]): void {
  if (depth > DEPTH_MAX) return;
  const items: unknown[] | null = Array.isArray(value) ? value : null;
  const scalars = items?.map(scalarText);
  if (scalars?.every((text) => text !== undefined)) {
    const list = scalars.slice(0, VALUES_MAX).filter((text) => text !== null).join(', ');
    if (list !== '' && lines.length < VALUES_MAX) lines.push(labelled(path, list));
    return;
  }
  for (const [name, inner] of Object.entries(value)) {
    if (lines.length >= VALUES_MAX) return;
    // Lists are counted as people do.
    const part = items ? String(Number(name) + 1) : name;
    const below = path === '' ? part : `${path}.${part}`;
    const text = scalarText(inner);
    if (text === undefined && inner !== null && typeof inner === 'object') flatten(inner, below, depth + 1, lines);
    else if (text) lines.push(labelled(below, text));
  }
}

const labelled = (path: string, text: string): string => (path === '' ? text : `${path}: ${text.replace(/\s+/g, ' ')}`);
