import { Drawer } from '@mantine/core';
import { useEndpoint } from '#web/api/use-endpoint.ts';
import { FailedState, LoadingSkeleton } from '#web/kit/states.tsx';
import { marketplaceEndpoints } from '#modules/catalog/contract.ts';
import { useOpenedAfterMount, useOverlays } from '#modules/catalog/web/storefront-state.ts';
import { DemoConversation } from './demo-conversation.tsx';
import classes from './demo.module.css';

/** The demo of the product that the address names in `try`, above whatever page is open. */
export const DemoDrawer = ({ slug, opened, onProductPage }: { slug: string; opened: boolean; onProductPage: boolean }) => {
  const overlays = useOverlays();
  const shown = useOpenedAfterMount(opened);
  const product = useEndpoint(marketplaceEndpoints.getProduct, { params: { productId: slug } }, { organizationId: null, staleMs: 60_000 });
  return (
    <Drawer
      opened={shown} onClose={overlays.close} position="right" size={480} title={product.data === undefined ? 'Try' : `Try: ${product.data.name}`}
      classNames={{ content: classes.drawer, header: classes.drawerHead, title: classes.drawerTitle, body: classes.drawerBody }}
    >
      {product.data !== undefined
        ? <DemoConversation product={product.data} onSubscribe={() => { overlays.openSubscribe(onProductPage ? {} : { product: slug }); }} />
        : <div className={classes.loading}>{product.isError ? <FailedState error={product.error} onRetry={() => { void product.refetch(); }} /> : <LoadingSkeleton count={3} />}</div>}
    </Drawer>
  );
};
