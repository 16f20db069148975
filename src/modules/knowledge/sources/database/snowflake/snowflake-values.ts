/** A column as the SQL API describes it. */
export interface SnowflakeType { type: string; scale?: number | null | undefined }

const MS_PER_DAY = 86_400_000;

/** A value of the SQL API, which sends all as text (format jsonv2): numbers where none is rounded, times in ISO 8601, JSON as such, no bytes. */
export function snowflakeValue(value: string | null, { type, scale }: SnowflakeType): unknown {
  if (value === null) return null;
  switch (type.toLowerCase()) {
    case 'fixed': return (scale ?? 0) === 0 && Number.isSafeInteger(Number(value)) ? Number(value) : value;
    case 'real': return Number(value);
    case 'boolean': return value === 'true' || value === '1';
    case 'date': return isoOf(Number(value) * MS_PER_DAY)?.slice(0, 10) ?? null;
    case 'time': return clockOf(value);
    case 'timestamp_ntz': return secondsOf(value)?.slice(0, -1) ?? null;
    // The zone that is written behind is where it was noted, not when.
    case 'timestamp_ltz': case 'timestamp_tz': return secondsOf(value.split(' ')[0] ?? '');
    case 'variant': case 'object': case 'array': case 'map': return jsonOf(value);
    case 'binary': case 'geography': case 'geometry': case 'vector': return null;
    default: return value;
  }
}

const isoOf = (ms: number): string | null => (Number.isFinite(ms) && Math.abs(ms) < 8.64e15 ? new Date(ms).toISOString() : null);

/** Seconds since 1970 with up to nine decimals. */
function secondsOf(text: string): string | null {
  const iso = isoOf(Math.round(Number(text) * 1000));
  return iso === null ? null : iso.replace('.000Z', 'Z');
}

/** Seconds since midnight. */
function clockOf(text: string): string | null {
  const iso = secondsOf(text);
  return iso === null ? null : iso.slice(11, -1);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text; // Snowflake writes "undefined" where a variant holds nothing.
  }
}
