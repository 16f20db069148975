import { Group } from '@mantine/core';
import { useEndpoint } from '#web/api/use-endpoint.ts';
import { formatNumber } from '#web/kit/format.ts';
import { StatTile, StatTiles } from '#web/kit/stat-tile.tsx';
import { FailedState, Loaded, LoadingSkeleton } from '#web/kit/states.tsx';
import { useRouteParam } from '#web/url/search-state.ts';
import { analyticsEndpoints } from '../../contract.ts';
import { FigureChart, FigureTile } from '../figure-tile.tsx';
import { channelLabel, Panel, Ranking } from '../panels.tsx';
import { PeriodSwitch, usePeriod } from '../period.tsx';
import classes from '../analytics.module.css';

/** How one product is used by all its buyers; counts only, never content. */
export const ProductAnalytics = () => {
  const { days, label } = usePeriod();
  const usage = useEndpoint(analyticsEndpoints.productUsage, { params: { productId: useRouteParam('product') }, query: { days } }, { keepPrevious: true });
  if (usage.isError && usage.data === undefined) return <FailedState error={usage.error} onRetry={() => { void usage.refetch(); }} />;
  const { data } = usage;
  return (
    <>
      <Group justify="flex-end"><PeriodSwitch /></Group>
      <StatTiles>
        <FigureTile label="Messages" figure={data?.messages} period={label} />
        <FigureTile label="Credits used" figure={data?.credits} period={label} better="none" />
        <FigureTile label="API calls" figure={data?.api_calls} period={label} />
        <StatTile label="Subscribers" value={data === undefined ? undefined : formatNumber(data.subscribers)} hint="Active now" />
      </StatTiles>
      <Loaded query={usage} skeleton={<LoadingSkeleton shape="cards" count={2} />}>
        {(report) => (
          <>
            <FigureChart title="Messages and credits" figures={[{ key: 'messages', label: 'Messages', figure: report.messages }, { key: 'credits', label: 'Credits', figure: report.credits, color: 'automation.5' }]} />
            <div className={classes.columns}>
              <FigureChart title="Tokens" figures={[{ key: 'in', label: 'Read', figure: report.tokens_in }, { key: 'out', label: 'Written', figure: report.tokens_out, color: 'app.5' }]} />
              <Panel title="Where it is used">
                <Ranking empty="Nobody used it in these days." rows={report.by_channel.toSorted((a, b) => b.messages - a.messages).map(({ channel, messages }) => ({ key: channel, label: channelLabel(channel), value: messages, shown: formatNumber(messages) }))} />
              </Panel>
            </div>
          </>
        )}
      </Loaded>
    </>
  );
};
