import { ExpressionError } from '../expression-error.ts';
import { TEXT_CHARS_MAX } from '../limits.ts';

/** Data from JSON text; a field `__proto__` is dropped, since later copies could take it for an object's prototype. */
export function parseJsonText(text: string): unknown {
  if (text.length > TEXT_CHARS_MAX) throw new ExpressionError(`JSON longer than ${TEXT_CHARS_MAX} characters is not read`);
  try {
    return JSON.parse(text, text.includes('__proto__') ? withoutProto : undefined);
  } catch (error) {
    // The parser's own words are the useful ones.
    throw new ExpressionError(`The text is not JSON: ${error instanceof Error ? error.message.slice(0, 200) : 'it cannot be read'}`);
  }
}

const withoutProto = (key: string, value: unknown): unknown => (key === '__proto__' ? undefined : value);
