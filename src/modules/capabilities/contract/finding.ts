import { z } from 'zod';

/**
 * One thing a declaration and a flow disagree about. An `error` stops publication: buyers would be promised what cannot
 * be delivered. A `warning` deserves a look. A `hint` is an opportunity.
 */
export const Finding = z.strictObject({
  severity: z.enum(['error', 'warning', 'hint']),
  /** A dotted path inside the capabilities, or one beginning with `flow.` for something in the flow itself. */
  path: z.string(),
  message: z.string(),
});
export type Finding = z.infer<typeof Finding>;
