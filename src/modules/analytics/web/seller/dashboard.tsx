import { Text } from '@mantine/core';
import { IconChartBar, IconClipboardCheck, IconPackage, IconPlus, IconUsers } from '@tabler/icons-react';
import { useState } from 'react';
import { billingEndpoints } from '#modules/billing/contract.ts';
import { providerEndpoints } from '#modules/catalog/contract.ts';
import { useEndpoint } from '#web/api/use-endpoint.ts';
import { formatMoney, formatNumber } from '#web/kit/format.ts';
import { LinkButton, PlainLink, TextLink } from '#web/kit/link.tsx';
import { Page } from '#web/kit/page.tsx';
import { ProductName } from '#web/kit/product-name.tsx';
import { RelativeTime } from '#web/kit/relative-time.tsx';
import { StatTile, StatTiles } from '#web/kit/stat-tile.tsx';
import { EmptyState, FailedState, Loaded, LoadingSkeleton } from '#web/kit/states.tsx';
import { useOrganization } from '#web/session/session.ts';
import { sellerPaths } from '#web/url/paths.ts';
import { useRouteParam } from '#web/url/search-state.ts';
import { analyticsEndpoints } from '../../contract.ts';
import { FigureChart, FigureTile } from '../figure-tile.tsx';
import { OrderBadge, orderAmount } from '../order-state.tsx';
import { Panel, Quiet, Ranking } from '../panels.tsx';
import { revenueOf } from './revenue.ts';
import classes from '../analytics.module.css';

const DAYS = 30;
const ORDERS_SHOWN = 6;

/** Where a seller lands: what came in, who uses what, what to do next. */
export const SellerDashboard = () => {
  const provider = useRouteParam('provider');
  const organization = useOrganization();
  const products = useEndpoint(providerEndpoints.listProducts, { query: {} });
  const create = <LinkButton to={sellerPaths.create(provider)} leftSection={<IconPlus size={16} />}>Create product</LinkButton>;
  return (
    <Page title="Dashboard" description={organization.provider?.name} action={create}>
      {products.data?.data.length === 0
        ? (
          <EmptyState icon={<IconPackage size={32} stroke={1.5} />} title="Create your first product" action={create}>
            Bring a flow or start with a template. A few minutes later it can be in review; figures and orders appear here once it sells.
          </EmptyState>
        ) : <Figures provider={provider} />}
    </Page>
  );
};

const Figures = ({ provider }: { provider: string }) => {
  const usage = useEndpoint(analyticsEndpoints.providerUsage, { query: { days: DAYS } });
  const orders = useEndpoint(billingEndpoints.listSales, { query: {} });
  const [now] = useState(() => new Date());
  const revenue = orders.data === undefined ? undefined : revenueOf(orders.data.data, now, DAYS);
  return (
    <>
      {usage.isError && <FailedState error={usage.error} onRetry={() => { void usage.refetch(); }} />}
      <StatTiles>
        <StatTile
          label="Revenue this month" value={revenue === undefined ? undefined : formatMoney(revenue.monthToDate, revenue.currency, { short: true })} current={revenue?.monthToDate} previous={revenue?.previousToDate}
          period="same days last month" trend={revenue?.byDay.map(({ amount }) => amount)}
        />
        <StatTile label="Active subscriptions" value={usage.data === undefined ? undefined : formatNumber(usage.data.subscribers)} hint={revenue === undefined ? undefined : `Worth ${formatMoney(revenue.recurring, revenue.currency, { short: true })} a month`} />
        <FigureTile label={`Messages, ${DAYS} days`} figure={usage.data?.messages} period={`${DAYS} days before`} />
        <FigureTile label={`Credits used, ${DAYS} days`} figure={usage.data?.credits} period={`${DAYS} days before`} better="none" />
      </StatTiles>
      <div className={classes.columns}>
        <Panel title="Recent orders" more={<TextLink to={sellerPaths.orders(provider)}>All orders</TextLink>}>
          <Loaded query={orders} skeleton={<div className={classes.quiet}><LoadingSkeleton count={4} /></div>}>
            {({ data }) => (data.length === 0 ? <Quiet>No order yet. When somebody subscribes, the order appears here.</Quiet> : data.slice(0, ORDERS_SHOWN).map((order) => (
              <div key={order.id} className={classes.row}>
                <div className={classes.rowMain}><ProductName name={order.product_name} detail={`${order.plan_name}, ${order.buyer_name}`} /></div>
                <OrderBadge state={order.state} />
                <div className={classes.rowEnd}><Text>{orderAmount(order)}</Text><Text size="xs" c="dimmed" component="div"><RelativeTime value={order.created_at} /></Text></div>
              </div>
            )))}
          </Loaded>
        </Panel>
        <Panel title="Most used" more={<Text size="xs" c="dimmed">{DAYS} days</Text>}>
          <Loaded query={usage} skeleton={<div className={classes.quiet}><LoadingSkeleton count={4} /></div>}>
            {({ by_product: rows }) => (
              <Ranking
                empty="Nobody used your products in these days."
                rows={rows.filter(({ messages }) => messages > 0).toSorted((a, b) => b.messages - a.messages).slice(0, ORDERS_SHOWN).map((row) => ({ key: row.product_id, label: row.name || 'Untitled product', value: row.messages, shown: formatNumber(row.messages), detail: row.messages === 1 ? 'message' : 'messages', to: sellerPaths.offeringTab(provider, row.product_id, 'analytics') }))}
              />
            )}
          </Loaded>
        </Panel>
      </div>
      {usage.data !== undefined && <FigureChart title="Messages by day" figures={[{ key: 'messages', label: 'Messages', figure: usage.data.messages }]} />}
      <QuickActions provider={provider} />
    </>
  );
};

const QuickActions = ({ provider }: { provider: string }) => (
  <nav className={classes.actions} aria-label="Quick actions">
    {[
      { to: sellerPaths.create(provider), label: 'Create a product', icon: IconPlus }, { to: sellerPaths.offerings(provider), label: 'Manage products', icon: IconClipboardCheck },
      { to: sellerPaths.customers(provider), label: 'See your customers', icon: IconUsers }, { to: sellerPaths.revenue(provider), label: 'Look at revenue', icon: IconChartBar },
    ].map(({ to, label, icon: ActionIcon }) => <PlainLink key={to} to={to} className={classes.action}><ActionIcon size={18} stroke={1.75} aria-hidden /><Text span>{label}</Text></PlainLink>)}
  </nav>
);
