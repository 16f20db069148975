/** Digits as people write them in the scripts we answer in: western, Arabic, Persian, Devanagari, Bengali, full width. */
export const DIGIT = '[0-9٠-٩۰-۹०-९০-৯０-９]';
/** What may stand in a marker without being seen. */
export const BLANK = '[\\s\\u200b-\\u200f\\u2060-\\u2064\\ufeff]';

const ZEROS = [0x30, 0x6_60, 0x6_f0, 0x9_66, 0x9_e6, 0xff_10];

/** The number that digits of whichever script write. */
export function numberIn(digits: string): number {
  return Number([...digits].map((digit) => {
    const code = digit.codePointAt(0) ?? 0;
    return code - (ZEROS.findLast((zero) => zero <= code) ?? 0);
  }).join(''));
}
