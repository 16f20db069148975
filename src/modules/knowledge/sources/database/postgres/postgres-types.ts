import pg from 'pg';

const { builtins, getTypeParser } = pg.types;
/** Lists whose parser of the driver gives plain values: booleans, numbers, texts, uuids, JSON. */
const LISTS = new Set([1000, 1005, 1007, 1009, 1015, 1021, 1022, 1231, 2951, 199, 3807]);

/** Plain values: times as text in ISO 8601 rather than local dates, numbers only where none is rounded. */
export const postgresTypes: pg.CustomTypesConfig = {
  getTypeParser(type: number) {
    switch (type) {
      case builtins.BOOL: case builtins.INT2: case builtins.INT4: case builtins.FLOAT4: case builtins.FLOAT8: case builtins.JSON: case builtins.JSONB: case builtins.BYTEA: return getTypeParser(type, 'text');
      case builtins.INT8: return (text: string) => (Number.isSafeInteger(Number(text)) ? Number(text) : text);
      case builtins.TIMESTAMP: return (text: string) => text.replace(' ', 'T');
      // In UTC, as the session is told to give them.
      case builtins.TIMESTAMPTZ: return (text: string) => text.replace(' ', 'T').replace(/\+00$/, 'Z');
      default: return LISTS.has(type) ? getTypeParser(type, 'text') : (text: string) => text;
    }
  },
};
