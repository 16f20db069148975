import { Skeleton, Text, Title } from '@mantine/core';
import { IconMessage2, IconReceipt, type Icon } from '@tabler/icons-react';
import { useQueries } from '@tanstack/react-query';
import { endpointQuery, useEndpoint } from '#web/api/use-endpoint.ts';
import { formatMoney } from '#web/kit/format.ts';
import { PlainLink } from '#web/kit/link.tsx';
import { RelativeTime } from '#web/kit/relative-time.tsx';
import { useOrganization } from '#web/session/session.ts';
import { buyerPaths } from '#web/url/paths.ts';
import { useRouteParam } from '#web/url/search-state.ts';
import { transcriptEndpoints } from '#modules/analytics/contract.ts';
import { billingEndpoints } from '#modules/billing/contract.ts';
import type { SubscriptionCard } from '#modules/subscriptions/contract.ts';
import { channelName } from './channels.ts';
import classes from './activity.module.css';

interface Activity { key: string; icon: Icon; what: string; where: string; at: string; to: string }

/** Products whose conversations are looked at: the busiest. More would be a call each. */
const PRODUCTS_MAX = 4;
const SHOWN = 7;

/** Conversations and orders of the organization, newest first. */
export const RecentActivity = ({ products }: { products: readonly SubscriptionCard[] | undefined }) => {
  const organization = useRouteParam('org');
  const { id: organizationId } = useOrganization();
  const orders = useEndpoint(billingEndpoints.listOrders, { params: { organizationId }, query: {} });
  const busiest = (products ?? []).filter(({ features }) => features.chat).toSorted((a, b) => b.usage.messages - a.usage.messages).slice(0, PRODUCTS_MAX);
  const conversations = useQueries({ queries: busiest.map(({ id }) => endpointQuery(transcriptEndpoints.list, { params: { subscriptionId: id }, query: { limit: SHOWN } })) });
  const talked = conversations.flatMap(({ data }, index): Activity[] => {
    const product = busiest[index];
    return product === undefined || data === undefined ? [] : data.data.map((row) => ({
      key: row.id, icon: IconMessage2, what: row.title || 'Conversation', where: `${product.name}, ${channelName(row.channel)}`, at: row.last_at,
      to: `${buyerPaths.subscriptionTab(organization, product.id, 'conversations')}?peek=${row.id}`,
    }));
  });
  const ordered = (orders.data?.data ?? []).map((order): Activity => ({
    key: order.id, icon: IconReceipt, what: `${order.product_name}, ${order.plan_name}`, at: order.activated_at ?? order.created_at, to: buyerPaths.orders(organization),
    where: order.amount_minor === 0 ? 'Subscribed' : `${order.state === 'pending' ? 'Ordered' : 'Paid'} ${formatMoney(order.amount_minor, order.currency, { short: true })}`,
  }));
  const waiting = products === undefined || orders.isPending || conversations.some(({ isPending }) => isPending);
  const shown = [...talked, ...ordered].toSorted((a, b) => b.at.localeCompare(a.at)).slice(0, SHOWN);
  return (
    <section className={classes.panel} aria-label="Recent activity">
      <header className={classes.head}><Title order={2} size="h4">Recent activity</Title></header>
      {shown.length === 0 && waiting && [0, 1, 2, 3].map((row) => <div key={row} className={classes.row}><Skeleton h={14} w="70%" /></div>)}
      {shown.length === 0 && !waiting && <Text c="dimmed" className={classes.empty}>Conversations and orders appear here.</Text>}
      {shown.map(({ key, icon: RowIcon, what, where, at, to }) => (
        <PlainLink key={key} to={to} className={classes.row}>
          <RowIcon size={16} aria-hidden className={classes.icon} />
          <span className={classes.both}>
            <span className={classes.what} dir="auto">{what}</span>
            <span className={classes.where}>{where}</span>
          </span>
          <Text component="span" size="xs" c="dimmed" className={classes.meta}><RelativeTime value={at} /></Text>
        </PlainLink>
      ))}
    </section>
  );
};
