import { Text, Title } from '@mantine/core';
import { IconChevronRight, type Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { PlainLink } from '#web/kit/link.tsx';
import classes from './summary.module.css';

/** A panel of rows that lead on, each with how it stands. */
export const SummaryPanel = ({ title, children }: { title: string; children: ReactNode }) => (
  <section className={classes.panel} aria-label={title}>
    <Title order={2} size="h4" className={classes.title}>{title}</Title>
    {children}
  </section>
);

/** One part of a product: what it is, how it stands, and the way there. */
export const SummaryRow = ({ icon: RowIcon, title, state, good = false, to, children }: {
  icon: Icon; title: string;
  /** Two or three words, such as `Configured` or `3 documents`; undefined while unknown. */
  state?: string; good?: boolean; to: string; children?: ReactNode;
}) => (
  <PlainLink to={to} className={classes.row}>
    <RowIcon size={18} stroke={1.75} aria-hidden className={classes.icon} />
    <span className={classes.words}>
      <span className={classes.name}>{title}{state !== undefined && <span className={classes.state} data-good={good || undefined}>{state}</span>}</span>
      {children !== undefined && <Text component="span" size="xs" c="dimmed" className={classes.detail}>{children}</Text>}
    </span>
    <IconChevronRight size={16} aria-hidden className={classes.chevron} />
  </PlainLink>
);
