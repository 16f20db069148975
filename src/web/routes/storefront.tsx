import { Skeleton } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { Navigate, useParams } from '@tanstack/react-router';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { ComparePage } from '#modules/catalog/web/compare.tsx';
import { Marketplace, MarketplaceCategory } from '#modules/catalog/web/marketplace.tsx';
import { ProductPage } from '#modules/catalog/web/product-page.tsx';
import { CHOOSE, useOverlays } from '#modules/catalog/web/storefront-state.ts';
import { publicPaths } from '#web/url/paths.ts';
import { useRawSearch, useRouteParam } from '#web/url/search-state.ts';

/*
 * The storefront is made of three modules: the catalog draws the pages, the gateway the demo, subscriptions the purchase.
 * Here they meet; the last two are fetched when they are first needed.
 */
const DemoPanel = lazy(() => import('#modules/gateway/web/demo-panel.tsx').then((module) => ({ default: module.DemoPanel })));
const DemoDrawer = lazy(() => import('#modules/gateway/web/demo-drawer.tsx').then((module) => ({ default: module.DemoDrawer })));
const SubscribeDialog = lazy(() => import('#modules/subscriptions/web/subscribe-dialog.tsx').then((module) => ({ default: module.SubscribeDialog })));

/** The last text that was not empty, so that what closes still shows what it was about. */
const useLast = (value: string): string => {
  const [last, setLast] = useState(value);
  if (value !== '' && value !== last) setLast(value);
  return value === '' ? last : value;
};

const Overlays = () => {
  const { tried, subscribe, product } = useOverlays();
  const params: Record<string, string | undefined> = useParams({ strict: false });
  const page = params.id ?? '';
  const demo = useLast(tried);
  const bought = subscribe === '' ? '' : product || page;
  const buying = useLast(bought);
  return (
    <Suspense fallback={null}>
      {demo !== '' && <DemoDrawer slug={demo} opened={tried !== ''} onProductPage={page !== ''} />}
      {buying !== '' && <SubscribeDialog productKey={buying} opened={bought !== ''} />}
    </Suspense>
  );
};

const withOverlays = (page: ReactNode) => <>{page}<Overlays /></>;

export const MarketplaceScreen = () => withOverlays(<Marketplace />);
export const CategoryScreen = () => withOverlays(<MarketplaceCategory />);
export const CompareScreen = () => withOverlays(<ComparePage />);

export const ProductScreen = () => {
  // On narrow screens the demo opens from its button instead.
  const wide = useMediaQuery('(min-width: 62em)', undefined, { getInitialValueInEffect: false });
  return withOverlays(<ProductPage demo={(product) => (wide ? <Suspense fallback={<Skeleton h={512} radius="xl" />}><DemoPanel key={product.id} product={product} /></Suspense> : null)} />);
};

/** The address of a purchase (`/checkout/<product>?plan=`, `/resource/<product>/deploy/`): the product's page with its dialog open. */
export const CheckoutEntry = () => {
  const product = useRouteParam('productId');
  const { plan } = useRawSearch();
  return <Navigate to={publicPaths.product(product)} search={{ subscribe: typeof plan === 'string' && plan !== '' ? plan : CHOOSE } as never} replace />;
};
