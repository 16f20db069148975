import { z } from 'zod';
import { ModelPrice } from './contract.ts';

/** Most models an operator may add. */
const MODELS_MAX = 200;

/** Longer ones than any model of today gives; a batch of them still fits into one answer. */
const DIMENSIONS_MAX = 8_192;

const common = {
  /** What products and flows write. */
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,79}$/, 'must be 2 to 80 lower-case letters, digits, dots and hyphens'),
  name: z.string().trim().min(1).max(80),
  /** With the version, such as `http://models.internal:8000/v1`. The host may be private. */
  baseUrl: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }).refine((url) => !/[?#]|\/\/[^/]*@/.test(url), 'must not hold credentials, ? or #').transform((url) => url.replace(/\/+$/, '')),
  /** The name the server knows; the id unless told. */
  remoteName: z.string().min(1).max(200).optional(),
  /** The environment variable that holds the key; without it none is sent. Keys themselves stay out of this list. */
  keyVariable: z.string().regex(/^[A-Z][A-Z0-9_]{0,99}$/, 'must be the name of an environment variable, such as VLLM_API_KEY').optional(),
  contextTokens: z.int().min(128).max(10_000_000).optional(),
  price: ModelPrice.optional(),
};

const dimensions = z.int().min(1).max(DIMENSIONS_MAX);

/** A model of any server that speaks OpenAI's protocol, as an operator writes it. */
export const AddedModel = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('chat'), ...common, tools: z.boolean().default(false), images: z.boolean().default(false) }),
  z.strictObject({ kind: z.literal('embedding'), ...common, dimensions, /** Set where the server takes `dimensions` in a request. */ dimensionsMin: dimensions.optional() })
    .refine((model) => (model.dimensionsMin ?? 0) <= model.dimensions, { path: ['dimensionsMin'], message: 'must not be more than dimensions' }),
  z.strictObject({ kind: z.literal('rerank'), ...common }),
]);
export type AddedModel = z.infer<typeof AddedModel>;

/** The whole list, as it stands in `MODELS`. */
export const AddedModels = z.array(AddedModel).max(MODELS_MAX).superRefine((models, { addIssue }) => {
  const seen = new Set<string>();
  for (const [index, { id }] of models.entries()) {
    if (seen.has(id)) addIssue({ code: 'custom', path: [index, 'id'], message: `another model of this list is called ${id} too` });
    seen.add(id);
  }
});
