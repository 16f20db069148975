import { setImmediate as nextTurn } from 'node:timers/promises';
import { Tokenizer, type TokenizerCallbacks } from 'htmlparser2';

/** What stands in a page or a sitemap, one after the other. Names are in small letters. */
export interface MarkupEvents {
  open(name: string, attributes: ReadonlyMap<string, string>, closed: boolean): void;
  close(name: string): void;
  text(text: string): void;
}

const SLICE_CHARACTERS = 64 * 1024;
const TEXT_CHARACTERS = 8 * 1024;
/** A page cannot hold more attributes at one element than this; the others are dropped. */
const ATTRIBUTES_MAX = 100;

/**
 * Reads markup token by token, without a tree: whatever a page nests or leaves open, this takes a time that grows with
 * its length alone, and others get their turn in between.
 */
export async function readMarkup(markup: string, events: MarkupEvents, options: { xml: boolean; signal: AbortSignal }): Promise<void> {
  const tokenizer = new Tokenizer({ xmlMode: options.xml, decodeEntities: true }, callbacks(markup, events, options.xml));
  for (let from = 0; from < markup.length; from += SLICE_CHARACTERS) {
    if (from > 0) await nextTurn();
    options.signal.throwIfAborted();
    tokenizer.write(markup.slice(from, from + SLICE_CHARACTERS));
  }
  tokenizer.end();
}

function callbacks(markup: string, events: MarkupEvents, xml: boolean): TokenizerCallbacks {
  let name = '';
  let attribute = '';
  let value: string[] = [];
  let attributes = new Map<string, string>();
  // A run of text comes in pieces, as many as it has signs that might begin a tag.
  let from = 0;
  let to = 0;
  const flush = () => {
    if (to > from) events.text(markup.slice(from, to));
    from = to;
  };
  const opened = (closed: boolean) => {
    events.open(name, attributes, closed);
    if (attributes.size > 0) attributes = new Map();
  };
  const nothing = () => {};
  return {
    onopentagname: (start, end) => { flush(); name = markup.slice(start, end).toLowerCase(); },
    onopentagend: () => { opened(false); },
    onselfclosingtag: () => { opened(true); },
    onclosetag: (start, end) => { flush(); events.close(markup.slice(start, end).toLowerCase()); },
    onattribname: (start, end) => { attribute = markup.slice(start, end).toLowerCase(); },
    onattribdata: (start, end) => { value.push(markup.slice(start, end)); },
    onattribentity: (codepoint) => { value.push(String.fromCodePoint(codepoint)); },
    onattribend: () => {
      if (!attributes.has(attribute) && attributes.size < ATTRIBUTES_MAX) attributes.set(attribute, value.join(''));
      value = [];
    },
    ontext(start, end) {
      if (start !== to || to - from > TEXT_CHARACTERS) { flush(); from = start; }
      to = end;
    },
    ontextentity: (codepoint) => { flush(); events.text(String.fromCodePoint(codepoint)); },
    oncdata: (start, end, endOffset) => { flush(); if (xml) events.text(markup.slice(start, end - endOffset)); },
    onend: flush, oncomment: nothing, ondeclaration: nothing, onprocessinginstruction: nothing,
  };
}
