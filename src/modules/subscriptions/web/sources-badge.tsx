import { IconAlertTriangle } from '@tabler/icons-react';
import { formatNumber } from '#web/kit/format.ts';
import { PlainLink } from '#web/kit/link.tsx';
import { buyerPaths } from '#web/url/paths.ts';
import { titleOf } from '#modules/knowledge/web/sources/source-words.ts';
import type { SubscriptionCard } from '#modules/subscriptions/contract.ts';
import classes from './products.module.css';

/** Says in a list of products which source of one cannot be read, or how many, and leads to them; nothing where all is well. */
export const SourcesBadge = ({ product: { id, name, failing_sources: sources }, organization }: { product: SubscriptionCard; organization: string }) => {
  const [first] = sources;
  if (first === undefined) return null;
  const subject = sources.length === 1 ? titleOf(first) : `${formatNumber(sources.length)} sources`;
  return (
    <PlainLink className={classes.sources} to={`${buyerPaths.subscriptionTab(organization, id, 'training')}?part=sources`} aria-label={`${subject} cannot be read: open sources of ${name}`}>
      <IconAlertTriangle size={14} aria-hidden /><span><bdi>{subject}</bdi> cannot be read</span>
    </PlainLink>
  );
};
