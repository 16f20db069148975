/** Characters that show nothing: soft hyphens, zero-width spaces, marks and overrides of direction, tags, variation selectors. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/u;
const INVISIBLE_RUNS = /\p{Default_Ignorable_Code_Point}+/gu;
const JOINERS = /^[\u200c\u200d]$/;
const SELECTORS = /^[\ufe00-\ufe0f]$/;
/** Where joiners shape letters (Persian and the scripts of India) or make one sign of several (emoji). */
const JOINED = /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Myanmar}\p{Extended_Pictographic}\p{Emoji_Modifier}]/u;
/** Control characters other than tab and the ends of lines and pages. */
const CONTROLS = /[^\P{Cc}\t\n\f\r]/gu;

/**
 * A text as a person sees it: without the characters that show nothing, which hide words from people but not from a
 * model, or make a text read otherwise than it is stored (direction overrides). Kept are single joiners inside scripts
 * that need them and the selectors of emoji. Also without what Postgres does not store: NUL and half a surrogate pair.
 */
export function visibleText(text: string): string {
  const clean = text.replace(CONTROLS, '').toWellFormed();
  if (!INVISIBLE.test(clean)) return clean;
  return clean.replace(INVISIBLE_RUNS, (run, offset: number) => {
    const before = lastCharacter(clean, offset);
    const after = String.fromCodePoint(clean.codePointAt(offset + run.length) ?? 32);
    const [first = ''] = run;
    const selector = SELECTORS.test(first) && /[\p{Emoji}\p{Script=Han}\p{Math}]/u.test(before) ? first : '';
    const rest = run.slice(selector.length);
    return JOINERS.test(rest) && JOINED.test(before) && JOINED.test(after) ? selector + rest : selector;
  });
}

function lastCharacter(text: string, end: number): string {
  const unit = text.charCodeAt(end - 1);
  return unit >= 0xdc00 && unit <= 0xdfff ? text.slice(end - 2, end) : text.slice(end - 1, end);
}
