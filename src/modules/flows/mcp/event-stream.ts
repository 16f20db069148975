export interface StreamEvent { event: string; data: string }

const EVENT_CHARS_MAX = 5 * 1024 * 1024;

/** Reads `text/event-stream` (WHATWG HTML, section 9.2.6) piece by piece. */
export class EventStream {
  #rest = '';

  /** The events that are complete with this piece. */
  push(piece: string): StreamEvent[] {
    // Only what is new can end an event, with the last characters before it.
    const from = Math.max(0, this.#rest.length - 3);
    this.#rest += piece;
    const events: StreamEvent[] = [];
    const boundary = /\r\n\r\n|\n\n|\r\r/g;
    boundary.lastIndex = from;
    let start = 0;
    for (let end = boundary.exec(this.#rest); end; end = boundary.exec(this.#rest)) {
      const event = eventOf(this.#rest.slice(start, end.index));
      start = boundary.lastIndex;
      if (event) events.push(event);
    }
    if (start > 0) this.#rest = this.#rest.slice(start);
    if (this.#rest.length > EVENT_CHARS_MAX) this.#rest = '';
    return events;
  }

  /** What is left at the end counts as an event too: some servers forget the last empty line. */
  end(): StreamEvent[] {
    return this.push('\n\n');
  }
}

function eventOf(block: string): StreamEvent | null {
  const data: string[] = [];
  let event = 'message';
  for (const line of block.replace(/^\ufeff/, '').split(/\r\n|\n|\r/)) {
    const colon = line.indexOf(':');
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'data') data.push(value);
    else if (field === 'event') event = value;
  }
  return data.length === 0 ? null : { event, data: data.join('\n') };
}
