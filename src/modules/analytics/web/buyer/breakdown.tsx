import { Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { formatNumber } from '#web/kit/format.ts';
import classes from './buyer.module.css';

export interface BreakdownRow { key: string; name: ReactNode; value: number; also?: string }

/** How a total is made up: the largest part first, each with its share as a bar. */
export const Breakdown = ({ title, units, rows, empty }: { title: string;
  /** What is counted, in the singular and the plural. */
  units: readonly [string, string]; rows: readonly BreakdownRow[]; empty: string }) => {
  const sorted = rows.toSorted((a, b) => b.value - a.value);
  const most = Math.max(1, ...sorted.map(({ value }) => value));
  return (
    <section className={classes.panel} aria-label={title}>
      <Title order={2} size="h4" mb="sm">{title}</Title>
      {sorted.length === 0 ? <Text c="dimmed">{empty}</Text> : (
        <ul className={classes.parts}>
          {sorted.map(({ key, name, value, also }) => (
            <li key={key} className={classes.partRow}>
              <span className={classes.partName}>{name}</span>
              <span className={classes.partValue}>{formatNumber(value)} {value === 1 ? units[0] : units[1]}{also !== undefined && <span> · {also}</span>}</span>
              <span className={classes.partBar} aria-hidden><span style={{ width: `${(value / most) * 100}%` }} /></span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
};
