import { Badge } from '@mantine/core';
import { CategoryChip } from '#web/kit/category.tsx';
import { formatNumber } from '#web/kit/format.ts';
import { LinkButton, PlainLink } from '#web/kit/link.tsx';
import { ProductMark } from '#web/kit/product-mark.tsx';
import { UsageBar } from '#web/kit/usage-bar.tsx';
import { buyerPaths } from '#web/url/paths.ts';
import type { SubscriptionCard } from '#modules/subscriptions/contract.ts';
import { SourcesBadge } from './sources-badge.tsx';
import { StateBadge } from './state-badge.tsx';
import classes from './products.module.css';

/** What one can do with a product from the list: only what its capabilities and plan allow. */
export const productActions = ({ features }: SubscriptionCard): readonly { label: string; tab: string }[] => [
  ...(features.chat ? [{ label: 'Run', tab: 'run' }] : []),
  { label: 'Configure', tab: 'configure' },
  ...(features.widget ? [{ label: 'Widget', tab: 'widget' }] : []),
  ...(features.api ? [{ label: 'API keys', tab: 'keys' }] : []),
];

/** A product of the organization as a card; the whole card opens it, its buttons lead further in. */
export const ProductCard = ({ product, organization }: { product: SubscriptionCard; organization: string }) => {
  const { id, name, provider_name, category, logo, project, plan_name, state, provisioned, usage } = product;
  return (
    <li className={classes.card}>
      <div className={classes.cardHead}>
        <ProductMark name={name} logo={logo} category={category} size={40} />
        <div className={classes.cardName}>
          <PlainLink to={buyerPaths.subscription(organization, id)} className={classes.cardTitle}>{name}</PlainLink>
          <div className={classes.cardLine}><CategoryChip category={category} /><span>{provider_name}</span></div>
        </div>
        {product.update !== null && product.update.postponed_until === null && <Badge color="accent">Update</Badge>}
        <StateBadge state={state} provisioned={provisioned} />
      </div>
      <SourcesBadge product={product} organization={organization} />
      <UsageBar label="Messages this period" used={usage.messages} limit={usage.messages_included} />
      <dl className={classes.pairs}>
        <div><dt>Plan</dt><dd title={plan_name}>{plan_name}</dd></div>
        <div><dt>Project</dt><dd title={project.name}>{project.name}</dd></div>
        <div><dt>Credits used</dt><dd className="tabular">{formatNumber(usage.credits)}</dd></div>
      </dl>
      <div className={classes.cardActions}>
        {productActions(product).map(({ label, tab }) => (
          <LinkButton key={tab} size="xs" px={9} variant="default" to={buyerPaths.subscriptionTab(organization, id, tab)} aria-label={`${label}: ${name}`}>{label}</LinkButton>
        ))}
      </div>
    </li>
  );
};
