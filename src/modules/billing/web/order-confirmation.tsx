import { Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { IconCircleCheck, IconClock } from '@tabler/icons-react';
import { useLocation } from '@tanstack/react-router';
import { useEndpoint } from '#web/api/use-endpoint.ts';
import { LinkButton, TextLink } from '#web/kit/link.tsx';
import { EmptyState, FailedState, LoadingSkeleton } from '#web/kit/states.tsx';
import { useBrandName, useSession } from '#web/session/session.ts';
import { buyerPaths, publicPaths } from '#web/url/paths.ts';
import { useRouteParam } from '#web/url/search-state.ts';
import { billingEndpoints, type Order } from '#modules/billing/contract.ts';
import { OrderAction, OrderLines, OrderNote } from './order-details.tsx';
import classes from './orders.module.css';

/** How often an order that waits for its payment is asked about, in milliseconds. */
const POLL_MS = 4_000;

/** The confirmation of one order; follows along while a payment is on its way. */
export const OrderConfirmation = () => {
  useDocumentTitle(`Order · ${useBrandName()}`);
  const { user, known, organization } = useSession();
  const here = useLocation().href;
  const orderId = useRouteParam('order');
  const organizationId = organization?.id ?? null;
  const first = useEndpoint(billingEndpoints.getOrder, { params: { orderId } }, { organizationId, enabled: organizationId !== null });
  const waiting = first.data?.state === 'pending';
  const order = useEndpoint(billingEndpoints.getOrder, { params: { orderId } }, { organizationId, enabled: organizationId !== null, refetchMs: waiting ? POLL_MS : false });
  if (known && user === null) {
    return <div className={classes.alone}><EmptyState title="Sign in to see this order" action={<LinkButton to={publicPaths.login(here)}>Sign in</LinkButton>}>It belongs to an organization. Sign in as one of its members.</EmptyState></div>;
  }
  if (order.data !== undefined && organizationId !== null) return <Confirmation order={order.data} orgId={organizationId} />;
  return <div className={classes.alone}>{order.isError ? <FailedState error={order.error} onRetry={() => { void order.refetch(); }} /> : <LoadingSkeleton shape="form" count={4} />}</div>;
};

const TITLES = { pending: 'Your order waits for its payment', active: 'Your order is complete', cancelled: 'This order was cancelled', expired: 'This order has expired' } as const;

const Confirmation = ({ order, orgId }: { order: Order; orgId: string }) => (
  <div className={classes.confirmation}>
    {order.state === 'active' ? <IconCircleCheck size={40} stroke={1.5} className={classes.good} aria-hidden /> : <IconClock size={40} stroke={1.5} className={classes.quiet} aria-hidden />}
    <Title order={1}>{TITLES[order.state]}</Title>
    <OrderNote order={order} />
    <div className={classes.box}>
      <Title order={2} className={classes.boxTitle}>{order.product_name}</Title>
      <OrderLines order={order} />
    </div>
    <OrderAction order={order} orgId={orgId} />
    <TextLink to={buyerPaths.orders(orgId)}>All orders</TextLink>
  </div>
);
