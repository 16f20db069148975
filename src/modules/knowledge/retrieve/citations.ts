import type { Passage } from '#modules/models/ports.ts';
import type { Citation, CitedQuote } from '../citation-contract.ts';
import { BLANK, DIGIT, numberIn } from './marker-digits.ts';
import { isQuotedFrom, quoteBefore } from './quote-check.ts';
import { snippetFor } from './snippet.ts';

/** A whole marker at the beginning of a text; and what may still become one. Four digits are a year, not a marker. */
const MARKER_HERE = new RegExp(`^[[［【]${BLANK}{0,3}\\^?${BLANK}{0,3}(${DIGIT}{1,3}(?:${BLANK}{0,3}[,;，、]${BLANK}{0,3}\\^?${DIGIT}{1,3}){0,20})(?:†[^\\]］】\\n]{0,60})?${BLANK}{0,3}[\\]］】]`);
const MARKER_BEGUN = new RegExp(`^[[［【](?:${DIGIT}|${BLANK}|[\\^,;，、]){0,200}(?:†[^\\]］】\\n]{0,60})?$`);
const NUMBERS = new RegExp(`${DIGIT}+`, 'g');
const CONTEXT_KEPT = 4000;
const SNIPPET_CHARACTERS = 240;
/** Quotations checked for one citation. */
const QUOTES_MAX = 20;

export interface CitingOptions {
  /** Markers of a line are put at its end, each once, so that the text reads undisturbed. Rows of tables keep theirs. */
  gathers?: boolean;
}

/** An answer with the citations its markers name. */
export interface CitedAnswer { text: string; citations: Citation[] }

/** {@link CitationStream} over a finished answer. */
export function citationsFor(answerText: string, passages: readonly Passage[], options: CitingOptions = {}): CitedAnswer {
  const stream = new CitationStream(passages, options);
  return { text: stream.push(answerText) + stream.flush(), citations: stream.citations };
}

/**
 * Reads a model's answer as it arrives. Markers become `[n]`; numbers that name no passage disappear, and with them a
 * marker that has no other. What could be the beginning of a marker is held back until it is decided, so nothing that was
 * emitted is ever taken back. Code (between backticks) is left alone: `list[1]` cites nothing.
 */
export class CitationStream {
  readonly #passages: readonly Passage[];
  readonly #gathers: boolean;
  /** Numbers of this line that wait for its end. */
  readonly #gathered = new Set<number>();
  readonly #found = new Map<number, { quotes: CitedQuote[]; said: string }>();
  #pending = '';
  /** Tail of what was emitted, for the quotation and the words before a marker. */
  #emitted = '';
  #code = '';
  #afterMarker = false;
  /** Space before a marker that was dropped. */
  #owedSpace = '';

  constructor(passages: readonly Passage[], { gathers = false }: CitingOptions = {}) {
    this.#passages = passages;
    this.#gathers = gathers;
  }

  /** The next piece of the answer; returns what may be shown now. */
  push(text: string): string {
    this.#pending += text;
    return this.#drain(false);
  }

  /** The end of the answer; returns the rest. */
  flush(): string {
    return this.#drain(true);
  }

  /** What was cited so far, by number. */
  get citations(): Citation[] {
    return [...this.#found].sort(([a], [b]) => a - b).flatMap(([id, { quotes, said }]) => {
      const passage = this.#passages[id - 1];
      if (!passage) return [];
      const { chunkId, documentId, title, page, url } = passage;
      return [{ id, chunk_id: chunkId, document_id: documentId, title, page, url, snippet: snippetFor(quotes[0]?.text ?? said, passage.text, SNIPPET_CHARACTERS), quotes }];
    });
  }

  #drain(ended: boolean): string {
    let out = '';
    const emit = (text: string): void => {
      if (text === '') return;
      const line = this.#code.length < 3 && this.#gathered.size > 0 ? text.indexOf('\n') : -1;
      const shown = line < 0 ? text : text.slice(0, line).trimEnd() + this.#gatheredMarkers() + text.slice(line);
      out += shown;
      this.#emitted = (this.#emitted + shown).slice(-CONTEXT_KEPT);
    };
    while (this.#pending !== '') {
      const step = this.#step(ended);
      if (step === null) break;
      this.#pending = this.#pending.slice(step.taken);
      emit(step.text);
    }
    return ended ? out + this.#gatheredMarkers() : out;
  }

  #gatheredMarkers(): string {
    const markers = [...this.#gathered].sort((a, b) => a - b).map((id) => `[${id}]`).join('');
    this.#gathered.clear();
    return markers === '' ? '' : ` ${markers}`;
  }

  /** What the beginning of the pending text turns into; null when more is needed to tell. */
  #step(ended: boolean): { taken: number; text: string } | null {
    const text = this.#pending;
    const ticks = /^`+/.exec(text)?.[0];
    if (ticks) {
      if (!ended && ticks.length === text.length) return null;
      this.#code = this.#code === '' ? ticks : ticks.length >= this.#code.length && this.#closes(ticks) ? '' : this.#code;
      return { taken: ticks.length, text: ticks };
    }
    if (this.#code !== '') {
      // Inline code ends with its line at the latest: a stray backtick must not hide the rest of the answer's markers.
      if (text.startsWith('\n') && this.#code.length < 3) this.#code = '';
      return this.#plain(/^\n|^[^`\n]+/);
    }
    const spaces = /^[ \t\u00a0]{1,8}(?=[[［【])|^[ \t\u00a0]{1,8}$/.exec(text)?.[0] ?? '';
    const rest = text.slice(spaces.length);
    if (rest === '') return ended ? { taken: text.length, text } : null;
    const marker = MARKER_HERE.exec(rest);
    if (marker) return this.#marker(marker, spaces);
    if (/^[[［【]/.test(rest)) {
      if (!ended && MARKER_BEGUN.test(rest)) return null;
      this.#afterMarker = false;
      this.#owedSpace = '';
      return { taken: spaces.length + 1, text: spaces + rest.slice(0, 1) };
    }
    return this.#plain(spaces === '' ? /^(?:[^`[［【 \t\u00a0]+|[ \t\u00a0](?![ \t\u00a0]{0,8}(?:$|[[［【])))+|^[^]/ : /^[^]/);
  }

  #closes(ticks: string): boolean {
    return this.#code.length >= 3 || ticks.length === this.#code.length;
  }

  #plain(pattern: RegExp): { taken: number; text: string } {
    const match = pattern.exec(this.#pending)?.[0] ?? this.#pending.slice(0, 1);
    // `[1](address)` and `[1]: address` would turn our marker into a link of the model's choice.
    const opensLink = this.#afterMarker && (match.startsWith('(') || (match.startsWith(':') && /(^|\n)[ \t]{0,3}\[\d+\]$/.test(this.#emitted)));
    const owed = /^[\p{L}\p{N}]/u.test(match) ? this.#owedSpace : '';
    this.#afterMarker = false;
    this.#owedSpace = '';
    return { taken: match.length, text: (opensLink ? ' ' : owed) + match };
  }

  #marker(match: RegExpExecArray, spaces: string): { taken: number; text: string } {
    const ids = [...new Set((match[1] ?? '').match(NUMBERS)?.map(numberIn))].filter((id) => id >= 1 && id <= this.#passages.length);
    const taken = spaces.length + match[0].length;
    if (ids.length === 0) {
      // With a marker of nothing goes the space before it, unless a word follows that needs it.
      this.#owedSpace ||= spaces;
      return { taken, text: '' };
    }
    for (const id of ids) this.#cite(id);
    if (this.#gathers && !/(^|\n)[ \t]*\|[^\n]*$/.test(this.#emitted)) {
      for (const id of ids) this.#gathered.add(id);
      this.#owedSpace ||= spaces;
      return { taken, text: '' };
    }
    this.#afterMarker = true;
    this.#owedSpace = '';
    return { taken, text: spaces + ids.map((id) => `[${id}]`).join('') };
  }

  #cite(id: number): void {
    const before = withoutMarkersAtEnd(this.#emitted);
    const known = this.#found.get(id) ?? { quotes: [], said: before.slice(-400) };
    const quote = known.quotes.length < QUOTES_MAX ? quoteBefore(before) : null;
    if (quote !== null && !known.quotes.some(({ text }) => text === quote)) {
      known.quotes.push({ text: quote, verified: isQuotedFrom(quote, this.#passages[id - 1]?.text ?? '') });
    }
    this.#found.set(id, known);
  }
}

/** Several markers may share one quotation. Works on the tail alone, since it runs for every marker. */
function withoutMarkersAtEnd(text: string): string {
  let end = text.length;
  for (let markers = 0; markers < 20; markers++) {
    const found = /\s{0,3}\[\d{1,3}\]\s{0,3}$/.exec(text.slice(Math.max(0, end - 12), end))?.[0];
    if (!found) break;
    end -= found.length;
  }
  return text.slice(0, end);
}
