import { escapeMarkers } from './prompt-context.ts';

/** Shorter quotations are emphasis, not evidence. */
const QUOTE_CHARACTERS_MIN = 3;
const LOOK_BACK = 3000;
const PAIRS: readonly (readonly [close: string, open: string])[] = [['”', '“'], ['"', '"'], ['»', '«'], ['“', '„'], ['」', '「'], ['』', '『'], ['«', '»']];

/** The quotation that ends directly before `answer`'s end (`“…”`, `"…"`, `«…»`, `„…“`, `「…」`), or null. */
export function quoteBefore(answer: string): string | null {
  const tail = answer.slice(-15);
  const text = answer.slice(-LOOK_BACK, -15) + tail.replace(/[\s.,;:!?。，]{1,10}$/, '').replace(/(\*\*|__|\*|_)$/, '');
  for (const [close, open] of PAIRS) {
    if (!text.endsWith(close)) continue;
    const inside = text.slice(0, -close.length);
    const start = inside.lastIndexOf(open);
    if (start < 0) continue;
    const quote = inside.slice(start + open.length);
    return quote.trim().length >= QUOTE_CHARACTERS_MIN ? quote : null;
  }
  return null;
}

/**
 * Whether a passage holds a quotation word for word. Spaces, kinds of quotation marks, emphasis and the marks of lists are
 * not compared; `…` stands for words left out at either end or between two parts that follow in this order.
 */
export function isQuotedFrom(quote: string, passageText: string): boolean {
  const text = comparable(passageText);
  const parts = quote.split(/…|\.{3}|\[…\]|\[\.\.\.\]/).map(comparable).filter((part) => part !== '');
  if (parts.length === 0) return false;
  let from = 0;
  for (const part of parts) {
    const found = text.indexOf(part, from);
    if (found < 0) return false;
    from = found + part.length;
  }
  return true;
}

const comparable = (text: string): string =>
  escapeMarkers(text.normalize('NFC'))
    .replace(/^[ \t]{0,20}(?:#{1,6}|[-*+•>]|\d{1,4}[.)])[ \t]+/gm, '')
    .replace(/\*\*|__/g, '')
    .replace(/[“”„‟«»「」『』"]/g, '"').replace(/[‘’‚‛`´]/g, "'")
    .replace(/[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]/g, '')
    .replace(/\s+/g, ' ').trim().replace(/^[.,;:]+|[.,;:。，]+$/g, '').trim();
