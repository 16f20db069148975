import { z } from 'zod';
import type { ProductCapabilities } from '#modules/capabilities/contract.ts';
import type { FlowParameter } from '#modules/flows/contract.ts';
import type { Provider } from '#modules/identity/contract.ts';
import { Listing, type CategorySlug, type PlanTerms, type ProductDetail } from '../../contract.ts';
import { readPlans } from './plan-draft.ts';

const text = z.string().catch('');
const texts = z.array(z.string()).catch([]);

/** A listing of a draft, however unfinished. {@link Listing} decides what is valid. */
export const ListingDraft = z.object({
  name: text, slug: text, summary: text, description: text,
  logo: z.string().nullable().catch(null), screenshots: texts, videoUrl: z.string().nullable().catch(null), docsUrl: z.string().nullable().catch(null),
  tags: texts, departments: z.array(Listing.shape.departments.unwrap().element).catch([]), welcomeMessage: text, suggestedPrompts: texts,
});
export type ListingDraft = z.infer<typeof ListingDraft>;

/** `Über-Agent 2` as `uber-agent-2`: the address a name suggests. */
export const slugOf = (name: string): string =>
  name.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '').slice(0, 80).replace(/-+$/, '');

const SLUGS: Readonly<Record<ProductCapabilities['category'], CategorySlug>> = { agent: 'agents', app: 'apps', assistant: 'assistants', automation: 'automations' };

/** A draft as the product buyers would see, for previews. Nothing of it was checked or published. */
export const productOfDraft = (source: {
  productId: string; listing: ListingDraft; plans: readonly unknown[]; capabilities: ProductCapabilities; subcategory: string; parameters: readonly FlowParameter[];
  provider: Pick<Provider, 'id' | 'name'> & { verified?: boolean }; version?: number; changelog?: string;
}): ProductDetail => {
  const { listing, capabilities, provider } = source;
  const plans = readPlans(source.plans).map((terms, position) => ({ id: String(position), position, terms: { ...terms, key: terms.key ?? '' } satisfies PlanTerms }));
  const priced = plans.filter(({ terms }) => terms.priceMonthlyMinor !== null).toSorted((a, b) => Number(a.terms.priceMonthlyMinor) - Number(b.terms.priceMonthlyMinor));
  const cheapest = priced[0] ?? plans[0];
  return {
    id: source.productId, slug: listing.slug || 'draft', name: listing.name || 'Your product', summary: listing.summary || 'One sentence that says what it does.',
    category: capabilities.category, category_slug: SLUGS[capabilities.category], subcategory: source.subcategory, logo: listing.logo,
    provider: { id: provider.id, name: provider.name, verified: provider.verified ?? false },
    credits_per_message: cheapest === undefined || cheapest.terms.rateCard.message === 0 ? null : cheapest.terms.rateCard.message,
    price_from_minor: priced[0]?.terms.priceMonthlyMinor ?? null, currency: cheapest?.terms.currency ?? 'USD',
    runs: 0, rating: null, ratings: 0, tags: listing.tags, availability: 'available', can_try: capabilities.interfaces.chat.enabled, featured: false, published_at: null,
    description: listing.description, screenshots: listing.screenshots, video_url: listing.videoUrl, docs_url: listing.docsUrl, departments: listing.departments,
    capabilities, plans, version: source.version ?? 1, changelog: source.changelog ?? '', parameters: [...source.parameters],
    suggested_prompts: listing.suggestedPrompts, welcome_message: listing.welcomeMessage, rating_split: [0, 0, 0, 0, 0], versions: [], checks: null,
  };
};
