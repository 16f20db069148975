/** The package ships no types; this is the part we use. */
declare module 'snowball-stemmers' {
  interface Stemmer { stem(word: string): string }
  const snowball: {
    /** Throws for a name that `algorithms()` does not list. */
    newStemmer(language: string): Stemmer;
    algorithms(): string[];
  };
  export default snowball;
}
