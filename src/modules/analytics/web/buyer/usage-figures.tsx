import { formatDate, formatDuration, formatNumber, formatPercent } from '#web/kit/format.ts';
import { StatTile } from '#web/kit/stat-tile.tsx';
import { TrendChart } from '#web/kit/trend-chart.tsx';
import type { TrendPoint } from '#web/kit/trend.ts';
import type { UsageReport } from '#modules/analytics/contract.ts';
import { shortDay } from '../period.tsx';
import classes from './buyer.module.css';

/** The figures of a report that are drawn as tiles. */
export type FigureName = 'messages' | 'credits' | 'sessions' | 'tokens_in' | 'tokens_out' | 'api_calls' | 'documents' | 'error_rate' | 'response_ms';
type Figure = UsageReport['messages'];

const FIGURES: Readonly<Record<FigureName, { label: string; unit?: string; better: 'up' | 'down' | 'none'; format: (value: number) => string }>> = {
  messages: { label: 'Messages', better: 'up', format: (value) => formatNumber(value) },
  credits: { label: 'Credits used', better: 'none', format: (value) => formatNumber(value) },
  sessions: { label: 'Conversations', better: 'up', format: (value) => formatNumber(value) },
  tokens_in: { label: 'Tokens read', better: 'none', format: (value) => formatNumber(value, { compact: value >= 100_000 }) },
  tokens_out: { label: 'Tokens written', better: 'none', format: (value) => formatNumber(value, { compact: value >= 100_000 }) },
  api_calls: { label: 'API calls', better: 'up', format: (value) => formatNumber(value) },
  documents: { label: 'Documents processed', better: 'none', format: (value) => formatNumber(value) },
  error_rate: { label: 'Error rate', better: 'down', format: (value) => formatPercent(value) },
  response_ms: { label: 'Response time', better: 'down', format: (value) => formatDuration(value) },
};

/** A report, as far as tiles need it. */
type Figures = Readonly<Partial<Record<FigureName, Figure>>>;

/** One figure beside the period before it, with its course. */
export const FigureTile = ({ name, report, period }: { name: FigureName; report: Figures | undefined; period: string }) => {
  const { label, better, format } = FIGURES[name];
  const figure = report?.[name];
  if (report === undefined || figure === undefined) return <StatTile label={label} value={undefined} />;
  const trend = figure.series.map(({ value }) => value);
  // A rate or a time of a period without messages is not zero, it is unknown.
  const measured = name !== 'error_rate' && name !== 'response_ms';
  if (!measured && report.messages?.value === 0) return <StatTile label={label} value="–" hint="Nothing to measure yet" />;
  const previous = !measured && report.messages?.previous === 0 ? undefined : figure.previous;
  return <StatTile label={label} value={format(figure.value)} better={better} period={period} current={figure.value} previous={previous} trend={trend} hint={previous === undefined ? 'First figures' : undefined} />;
};

/** Tiles for several figures of a report; skeletons of the same size while it loads. */
export const FigureTiles = ({ names, report, period }: { names: readonly FigureName[]; report: Figures | undefined; period: string }) => (
  <div className={classes.figures}>{names.map((name) => <FigureTile key={name} name={name} report={report} period={period} />)}</div>
);

const pointsOf = (series: Readonly<Record<string, Figure>>): TrendPoint[] => {
  const [first] = Object.values(series);
  return (first?.series ?? []).map(({ day }, index) => ({
    label: shortDay(day), values: Object.fromEntries(Object.entries(series).map(([key, figure]) => [key, figure.series[index]?.value ?? 0])),
  }));
};

/** Messages and credits by day. */
export const UsageCharts = ({ report }: { report: Pick<UsageReport, 'messages' | 'credits' | 'from' | 'to'> }) => (
  <>
    <TrendChart title="Messages per day" kind="bar" points={pointsOf({ messages: report.messages })} series={[{ key: 'messages', label: 'Messages' }]} />
    <TrendChart title="Credits per day" kind="bar" points={pointsOf({ credits: report.credits })} series={[{ key: 'credits', label: 'Credits' }]} />
  </>
);

/** `12 Oct – 11 Nov`, what a report covers. */
export const coveredDays = ({ from, to }: Pick<UsageReport, 'from' | 'to'>): string => `${formatDate(from)} – ${formatDate(to)}`;
