import type { BSON } from 'mongodb';
import type { Row } from '../engine.ts';

/** Deeper values are not read by anybody. */
const DEPTH_MAX = 12;

/** A document as a row: its fields in their order, with plain values. */
export const rowOf = (document: BSON.Document): Row => Object.entries(document).map(([name, value]: [string, unknown]) => [name, plain(value, 0)] as const);

/** Ids, exact numbers and times of BSON as text or numbers; what says nothing to a reader is left out. */
function plain(value: unknown, depth: number): unknown {
  if (value === null || typeof value !== 'object' || value instanceof Date || value instanceof Uint8Array) return value;
  if (depth > DEPTH_MAX) return null;
  if (value instanceof RegExp) return value.source;
  if (Array.isArray(value)) return value.map((item: unknown) => plain(item, depth + 1));
  if ('_bsontype' in value) return special(value, String(value._bsontype));
  return Object.fromEntries(Object.entries(value).map(([name, inner]: [string, unknown]) => [name, plain(inner, depth + 1)]));
}

function special(value: object, type: string): unknown {
  switch (type) {
    case 'ObjectId': case 'Decimal128': case 'UUID': return text(value);
    case 'Long': return Number.isSafeInteger(Number(text(value))) ? Number(text(value)) : text(value);
    case 'Int32': case 'Double': return Number(text(value));
    case 'Binary': return 'sub_type' in value && value.sub_type === 4 ? text(value, 'hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-') : new Uint8Array();
    case 'Timestamp': return 't' in value && typeof value.t === 'number' ? new Date(value.t * 1000) : null;
    case 'BSONRegExp': return 'pattern' in value ? value.pattern : null;
    case 'BSONSymbol': return 'value' in value ? value.value : null;
    default: return null;
  }
}

const text = (value: { toString(encoding?: string): string }, encoding?: string): string => value.toString(encoding);
