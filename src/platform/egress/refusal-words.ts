const CHARS_MAX = 300;

/** Where services put the words of a refusal. */
const PLACES = ['error.message', 'message', 'error_description', 'error.error_user_msg', 'errors.0.message', 'errors.0.detail', 'detail', 'detail.message', 'description', 'error', 'errors.0', 'errorMessages.0', 'error.type'];

/** What a service says about why it refused, from its answer; one line, empty where it says nothing. Secrets must be out of the text already. */
export function refusalWords(text: string): string {
  const line = wordsOf(text).replace(/\s+/g, ' ').trim();
  return line.length > CHARS_MAX ? `${line.slice(0, CHARS_MAX)}…` : line;
}

function wordsOf(text: string): string {
  try {
    const body: unknown = JSON.parse(text);
    return PLACES.map((place) => textAt(Array.isArray(body) ? body[0] : body, place.split('.'))).find((found) => found !== '') ?? '';
  } catch {
    // A page is made for browsers: its words say less than the status.
    return /^\s*</.test(text) ? '' : text;
  }
}

function textAt(value: unknown, [step, ...rest]: readonly string[]): string {
  if (step === undefined) return typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
  return typeof value === 'object' && value !== null && Object.hasOwn(value, step) ? textAt(new Map<string, unknown>(Object.entries(value)).get(step), rest) : '';
}
