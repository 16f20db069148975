import { Group, Title } from '@mantine/core';
import { useEndpoint } from '#web/api/use-endpoint.ts';
import { LinkButton } from '#web/kit/link.tsx';
import { marketplaceEndpoints, type ProductDetail } from '#modules/catalog/contract.ts';
import { comparePath } from './compare-path.ts';
import { CardRows } from './product-grid.tsx';
import { useCardActions } from './storefront-state.ts';
import classes from './product-page.module.css';

/** How many are shown: one row. */
const SHOWN = 3;

/** Others of the same category: first those for the same work, then the most used. */
export const SimilarProducts = ({ product }: { product: ProductDetail }) => {
  const found = useEndpoint(marketplaceEndpoints.searchProducts, { query: { category: product.category_slug, sort: 'popular', limit: 12 } }, { organizationId: null, staleMs: 60_000 });
  const actions = useCardActions();
  const shared = (tags: readonly string[]) => tags.filter((tag) => product.tags.includes(tag)).length;
  const similar = (found.data?.data ?? []).filter(({ id }) => id !== product.id).toSorted((a, b) => shared(b.tags) - shared(a.tags)).slice(0, SHOWN);
  if (similar.length === 0) return null;
  return (
    <section className={classes.similar} aria-labelledby="similar">
      <Group justify="space-between" mb="md">
        <Title order={2} id="similar">Similar products</Title>
        <LinkButton variant="default" size="xs" to={comparePath([product.slug, ...similar.map(({ slug }) => slug)])}>Compare all</LinkButton>
      </Group>
      <CardRows cards={similar} label="Similar products" {...actions} />
    </section>
  );
};
