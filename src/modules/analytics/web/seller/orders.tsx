import { Stack, Text } from '@mantine/core';
import { IconReceipt } from '@tabler/icons-react';
import { billingEndpoints, OrderState, type Order } from '#modules/billing/contract.ts';
import { useEndpoint } from '#web/api/use-endpoint.ts';
import { CopyId } from '#web/kit/copy-field.tsx';
import { formatDate } from '#web/kit/format.ts';
import { LinkButton, TextLink } from '#web/kit/link.tsx';
import { Page } from '#web/kit/page.tsx';
import { ProductName } from '#web/kit/product-name.tsx';
import { RelativeTime } from '#web/kit/relative-time.tsx';
import { EmptyState } from '#web/kit/states.tsx';
import { DataTable } from '#web/kit/table/data-table.tsx';
import { useTableState } from '#web/kit/table/table-state.ts';
import type { Column } from '#web/kit/table/column.ts';
import { sellerPaths } from '#web/url/paths.ts';
import { useRouteParam } from '#web/url/search-state.ts';
import { OrderBadge, orderAmount } from '../order-state.tsx';
import facts from './facts.module.css';

const COLUMNS: readonly Column<Order>[] = [
  { key: 'product', title: 'Product', primary: true, value: ({ product_name }) => product_name, render: ({ product_name, plan_name }) => <ProductName name={product_name} detail={plan_name} /> },
  { key: 'buyer', title: 'Customer', value: ({ buyer_name }) => buyer_name, render: ({ buyer_name }) => buyer_name },
  { key: 'state', title: 'State', value: ({ state }) => state, render: ({ state }) => <OrderBadge state={state} /> },
  { key: 'amount', title: 'Amount', align: 'end', value: ({ amount_minor, currency }) => `${(amount_minor / 100).toFixed(2)} ${currency}`, render: (order) => orderAmount(order) },
  { key: 'ordered', title: 'Ordered', value: ({ created_at }) => created_at, render: ({ created_at }) => <RelativeTime value={created_at} /> },
  { key: 'id', title: 'Order', hidden: true, value: ({ id }) => id, render: ({ id }) => <CopyId value={id} /> },
];

const FILTERS = [{ name: 'state', label: 'State', options: [{ value: 'pending', label: 'Pending' }, { value: 'active', label: 'Active' }, { value: 'cancelled', label: 'Cancelled' }, { value: 'expired', label: 'Expired' }] }] as const;

/** Orders of one's products, newest first. */
export const SellerOrders = () => {
  const provider = useRouteParam('provider');
  const state = useTableState({ filters: ['state'] });
  const chosen = OrderState.safeParse(state.filters.state);
  const orders = useEndpoint(billingEndpoints.listSales, { query: { state: chosen.data } }, { keepPrevious: true });
  return (
    <Page title="Orders" description="Who ordered what, and whether it is paid.">
      <DataTable
        label="Orders" query={orders} state={state} columns={COLUMNS} filters={FILTERS} rowKey={({ id }) => id} peekTitle={({ product_name, plan_name }) => `${product_name}, ${plan_name}`} peek={(order) => <Detail order={order} provider={provider} />}
        empty={<EmptyState icon={<IconReceipt size={32} stroke={1.5} />} title="No order yet" action={<LinkButton to={sellerPaths.offerings(provider)} variant="default">Go to my products</LinkButton>}>When an organization subscribes to one of your products, its order appears here. An order is pending until it is paid.</EmptyState>}
      />
    </Page>
  );
};

const Detail = ({ order, provider }: { order: Order; provider: string }) => (
  <Stack gap="md">
    <dl className={facts.facts}>
      <div><dt>State</dt><dd><OrderBadge state={order.state} /></dd></div>
      <div><dt>Customer</dt><dd>{order.buyer_name}</dd></div>
      <div><dt>Amount</dt><dd>{orderAmount(order)}</dd></div>
      <div><dt>Ordered</dt><dd>{formatDate(order.created_at)}</dd></div>
      {order.activated_at !== null && <div><dt>Active since</dt><dd>{formatDate(order.activated_at)}</dd></div>}
      {order.cancelled_at !== null && <div><dt>Ended</dt><dd>{formatDate(order.cancelled_at)}</dd></div>}
      <div><dt>Product</dt><dd><TextLink to={sellerPaths.offering(provider, order.product_id)}>{order.product_name}</TextLink></dd></div>
      <div><dt>Order id</dt><dd><CopyId value={order.id} length={13} /></dd></div>
    </dl>
    {order.state === 'pending' && <Text c="dimmed">The customer has not paid yet. Nothing was provisioned.</Text>}
  </Stack>
);
