import { Button, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { CATEGORIES } from '#web/kit/category.tsx';
import { EmptyState } from '#web/kit/states.tsx';
import { LinkButton } from '#web/kit/link.tsx';
import { useEndpoint } from '#web/api/use-endpoint.ts';
import { useBrandName } from '#web/session/session.ts';
import { publicPaths } from '#web/url/paths.ts';
import { useRouteParam, useSearchState } from '#web/url/search-state.ts';
import { cardEndpoints, CategorySlug } from '#modules/catalog/card-contract.ts';
import { CompareBar } from './compare-bar.tsx';
import { ProductFilters } from './product-filters.tsx';
import { CardRows, CardRowsSkeleton, NoProducts, SearchFailed } from './product-grid.tsx';
import { isNarrowed, NO_FILTERS, SearchAddress } from './search-address.ts';
import { useCardActions } from './storefront-state.ts';
import { useProductSearch } from './use-product-search.ts';
import classes from './marketplace.module.css';

const headingOf = (slug: CategorySlug | undefined): string | null => Object.values(CATEGORIES).find((category) => category.slug === slug)?.plural ?? null;

/** The storefront: everything on offer, or one category of it. */
export const Marketplace = () => {
  const [address, set] = useSearchState(SearchAddress);
  const brand = useBrandName();
  const heading = headingOf(address.category);
  useDocumentTitle(heading === null ? brand : `${heading} · ${brand}`);
  return (
    <div className={classes.page}>
      {heading === null
        ? (
          <div className={classes.hero}>
            <Title order={1}>Agents and assistants that work with what you know</Title>
            <p>Try any of them before you subscribe. Add your documents and your brand, pay by the message or by the month, and put it on your site.</p>
          </div>
        )
        : <CategoryHeading slug={address.category} />}
      <Products address={address} onChange={(patch) => { set(patch, { push: true }); }} landing={heading === null} />
      <CompareBar />
    </div>
  );
};

/** One category under its own address. */
export const MarketplaceCategory = () => {
  const slug = CategorySlug.safeParse(useRouteParam('slug'));
  const [address, set] = useSearchState(SearchAddress);
  const brand = useBrandName();
  useDocumentTitle(`${headingOf(slug.data) ?? 'Not found'} · ${brand}`);
  if (!slug.success) {
    return (
      <div className={classes.page}>
        <EmptyState title="There is no such category" action={<LinkButton to={publicPaths.marketplace()}>See all products</LinkButton>}>The categories are Agents, Apps, Assistants and Automations.</EmptyState>
      </div>
    );
  }
  return (
    <div className={classes.page}>
      <CategoryHeading slug={slug.data} />
      <Products address={{ ...address, category: slug.data }} onChange={(patch) => { set(patch, { push: true }); }} />
      <CompareBar />
    </div>
  );
};

const CategoryHeading = ({ slug }: { slug: CategorySlug | undefined }) => {
  const categories = useEndpoint(cardEndpoints.listCategories, undefined, { organizationId: null, staleMs: 600_000 });
  const category = categories.data?.data.find((one) => one.slug === slug);
  return (
    <div className={classes.hero}>
      <Title order={1}>{category?.name ?? headingOf(slug)}</Title>
      <p>{category?.description ?? ' '}</p>
    </div>
  );
};

const Products = ({ address, onChange, landing = false }: { address: SearchAddress; onChange: (patch: Partial<SearchAddress>) => void; landing?: boolean }) => {
  const search = useProductSearch(address);
  const narrowed = isNarrowed(address);
  const clear = () => { onChange({ ...NO_FILTERS, search: '' }); };
  return (
    <>
      <ProductFilters address={address} search={search} onChange={onChange} onClear={clear} />
      {search.error !== null && <SearchFailed error={search.error} onRetry={search.retry} />}
      {search.cards === undefined
        ? search.error === null && <CardRowsSkeleton />
        : (
          <div className={classes.results} data-stale={search.stale || undefined} aria-busy={search.stale}>
            {search.cards.length === 0
              ? <NoProducts narrowed={narrowed} search={address.search} onClear={clear} />
              : <Shelves cards={search.cards} featured={landing && !narrowed && address.sort === 'popular'} />}
            {search.more !== null && <div className={classes.more}><Button variant="default" loading={search.loadingMore} onClick={search.more}>Load more</Button></div>}
          </div>
        )}
    </>
  );
};

type Cards = NonNullable<ReturnType<typeof useProductSearch>['cards']>;

/** On the landing page what the operator features comes first; everywhere else one list. */
const Shelves = ({ cards, featured }: { cards: Cards; featured: boolean }): ReactNode => {
  const actions = useCardActions();
  const first = featured ? cards.filter((card) => card.featured) : [];
  if (first.length === 0) return <CardRows cards={cards} label="Products" heading="h2" {...actions} />;
  const others = cards.filter((card) => !card.featured);
  return (
    <>
      <section className={classes.section} aria-labelledby="featured"><Title order={2} id="featured" className={classes.heading}>Featured</Title><CardRows cards={first} label="Featured products" {...actions} /></section>
      {others.length > 0 && <section className={classes.section} aria-labelledby="all"><Title order={2} id="all" className={classes.heading}>All products</Title><CardRows cards={others} label="All products" {...actions} /></section>}
    </>
  );
};
