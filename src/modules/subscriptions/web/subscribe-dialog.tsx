import { Modal, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useEndpoint } from '#web/api/use-endpoint.ts';
import { ProductMark } from '#web/kit/product-mark.tsx';
import { EmptyState, FailedState, LoadingSkeleton } from '#web/kit/states.tsx';
import { useSession } from '#web/session/session.ts';
import { marketplaceEndpoints, type ProductDetail } from '#modules/catalog/contract.ts';
import { firstPlan, isForSale } from '#modules/catalog/web/plan-rows.ts';
import { ProviderName } from '#modules/catalog/web/product-card.tsx';
import { useOpenedAfterMount, useOverlays } from '#modules/catalog/web/storefront-state.ts';
import { EntryForm } from './entry-form.tsx';
import { PlanChoice } from './plan-choice.tsx';
import { SubscribeForm } from './subscribe-form.tsx';
import classes from './subscribe.module.css';

/**
 * Buying in one dialog: project, plan, cost, one click. Its state is in the address (`?subscribe=<plan>`), so it survives
 * a reload and comes back after signing in.
 */
export const SubscribeDialog = ({ productKey, opened }: { productKey: string; opened: boolean }) => {
  const overlays = useOverlays();
  const shown = useOpenedAfterMount(opened);
  const narrow = useMediaQuery('(max-width: 47.99em)', undefined, { getInitialValueInEffect: false });
  const product = useEndpoint(marketplaceEndpoints.getProduct, { params: { productId: productKey } }, { organizationId: null, staleMs: 60_000 });
  return (
    <Modal opened={shown} onClose={overlays.close} title="Subscribe" size={820} padding="lg" fullScreen={narrow} classNames={{ title: classes.dialogTitle }}>
      {product.data !== undefined ? <Content product={product.data} />
        : product.isError ? <FailedState error={product.error} onRetry={() => { void product.refetch(); }} /> : <LoadingSkeleton shape="form" count={3} />}
    </Modal>
  );
};

const Content = ({ product }: { product: ProductDetail }) => {
  const { user, known } = useSession();
  const { subscribe, cycle, setPlan } = useOverlays();
  const plans = product.plans.filter(isForSale).toSorted((a, b) => a.position - b.position);
  const plan = plans.find(({ id }) => id === subscribe) ?? firstPlan(plans);
  if (product.availability === 'coming' || plan === undefined) {
    return (
      <EmptyState title={plan === undefined ? `Plans are agreed with ${product.provider.name}` : 'This product is coming'}>
        {plan === undefined ? 'You find how to reach them on the page of the product.' : 'This installation cannot run it yet. You can read about it on its page.'}
      </EmptyState>
    );
  }
  return (
    <div className={classes.content}>
      <div className={classes.what}>
        <div className={classes.product}>
          <ProductMark name={product.name} logo={product.logo} category={product.category} size={44} />
          <div className={classes.productWords}><Text fw={600} size="md">{product.name}</Text><ProviderName provider={product.provider} by /></div>
        </div>
        <Text c="dimmed" dir="auto">{product.summary}</Text>
        <PlanChoice plans={plans} category={product.category} chosen={plan} cycle={cycle} onChoose={setPlan} />
      </div>
      <div className={classes.side}>{!known ? <LoadingSkeleton shape="form" count={2} /> : user === null ? <EntryForm /> : <SubscribeForm product={product} plan={plan} cycle={cycle} />}</div>
    </div>
  );
};
