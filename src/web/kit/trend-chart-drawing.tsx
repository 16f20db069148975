import '@mantine/charts/styles.layer.css';
import { AreaChart, BarChart } from '@mantine/charts';
import type { TrendPoint, TrendSeries } from './trend.ts';

export const TrendChartDrawing = ({ points, series, kind, format, height }: {
  points: readonly TrendPoint[]; series: readonly TrendSeries[]; kind: 'line' | 'bar'; format: (value: number) => string; height: number;
}) => {
  // Counts have no halves: a scale of 0, 0.75, 1.5 would say otherwise.
  const whole = points.every(({ values }) => Object.values(values).every(Number.isInteger));
  const shared = {
    yAxisProps: { allowDecimals: !whole }, xAxisProps: { interval: 'equidistantPreserveStart' as const },
    h: height, data: points.map(({ label, values }) => ({ ...values, label })), dataKey: 'label', valueFormatter: format, withLegend: series.length > 1,
    series: series.map(({ key, label, color }) => ({ name: key, label, color: color ?? 'accent.5' })), gridAxis: 'x' as const, tickLine: 'none' as const,
  };
  return kind === 'bar' ? <BarChart {...shared} /> : <AreaChart {...shared} curveType="monotone" withDots={points.length < 3} fillOpacity={0.12} strokeWidth={2} areaChartProps={{ accessibilityLayer: true }} />;
};
