import { z } from 'zod';
import { Category, DeclaredCapabilities } from '#modules/capabilities/contract.ts';
import type { CheckQuestion } from '#modules/catalog/checks/contract.ts';
import { Listing, PlanTerms } from '#modules/catalog/contract.ts';

/** The `product.json` of a sample. The description, the flow, the logo and the knowledge lie beside it as files. */
export const SampleProductFile = z.strictObject({
  slug: Listing.shape.slug,
  category: Category,
  subcategory: z.string().min(1).max(40),
  /** `coming`: shown with what it will do, not for sale, because this installation cannot run it yet. */
  availability: z.enum(['available', 'coming']),
  featured: z.boolean().default(false),
  listing: Listing.pick({ name: true, summary: true, tags: true, departments: true }),
  welcomeMessage: Listing.shape.welcomeMessage,
  suggestedPrompts: Listing.shape.suggestedPrompts,
  /** Names of the flow's parameters handed to buyers. */
  exposedParameters: z.array(z.string().max(80)).max(100),
  /** As a seller declares them; the category's defaults lie underneath. */
  capabilities: DeclaredCapabilities,
  plans: z.array(PlanTerms).min(1).max(6),
  changelog: z.string().max(2000).default(''),
  /** `product`: its knowledge is part of what is sold. `demo`: it belongs to a made-up company and only the demo shows it. */
  knowledgeUse: z.enum(['product', 'demo']).default('demo'),
});
export type SampleProductFile = z.infer<typeof SampleProductFile>;

/** A Markdown file of a sample's knowledge. */
export interface SampleDocument {
  /** The file's name; stable, so that adding it again replaces it. */
  externalId: string;
  /** Its first heading. */
  title: string;
  text: string;
}

export interface SamplePair { question: string; answer: string }

/** A sample, read and checked. */
export interface Sample extends Omit<SampleProductFile, 'listing'> {
  listing: Listing;
  /** The flow as exported, byte for byte. */
  flowFile: Uint8Array;
  /** What its demo answers from; empty for a sample that is coming. */
  knowledge: { documents: readonly SampleDocument[]; pairs: readonly SamplePair[] };
  /** What it is checked with, once it knows what it answers from. */
  questions: readonly CheckQuestion[];
}
