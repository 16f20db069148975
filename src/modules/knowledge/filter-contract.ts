import { z } from 'zod';
import { Id } from '#platform/contract/endpoint.ts';
import { SourceKind } from './sources/contract.ts';

const Scalar = z.union([z.string().max(500), z.number(), z.boolean()]);

/** What a field of a document must be: a value, one of several, there or not, or a number within bounds. */
const FieldCondition = z.union([
  Scalar, z.array(Scalar).min(1).max(50), z.strictObject({ exists: z.boolean() }),
  z.strictObject({ gte: z.number().optional(), lte: z.number().optional() }).refine(({ gte, lte }) => gte !== undefined || lte !== undefined, 'Say gte, lte or both.'),
]);

const day = z.union([z.iso.date(), z.iso.datetime({ offset: true })]);

/** Narrows a search to some documents; all conditions must hold. */
export const SearchFilters = z.strictObject({
  document_ids: z.array(Id).min(1).max(500).optional(),
  source_ids: z.array(Id).min(1).max(100).optional(),
  kinds: z.array(SourceKind).min(1).optional(),
  categories: z.array(z.string().max(80)).min(1).max(50).optional(),
  /** The date the document itself states, else when it came. Both ends count; a day means the whole of it, in UTC. */
  date: z.strictObject({ from: day.optional(), to: day.optional() }).optional(),
  metadata: z.record(z.string().min(1).max(80), FieldCondition).refine((fields) => Object.keys(fields).length <= 10, 'At most 10 fields.').optional(),
}).meta({ id: 'SearchFilters' });
export type SearchFilters = z.infer<typeof SearchFilters>;
