import { ModelError } from '#modules/models/ports.ts';

export interface ServerEvent { event: string; data: string }

/** Longest single event, in characters. */
const EVENT_CHARS_MAX = 8 * 1024 * 1024;

/**
 * Reads server-sent events (WHATWG HTML, 9.2): any line ending, comments, events over many chunks, several data lines.
 * Yields the events of one chunk together: a turn of the event loop for each would cost more than the parsing.
 */
export async function* readEvents(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<readonly ServerEvent[]> {
  const decoder = new TextDecoder();
  let rest = '';
  let event = '';
  let data: string[] = [];
  let size = 0;
  for await (const part of bytes) {
    rest += decoder.decode(part, { stream: true });
    let from = 0;
    const events: ServerEvent[] = [];
    for (let end = lineEnd(rest, from); end !== null; end = lineEnd(rest, from)) {
      const line = rest.slice(from, end.at);
      from = end.next;
      if (line === '') {
        if (data.length > 0) events.push({ event, data: data.length === 1 ? data[0] ?? '' : data.join('\n') });
        event = '';
        data = [];
        size = 0;
      } else if (line.startsWith('data:')) {
        data.push(line.slice(line[5] === ' ' ? 6 : 5));
        size += line.length;
      } else if (line.startsWith('event:')) event = line.slice(6).trim();
    }
    rest = rest.slice(from);
    if (events.length > 0) yield events;
    if (rest.length + size > EVENT_CHARS_MAX) throw new ModelError('bad-answer', 'The model provider sent an event that is too large.', false);
  }
  // Some servers leave out the empty line after their last event.
  if (rest.startsWith('data:')) data.push(rest.slice(rest[5] === ' ' ? 6 : 5));
  if (data.length > 0) yield [{ event, data: data.join('\n') }];
}

function lineEnd(text: string, from: number): { at: number; next: number } | null {
  const newline = text.indexOf('\n', from);
  const carriage = text.indexOf('\r', from);
  if (carriage >= 0 && (newline < 0 || carriage < newline)) {
    // A carriage return at the very end may be half of a pair.
    if (carriage === text.length - 1) return null;
    return { at: carriage, next: text[carriage + 1] === '\n' ? carriage + 2 : carriage + 1 };
  }
  return newline < 0 ? null : { at: newline, next: newline + 1 };
}
