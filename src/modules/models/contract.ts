import { z } from 'zod';

/** One entry of the model catalogue: data an operator manages, never a name in code. */
export const ModelEntry = z.object({
  id: z.string(),
  title: z.string(),
  kind: z.enum(['chat', 'embedding', 'rerank']),
  provider: z.enum(['offline', 'openai', 'anthropic', 'cohere', 'openai-compatible']),
  /** The name the provider's API expects. */
  remoteName: z.string(),
  /** Vector length of an embedding model; null for the others. */
  dimensions: z.number().int().nullable(),
  features: z.object({ tools: z.boolean(), images: z.boolean(), streaming: z.boolean() }),
  /** False when its provider has no credential on this installation. */
  available: z.boolean(),
});
export type ModelEntry = z.infer<typeof ModelEntry>;
