import { Text, Title } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { formatNumber } from '#web/kit/format.ts';
import { LinkButton } from '#web/kit/link.tsx';
import { RelativeTime } from '#web/kit/relative-time.tsx';
import { buyerPaths } from '#web/url/paths.ts';
import { useRouteParam } from '#web/url/search-state.ts';
import { titleOf } from '#modules/knowledge/web/sources/source-words.ts';
import type { SubscriptionCard } from '#modules/subscriptions/contract.ts';
import classes from './activity.module.css';

/** Products whose knowledge grows old because a source cannot be read, a line each; nothing where all is well. */
export const NeedsAttention = ({ products }: { products: readonly SubscriptionCard[] }) => {
  const organization = useRouteParam('org');
  const affected = products.filter(({ failing_sources }) => failing_sources.length > 0);
  if (affected.length === 0) return null;
  return (
    <section className={classes.panel} aria-label="Needs attention">
      <header className={classes.head}><Title order={2} size="h4">Needs attention</Title></header>
      <ul className={classes.list}>
        {affected.map(({ id, name, failing_sources: sources }) => (
          <li key={id} className={classes.row}>
            <IconAlertTriangle size={18} className={classes.bad} aria-hidden />
            <div className={classes.told}>
              <Text fw={500} dir="auto">{name}</Text>
              <Reason sources={sources} />
            </div>
            <LinkButton size="xs" variant="default" to={`${buyerPaths.subscriptionTab(organization, id, 'training')}?part=sources`} aria-label={`Open sources of ${name}`}>Open sources</LinkButton>
          </li>
        ))}
      </ul>
    </section>
  );
};

/** The source that has failed the longest, in its own words, and how many more. */
const Reason = ({ sources: [first, ...more] }: { sources: SubscriptionCard['failing_sources'] }) => (first === undefined ? null : (
  <Text size="sm" c="dimmed">
    <span dir="auto">{titleOf(first)}</span> cannot be read (first failed <RelativeTime value={first.since} />): {first.error.message}
    {more.length > 0 && ` ${formatNumber(more.length)} more ${more.length === 1 ? 'source fails' : 'sources fail'}.`}
  </Text>
));
