import { Skeleton, Text } from '@mantine/core';
import { IconArrowDownRight, IconArrowUpRight, IconMinus } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { formatPercent } from './format.ts';
import { Sparkline } from './sparkline.tsx';
import classes from './stat-tile.module.css';

/**
 * One number: its name, value and unit, the change against the previous period, its course. Zero is shown as zero.
 * `better` says which direction is good; `none` colours neither.
 */
export const StatTile = ({ label, value, unit, current, previous, period = 'previous period', better = 'up', trend, hint }: {
  label: string;
  /** Formatted; undefined while it loads. */
  value: string | undefined;
  unit?: string;
  /** Plain numbers of both periods, for the change. */
  current?: number;
  previous?: number | null;
  period?: string;
  better?: 'up' | 'down' | 'none';
  trend?: readonly number[];
  hint?: ReactNode;
}) => (
  <div className={classes.tile}>
    <Text c="dimmed">{label}</Text>
    {value === undefined ? <Skeleton h={28} w={96} my={6} /> : (
      <div className={classes.row}>
        <div className={classes.value}>{value}{unit !== undefined && <span className={classes.unit}> {unit}</span>}</div>
        {trend !== undefined && <Sparkline values={trend} />}
      </div>
    )}
    {current !== undefined && previous !== undefined && <Change current={current} previous={previous} period={period} better={better} />}
    {hint !== undefined && <Text size="xs" c="dimmed" component="div">{hint}</Text>}
  </div>
);

const Change = ({ current, previous, period, better }: { current: number; previous: number | null; period: string; better: 'up' | 'down' | 'none' }) => {
  if (previous === null) return <Text size="xs" c="dimmed">No {period} to compare with</Text>;
  const difference = current - previous;
  const Arrow = difference === 0 ? IconMinus : difference > 0 ? IconArrowUpRight : IconArrowDownRight;
  const good = difference === 0 || better === 'none' ? null : (difference > 0) === (better === 'up');
  const said = previous === 0 ? (difference === 0 ? 'No change' : 'From zero') : formatPercent(Math.abs(difference) / Math.abs(previous));
  return (
    <Text size="xs" c="dimmed" className={classes.change}>
      <span className={good === null ? undefined : good ? classes.good : classes.bad}>
        <Arrow size={14} aria-hidden /> <span className={classes.hidden}>{difference > 0 ? 'Up' : difference < 0 ? 'Down' : ''}</span> {said}
      </span>
      vs {period}
    </Text>
  );
};

/** Tiles beside each other. */
export const StatTiles = ({ children }: { children: ReactNode }) => <div className={classes.tiles}>{children}</div>;
