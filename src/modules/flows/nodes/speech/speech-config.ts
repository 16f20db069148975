import { z } from 'zod';

/** Whose ears and voice. */
export const speechConfig = {
  connector: z.enum(['openai']).default('openai').meta({ title: 'Service' }),
  connection: z.string().max(100).nullable().default(null).meta({ title: 'Connection' }),
};
