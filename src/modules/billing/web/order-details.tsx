import { Badge, Button, Text } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useCall } from '#web/api/use-endpoint.ts';
import { CopyId } from '#web/kit/copy-field.tsx';
import { formatExact } from '#web/kit/format.ts';
import { LinkButton, routeTarget } from '#web/kit/link.tsx';
import { toast } from '#web/kit/toast.tsx';
import { useSession } from '#web/session/session.ts';
import { buyerPaths, publicPaths } from '#web/url/paths.ts';
import { billingEndpoints, type Order } from '#modules/billing/contract.ts';
import { amountWords, ORDER_STATES } from './money-words.ts';
import classes from './orders.module.css';

const COLORS = { pending: 'amber', active: 'green', cancelled: 'gray', expired: 'gray' } as const;

export const OrderStateBadge = ({ state }: { state: Order['state'] }) => <Badge color={COLORS[state]}>{ORDER_STATES[state]}</Badge>;

const Line = ({ label, children }: { label: string; children: ReactNode }) => <div><dt>{label}</dt><dd>{children}</dd></div>;
const exact = (time: string) => formatExact(new Date(time));

/** Everything about one order. */
export const OrderLines = ({ order }: { order: Order }) => {
  const { organizations } = useSession();
  const project = organizations.flatMap(({ projects }) => projects).find(({ id }) => id === order.project_id);
  return (
    <dl className={classes.lines}>
      <Line label="State"><OrderStateBadge state={order.state} /></Line>
      <Line label="Plan">{order.plan_name}</Line>
      <Line label="Price">{amountWords(order)}</Line>
      {project !== undefined && <Line label="Project">{project.name}</Line>}
      <Line label="Ordered">{exact(order.created_at)}</Line>
      {order.activated_at !== null && <Line label="Active since">{exact(order.activated_at)}</Line>}
      {order.cancelled_at !== null && <Line label="Cancelled">{exact(order.cancelled_at)}</Line>}
      <Line label="Order number"><CopyId value={order.id} length={13} /></Line>
    </dl>
  );
};

/** The next thing to do with an order: pay it, open what it bought, or look at the product again. */
export const OrderAction = ({ order, orgId }: { order: Order; orgId: string }) => {
  const navigate = useNavigate();
  const pay = useCall(billingEndpoints.payOrder, {
    invalidates: [billingEndpoints.listOrders], onError: toast.problem,
    onSuccess: ({ url }) => {
      if (!url.startsWith('/')) { window.location.assign(url); return; }
      const target = routeTarget(url);
      void navigate({ to: target.to, search: target.search as never });
    },
  });
  if (order.state === 'pending') return <Button loading={pay.isPending} onClick={() => { pay.mutate({ params: { orderId: order.id } }); }}>Pay {amountWords(order)}</Button>;
  if (order.state === 'active') return <LinkButton to={buyerPaths.subscription(orgId, order.subscription_id)}>Open {order.product_name}</LinkButton>;
  return <LinkButton to={publicPaths.product(order.product_id)} variant="default">See the product</LinkButton>;
};

export const OrderNote = ({ order }: { order: Order }) => {
  const words = {
    pending: 'The order is kept until it is paid. It expires by itself if it is not.',
    active: order.amount_minor === 0 ? 'Nothing was charged. Uses are paid with credits of your organization.' : 'Thank you. The product is ready.',
    cancelled: 'This order was cancelled.',
    expired: 'This order was not paid in time. Nothing was charged.',
  } as const;
  return <Text c="dimmed">{words[order.state]}</Text>;
};
