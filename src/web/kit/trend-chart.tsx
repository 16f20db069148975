import { Button, Group, SegmentedControl, Skeleton, Table, Text } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { saveBlob } from '#web/api/call-endpoint.ts';
import { toCsv } from './csv.ts';
import { formatNumber } from './format.ts';
import type { TrendPoint, TrendSeries } from './trend.ts';
import classes from './trend-chart.module.css';

const Drawing = lazy(() => import('./trend-chart-drawing.tsx').then((module) => ({ default: module.TrendChartDrawing })));

/** Numbers over time: a chart with axes, legend and tooltip, the same as a table, and as CSV. Zero is drawn as zero. */
export const TrendChart = ({ title, points, series, kind = 'line', format = (value) => formatNumber(value), height = 240 }: {
  title: string; points: readonly TrendPoint[]; series: readonly TrendSeries[]; kind?: 'line' | 'bar'; format?: (value: number) => string; height?: number;
}) => {
  const [view, setView] = useState('chart');
  const download = () => {
    const text = toCsv(['', ...series.map(({ label }) => label)], points.map((point) => [point.label, ...series.map(({ key }) => point.values[key] ?? 0)]));
    saveBlob(new Blob([text], { type: 'text/csv;charset=utf-8' }), `${title.toLowerCase().replaceAll(/\W+/g, '-')}.csv`);
  };
  return (
    <section className={classes.frame} aria-label={title}>
      <Group justify="space-between" gap="xs" mb="sm">
        <Text fw={600} component="h2" m={0}>{title}</Text>
        <Group gap="xs">
          <SegmentedControl size="xs" value={view} onChange={setView} data={[{ value: 'chart', label: 'Chart' }, { value: 'table', label: 'Table' }]} aria-label={`${title} as`} />
          <Button size="compact-xs" variant="subtle" color="gray" onClick={download}>CSV</Button>
        </Group>
      </Group>
      {view === 'chart'
        ? <Suspense fallback={<Skeleton h={height} />}><Drawing points={points} series={series} kind={kind} format={format} height={height} /></Suspense>
        : (
          <div className={classes.table} style={{ maxHeight: height }} tabIndex={0} role="region" aria-label={`${title}, table`}>
            <Table stickyHeader verticalSpacing={6}>
              <Table.Thead><Table.Tr><Table.Th />{series.map(({ key, label }) => <Table.Th key={key} ta="end">{label}</Table.Th>)}</Table.Tr></Table.Thead>
              <Table.Tbody>
                {points.map((point) => <Table.Tr key={point.label}><Table.Td>{point.label}</Table.Td>{series.map(({ key }) => <Table.Td key={key} ta="end">{format(point.values[key] ?? 0)}</Table.Td>)}</Table.Tr>)}
              </Table.Tbody>
            </Table>
          </div>
        )}
    </section>
  );
};
