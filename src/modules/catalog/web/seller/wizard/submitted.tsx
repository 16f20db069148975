import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useCall, useEndpoint } from '#web/api/use-endpoint.ts';
import { isCategory } from '#web/kit/category.tsx';
import { LinkButton } from '#web/kit/link.tsx';
import { Page } from '#web/kit/page.tsx';
import { ProductMark } from '#web/kit/product-mark.tsx';
import { EmptyState, FailedState, Loaded } from '#web/kit/states.tsx';
import { publicPaths, sellerPaths } from '#web/url/paths.ts';
import { providerEndpoints, type SellerProduct } from '../../../contract.ts';
import classes from './listing.module.css';

/** Where the wizard ends: a product without a draft. It waits for review, is listed, or may be worked on again. */
export const Submitted = ({ provider, productId }: { provider: string; productId: string }) => {
  const product = useEndpoint(providerEndpoints.getSellerProduct, { params: { productId } });
  return (
    <Page title={product.data?.name ?? 'Product'} breadcrumbs={[{ label: 'My products', to: sellerPaths.offerings(provider) }]} narrow>
      <Loaded query={product}>{(data) => (data.pending_version !== null ? <Waiting product={data} provider={provider} /> : <NoDraft product={data} provider={provider} />)}</Loaded>
    </Page>
  );
};

const Waiting = ({ product, provider }: { product: SellerProduct; provider: string }) => (
  <section className={classes.done} aria-label="Submitted">
    <div className={classes.doneHead}>
      <ProductMark name={product.name} logo={product.logo} category={isCategory(product.category) ? product.category : undefined} size={56} />
      <div>
        <Title order={2}>Submitted for review</Title>
        <Text c="dimmed">Version {product.pending_version} of {product.name} waits for an operator.</Text>
      </div>
    </div>
    <ol className={classes.next}>
      <li><div><Text fw={500}>An operator looks at it</Text><Text c="dimmed">The listing, what it promises, what its flow really does, and any code in it.</Text></div></li>
      <li><div><Text fw={500}>You hear the decision here</Text><Text c="dimmed">If something has to change, the reason stands on the product’s page and your draft comes back with everything in it.</Text></div></li>
      <li><div><Text fw={500}>Once approved, it is in the marketplace</Text><Text c="dimmed">{product.version === null ? 'Buyers can try and subscribe at once. You can take it off at any time.' : `Until then buyers keep getting version ${product.version}.`}</Text></div></li>
    </ol>
    <Group gap="sm">
      <LinkButton to={sellerPaths.offering(provider, product.id)}>Open the product</LinkButton>
      <LinkButton to={sellerPaths.create(provider)} variant="default">Create another</LinkButton>
    </Group>
  </section>
);

const NoDraft = ({ product, provider }: { product: SellerProduct; provider: string }) => {
  const navigate = useNavigate();
  const edit = useCall(providerEndpoints.editProduct, {
    invalidates: [providerEndpoints.getDraft, providerEndpoints.getSellerProduct],
    onSuccess: () => { void navigate({ to: sellerPaths.create(provider), search: { draft: product.id, step: '3' } as never, replace: true }); },
  });
  return (
    <Stack gap="md">
      <EmptyState
        title={product.listed ? `${product.name} is in the marketplace` : `${product.name} has no draft`}
        action={<Group gap="xs"><Button loading={edit.isPending} onClick={() => { edit.mutate({ params: { productId: product.id } }); }}>Work on a new version</Button>{product.listed && <LinkButton to={publicPaths.product(product.slug)} variant="default">See it</LinkButton>}</Group>}
      >
        {product.version === null ? 'Nothing was submitted yet.' : `Buyers get version ${product.version}. A new version starts as a copy of it and is reviewed before it replaces it.`}
      </EmptyState>
      {edit.isError && <FailedState error={edit.error} />}
    </Stack>
  );
};
