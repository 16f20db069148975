import { useParams } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { useOverlays } from '#modules/catalog/web/storefront-state.ts';

/*
 * The storefront is made of three modules: the catalog draws the pages, the gateway the demo, subscriptions the purchase.
 * Here the last two lie above the pages of the first; they are fetched when they are first needed.
 */
const DemoDrawer = lazy(() => import('#modules/gateway/web/demo-drawer.tsx').then((module) => ({ default: module.DemoDrawer })));
const SubscribeDialog = lazy(() => import('#modules/subscriptions/web/subscribe-dialog.tsx').then((module) => ({ default: module.SubscribeDialog })));

/** The last text that was not empty, so that what closes still shows what it was about. */
const useLast = (value: string): string => {
  const [last, setLast] = useState(value);
  if (value !== '' && value !== last) setLast(value);
  return value === '' ? last : value;
};

/** The demo and the purchase that the address asks for. */
export const StorefrontOverlays = () => {
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
