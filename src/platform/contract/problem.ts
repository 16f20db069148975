import { z } from 'zod';

/** An error answer after RFC 9457 (`application/problem+json`). */
export const ProblemAnswer = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  code: z.string(),
  request_id: z.string(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })),
}).meta({ id: 'Problem' });
export type ProblemAnswer = z.infer<typeof ProblemAnswer>;
