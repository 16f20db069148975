import { createRequire } from 'node:module';
import { z } from 'zod';

/** Languages of text recognition, most common first. Each is an optional package of its own; those installed are used. */
const LANGUAGES = ['eng', 'spa', 'deu', 'fra', 'ita', 'por', 'nld', 'pol', 'rus', 'ukr', 'tur', 'ara', 'fas', 'heb', 'chi_sim', 'chi_tra', 'jpn', 'kor', 'hin'] as const;
export const Language = z.enum(LANGUAGES);
export type Language = z.infer<typeof Language>;

const load = createRequire(import.meta.url);

/** Languages that can be recognised here; none where the optional packages are not installed. */
export const recognisableLanguages = (): Language[] => (found('tesseract.js-core/tesseract-core-simd-lstm.wasm') ? LANGUAGES.filter((language) => found(dataOf(language))) : []);

/** Where its package keeps what it learned. */
export const dataOf = (language: Language): string => `@tesseract.js-data/${language}/4.0.0_best_int/${language}.traineddata.gz`;

function found(file: string): boolean {
  try {
    return load.resolve(file) !== '';
  } catch {
    return false; // an optional package that is not there
  }
}
