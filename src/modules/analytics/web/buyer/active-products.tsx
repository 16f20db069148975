import { Skeleton, Text, Title } from '@mantine/core';
import { formatNumber } from '#web/kit/format.ts';
import { PlainLink, TextLink } from '#web/kit/link.tsx';
import { ProductName } from '#web/kit/product-name.tsx';
import { buyerPaths } from '#web/url/paths.ts';
import { useRouteParam } from '#web/url/search-state.ts';
import type { SubscriptionCard } from '#modules/subscriptions/contract.ts';
import { StateBadge } from '#modules/subscriptions/web/state-badge.tsx';
import classes from './activity.module.css';

const SHOWN = 6;

/** What runs, the busiest first; undefined while it loads. */
export const ActiveProducts = ({ products }: { products: readonly SubscriptionCard[] | undefined }) => {
  const organization = useRouteParam('org');
  const shown = products?.filter(({ state }) => state !== 'cancelled' && state !== 'expired').toSorted((a, b) => b.usage.messages - a.usage.messages).slice(0, SHOWN);
  return (
    <section className={classes.panel} aria-label="Your products">
      <header className={classes.head}><Title order={2} size="h4">Your products</Title><TextLink to={buyerPaths.products(organization)}>Show all</TextLink></header>
      {shown === undefined && [0, 1, 2].map((row) => <div key={row} className={classes.row}><Skeleton h={28} w="70%" /></div>)}
      {shown?.length === 0 && <Text c="dimmed" className={classes.empty}>Nothing is running.</Text>}
      {shown?.map((product) => (
        <PlainLink key={product.id} to={buyerPaths.subscription(organization, product.id)} className={classes.row}>
          <span className={classes.what}><ProductName name={product.name} logo={product.logo} category={product.category} detail={`${product.plan_name} · ${product.project.name}`} /></span>
          {product.state === 'active' && product.provisioned
            ? <Text component="span" size="xs" c="dimmed" className={`${classes.meta ?? ''} tabular`}>{formatNumber(product.usage.messages)}{product.usage.messages_included === null ? '' : ` of ${formatNumber(product.usage.messages_included)}`} {product.usage.messages === 1 && product.usage.messages_included === null ? 'message' : 'messages'}</Text>
            : <StateBadge state={product.state} provisioned={product.provisioned} />}
        </PlainLink>
      ))}
    </section>
  );
};
