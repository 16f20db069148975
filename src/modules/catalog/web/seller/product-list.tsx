import { ActionIcon, Badge, Button, Group, Menu, SegmentedControl, Select, Text, TextInput } from '@mantine/core';
import { IconAlertCircle, IconDots, IconLayoutGrid, IconList, IconPackage, IconPlus, IconSearch, IconStarFilled, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { z } from 'zod';
import { useEndpoint } from '#web/api/use-endpoint.ts';
import { CategoryChip } from '#web/kit/category.tsx';
import { formatNumber } from '#web/kit/format.ts';
import { LinkButton, PlainLink } from '#web/kit/link.tsx';
import { Page } from '#web/kit/page.tsx';
import { ProductMark } from '#web/kit/product-mark.tsx';
import { ProductName } from '#web/kit/product-name.tsx';
import { RelativeTime } from '#web/kit/relative-time.tsx';
import { EmptyState, FailedState, LoadingSkeleton } from '#web/kit/states.tsx';
import { DataTable } from '#web/kit/table/data-table.tsx';
import { useTableState } from '#web/kit/table/table-state.ts';
import { sellerPaths } from '#web/url/paths.ts';
import { useRouteParam, useSearchState } from '#web/url/search-state.ts';
import { useHasRole } from '#web/session/session.ts';
import { ProductStatus, providerEndpoints, type SellerProduct } from '../../contract.ts';
import { DeleteProduct } from './delete-product.tsx';
import { kindTitle } from './wizard/category-words.ts';
import { isOnlyDraft, nameOf, StatusBadge, statusOf } from './product-status.tsx';
import classes from './product-list.module.css';

const Address = z.object({ view: z.enum(['grid', 'list']).catch('grid'), status: z.union([ProductStatus, z.literal('')]).catch(''), q: z.string().catch('') });

const STATUSES = [
  { value: 'draft', label: 'Drafts' }, { value: 'pending_review', label: 'In review' }, { value: 'approved', label: 'Approved' }, { value: 'rejected', label: 'Rejected' }, { value: 'archived', label: 'Archived' },
];

/** Everything an organization sells or is about to sell. */
export const ProductList = () => {
  const provider = useRouteParam('provider');
  const [address, setAddress] = useSearchState(Address);
  const { view, status, q } = address;
  const products = useEndpoint(providerEndpoints.listProducts, { query: { status: status === '' ? undefined : status, search: q === '' ? undefined : q } }, { keepPrevious: true });
  const [deleted, setDeleted] = useState<SellerProduct | null>(null);
  const rows = products.data?.data ?? [];
  const filtered = status !== '' || q !== '';
  const create = <LinkButton to={sellerPaths.create(provider)} leftSection={<IconPlus size={16} />}>Create product</LinkButton>;
  return (
    <Page title="My products" action={create} description="Agents, apps, assistants and automations you offer.">
      {(rows.length > 0 || filtered) && (
        <div className={classes.bar}>
          <div className={classes.filters}>
            <TextInput type="search" size="xs" w={240} aria-label="Find a product" placeholder="Find a product" leftSection={<IconSearch size={14} />} value={q} onChange={(event) => { setAddress({ q: event.currentTarget.value }); }} />
            <Select size="xs" w={150} clearable aria-label="Status" placeholder="Status" data={STATUSES} value={status === '' ? null : status} onChange={(value) => { setAddress({ status: Address.shape.status.parse(value ?? '') }, { push: true }); }} />
          </div>
          <SegmentedControl
            size="xs" aria-label="Show as" value={view} onChange={(value) => { setAddress({ view: value === 'list' ? 'list' : 'grid' }); }}
            data={[{ value: 'grid', label: <IconLayoutGrid size={16} aria-label="Grid" style={{ display: 'block' }} /> }, { value: 'list', label: <IconList size={16} aria-label="List" style={{ display: 'block' }} /> }]}
          />
        </div>
      )}
      {products.isError && products.data === undefined ? <FailedState error={products.error} onRetry={() => { void products.refetch(); }} />
        : products.data === undefined ? <LoadingSkeleton shape="cards" count={6} />
          : rows.length === 0 ? <Nothing filtered={filtered} provider={provider} onClear={() => { setAddress({ q: '', status: '' }); }} />
            : view === 'list' ? <Rows query={products} provider={provider} onDelete={setDeleted} />
              : <div className={classes.grid}>{rows.map((product) => <ProductTile key={product.id} product={product} provider={provider} onDelete={() => { setDeleted(product); }} />)}</div>}
      {deleted !== null && <DeleteProduct product={deleted} opened onClose={() => { setDeleted(null); }} />}
    </Page>
  );
};

const Nothing = ({ filtered, provider, onClear }: { filtered: boolean; provider: string; onClear: () => void }) => (filtered
  ? <EmptyState title="No product matches" action={<Button variant="default" onClick={onClear}>Clear filters</Button>} />
  : (
    <EmptyState icon={<IconPackage size={32} stroke={1.5} />} title="Create your first product" action={<LinkButton to={sellerPaths.create(provider)} leftSection={<IconPlus size={16} />}>Create product</LinkButton>}>
      Import a flow from Langflow or start with a template, say what buyers can do with it, set your plans, and submit it for review. Everything is saved as you go.
    </EmptyState>
  ));

const Rating = ({ product }: { product: SellerProduct }) => (product.rating === null ? <span>Not rated yet</span> : (
  <Group gap={4} component="span" wrap="nowrap"><IconStarFilled size={12} aria-hidden style={{ color: 'var(--cmp-warn)' }} /><span>{product.rating.toFixed(1)} ({formatNumber(product.ratings)})</span></Group>
));

const continueTo = (provider: string, { id, draft_step: step }: SellerProduct) => `${sellerPaths.create(provider, id)}&step=${step ?? 1}`;
const previewOf = (provider: string, { id }: SellerProduct) => `${sellerPaths.create(provider, id)}&step=6`;

const ProductTile = ({ product, provider, onDelete }: { product: SellerProduct; provider: string; onDelete: () => void }) => {
  const draft = isOnlyDraft(product);
  const mayDelete = useHasRole('admin');
  const name = nameOf(product);
  return (
    <article className={classes.card}>
      <div className={classes.head}>
        <ProductMark name={name} logo={product.logo} category={product.category} size={40} />
        <div className={classes.title}>
          <h2 className={classes.name}><PlainLink className={classes.link} to={draft && product.rejection_reason === null ? continueTo(provider, product) : sellerPaths.offering(provider, product.id)}>{name}</PlainLink></h2>
          <CategoryChip category={product.category} />
        </div>
        <Group gap={4} wrap="nowrap"><StatusBadge product={product} />{mayDelete && !draft && <More name={name} onDelete={onDelete} />}</Group>
      </div>
      {product.rejection_reason === null
        ? <Text className={classes.summary}>{product.summary === '' ? (draft ? 'No summary yet.' : '') : product.summary}</Text>
        : <div className={classes.rejected}><IconAlertCircle size={14} aria-hidden /><span>{product.rejection_reason}</span></div>}
      <div className={classes.facts}>
        {draft ? <span>Edited <RelativeTime value={product.updated_at} /></span> : (
          <><Rating product={product} /><span>{formatNumber(product.subscribers)} {product.subscribers === 1 ? 'subscriber' : 'subscribers'}</span><span>{formatNumber(product.runs, { compact: true })} runs</span></>
        )}
        {product.version !== null && product.pending_version !== null && <span>Version {product.pending_version} in review</span>}
      </div>
      <div className={classes.foot}>
        {product.has_draft && (
          <LinkButton size="xs" variant={draft ? 'filled' : 'default'} className={classes.above} to={continueTo(provider, product)}>{product.rejection_reason !== null ? 'Fix and resubmit' : draft ? 'Continue' : 'Continue draft'}</LinkButton>
        )}
        {draft
          ? (
            <>
              <LinkButton size="xs" variant="default" className={classes.above} to={previewOf(provider, product)}>Preview</LinkButton>
              {mayDelete && <Button size="xs" variant="subtle" color="gray" className={classes.above} aria-label={`Delete ${name}`} onClick={onDelete}>Delete</Button>}
            </>
          )
          : (
            <>
              <LinkButton size="xs" variant="default" className={classes.above} to={sellerPaths.offering(provider, product.id)}>Manage</LinkButton>
              {product.version !== null && <LinkButton size="xs" variant="default" className={classes.above} to={sellerPaths.offeringTab(provider, product.id, 'analytics')}>Analytics</LinkButton>}
            </>
          )}
      </div>
    </article>
  );
};

const More = ({ name, onDelete }: { name: string; onDelete: () => void }) => (
  <Menu position="bottom-end">
    <Menu.Target><ActionIcon size="sm" className={classes.above} aria-label={`More about ${name}`}><IconDots size={16} /></ActionIcon></Menu.Target>
    <Menu.Dropdown><Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={onDelete}>Delete</Menu.Item></Menu.Dropdown>
  </Menu>
);

const Rows = ({ query, provider, onDelete }: { query: ReturnType<typeof useEndpoint<typeof providerEndpoints.listProducts>>; provider: string; onDelete: (product: SellerProduct) => void }) => {
  const state = useTableState();
  const mayDelete = useHasRole('admin');
  const to = (product: SellerProduct) => (isOnlyDraft(product) && product.rejection_reason === null ? continueTo(provider, product) : sellerPaths.offering(provider, product.id));
  return (
    <DataTable
      label="Products" state={state} rowKey={({ id }) => id} rowTo={to} empty={null} query={query}
      columns={[
        { key: 'name', title: 'Product', primary: true, value: nameOf, render: (product) => <ProductName name={nameOf(product)} logo={product.logo} category={product.category} detail={kindTitle(product.category, product.subcategory)} /> },
        { key: 'category', title: 'Category', value: ({ category }) => category, render: ({ category }) => <CategoryChip category={category} /> },
        { key: 'status', title: 'Status', value: (product) => statusOf(product).label, render: (product) => <Group gap={4} wrap="nowrap"><StatusBadge product={product} />{product.has_draft && product.version !== null && <Badge color="gray" miw="max-content">Draft</Badge>}</Group> },
        { key: 'subscribers', title: 'Subscribers', align: 'end', value: ({ subscribers }) => subscribers, render: ({ subscribers }) => formatNumber(subscribers) },
        { key: 'runs', title: 'Runs', align: 'end', value: ({ runs }) => runs, render: ({ runs }) => formatNumber(runs) },
        { key: 'rating', title: 'Rating', align: 'end', value: ({ rating }) => rating, render: ({ rating, ratings }) => (rating === null ? <Text span c="dimmed">None</Text> : `${rating.toFixed(1)} (${ratings})`) },
        { key: 'updated', title: 'Edited', value: ({ updated_at }) => updated_at, render: ({ updated_at }) => <Text span style={{ whiteSpace: 'nowrap' }}><RelativeTime value={updated_at} /></Text> },
        ...(mayDelete ? [{ key: 'more', title: '', align: 'end' as const, render: (product: SellerProduct) => <More name={nameOf(product)} onDelete={() => { onDelete(product); }} /> }] : []),
      ]}
    />
  );
};
