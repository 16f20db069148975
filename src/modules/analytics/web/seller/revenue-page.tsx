import { Button, Text } from '@mantine/core';
import { IconChartBar, IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { billingEndpoints, type Order } from '#modules/billing/contract.ts';
import { saveBlob } from '#web/api/call-endpoint.ts';
import { useEndpoint } from '#web/api/use-endpoint.ts';
import { toCsv } from '#web/kit/csv.ts';
import { formatMoney, formatNumber } from '#web/kit/format.ts';
import { LinkButton } from '#web/kit/link.tsx';
import { Page } from '#web/kit/page.tsx';
import { StatTile, StatTiles } from '#web/kit/stat-tile.tsx';
import { EmptyState, Loaded, LoadingSkeleton } from '#web/kit/states.tsx';
import { TrendChart } from '#web/kit/trend-chart.tsx';
import { sellerPaths } from '#web/url/paths.ts';
import { useRouteParam } from '#web/url/search-state.ts';
import { Panel, Ranking } from '../panels.tsx';
import { PeriodSwitch, shortDay, usePeriod } from '../period.tsx';
import { revenueOf } from './revenue.ts';

/** Every order as a line, for bookkeeping. */
const report = (orders: readonly Order[]): string => toCsv(
  ['Order', 'Product', 'Plan', 'Customer', 'State', 'Cycle', 'Amount', 'Currency', 'Ordered', 'Active since', 'Ended'],
  orders.map((order) => [order.id, order.product_name, order.plan_name, order.buyer_name, order.state, order.cycle, (order.amount_minor / 100).toFixed(2), order.currency, order.created_at, order.activated_at, order.cancelled_at]),
);

/** What sales brought, from the orders of one's products. */
export const SellerRevenue = () => {
  const provider = useRouteParam('provider');
  const { days } = usePeriod();
  const orders = useEndpoint(billingEndpoints.listSales, { query: {} });
  const download = () => { if (orders.data !== undefined) saveBlob(new Blob([report(orders.data.data)], { type: 'text/csv;charset=utf-8' }), 'orders.csv'); };
  return (
    <Page
      title="Revenue" description="What new orders brought, before commission and taxes."
      secondary={<PeriodSwitch />} action={<Button variant="default" leftSection={<IconDownload size={16} />} disabled={orders.data === undefined || orders.data.data.length === 0} onClick={download}>Download report</Button>}
    >
      <Loaded query={orders} skeleton={<LoadingSkeleton shape="tiles" count={3} />}>
        {({ data }) => (data.length === 0
          ? <EmptyState icon={<IconChartBar size={32} stroke={1.5} />} title="No revenue yet" action={<LinkButton to={sellerPaths.offerings(provider)} variant="default">Go to my products</LinkButton>}>Paid orders of your products add up here, by day and by product.</EmptyState>
          : <Figures orders={data} days={days} provider={provider} />)}
      </Loaded>
    </Page>
  );
};

const Figures = ({ orders, days, provider }: { orders: readonly Order[]; days: number; provider: string }) => {
  const [now] = useState(() => new Date());
  const revenue = revenueOf(orders, now, days);
  const money = (amount: number) => formatMoney(amount, revenue.currency, { short: true });
  const active = orders.filter(({ state }) => state === 'active').length;
  return (
    <>
      <StatTiles>
        <StatTile label="This month" value={money(revenue.monthToDate)} current={revenue.monthToDate} previous={revenue.previousToDate} period="same days last month" />
        <StatTile label="Recurring, a month" value={money(revenue.recurring)} hint={`From ${formatNumber(active)} active ${active === 1 ? 'order' : 'orders'}`} />
        <StatTile label={`Last ${days} days`} value={money(revenue.byDay.reduce((sum, { amount }) => sum + amount, 0))} trend={revenue.byDay.map(({ amount }) => amount)} hint="New orders" />
      </StatTiles>
      {revenue.otherCurrencies.length > 0 && <Text c="dimmed">Shown in {revenue.currency}. Orders in {revenue.otherCurrencies.join(', ')} are in the report only.</Text>}
      <TrendChart title="New orders by day" kind="bar" series={[{ key: 'amount', label: `Revenue in ${revenue.currency}` }]} points={revenue.byDay.map(({ day, amount }) => ({ label: shortDay(day), values: { amount: amount / 100 } }))} format={(value) => money(Math.round(value * 100))} />
      <Panel title="By product" more={<Text size="xs" c="dimmed">{days} days</Text>}>
        <Ranking empty="No paid order in these days." rows={revenue.byProduct.filter(({ amount }) => amount > 0).map(({ id, name, amount, orders: count }) => ({ key: id, label: name, value: amount, shown: money(amount), detail: `from ${count} ${count === 1 ? 'order' : 'orders'}`, to: sellerPaths.offering(provider, id) }))} />
      </Panel>
    </>
  );
};
