import type { z } from 'zod';
import type { ProductCapabilities } from '../product-capabilities.ts';

/**
 * One section of the configuration, e.g. persona: every field it can have, and how the capabilities of a product decide
 * what becomes of each. What is not open keeps its initial value, which the seller fixed or the platform chose.
 */
interface Section<Key extends string, Fields extends Readonly<Record<string, z.ZodType>>> {
  key: Key;
  title: string;
  description: string;
  /** Every field, with its bounds and words, without a default. */
  fields: Fields;
  /** The value that holds until the buyer sets another, or for good where the buyer may not. */
  initial(capabilities: ProductCapabilities): { [Key in keyof Fields]: z.output<Fields[Key]> };
  /** Which fields this product lets its buyers set. */
  open(capabilities: ProductCapabilities): { [Key in keyof Fields]: boolean };
  /** Fields whose choice this product narrows, e.g. to the models the seller allows. */
  narrowed?(capabilities: ProductCapabilities): { [Key in keyof Fields]?: z.ZodType };
}

/** Declares a section; only fixes the types. */
export const section = <Key extends string, Fields extends Readonly<Record<string, z.ZodType>>>(
  declared: Section<Key, Fields>,
): Section<Key, Fields> => declared;

/** The fields of a section that this product lets its buyers set, each with its initial value as default. */
export const openFields = (
  declared: Section<string, Readonly<Record<string, z.ZodType>>>, capabilities: ProductCapabilities,
): Readonly<Record<string, z.ZodType>> => {
  const open = declared.open(capabilities);
  const initial = declared.initial(capabilities);
  const narrowed = declared.narrowed?.(capabilities) ?? {};
  return Object.fromEntries(Object.entries(declared.fields)
    .filter(([key]) => open[key])
    .map(([key, field]) => [key, withInitial(narrowed[key], field, initial[key])]));
};

/** Bounds may be narrowed, the words of the field stay. */
const withInitial = (narrowed: z.ZodType | undefined, field: z.ZodType, initial: unknown) =>
  (narrowed === undefined ? field : narrowed.meta({ ...field.meta() })).default(initial ?? null);
