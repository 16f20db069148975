import { asc, count, eq, sql } from 'drizzle-orm';
import type { Ctx } from '#platform/context.ts';
import type { Output } from '#platform/contract/endpoint.ts';
import { Category } from '#modules/capabilities/contract.ts';
import { CategorySlug, type marketplaceEndpoints } from './contract.ts';
import { categories, products } from './tables.ts';

const CATEGORIES: readonly (typeof categories.$inferInsert)[] = [
  { slug: 'agents', category: 'agent', name: 'Agents', description: 'Work on a goal by themselves: support, research, reviews.', icon: 'robot', color: '#3B82F6', position: 1 },
  { slug: 'apps', category: 'app', name: 'Apps', description: 'Bring AI into the tools you already use.', icon: 'grid', color: '#10B981', position: 2 },
  { slug: 'assistants', category: 'assistant', name: 'Assistants', description: 'Help people write, find out and decide.', icon: 'message-circle', color: '#8B5CF6', position: 3 },
  { slug: 'automations', category: 'automation', name: 'Automations', description: 'Run by a schedule or an event, without anybody asking.', icon: 'zap', color: '#F59E0B', position: 4 },
];

/** Makes the categories what this release says they are. Needs operator work; may be repeated. */
export async function ensureCategories({ tx }: Ctx): Promise<void> {
  await tx.insert(categories).values([...CATEGORIES]).onConflictDoUpdate({
    target: categories.slug,
    set: Object.fromEntries((['category', 'name', 'description', 'icon', 'color', 'position'] as const).map((column) => [column, sql.raw(`excluded.${column}`)])),
  });
}

export async function listCategories({ tx }: Ctx): Promise<Output<typeof marketplaceEndpoints.listCategories>> {
  const rows = await tx.select({ category: categories, products: count(products.id) }).from(categories)
    .leftJoin(products, eq(products.category, categories.category)).groupBy(categories.slug).orderBy(asc(categories.position));
  return {
    data: rows.map(({ category: { slug, category, name, description, icon, color }, products: listed }) => (
      { slug: CategorySlug.parse(slug), category: Category.parse(category), name, description, icon, color, products: listed })),
  };
}

const CATEGORY_OF: Record<CategorySlug | Category, Category> = {
  agents: 'agent', apps: 'app', assistants: 'assistant', automations: 'automation', agent: 'agent', app: 'app', assistant: 'assistant', automation: 'automation',
};
const SLUG_OF: Record<Category, CategorySlug> = { agent: 'agents', app: 'apps', assistant: 'assistants', automation: 'automations' };

/** The part of addresses that names a category. */
export const slugOfCategory = (category: Category): CategorySlug => SLUG_OF[category];
/** The category, by either of its names. */
export const categoryNamed = (name: CategorySlug | Category): Category => CATEGORY_OF[name];
