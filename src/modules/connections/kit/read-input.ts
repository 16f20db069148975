import { z } from 'zod';
import { OutsideError } from './outside-error.ts';

/**
 * The input of an action, checked. Templates and models write numbers, lists and objects as text, so a text is read as what
 * the field wants where that is certain; an empty one is no value. Throws OutsideError that names the fields.
 */
export function readInput<Shape extends z.ZodRawShape>(schema: z.ZodObject<Shape>, given: unknown): z.output<z.ZodObject<Shape>> {
  const record = z.record(z.string(), z.unknown()).safeParse(given ?? {});
  if (!record.success) throw new OutsideError('input-invalid', 'The input must be an object.');
  const entries = Object.entries(record.data).flatMap(([name, value]): [string, unknown][] => {
    const field = Object.hasOwn(schema.shape, name) ? new Map<string, unknown>(Object.entries(schema.shape)).get(name) : undefined;
    const read = field instanceof z.ZodType ? asWanted(kindOf(field), value) : value;
    return read === undefined ? [] : [[name, read]];
  });
  const parsed = schema.safeParse(Object.fromEntries(entries));
  if (parsed.success) return parsed.data;
  const known = Object.keys(schema.shape).join(', ');
  const words = parsed.error.issues.slice(0, 5).map((issue) => (issue.code === 'unrecognized_keys'
    ? `there is no field ${issue.keys.map((key) => `"${key.slice(0, 60)}"`).join(', ')} (there are: ${known})`
    : `${issue.path.join('.') || 'input'}: ${issue.message}`));
  throw new OutsideError('input-invalid', words.join('; '));
}

/** The kind of value below `.optional()`, `.default()` and `.nullable()`. */
function kindOf(field: z.ZodType): string {
  if (field instanceof z.ZodOptional || field instanceof z.ZodDefault || field instanceof z.ZodNullable) {
    const inner = field.unwrap();
    return inner instanceof z.ZodType ? kindOf(inner) : 'unknown';
  }
  return field._zod.def.type;
}

function asWanted(kind: string, value: unknown): unknown {
  if (value === null) return undefined;
  if (typeof value === 'number' && kind === 'string') return String(value);
  if (typeof value !== 'string') return value;
  const text = value.trim();
  switch (kind) {
    case 'string': return value === '' ? undefined : value;
    case 'number': return text === '' ? undefined : Number.isFinite(Number(text)) ? Number(text) : value;
    case 'boolean': return text === '' ? undefined : text === 'true' ? true : text === 'false' ? false : value;
    case 'array': return text === '' ? undefined : (text.startsWith('[') ? fromJson(text) : undefined) ?? [value];
    case 'record': return text === '' ? undefined : fromJson(text) ?? value;
    case 'unknown': return /^\s*[[{]/.test(value) ? fromJson(text) ?? value : value;
    default: return text === '' ? undefined : value;
  }
}

/** Undefined for a text that is no JSON. */
function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
