import { z } from 'zod';
import { endpoint } from '#platform/contract/endpoint.ts';

/** What a model costs whoever runs it: minor units of the currency for a million tokens. Informs; buyers pay credits. */
export const ModelPrice = z.strictObject({ currency: z.string().regex(/^[A-Z]{3}$/, 'must be three capital letters, such as EUR'), input: z.int().min(0), output: z.int().min(0) });

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
  /** The shortest vector it gives when asked for fewer numbers; null where it gives its own length only. */
  dimensionsMin: z.number().int().nullable(),
  /** Tokens it reads at once; null where the catalogue does not say. */
  contextTokens: z.number().int().nullable(),
  price: ModelPrice.nullable(),
  features: z.object({ tools: z.boolean(), images: z.boolean(), streaming: z.boolean() }),
  /** False when its provider has no credential on this installation. */
  available: z.boolean(),
});
export type ModelEntry = z.infer<typeof ModelEntry>;

/** The name of a model's shortened vectors, such as `text-embedding-3-small@512`. Only vectors of one name can be compared. */
export const embeddingName = (model: string, dimensions: number): string => `${model}@${dimensions}`;

/** Takes apart what {@link embeddingName} makes; without a length, `dimensions` is null. */
export function readEmbeddingName(name: string): { model: string; dimensions: number | null } {
  const [, model, dimensions] = /^(.+)@([1-9]\d{0,4})$/.exec(name) ?? [];
  return model === undefined ? { model: name, dimensions: null } : { model, dimensions: Number(dimensions) };
}

/** A model as forms show it. */
export const ListedModel = z.object({
  id: z.string(), title: z.string(), kind: ModelEntry.shape.kind,
  /** False when this installation has no credential for its provider: the default serves instead. */
  available: z.boolean(),
  /** Vector length; with `dimensions_min`, any length between both may be asked for. Null for models that do not embed. */
  dimensions: z.number().int().nullable(), dimensions_min: z.number().int().nullable(),
  context_tokens: z.number().int().nullable(), price: ModelPrice.nullable(), features: ModelEntry.shape.features,
}).meta({ id: 'Model' });
export type ListedModel = z.infer<typeof ListedModel>;

export const modelEndpoints = {
  list: endpoint({
    method: 'GET', path: '/api/v1/models', access: { user: true }, summary: 'Models that products may name', tags: ['Models'],
    query: z.object({ kind: ModelEntry.shape.kind.optional() }), response: z.object({ data: z.array(ListedModel) }),
  }),
};
