import { ModelError, type EmbeddingEntry } from '#modules/models/ports.ts';

/** A vector of a provider as unit length. Throws for one that is empty or of another length than asked for or, where nothing was asked, than the catalogue says. */
export function unitVector(vector: Float32Array, { id, dimensions, shortened }: EmbeddingEntry): Float32Array {
  if (vector.length !== dimensions) {
    throw new ModelError('bad-answer', `The embedding model ${id} gave vectors of ${vector.length} numbers where ${shortened ? `${dimensions} were asked for` : `the catalogue says ${dimensions}`}.`, false);
  }
  let squares = 0;
  for (const value of vector) squares += value * value;
  if (!Number.isFinite(squares) || squares === 0) throw new ModelError('bad-answer', 'The model gave an empty vector.', false);
  const scale = 1 / Math.sqrt(squares);
  return vector.map((value) => value * scale);
}
