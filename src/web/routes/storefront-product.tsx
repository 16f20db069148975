import { Skeleton } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { Navigate } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { ComparePage } from '#modules/catalog/web/compare.tsx';
import { ProductPage } from '#modules/catalog/web/product-page.tsx';
import { CHOOSE } from '#modules/catalog/web/storefront-state.ts';
import { publicPaths } from '#web/url/paths.ts';
import { useRawSearch, useRouteParam } from '#web/url/search-state.ts';
import { StorefrontOverlays } from './storefront-overlays.tsx';

const DemoPanel = lazy(() => import('#modules/gateway/web/demo-panel.tsx').then((module) => ({ default: module.DemoPanel })));

/** A product with its demo beside it; on narrow screens the demo opens from its button instead. */
export const ProductScreen = () => {
  const wide = useMediaQuery('(min-width: 62em)', undefined, { getInitialValueInEffect: false });
  return (
    <>
      <ProductPage demo={(product) => (wide ? <Suspense fallback={<Skeleton h={512} radius="xl" />}><DemoPanel key={product.id} product={product} /></Suspense> : null)} />
      <StorefrontOverlays />
    </>
  );
};

/** Products side by side. */
export const CompareScreen = () => <><ComparePage /><StorefrontOverlays /></>;

/** The address of a purchase (`/checkout/<product>?plan=`, `/resource/<product>/deploy/`): the product's page with its dialog open. */
export const CheckoutEntry = () => {
  const product = useRouteParam('productId');
  const { plan } = useRawSearch();
  return <Navigate to={publicPaths.product(product)} search={{ subscribe: typeof plan === 'string' && plan !== '' ? plan : CHOOSE } as never} replace />;
};
