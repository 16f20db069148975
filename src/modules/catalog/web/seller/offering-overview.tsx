import { Stack, Text, Title } from '@mantine/core';
import { IconPackage } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useEndpoint } from '#web/api/use-endpoint.ts';
import { formatDate, formatNumber } from '#web/kit/format.ts';
import { CopyId } from '#web/kit/copy-field.tsx';
import { LinkButton } from '#web/kit/link.tsx';
import { RelativeTime } from '#web/kit/relative-time.tsx';
import { StatTile, StatTiles } from '#web/kit/stat-tile.tsx';
import { EmptyState, Loaded, LoadingSkeleton } from '#web/kit/states.tsx';
import { sellerPaths } from '#web/url/paths.ts';
import { useRouteParam } from '#web/url/search-state.ts';
import { marketplaceEndpoints, providerEndpoints, type SellerProduct } from '../../contract.ts';
import { CapabilityList } from '../capability-list.tsx';
import { statusOf } from './product-status.tsx';
import { kindTitle } from './wizard/category-words.ts';
import classes from './offering.module.css';

/** A product at a glance: how it does, what it is, what buyers are promised. */
export const OfferingOverview = () => {
  const provider = useRouteParam('provider');
  const product = useEndpoint(providerEndpoints.getSellerProduct, { params: { productId: useRouteParam('product') } });
  return <Loaded query={product} skeleton={<LoadingSkeleton shape="tiles" count={4} />}>{(data) => <Overview product={data} provider={provider} />}</Loaded>;
};

const Overview = ({ product, provider }: { product: SellerProduct; provider: string }) => (
  <>
    <StatTiles>
      <StatTile label="Subscribers" value={formatNumber(product.subscribers)} hint="Active now" />
      <StatTile label="Runs" value={formatNumber(product.runs)} hint="Since it was listed" />
      <StatTile label="Rating" value={product.rating === null ? 'None' : product.rating.toFixed(1)} hint={product.ratings === 0 ? 'Nobody rated it yet' : `${formatNumber(product.ratings)} ${product.ratings === 1 ? 'rating' : 'ratings'}`} />
    </StatTiles>
    <div className={classes.columns}>
      <div className={classes.main}>
        {product.version === null
          ? (
            <EmptyState icon={<IconPackage size={32} stroke={1.5} />} title={product.pending_version !== null ? 'Nothing is on sale yet' : product.rejection_reason !== null ? 'Not approved yet' : 'Not submitted yet'} action={product.has_draft && product.rejection_reason === null ? <LinkButton to={`${sellerPaths.create(provider, product.id)}&step=${product.draft_step ?? 1}`}>Continue</LinkButton> : undefined}>
              {product.pending_version === null ? 'What buyers are promised appears here once a version is approved.' : 'Once the version in review is approved, you see here what buyers are promised.'}
            </EmptyState>
          ) : <Promised product={product} />}
      </div>
      <dl className={classes.facts}>
        <Fact term="Status">{statusOf(product).meaning}</Fact>
        <Fact term="Kind">{kindTitle(product.category, product.subcategory)}</Fact>
        {product.version !== null && <Fact term="Address">{product.slug}</Fact>}
        <Fact term="Created">{formatDate(product.created_at)}</Fact>
        {product.published_at !== null && <Fact term="First listed">{formatDate(product.published_at)}</Fact>}
        <Fact term="Changed"><RelativeTime value={product.updated_at} /></Fact>
        <Fact term="Id"><CopyId value={product.id} /></Fact>
      </dl>
    </div>
  </>
);

const Fact = ({ term, children }: { term: string; children: ReactNode }) => <div><dt>{term}</dt><dd>{children}</dd></div>;

/** The capabilities of the version on sale, as buyers read them; only what is listed can be read from the marketplace. */
const Promised = ({ product }: { product: SellerProduct }) => {
  const listed = useEndpoint(marketplaceEndpoints.getProduct, { params: { productId: product.id } }, { enabled: product.listed });
  if (!product.listed) return <Text c="dimmed">The product is not in the marketplace. Publish it again to see what buyers see.</Text>;
  return (
    <Stack gap="md">
      <Title order={2}>What buyers are promised</Title>
      <Loaded query={listed}>{(data) => <CapabilityList product={data} />}</Loaded>
    </Stack>
  );
};
