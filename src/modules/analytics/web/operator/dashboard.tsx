import { Text } from '@mantine/core';
import { reviewEndpoints } from '#modules/catalog/contract.ts';
import { useEndpoint } from '#web/api/use-endpoint.ts';
import { formatDuration, formatNumber, formatPercent } from '#web/kit/format.ts';
import { PlainLink, TextLink } from '#web/kit/link.tsx';
import { Page } from '#web/kit/page.tsx';
import { ProductName } from '#web/kit/product-name.tsx';
import { RelativeTime } from '#web/kit/relative-time.tsx';
import { StatTile, StatTiles } from '#web/kit/stat-tile.tsx';
import { FailedState, Loaded, LoadingSkeleton } from '#web/kit/states.tsx';
import { operatorPaths } from '#web/url/paths.ts';
import { analyticsEndpoints } from '../../contract.ts';
import { FigureChart, FigureTile } from '../figure-tile.tsx';
import { channelLabel, Panel, Quiet, Ranking } from '../panels.tsx';
import { PeriodSwitch, usePeriod } from '../period.tsx';
import classes from '../analytics.module.css';

const SHOWN = 6;

/** The whole installation at a glance, and what waits for a decision. */
export const OperatorDashboard = () => {
  const { days, label } = usePeriod();
  const usage = useEndpoint(analyticsEndpoints.operatorUsage, { query: { days } }, { keepPrevious: true });
  const { data } = usage;
  const count = (value: number | undefined) => (value === undefined ? undefined : formatNumber(value));
  return (
    <Page title="Dashboard" description="The whole installation." secondary={<PeriodSwitch />}>
      {usage.isError && <FailedState error={usage.error} onRetry={() => { void usage.refetch(); }} />}
      <StatTiles>
        <StatTile label="Waiting reviews" value={count(data?.reviews_waiting)} hint={<TextLink to={operatorPaths.reviews()} size="xs">Open the queue</TextLink>} />
        <StatTile label="Organizations" value={count(data?.organizations)} hint={data === undefined ? undefined : `${formatNumber(data.people)} ${data.people === 1 ? 'person' : 'people'}`} />
        <StatTile label="Products listed" value={count(data?.products_listed)} hint={data === undefined ? undefined : `${formatNumber(data.subscriptions_active)} active subscriptions`} />
        <StatTile label="Credits in wallets" value={count(data?.credits_outstanding)} hint="Bought or given, not used yet" />
      </StatTiles>
      <StatTiles>
        <FigureTile label="Messages" figure={data?.messages} period={label} />
        <FigureTile label="Credits used" figure={data?.credits} period={label} better="none" />
        <FigureTile label="Failed runs" figure={data?.error_rate} period={label} better="down" format={(value) => formatPercent(value)} />
        <FigureTile label="Time to answer" figure={data?.response_ms} period={label} better="down" format={(value) => formatDuration(value)} />
      </StatTiles>
      {data !== undefined && <FigureChart title="Messages by day" figures={[{ key: 'messages', label: 'Messages', figure: data.messages }]} />}
      <div className={classes.columns}>
        <WaitingReviews />
        <Panel title="Most used products" more={<Text size="xs" c="dimmed">{days} days</Text>}>
          <Loaded query={usage} skeleton={<div className={classes.quiet}><LoadingSkeleton count={4} /></div>}>
            {(report) => <Ranking empty="No product was used in these days." rows={report.by_product.slice(0, SHOWN).map((row) => ({ key: row.product_id, label: row.name || 'Deleted product', value: row.messages, shown: formatNumber(row.messages) }))} />}
          </Loaded>
        </Panel>
      </div>
      <Panel title="By channel"><Loaded query={usage} skeleton={<div className={classes.quiet}><LoadingSkeleton count={3} /></div>}>{(report) => <Ranking empty="Nothing was used in these days." rows={report.by_channel.map(({ channel, messages }) => ({ key: channel, label: channelLabel(channel), value: messages, shown: formatNumber(messages) }))} />}</Loaded></Panel>
    </Page>
  );
};

const WaitingReviews = () => {
  const queue = useEndpoint(reviewEndpoints.listQueue, { query: { status: 'pending_review' } });
  return (
    <Panel title="Waiting for review" more={<TextLink to={operatorPaths.reviews()}>All reviews</TextLink>}>
      <Loaded query={queue} skeleton={<div className={classes.quiet}><LoadingSkeleton count={4} /></div>}>
        {({ data }) => (data.length === 0 ? <Quiet>Nothing waits. New submissions appear here, oldest first.</Quiet> : data.slice(0, SHOWN).map((item) => (
          <PlainLink key={item.version_id} to={operatorPaths.review(item.version_id)} className={classes.row}>
            <div className={classes.rowMain}><ProductName name={item.name} category={item.category} detail={`${item.provider.name}, version ${item.number}`} /></div>
            <Text size="xs" c="dimmed" component="div"><RelativeTime value={item.submitted_at} /></Text>
          </PlainLink>
        )))}
      </Loaded>
    </Panel>
  );
};
