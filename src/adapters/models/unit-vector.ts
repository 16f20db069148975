import { ModelError } from '#modules/models/ports.ts';

/** A vector of a provider as unit length. Throws for one that is not as long as the catalogue says, or empty. */
export function unitVector(vector: Float32Array, dimensions: number): Float32Array {
  if (vector.length !== dimensions) throw new ModelError('bad-answer', `The model gave vectors of ${vector.length} numbers where the catalogue says ${dimensions}.`, false);
  let squares = 0;
  for (const value of vector) squares += value * value;
  if (!Number.isFinite(squares) || squares === 0) throw new ModelError('bad-answer', 'The model gave an empty vector.', false);
  const scale = 1 / Math.sqrt(squares);
  return vector.map((value) => value * scale);
}
