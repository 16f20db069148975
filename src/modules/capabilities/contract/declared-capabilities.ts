import { z } from 'zod';
import { ProductCapabilities } from './product-capabilities.ts';

/** What a seller writes: any part of {@link ProductCapabilities}; what is left out comes from the category. */
export type DeclaredCapabilities = Partial<z.input<typeof ProductCapabilities>>;

/** The same schema with every default removed and every field optional: it checks a part without completing it. */
const partially = (schema: z.ZodType): z.ZodType => {
  const meta = schema.meta();
  let inner: unknown = schema;
  while (inner instanceof z.ZodPrefault || inner instanceof z.ZodDefault || inner instanceof z.ZodOptional) inner = inner.unwrap();
  if (!(inner instanceof z.ZodType)) throw new TypeError('A capability field is not a schema.');
  const part = inner instanceof z.ZodObject ? partialObject(inner) : inner;
  return (meta ? part.meta(meta) : part).optional();
};

const partialObject = (schema: z.ZodObject) =>
  z.strictObject(Object.fromEntries(Object.entries(schema.shape).map(([key, field]) => {
    if (!(field instanceof z.ZodType)) throw new TypeError(`Capability "${key}" is not a schema.`);
    return [key, partially(field)];
  })));

/**
 * Checks a seller's declaration and returns it as it is, without filling anything in. Strict: unknown keys are refused
 * with their path. Takes the extended forms only; put `foldCapabilities` before it to take the short ones too.
 */
// The walk above loses the static type; the type is by construction that of the schema it walks.
export const DeclaredCapabilities = partialObject(ProductCapabilities) as unknown as z.ZodType<DeclaredCapabilities, DeclaredCapabilities>;
