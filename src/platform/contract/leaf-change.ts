import { z } from 'zod';

/** One value inside a JSON value that differs between two states of it. What is not there reads null. */
export const LeafChange = z.object({
  /** Dotted path; places in lists count from 0. Empty for the whole. */
  path: z.string(),
  kind: z.enum(['added', 'removed', 'changed']),
  /** Long texts are cut to the part around the difference. */
  before: z.unknown(),
  after: z.unknown(),
});
export type LeafChange = z.infer<typeof LeafChange>;
