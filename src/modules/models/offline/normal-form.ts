/** First digit of each decimal block outside ASCII that NFKC leaves alone. */
const digitZeros = [0x660, 0x6f0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0, 0x1040, 0x17e0];

/** A text as its words are compared: NFKC, lower case, western digits, without what spelling leaves open in Arabic and Greek. */
export function normalForm(text: string): string {
  let plain = text.normalize('NFKC').toLowerCase().normalize('NFC');
  // Zero-width and direction marks, soft hyphens, apostrophes between letters.
  plain = plain.replace(/[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]/g, '');
  if (/[\u0600-\u06ff]/.test(plain)) plain = plain.replace(/[\u0640\u064b-\u065f\u0670]/g, '').replace(/[أإآٱ]/g, 'ا').replace(/[ىی]/g, 'ي').replaceAll('ک', 'ك');
  // Greek writes its accents by the syllable that is stressed, which moves as a word is inflected.
  if (/[\u0370-\u03ff]/.test(plain)) plain = plain.replace(/[άέήίόύώϊϋΐΰ]/g, (letter) => letter.normalize('NFD').replace(/\p{Mn}/gu, ''));
  if (/[\u0660-\u17e9]/.test(plain)) plain = plain.replace(/\p{Nd}/gu, westernDigit);
  return plain;
}

function westernDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  for (const zero of digitZeros) if (code >= zero && code < zero + 10) return String(code - zero);
  return digit;
}
