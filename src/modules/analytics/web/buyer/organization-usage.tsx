import { IconChartBar } from '@tabler/icons-react';
import { useEndpoint } from '#web/api/use-endpoint.ts';
import { formatCredits } from '#web/kit/format.ts';
import { LinkButton, TextLink } from '#web/kit/link.tsx';
import { Page } from '#web/kit/page.tsx';
import { EmptyState, FailedState } from '#web/kit/states.tsx';
import { useOrganization } from '#web/session/session.ts';
import { buyerPaths } from '#web/url/paths.ts';
import { useRouteParam } from '#web/url/search-state.ts';
import { analyticsEndpoints } from '#modules/analytics/contract.ts';
import { Breakdown } from './breakdown.tsx';
import { channelName } from './channels.ts';
import { PeriodSwitch, usePeriod } from './period.tsx';
import { coveredDays, FigureTiles, UsageCharts } from './usage-figures.tsx';
import classes from './buyer.module.css';

/** Use of all products of the organization together. */
export const OrganizationUsage = () => {
  const { id } = useOrganization();
  const organization = useRouteParam('org');
  const { days, name: period } = usePeriod();
  const query = useEndpoint(analyticsEndpoints.organizationUsage, { params: { organizationId: id }, query: { days } }, { keepPrevious: true });
  const report = query.data;
  return (
    <Page title="Usage" description={report === undefined ? 'All products of your organization.' : `All products, ${coveredDays(report)}`} action={<PeriodSwitch />}>
      {query.isError && <FailedState error={query.error} onRetry={() => { void query.refetch(); }} />}
      {!(query.isError && report === undefined) && <FigureTiles period={period} report={report} names={['messages', 'credits', 'sessions', 'api_calls', 'documents', 'tokens_out', 'response_ms', 'error_rate']} />}
      {report !== undefined && (report.messages.value + report.messages.previous === 0
        ? <EmptyState icon={<IconChartBar size={32} />} title="Nothing used in this period" action={<LinkButton to={buyerPaths.products(organization)} variant="default">My products</LinkButton>}>Messages, credits and documents of all your products are added up here.</EmptyState>
        : (
          <>
            <div className={classes.halves}><UsageCharts report={report} /></div>
            <div className={classes.halves}>
              <Breakdown
                title="By product" units={['message', 'messages']} empty="Nothing yet."
                rows={report.by_product.map(({ subscription_id, name, messages, credits }) => ({
                  key: subscription_id, value: messages, also: formatCredits(credits), name: <TextLink to={buyerPaths.subscriptionTab(organization, subscription_id, 'usage')}>{name}</TextLink>,
                }))}
              />
              <Breakdown title="By channel" units={['message', 'messages']} empty="Nothing yet." rows={report.by_channel.map(({ channel, messages }) => ({ key: channel, name: channelName(channel), value: messages }))} />
            </div>
          </>
        ))}
    </Page>
  );
};
