import { Group, Text } from '@mantine/core';
import { IconChartBar } from '@tabler/icons-react';
import { useEndpoint } from '#web/api/use-endpoint.ts';
import { formatCredits } from '#web/kit/format.ts';
import { LinkButton } from '#web/kit/link.tsx';
import { EmptyState, FailedState } from '#web/kit/states.tsx';
import { UsageBar } from '#web/kit/usage-bar.tsx';
import { analyticsEndpoints } from '#modules/analytics/contract.ts';
import { useProductPath, useSubscription } from '#modules/subscriptions/web/subscription-context.ts';
import { Breakdown } from './breakdown.tsx';
import { channelName } from './channels.ts';
import { PeriodSwitch, usePeriod } from './period.tsx';
import { coveredDays, FigureTiles, UsageCharts } from './usage-figures.tsx';
import classes from './buyer.module.css';

/** What a product was used for, against the period before (ANA-01). */
export const ProductUsage = () => {
  const { id, usage, features, name } = useSubscription();
  const path = useProductPath();
  const { days, name: period } = usePeriod();
  const query = useEndpoint(analyticsEndpoints.subscriptionUsage, { params: { subscriptionId: id }, query: { days } }, { keepPrevious: true });
  const report = query.data;
  return (
    <div className={classes.stack}>
      <Group justify="space-between" gap="sm">
        <Text c="dimmed">{report === undefined ? ' ' : coveredDays(report)}</Text>
        <PeriodSwitch />
      </Group>
      {query.isError && <FailedState error={query.error} onRetry={() => { void query.refetch(); }} />}
      {usage.messages_included !== null && <div className={classes.panel}><UsageBar label="Messages of your plan this period" used={usage.messages} limit={usage.messages_included} /></div>}
      {!(query.isError && report === undefined) && (
        <FigureTiles period={period} report={report} names={['messages', 'credits', 'sessions', 'api_calls', 'tokens_in', 'tokens_out', 'response_ms', 'error_rate']} />
      )}
      {report !== undefined && (report.messages.value + report.messages.previous === 0 && features.chat
        ? <EmptyState icon={<IconChartBar size={32} />} title="No messages in this period" action={<LinkButton to={path('run')} variant="default">Ask {name} something</LinkButton>}>Charts appear with the first message, whether it comes from the run page, the widget or the API.</EmptyState>
        : (
          <>
            <div className={classes.halves}><UsageCharts report={report} /></div>
            <div className={classes.halves}>
              <Breakdown title="By channel" units={['message', 'messages']} empty="Nothing yet." rows={report.by_channel.map(({ channel, messages }) => ({ key: channel, name: channelName(channel), value: messages }))} />
              <Breakdown
                title="By key" units={['message', 'messages']} empty="No key was used in this period."
                rows={report.by_key.map(({ key_id, name: key, messages, credits }) => ({ key: key_id ?? key, name: key || 'Without a key', value: messages, also: formatCredits(credits) }))}
              />
            </div>
          </>
        ))}
    </div>
  );
};
