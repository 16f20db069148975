/** Longest text that neighbouring pieces are looked at for sharing, in characters. */
const SHARED_MAX = 4_000;
/** Less than this is the same by chance. */
const SHARED_MIN = 12;

/** Pieces that share text with their neighbours as the running text they were cut from: what stands twice is left out once. */
export const joinPieces = (pieces: readonly string[]): string[] =>
  pieces.map((piece, index) => piece.slice(sharedLength(pieces[index - 1] ?? '', piece)));

/** How many characters at the end of `before` are the beginning of `after`. */
const sharedLength = (before: string, after: string): number => {
  for (let length = Math.min(SHARED_MAX, before.length, after.length); length >= SHARED_MIN; length--) if (before.endsWith(after.slice(0, length))) return length;
  return 0;
};
