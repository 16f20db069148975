import { Stack } from '@mantine/core';
import { IconReceipt } from '@tabler/icons-react';
import { useEndpoint } from '#web/api/use-endpoint.ts';
import { LinkButton, TextLink } from '#web/kit/link.tsx';
import { Page } from '#web/kit/page.tsx';
import { RelativeTime } from '#web/kit/relative-time.tsx';
import { EmptyState } from '#web/kit/states.tsx';
import type { Column } from '#web/kit/table/column.ts';
import { DataTable } from '#web/kit/table/data-table.tsx';
import { useTableState } from '#web/kit/table/table-state.ts';
import { useOrganization } from '#web/session/session.ts';
import { publicPaths } from '#web/url/paths.ts';
import { billingEndpoints, OrderState, type Order } from '#modules/billing/contract.ts';
import { amountWords, ORDER_STATES } from './money-words.ts';
import { OrderAction, OrderLines, OrderNote, OrderStateBadge } from './order-details.tsx';
import { orderPath } from './order-path.ts';

const COLUMNS: readonly Column<Order>[] = [
  { key: 'product', title: 'Product', primary: true, render: (order) => order.product_name, value: (order) => order.product_name },
  { key: 'plan', title: 'Plan', render: (order) => order.plan_name, value: (order) => order.plan_name },
  { key: 'state', title: 'State', render: (order) => <OrderStateBadge state={order.state} />, value: (order) => order.state },
  { key: 'price', title: 'Price', align: 'end', render: (order) => <span className="tabular">{amountWords(order)}</span>, value: (order) => order.amount_minor / 100 },
  { key: 'currency', title: 'Currency', hidden: true, render: (order) => order.currency, value: (order) => order.currency },
  { key: 'created', title: 'Ordered', align: 'end', render: (order) => <RelativeTime value={order.created_at} />, value: (order) => order.created_at },
  { key: 'id', title: 'Order number', hidden: true, render: (order) => order.id, value: (order) => order.id },
];

/** What the organization ordered, with the state of each order. */
export const Orders = () => {
  const organization = useOrganization();
  const state = useTableState({ filters: ['state'] });
  const chosen = OrderState.safeParse(state.filters.state).data;
  const orders = useEndpoint(billingEndpoints.listOrders, { params: { organizationId: organization.id }, query: { state: chosen } }, { organizationId: organization.id, keepPrevious: true });
  return (
    <Page title="Orders" description="Each subscription begins with an order.">
      <DataTable
        label="Orders" columns={COLUMNS} query={orders} rowKey={(order) => order.id} state={state}
        filters={[{ name: 'state', label: 'All states', options: Object.entries(ORDER_STATES).map(([value, label]) => ({ value, label })) }]}
        peekTitle={(order) => order.product_name}
        peek={(order) => (
          <Stack gap="md">
            <OrderLines order={order} />
            <OrderNote order={order} />
            <OrderAction order={order} orgId={organization.id} />
            <TextLink to={orderPath(order.id)}>Order confirmation</TextLink>
          </Stack>
        )}
        empty={(
          <EmptyState icon={<IconReceipt size={28} />} title="No orders yet" action={<LinkButton to={publicPaths.marketplace()}>Browse the marketplace</LinkButton>}>
            When you subscribe to a product, its order appears here with its price and its state.
          </EmptyState>
        )}
      />
    </Page>
  );
};
