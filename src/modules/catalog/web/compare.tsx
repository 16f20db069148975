import { Anchor, Button, NativeSelect, Skeleton, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { IconCheck, IconMinus, IconX } from '@tabler/icons-react';
import { useQueries } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ApiProblem } from '#web/api/problem.ts';
import { endpointQuery, useEndpoint } from '#web/api/use-endpoint.ts';
import { CategoryChip } from '#web/kit/category.tsx';
import { formatNumber } from '#web/kit/format.ts';
import { LinkButton, TextLink } from '#web/kit/link.tsx';
import { ProductMark } from '#web/kit/product-mark.tsx';
import { EmptyState, FailedState } from '#web/kit/states.tsx';
import { useBrandName } from '#web/session/session.ts';
import { publicPaths } from '#web/url/paths.ts';
import { useRawSearch, useSetSearch } from '#web/url/search-state.ts';
import { marketplaceEndpoints, type ProductDetail } from '#modules/catalog/contract.ts';
import { compareRows, type CompareRow } from './compare-rows.ts';
import { ProviderName } from './product-card.tsx';
import { COMPARED_MAX, readSlugs, useOverlays } from './storefront-state.ts';
import classes from './compare.module.css';

/** Products side by side, from the same facts as their own pages. */
export const ComparePage = () => {
  const keys = readSlugs(useRawSearch().ids);
  const set = useSetSearch();
  useDocumentTitle(`Compare products · ${useBrandName()}`);
  const queries = useQueries({ queries: keys.map((productId) => ({ ...endpointQuery(marketplaceEndpoints.getProduct, { params: { productId } }, null), staleTime: 60_000 })) });
  const products = queries.flatMap(({ data }) => (data === undefined ? [] : [data]));
  const failure = queries.find(({ error }) => error !== null && !(error instanceof ApiProblem && error.status === 404));
  const loading = queries.some(({ isPending }) => isPending);
  const write = (ids: readonly string[]) => { set({ ids: ids.join(',') }, { push: true }); };
  return (
    <div className={classes.page}>
      <Title order={1}>Compare products</Title>
      {failure !== undefined && <FailedState error={failure.error} onRetry={() => { for (const query of queries) void query.refetch(); }} />}
      {loading && products.length === 0 ? <Skeleton h={420} aria-label="Loading" role="status" />
        : products.length === 0 && failure === undefined
          ? <EmptyState title="Nothing to compare yet" action={<LinkButton to={publicPaths.marketplace()}>Choose products</LinkButton>}>Press the scales on two or more products of the marketplace, then come back here.</EmptyState>
          : products.length > 0 && <Comparison products={products} loading={loading} onWrite={write} />}
    </div>
  );
};

const Comparison = ({ products, loading, onWrite }: { products: readonly ProductDetail[]; loading: boolean; onWrite: (ids: readonly string[]) => void }) => {
  const slugs = products.map(({ slug }) => slug);
  return (
    <>
      <div className={classes.scroll} tabIndex={0} role="region" aria-label="Products compared">
        <table className={classes.table}>
          <thead>
            <tr>
              <td />
              {products.map((product) => <th key={product.id} scope="col"><Head product={product} onRemove={products.length > 1 ? () => { onWrite(slugs.filter((slug) => slug !== product.slug)); } : null} /></th>)}
              {loading && <th scope="col"><Skeleton h={120} /></th>}
            </tr>
          </thead>
          <tbody>
            {compareRows(products).map((row) => (
              <tr key={row.label}>
                <th scope="row">{row.label}</th>
                {row.values.map((value, index) => <td key={products[index]?.id}><Value value={value} /></td>)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {products.length < COMPARED_MAX && <AddProduct first={products[0]} taken={slugs} onAdd={(slug) => { onWrite([...slugs, slug]); }} />}
    </>
  );
};

const Head = ({ product, onRemove }: { product: ProductDetail; onRemove: (() => void) | null }) => {
  const { openDemo, openSubscribe } = useOverlays();
  return (
    <div className={classes.head}>
      <div className={classes.marks}>
        <ProductMark name={product.name} logo={product.logo} category={product.category} size={40} />
        {onRemove !== null && <button type="button" className={classes.remove} aria-label={`Remove ${product.name}`} onClick={onRemove}><IconX size={16} aria-hidden /></button>}
      </div>
      <TextLink to={publicPaths.product(product.slug)} className={classes.name}>{product.name}</TextLink>
      <ProviderName provider={product.provider} />
      <CategoryChip category={product.category} />
      <div className={classes.actions}>
        {product.availability === 'coming' ? <Button size="xs" disabled>Coming</Button> : (
          <>
            <Button size="xs" aria-label={`Add ${product.name}`} onClick={() => { openSubscribe({ product: product.slug }); }}>Add</Button>
            {product.can_try && <Button size="xs" variant="default" aria-label={`Try ${product.name}`} onClick={() => { openDemo(product.slug); }}>Try</Button>}
          </>
        )}
      </div>
    </div>
  );
};

const Value = ({ value }: { value: CompareRow['values'][number] }): ReactNode => {
  if (value === true) return <IconCheck size={18} className={classes.yes} role="img" aria-label="Yes" />;
  if (value === false || value === null) return <IconMinus size={18} className={classes.no} role="img" aria-label="No" />;
  if (typeof value === 'number') return formatNumber(value);
  return typeof value === 'string' ? value : <ul className={classes.list}>{value.map((line) => <li key={line}>{line}</li>)}</ul>;
};

/** Another product of the same category, by name. */
const AddProduct = ({ first, taken, onAdd }: { first: ProductDetail | undefined; taken: readonly string[]; onAdd: (slug: string) => void }) => {
  const found = useEndpoint(marketplaceEndpoints.searchProducts, { query: { category: first?.category_slug, sort: 'name', limit: 60 } }, { organizationId: null, staleMs: 60_000, enabled: first !== undefined });
  const others = (found.data?.data ?? []).filter(({ slug }) => !taken.includes(slug));
  if (others.length === 0) return <Anchor component={TextLink} to={publicPaths.marketplace()}>Find more products</Anchor>;
  return (
    <NativeSelect
      label="Add to the comparison" className={classes.add} value="" data={[{ value: '', label: 'Choose a product' }, ...others.map(({ slug, name }) => ({ value: slug, label: name }))]}
      onChange={(event) => { if (event.currentTarget.value !== '') onAdd(event.currentTarget.value); }}
    />
  );
};
