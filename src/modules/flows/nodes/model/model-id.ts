import { z } from 'zod';

/** The model a step asks: an id of the catalogue, or any name that a flow writes. Null is the subscription's model. */
export const modelId = z.string().nullable().default(null).meta({ title: 'Model', description: 'Empty takes the product’s own model.', ui: { suggestions: 'chat-models' } });
