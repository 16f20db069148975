import { z } from 'zod';
import { endpoint, Id, page, Timestamp } from '#platform/contract/endpoint.ts';
import { Category } from '#modules/capabilities/category-contract.ts';

/*
 * The part of the catalog's contract that the first page of the marketplace needs: cards and the search for them. It
 * stands alone so that the storefront's first load does not carry the schema of everything a product can do.
 */

export const CATEGORY_SLUGS = ['agents', 'apps', 'assistants', 'automations'] as const;
export const CategorySlug = z.enum(CATEGORY_SLUGS);
export type CategorySlug = z.infer<typeof CategorySlug>;

export const ListingCategory = z.object({
  slug: CategorySlug, category: Category, name: z.string(), description: z.string(), icon: z.string(), color: z.string(), products: z.number().int(),
}).meta({ id: 'Category' });
export type ListingCategory = z.infer<typeof ListingCategory>;

/** A card of the marketplace. */
export const ProductCard = z.object({
  id: Id, slug: z.string(), name: z.string(), summary: z.string(), category: Category, category_slug: CategorySlug, subcategory: z.string(),
  logo: z.string().nullable(), provider: z.object({ id: Id, name: z.string(), verified: z.boolean() }),
  credits_per_message: z.number().int().nullable(), price_from_minor: z.number().int().nullable(), currency: z.string(),
  runs: z.number().int(), rating: z.number().nullable(), ratings: z.number().int(), tags: z.array(z.string()),
  availability: z.enum(['available', 'coming']), can_try: z.boolean(), featured: z.boolean(), published_at: Timestamp.nullable(),
}).meta({ id: 'ProductCard' });
export type ProductCard = z.infer<typeof ProductCard>;

const storefront = { public: 'the storefront is open to everybody' } as const;
const SORTS = ['popular', 'newest', 'rating', 'price', 'name'] as const;

export const cardEndpoints = {
  listCategories: endpoint({
    method: 'GET', path: '/api/v1/marketplace/categories', access: storefront, summary: 'The categories', tags: ['Marketplace'],
    response: z.object({ data: z.array(ListingCategory) }),
  }),
  searchProducts: endpoint({
    method: 'GET', path: '/api/v1/marketplace/products', aliases: ['/api/v1/marketplace/search'], access: storefront, summary: 'Search the marketplace', tags: ['Marketplace'],
    query: z.object({
      search: z.string().trim().max(200).optional(),
      category: CategorySlug.optional(), subcategory: z.string().max(40).optional(), tag: z.string().max(40).optional(),
      /** `free` is priced in credits only, `paid` has a monthly price. */
      price: z.enum(['free', 'paid']).optional(),
      price_max_minor: z.coerce.number().int().min(0).optional(),
      sort: z.enum(SORTS).default('popular'),
      cursor: z.string().max(200).optional(), limit: z.coerce.number().int().min(1).max(60).default(24),
    }),
    response: page(ProductCard).extend({ facets: z.object({ subcategories: z.array(z.object({ value: z.string(), count: z.number().int() })), tags: z.array(z.object({ value: z.string(), count: z.number().int() })) }) }),
  }),
};
