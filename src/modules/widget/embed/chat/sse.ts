/** Longest single event we hold; a server that sends more without a blank line is broken or hostile. */
const EVENT_CHARS_MAX = 1_000_000;

/**
 * Server-sent events (WHATWG HTML, "parsing an event stream") reduced to their data: feed it text as it arrives,
 * get back the data of every event completed by it. Lines may end in LF, CR or CRLF, split anywhere; comments and
 * other fields are skipped. An event cut off by the end of the stream is dropped, as the standard says.
 */
export class SseReader {
  #buffer = '';
  #data: string[] = [];
  #dataChars = 0;
  #started = false;

  /** @throws RangeError when one event exceeds a million characters. */
  push(chunk: string): string[] {
    this.#buffer += this.#started ? chunk : chunk.replace(/^\uFEFF/, '');
    this.#started ||= chunk !== '';
    const events: string[] = [];
    let start = 0;
    for (;;) {
      const end = lineEnd(this.#buffer, start);
      if (end === -1) break;
      // A CR at the very end may be the first half of CRLF: wait for the next piece.
      if (this.#buffer[end] === '\r' && end === this.#buffer.length - 1) break;
      this.#line(this.#buffer.slice(start, end), events);
      start = end + (this.#buffer[end] === '\r' && this.#buffer[end + 1] === '\n' ? 2 : 1);
    }
    this.#buffer = this.#buffer.slice(start);
    if (this.#buffer.length + this.#dataChars > EVENT_CHARS_MAX) throw new RangeError('The event is too long.');
    return events;
  }

  #line(line: string, events: string[]): void {
    if (line === '') {
      if (this.#data.length > 0) events.push(this.#data.join('\n'));
      this.#data = [];
      this.#dataChars = 0;
    } else if (line === 'data' || line.startsWith('data:')) {
      const value = line.slice(5);
      this.#data.push(value.startsWith(' ') ? value.slice(1) : value);
      this.#dataChars += value.length;
    }
  }
}

function lineEnd(buffer: string, from: number): number {
  for (let at = from; at < buffer.length; at++) {
    const code = buffer.charCodeAt(at);
    if (code === 10 || code === 13) return at;
  }
  return -1;
}
