import { inArray } from 'drizzle-orm';
import { isDeepStrictEqual } from 'node:util';
import type { Ctx } from '#platform/context.ts';
import { Category, configurationSections, defaultConfiguration, entitlements, type Entitlements } from '#modules/capabilities/index.ts';
import { CategorySlug } from '#modules/catalog/contract.ts';
import { projects } from '#modules/identity/index.ts';
import type { z } from 'zod';
import type { ChecklistItem, Subscription, SubscriptionCard } from './contract.ts';
import { exposedParameters, requireSubscription, type SubscriptionRow } from './load-subscription.ts';
import { currentPeriod } from './period.ts';
import { offersOf } from './updates/decisions.ts';
import type { SubscriptionPorts } from './ports.ts';

type Readers = Pick<SubscriptionPorts, 'usage' | 'facts' | 'sources'>;
/** What a line and the full answer have in common. */
type Shared = Omit<SubscriptionCard, 'failing_sources'>;

/** Lines of "My products", in the order of the rows. */
export async function presentCards(ctx: Ctx, rows: readonly SubscriptionRow[], readers: Readers): Promise<SubscriptionCard[]> {
  const bases = rows.flatMap(({ state, knowledgeBaseId }) => (state === 'active' && knowledgeBaseId !== null ? [knowledgeBaseId] : []));
  const failing = await readers.sources?.failingSources(ctx, bases);
  const cards = await presentShared(ctx, rows, readers);
  return cards.map((card, index) => ({ ...card, failing_sources: failing?.get(rows[index]?.knowledgeBaseId ?? '') ?? [] }));
}

async function presentShared(ctx: Ctx, rows: readonly SubscriptionRow[], { usage }: Readers): Promise<Shared[]> {
  const named = await ctx.tx.select({ id: projects.id, name: projects.name }).from(projects).where(inArray(projects.id, [...new Set(rows.map((row) => row.projectId))]));
  const names = new Map(named.map((project) => [project.id, project.name]));
  const used = new Map<string, { messages: number; credits: number }>();
  const byStart = Map.groupBy(rows, (row) => currentPeriod(row, ctx.now()).start.getTime());
  if (usage) {
    for (const [start, group] of byStart) {
      for (const [id, figures] of await usage.forSubscriptions(ctx, group.map((row) => row.id), new Date(start))) used.set(id, figures);
    }
  }
  const offers = await offersOf(ctx, rows);
  return rows.map((row) => ({ ...presentCard(row, entitlements(row.capabilities, row.plan), names.get(row.projectId) ?? '', used.get(row.id), ctx.now()), update: presentUpdate(offers.get(row.id)) }));
}

const presentUpdate = (offer: { number: number; postponedUntil: Date | null } | undefined): SubscriptionCard['update'] =>
  (offer ? { version: offer.number, postponed_until: offer.postponedUntil?.toISOString() ?? null } : null);

function presentCard(row: SubscriptionRow, { features, messagesPerPeriod }: Entitlements, project: string, used: { messages: number; credits: number } | undefined, now: Date): Omit<Shared, 'update'> {
  const period = currentPeriod(row, now);
  const category = Category.parse(row.category);
  return {
    id: row.id, name: row.name, product_id: row.productId, provider_name: row.providerName, category, category_slug: slugOf(category), logo: row.logo,
    project: { id: row.projectId, name: project }, plan_name: row.plan.name, state: row.state, provisioned: row.provisionedAt !== null,
    usage: { messages: used?.messages ?? 0, messages_included: messagesPerPeriod, credits: used?.credits ?? 0 },
    features: { chat: features.chat, widget: features.widget, api: features.api, knowledge: features.knowledge },
    created_at: row.createdAt.toISOString(), period_start: period.start.toISOString(), period_end: period.end.toISOString(),
  };
}

/** A subscription of the acting organization in full, or 404. */
export async function presentSubscription(ctx: Ctx, subscriptionId: string, readers: Readers): Promise<Subscription> {
  const row = await requireSubscription(ctx, subscriptionId);
  const [card] = await presentShared(ctx, [row], readers);
  if (!card) throw new Error('a row without its card');
  const granted = entitlements(row.capabilities, row.plan);
  const parameters = await exposedParameters(ctx, row);
  const configured = configuredSections(row);
  return {
    ...card, capabilities: row.capabilities, plan: row.plan, entitlements: granted, revision: row.revision, parameters: [...parameters],
    runtime_endpoint: row.runtimeEndpoint, knowledge_base_id: row.knowledgeBaseId, order_id: row.orderId, version: row.versionNumber, cycle: row.cycle,
    checklist: await checklist(ctx, row, granted, configured, readers.facts), configured: [...configured],
  };
}

/** Sections that differ from what the subscription started with. */
function configuredSections({ capabilities, configuration }: SubscriptionRow): readonly string[] {
  const initial = new Map<string, unknown>(Object.entries(defaultConfiguration(capabilities)));
  return Object.entries(configuration).filter(([key, section]) => !isDeepStrictEqual(section, initial.get(key) ?? {})).map(([key]) => key);
}

type Item = z.infer<typeof ChecklistItem>;

/** The way to going live, without the steps this product does not have. `page` is a tab of the product, '' its overview. */
async function checklist(ctx: Ctx, row: SubscriptionRow, { features }: Entitlements, configured: readonly string[], facts: SubscriptionPorts['facts']): Promise<Item[]> {
  const items: Item[] = [{ key: 'provisioned', title: 'Your copy is ready', done: row.provisionedAt !== null, page: '' }];
  if (features.knowledge) {
    const documents = row.knowledgeBaseId && facts.indexedDocuments ? await facts.indexedDocuments(ctx, row.knowledgeBaseId) : 0;
    items.push({ key: 'train', title: 'Add your documents', done: documents > 0, page: 'training' });
  }
  const open = configurationSections(row.capabilities).filter((section) => section.enabled && (section.key === 'branding' || section.key === 'persona')).map((section) => section.key);
  if (open.length > 0) {
    items.push({ key: 'brand', title: 'Make it yours', done: open.some((key) => configured.includes(key)), page: open.includes('branding') ? 'branding' : 'persona' });
  }
  if (features.chat) items.push({ key: 'test', title: 'Try it', done: await facts.ranOnRunPage?.(ctx, row.id) ?? false, page: 'run' });
  if (features.widget || features.api) items.push({ key: 'embed', title: 'Go live', done: await facts.keyUsed?.(ctx, row.id) ?? false, page: features.widget ? 'widget' : 'keys' });
  return items;
}

/** Addresses write categories in the plural. */
const slugOf = (category: Category) => CategorySlug.parse(`${category}s`);
