import { ActionIcon, Group, Select, TextInput, Tooltip } from '@mantine/core';
import { IconLayoutGrid, IconList, IconPackage, IconPlus, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { z } from 'zod';
import type { ApiProblem } from '#web/api/problem.ts';
import { endpointQuery, useEndpoint } from '#web/api/use-endpoint.ts';
import { CATEGORIES, CategoryChip } from '#web/kit/category.tsx';
import { formatDate, formatNumber } from '#web/kit/format.ts';
import { LinkButton, PlainLink } from '#web/kit/link.tsx';
import { Page } from '#web/kit/page.tsx';
import { ProductName } from '#web/kit/product-name.tsx';
import { EmptyState, LoadingSkeleton, Loaded } from '#web/kit/states.tsx';
import type { Column } from '#web/kit/table/column.ts';
import { DataTable } from '#web/kit/table/data-table.tsx';
import { useTableState } from '#web/kit/table/table-state.ts';
import { useActingOrganization } from '#web/session/acting-organization.ts';
import { useOrganization } from '#web/session/session.ts';
import { buyerPaths, publicPaths } from '#web/url/paths.ts';
import { useRouteParam, useSearchState } from '#web/url/search-state.ts';
import { subscriptionEndpoints, type SubscriptionCard } from '#modules/subscriptions/contract.ts';
import { ProductCard } from './product-card.tsx';
import { SourcesBadge } from './sources-badge.tsx';
import { StateBadge } from './state-badge.tsx';
import classes from './products.module.css';

const Search = z.object({
  category: z.enum(['agents', 'apps', 'assistants', 'automations']).or(z.literal('')).catch(''),
  project: z.string().catch(''),
  q: z.string().catch(''),
  view: z.enum(['cards', 'list']).catch('cards'),
});
type Chosen = z.infer<typeof Search>;

/** Fewer products than this are seen at a glance. */
const SEARCH_FROM = 6;

const fits = (product: SubscriptionCard, { project, q }: Chosen): boolean =>
  (project === '' || product.project.id === project)
  && (q === '' || `${product.name} ${product.provider_name}`.toLowerCase().includes(q.trim().toLowerCase()));

/** Every product the organization subscribed to, in all categories (CFG-01). */
export const MyProducts = () => {
  const organization = useRouteParam('org');
  const query = useEndpoint(subscriptionEndpoints.list, { query: {} });
  return (
    <Page
      title="My products" description="Everything your organization has subscribed to."
      action={<LinkButton to={publicPaths.marketplace()} leftSection={<IconPlus size={16} />}>Add a product</LinkButton>}
    >
      <Loaded query={query} skeleton={<LoadingSkeleton shape="cards" count={6} />}>
        {({ data }) => (data.length === 0 ? <NoProducts /> : <Products products={data} organization={organization} />)}
      </Loaded>
    </Page>
  );
};

const NoProducts = () => (
  <EmptyState
    icon={<IconPackage size={32} />} title="No products yet"
    action={<LinkButton to={publicPaths.marketplace()}>Browse the marketplace</LinkButton>}
  >
    Agents, apps, assistants and automations you subscribe to appear here, ready to train, brand and run. Try any of them before you subscribe.
  </EmptyState>
);

const Products = ({ products, organization }: { products: readonly SubscriptionCard[]; organization: string }) => {
  const [chosen, choose] = useSearchState(Search);
  const inProject = products.filter((product) => fits(product, chosen));
  const keep = (product: SubscriptionCard) => fits(product, chosen) && (chosen.category === '' || product.category_slug === chosen.category);
  const shown = products.filter(keep);
  return (
    <>
      <div className={classes.toolbar}>
        <Kinds products={inProject} chosen={chosen.category} />
        <Filters chosen={chosen} choose={choose} searchable={products.length >= SEARCH_FROM} />
      </div>
      {shown.length === 0
        ? <EmptyState title="Nothing here" action={<LinkButton to={buyerPaths.products(organization)} variant="default">Show all products</LinkButton>}>No product of yours fits what you chose.</EmptyState>
        : chosen.view === 'list' ? <ProductList keep={keep} organization={organization} />
          : <ul className={classes.grid}>{shown.map((product) => <ProductCard key={product.id} product={product} organization={organization} />)}</ul>}
    </>
  );
};

/** One tab for each category, with how many there are. */
const Kinds = ({ products, chosen }: { products: readonly SubscriptionCard[]; chosen: string }) => {
  const organization = useRouteParam('org');
  const [{ project, q, view }] = useSearchState(Search);
  const kinds = [{ slug: '', label: 'All' }, ...Object.values(CATEGORIES).map(({ slug, plural }) => ({ slug: slug as string, label: plural as string }))];
  const to = (slug: string) => {
    const search = new URLSearchParams(Object.entries({ category: slug, project, q, view: view === 'list' ? view : '' }).filter(([, value]) => value !== ''));
    return `${buyerPaths.products(organization)}${search.size > 0 ? `?${search.toString()}` : ''}`;
  };
  return (
    <nav className={classes.kinds} aria-label="Categories">
      {kinds.map(({ slug, label }) => (
        <PlainLink key={slug} to={to(slug)} className={classes.kind} aria-current={slug === chosen ? 'page' : undefined} data-current={slug === chosen || undefined}>
          {label}<span className={classes.count}>{products.filter(({ category_slug }) => slug === '' || category_slug === slug).length}</span>
        </PlainLink>
      ))}
    </nav>
  );
};

const Filters = ({ chosen, choose, searchable }: { chosen: Chosen; choose: (patch: Partial<Chosen>) => void; searchable: boolean }) => {
  const { projects } = useOrganization();
  const other = chosen.view === 'cards' ? 'list' : 'cards';
  return (
    <Group gap="xs">
      {searchable && <TextInput size="xs" type="search" aria-label="Search your products" placeholder="Search" leftSection={<IconSearch size={14} />} value={chosen.q} onChange={(event) => { choose({ q: event.currentTarget.value }); }} />}
      {projects.length > 1 && (
        <Select
          size="xs" w={170} aria-label="Project" placeholder="All projects" clearable value={chosen.project || null}
          data={projects.map(({ id, name }) => ({ value: id, label: name }))} onChange={(value) => { choose({ project: value ?? '' }); }}
        />
      )}
      <Tooltip label={other === 'list' ? 'Show as list' : 'Show as cards'}>
        <ActionIcon size={30} aria-label={other === 'list' ? 'Show as list' : 'Show as cards'} onClick={() => { choose({ view: other }); }}>
          {other === 'list' ? <IconList size={18} /> : <IconLayoutGrid size={18} />}
        </ActionIcon>
      </Tooltip>
    </Group>
  );
};

const columns = (organization: string): readonly Column<SubscriptionCard>[] => [
  { key: 'name', title: 'Product', primary: true, render: (row) => <ProductName name={row.name} logo={row.logo} category={row.category} detail={row.provider_name} />, value: (row) => row.name },
  { key: 'category', title: 'Category', render: (row) => <CategoryChip category={row.category} />, value: (row) => row.category },
  { key: 'state', title: 'State', render: (row) => <div className={classes.standing}><StateBadge state={row.state} provisioned={row.provisioned} /><SourcesBadge product={row} organization={organization} /></div>, value: (row) => row.state },
  { key: 'project', title: 'Project', render: (row) => row.project.name, value: (row) => row.project.name },
  { key: 'plan', title: 'Plan', render: (row) => row.plan_name, value: (row) => row.plan_name },
  { key: 'messages', title: 'Messages', align: 'end', render: (row) => <span className="tabular">{formatNumber(row.usage.messages)}{row.usage.messages_included === null ? '' : ` of ${formatNumber(row.usage.messages_included)}`}</span>, value: (row) => row.usage.messages },
  { key: 'credits', title: 'Credits', align: 'end', render: (row) => <span className="tabular">{formatNumber(row.usage.credits)}</span>, value: (row) => row.usage.credits },
  { key: 'since', title: 'Since', hidden: true, render: (row) => formatDate(row.created_at), value: (row) => row.created_at },
];

/** The rows of the list: what the choices above leave of the one answer both views share. */
const useRows = (keep: (product: SubscriptionCard) => boolean) => useQuery<{ data: SubscriptionCard[] }, ApiProblem>({
  ...endpointQuery(subscriptionEndpoints.list, { query: {} }, useActingOrganization()),
  select: ({ data }) => ({ data: data.filter(keep) }),
});

const ProductList = ({ keep, organization }: { keep: (product: SubscriptionCard) => boolean; organization: string }) => (
  <DataTable
    label="Products" columns={columns(organization)} query={useRows(keep)} rowKey={({ id }) => id} state={useTableState()}
    rowTo={({ id }) => buyerPaths.subscription(organization, id)} empty={null}
  />
);
