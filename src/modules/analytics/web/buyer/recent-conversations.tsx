import { Skeleton, Text, Title } from '@mantine/core';
import { useEndpoint } from '#web/api/use-endpoint.ts';
import { PlainLink, TextLink } from '#web/kit/link.tsx';
import { RelativeTime } from '#web/kit/relative-time.tsx';
import { FailedState } from '#web/kit/states.tsx';
import { transcriptEndpoints } from '#modules/analytics/contract.ts';
import { useProductPath, useSubscription } from '#modules/subscriptions/web/subscription-context.ts';
import { channelName } from './channels.ts';
import classes from './activity.module.css';

const SHOWN = 5;

/** The last conversations of a product. */
export const RecentConversations = () => {
  const { id } = useSubscription();
  const path = useProductPath();
  const query = useEndpoint(transcriptEndpoints.list, { params: { subscriptionId: id }, query: { limit: SHOWN } });
  if (query.data?.data.length === 0) return null;
  return (
    <section className={classes.panel} aria-label="Recent conversations">
      <header className={classes.head}><Title order={2} size="h4">Recent conversations</Title><TextLink to={path('conversations')}>Show all</TextLink></header>
      {query.isError && <FailedState error={query.error} onRetry={() => { void query.refetch(); }} />}
      {query.isPending && [0, 1, 2].map((row) => <div key={row} className={classes.row}><Skeleton h={14} w="60%" /></div>)}
      {query.data?.data.map((row) => (
        <PlainLink key={row.id} to={`${path('conversations')}?peek=${row.id}`} className={classes.row}>
          <span className={classes.what} dir="auto">{row.title || 'Conversation'}</span>
          <Text component="span" size="xs" c="dimmed" className={classes.meta}>{channelName(row.channel)} · <RelativeTime value={row.last_at} /></Text>
        </PlainLink>
      ))}
    </section>
  );
};
