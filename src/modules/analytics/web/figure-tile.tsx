import type { z } from 'zod';
import { formatNumber } from '#web/kit/format.ts';
import { StatTile } from '#web/kit/stat-tile.tsx';
import { TrendChart } from '#web/kit/trend-chart.tsx';
import type { Figure as FigureSchema } from '../contract.ts';
import { shortDay } from './period.tsx';

export type Figure = z.infer<typeof FigureSchema>;

/** A figure of a report as a tile: value, change, course. */
export const FigureTile = ({ label, figure, period, better = 'up', format = (value) => formatNumber(value) }: {
  label: string; figure: Figure | undefined; period: string; better?: 'up' | 'down' | 'none'; format?: (value: number) => string;
}) => (
  <StatTile
    label={label} value={figure === undefined ? undefined : format(figure.value)} current={figure?.value} previous={figure?.previous} period={period} better={better}
    trend={figure?.series.map(({ value }) => value)}
  />
);

/** Figures of a report over its days, as one chart. */
export const FigureChart = ({ title, figures }: { title: string; figures: readonly { key: string; label: string; figure: Figure; color?: string }[] }) => (
  <TrendChart
    title={title} series={figures.map(({ key, label, color }) => ({ key, label, color }))}
    points={(figures[0]?.figure.series ?? []).map(({ day }, index) => ({ label: shortDay(day), values: Object.fromEntries(figures.map(({ key, figure }) => [key, figure.series[index]?.value ?? 0])) }))}
  />
);
