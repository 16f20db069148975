import { useEndpoint } from '#web/api/use-endpoint.ts';
import { formatNumber } from '#web/kit/format.ts';
import { StatTile } from '#web/kit/stat-tile.tsx';
import { FailedState } from '#web/kit/states.tsx';
import { analyticsEndpoints } from '#modules/analytics/contract.ts';
import { apiKeyEndpoints } from '#modules/gateway/contract.ts';
import { useSubscription } from '#modules/subscriptions/web/subscription-context.ts';
import { FigureTile } from './usage-figures.tsx';
import classes from './buyer.module.css';

const DAYS = 7;

/** Credits, keys, requests, response time and errors of the last week. */
export const OverviewFigures = () => {
  const { id, features } = useSubscription();
  const usage = useEndpoint(analyticsEndpoints.subscriptionUsage, { params: { subscriptionId: id }, query: { days: DAYS } });
  const keys = useEndpoint(apiKeyEndpoints.list, { params: { subscriptionId: id } }, { enabled: features.api || features.widget });
  const active = keys.data?.data.length;
  if (usage.isError && usage.data === undefined) return <FailedState error={usage.error} onRetry={() => { void usage.refetch(); }} />;
  const report = usage.data;
  return (
    <div className={classes.five}>
      <FigureTile name="messages" report={report} period="last week" />
      <FigureTile name="credits" report={report} period="last week" />
      <FigureTile name="response_ms" report={report} period="last week" />
      <FigureTile name="error_rate" report={report} period="last week" />
      {(features.api || features.widget) && <StatTile label="Keys" value={keys.isError ? '–' : active === undefined ? undefined : formatNumber(active)} hint={keys.isError ? 'Could not be loaded' : undefined} />}
    </div>
  );
};
