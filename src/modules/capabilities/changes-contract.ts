import { z } from 'zod';
import { LeafChange } from '#platform/contract/leaf-change.ts';

/** One field of the declaration that differs, with its words. `gain`: buyers can do more than before; `loss`: less. */
export const CapabilityChange = LeafChange.extend({ title: z.string(), effect: z.enum(['gain', 'loss', 'change']) });
export type CapabilityChange = z.infer<typeof CapabilityChange>;

/** A value a buyer had set that the other version of a product does not take. */
export const LostSetting = z.object({ path: z.string(), title: z.string(), value: z.unknown(), reason: z.string() });
export type LostSetting = z.infer<typeof LostSetting>;
