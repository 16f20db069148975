import { Text } from '@mantine/core';
import { IconReceipt2 } from '@tabler/icons-react';
import { useEndpoint } from '#web/api/use-endpoint.ts';
import { LinkButton } from '#web/kit/link.tsx';
import { PlanTable } from '#web/kit/plan-table.tsx';
import { EmptyState, Loaded } from '#web/kit/states.tsx';
import { sellerPaths } from '#web/url/paths.ts';
import { useRouteParam } from '#web/url/search-state.ts';
import { marketplaceEndpoints, providerEndpoints, type SellerProduct } from '../../contract.ts';
import { readPlans } from './plan-draft.ts';
import { planComparison } from './plan-words.ts';

/** The plans buyers can choose from now, and those of the draft. */
export const OfferingPlans = () => {
  const provider = useRouteParam('provider');
  const product = useEndpoint(providerEndpoints.getSellerProduct, { params: { productId: useRouteParam('product') } });
  return <Loaded query={product}>{(data) => (data.version !== null && data.listed ? <Listed product={data} provider={provider} /> : data.has_draft ? <OfDraft product={data} provider={provider} /> : <None product={data} />)}</Loaded>;
};

const planLink = (provider: string, product: SellerProduct) => <LinkButton size="xs" variant="default" to={`${sellerPaths.create(provider, product.id)}&step=4`}>Change plans in the draft</LinkButton>;

const Listed = ({ product, provider }: { product: SellerProduct; provider: string }) => {
  const listed = useEndpoint(marketplaceEndpoints.getProduct, { params: { productId: product.id } });
  return (
    <>
      <Text c="dimmed">Enforced exactly as shown. Changing a plan takes a new version; subscriptions keep the plan they were sold.</Text>
      {product.has_draft && <div>{planLink(provider, product)}</div>}
      <Loaded query={listed}>{({ plans, capabilities }) => { const { columns, rows } = planComparison(plans.map(({ terms }) => terms), capabilities); return <PlanTable plans={columns} rows={rows} />; }}</Loaded>
    </>
  );
};

const OfDraft = ({ product, provider }: { product: SellerProduct; provider: string }) => {
  const draft = useEndpoint(providerEndpoints.getDraft, { params: { productId: product.id } });
  return (
    <Loaded query={draft}>
      {({ draft: { plans }, capabilities }) => {
        if (plans.length === 0) return <EmptyState icon={<IconReceipt2 size={32} stroke={1.5} />} title="No plan yet" action={<LinkButton to={`${sellerPaths.create(provider, product.id)}&step=4`}>Set the plans</LinkButton>}>Plans say what the product costs and what each buyer may use.</EmptyState>;
        const { columns, rows } = planComparison(readPlans(plans), capabilities);
        return <><Text c="dimmed">The plans of your draft. Nobody sees them yet.</Text><div>{planLink(provider, product)}</div><PlanTable plans={columns} rows={rows} /></>;
      }}
    </Loaded>
  );
};

const None = ({ product }: { product: SellerProduct }) => (
  <EmptyState icon={<IconReceipt2 size={32} stroke={1.5} />} title={product.pending_version === null ? 'Not in the marketplace' : 'The plans are in review'}>
    {product.pending_version === null ? 'Publish the product again to see its plans.' : 'They appear here once the version is approved.'}
  </EmptyState>
);
